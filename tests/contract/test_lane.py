"""Pages that touch the same resources share a lane; all others run side by side."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honestdocs.contract.example import Request
from honestdocs.contract.lane import lanes


def run(**pages: str) -> list[list[str]]:
    """The lanes of pages whose requests are written as ``GET /a, PUT /b``."""
    found = lanes([(name, requests(text)) for name, text in pages.items()])
    return [list(lane) for lane in found]


def requests(text: str) -> list[Request]:
    lines = [line.split() for line in text.split(",") if line.strip()]
    return [Request(method=method, target=target) for method, target in lines]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("PUT /a", "PUT /a"),
        ("PUT /a", "GET /a"),
        ("GET /a", "DELETE /a"),
        ("PUT /a", "POST /a/"),
        ("PUT /a", "GET http://localhost:1/a?b=c"),
        ("PUT /a/b", "GET /a"),
        ("PUT /a/b", "PUT /a"),
        ("DELETE /a", "GET /a/b/c"),
        ("DELETE /a", "PUT /a/b/c"),
        ("GET /x, PUT /a", "GET /y, GET /a"),
    ],
)
def test_pages_that_may_disturb_each_other_share_a_lane(one: str, two: str) -> None:
    assert run(one=one, two=two) == [["one", "two"]]
    assert run(two=two, one=one) == [["two", "one"]]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("GET /a", "GET /a"),
        ("HEAD /a", "OPTIONS /a"),
        ("PUT /a", "PUT /b"),
        ("PUT /a/b", "GET /a/c"),
        ("PUT /ab", "PUT /a"),
        ("GET /", "PUT /a"),
        ("PUT /a", ""),
        ("", ""),
    ],
)
def test_pages_that_cannot_run_side_by_side(one: str, two: str) -> None:
    assert run(one=one, two=two) == [["one"], ["two"]]


def test_a_lane_holds_pages_that_are_joined_by_others_in_the_order_given() -> None:
    pages = {"a": "PUT /x", "b": "GET /free", "c": "GET /x, PUT /y", "d": "GET /y"}
    assert run(**pages) == [["a", "c", "d"], ["b"]]


METHODS = st.sampled_from(["GET", "HEAD", "PUT", "DELETE"])
PATHS = st.lists(st.sampled_from("abc"), max_size=3).map(lambda parts: "/" + "/".join(parts))
REQUESTS = st.lists(st.builds(Request, method=METHODS, target=PATHS), max_size=3)


@settings(max_examples=60)
@given(st.lists(REQUESTS, max_size=5))
def test_every_page_is_in_one_lane_and_conflicts_are_never_apart(
    pages: list[list[Request]],
) -> None:
    named = [(str(at), requests) for at, requests in enumerate(pages)]
    found = lanes(named)
    assert sorted(page for lane in found for page in lane) == [name for name, _ in named]
    of = {page: lane for lane in found for page in lane}
    for one, ours in named:
        for other, theirs in named:
            if of[one] is not of[other]:
                assert not any(_disturbs(a, b) for a in ours for b in theirs)


def _disturbs(one: Request, other: Request) -> bool:
    if one.method in ("GET", "HEAD"):
        return False
    a, b = one.target.rstrip("/"), other.target.rstrip("/")
    below = f"{a}/".startswith(f"{b}/") or f"{b}/".startswith(f"{a}/")
    return bool(a and b) and below
