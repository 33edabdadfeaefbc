"""A page is played from top to bottom, and what the server makes up is sent on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.writing import answer, contract_of
from honestdocs.contract.exchange import exchanges
from honestdocs.contract.message import parse_messages
from honestdocs.contract.outcome import Result
from honestdocs.contract.preparation import Target
from honestdocs.contract.session import Played, Script, play
from honestdocs.contract.setupfile import SetupRequest, parse_setup
from honestdocs.contract.wire import Answer, Fault, WireFault, WireRequest

ORIGIN = "http://127.0.0.1:4321"
UUID, OTHER = "89881454-e4e9-4ef0-99a9-404d95900352", "fec930f1-4e30-4b1c-8a63-0fafbe508d48"
REFUSED = WireFault(fault=Fault.REFUSED, message="the connection was refused")

Server = Callable[[WireRequest], Answer]


class Page:
    """A page in prose that is played against a server; ``sent`` is what reached it."""

    def __init__(  # noqa: PLR0913 - what a session depends on
        self,
        text: str,
        server: Server,
        *,
        marks: str = "",
        section: str = "",
        captures: dict[str, str] | None = None,
        foreign: frozenset[str] = frozenset(),
        sections: dict[str, tuple[SetupRequest, ...]] | None = None,
    ) -> None:
        contract = contract_of(text, marks=marks, section=section)
        lies: dict[str, tuple[object, ...]] = {}
        for lie in contract.lies:
            if not lie.warning:
                lies[lie.example] = (*lies.get(lie.example, ()), lie)
        self.sent: list[WireRequest] = []
        self.played = self._play(
            Script(
                page="page",
                exchanges=exchanges(contract.examples),
                lies=lies,  # type: ignore[arg-type]
                target=Target(origin=ORIGIN),
                origins=(ORIGIN, "http://localhost:8888"),
                captures=captures or {},
                foreign=foreign,
                sections=sections or {},
            ),
            server,
        )

    def _play(self, script: Script, server: Server) -> Played:
        playing = play(script)
        try:
            wire = next(playing)
            while True:
                self.sent.append(wire)
                wire = playing.send(server(wire))
        except StopIteration as end:
            played = end.value
        assert isinstance(played, Played)
        return played

    @property
    def results(self) -> tuple[Result, ...]:
        return self.played.results

    @property
    def outcomes(self) -> list[str]:
        return [result.outcome.value for result in self.results]

    @property
    def lines(self) -> list[str]:
        return [f"{wire.method} {wire.url.removeprefix(ORIGIN)}" for wire in self.sent]


def serving(**answers: str) -> Server:
    """A server that answers by method, with ``GET_a`` for a path that ends with ``a``."""

    def serve(wire: WireRequest) -> Answer:
        last = re.sub(r"\W", "", wire.url.rpartition("/")[2].partition("?")[0])
        text = answers.get(f"{wire.method}_{last}", answers.get(wire.method, "HTTP/1.1 404 X"))
        return REFUSED if text == "refused" else answer(text)

    return serve


def body(wire: WireRequest) -> object:
    return json.loads(wire.body or b"null")


CHAIN = f"""\
POST /users HTTP/1.1
Content-Type: application/json

{{"name": "bob"}}
----
HTTP/1.1 201 Created
ETag: "1434646943915"

{{"id": "{UUID}", "name": "bob"}}
----
PUT /users/{UUID}?since=1434646943915 HTTP/1.1
If-Match: "1434646943915"

{{"id": "{UUID}", "name": "alice"}}
----
HTTP/1.1 200 OK

{{"id": "{UUID}", "name": "alice"}}
----
GET /users/{UUID} HTTP/1.1
----
HTTP/1.1 200 OK

{{"id": "{UUID}", "name": "alice"}}
"""
CREATED = f'HTTP/1.1 201 Created\nETag: "1767225600123"\n\n{{"id": "{OTHER}", "name": "bob"}}'
CHANGED = f'HTTP/1.1 200 OK\n\n{{"id": "{OTHER}", "name": "alice"}}'


def test_what_the_server_makes_up_is_sent_in_every_later_request() -> None:
    page = Page(CHAIN, serving(POST=CREATED, PUT=CHANGED, GET=CHANGED))
    assert page.outcomes == ["passed"] * 3
    assert page.lines == [
        "POST /users",
        f"PUT /users/{OTHER}?since=1767225600123",
        f"GET /users/{OTHER}",
    ]
    assert page.sent[1].headers == (("If-Match", '"1767225600123"'),)
    assert body(page.sent[1]) == {"id": OTHER, "name": "alice"}


def test_results_come_in_the_order_of_the_page_with_what_was_seen() -> None:
    page = Page(CHAIN, serving(POST=CREATED, PUT=CHANGED, GET=CHANGED))
    first = page.results[0]
    assert first.example == "page::POST /users"
    assert (first.status, first.observed_headers) == (201, ("ETag",))
    assert first.matched == ("header ETag: etag", "/id: uuid")


def test_a_failing_example_makes_those_that_need_it_errors() -> None:
    gone = 'HTTP/1.1 503 Gone\n\n{"error": "gone"}'
    page = Page(CHAIN, serving(POST=gone, PUT=CHANGED, GET=CHANGED))
    assert page.outcomes == ["failed", "error", "error"]
    assert page.lines == ["POST /users"]
    assert "it needs a value that the example at page.rst:6 should have given" in {
        result.reason for result in page.results
    }


def test_a_fault_makes_its_example_an_error_and_those_that_need_it() -> None:
    page = Page(CHAIN, serving(POST="refused", PUT=CHANGED, GET=CHANGED))
    assert page.outcomes == ["error"] * 3
    assert page.results[0].reason == "the connection was refused"
    assert page.lines == ["POST /users"]


def test_a_fault_does_not_touch_what_needs_nothing_of_it() -> None:
    text = "GET /a HTTP/1.1\n----\nHTTP/1.1 200 OK\n----\nGET /b HTTP/1.1\n----\nHTTP/1.1 200 OK"
    page = Page(text, serving(GET_a="refused", GET_b="HTTP/1.1 200 OK"))
    assert page.outcomes == ["error", "passed"]


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted"])
def test_one_wrong_status_is_one_lie(status: str) -> None:
    wrong = CREATED.replace("201 Created", status)
    page = Page(CHAIN, serving(POST=wrong, PUT=CHANGED, GET=CHANGED))
    assert page.outcomes == ["failed", "passed", "passed"]
    assert [m.subject for m in page.results[0].mismatches] == ["status"]
    assert page.lines[-1] == f"GET /users/{OTHER}"


def test_one_wrong_value_is_one_lie() -> None:
    wrong = CREATED.replace('"bob"', '"eve"')
    page = Page(CHAIN, serving(POST=wrong, PUT=CHANGED, GET=CHANGED))
    assert page.outcomes == ["failed", "passed", "passed"]
    assert [m.subject for m in page.results[0].mismatches] == ["/name"]


def test_a_value_that_came_as_documented_is_there_for_what_needs_it() -> None:
    same = CREATED.replace(OTHER, UUID).replace("1767225600123", "1434646943915")
    changed = CHANGED.replace(OTHER, UUID)
    page = Page(CHAIN, serving(POST=same.replace("bob", "eve"), PUT=changed, GET=changed))
    assert page.outcomes == ["failed", "passed", "passed"]


def test_a_marked_example_is_skipped_with_its_reason() -> None:
    page = Page("GET /a HTTP/1.1\n----\nHTTP/1.1 200 OK", serving(), marks="skip needs a phone")
    assert page.outcomes == ["skipped"]
    assert page.results[0].reason == "needs a phone"
    assert page.sent == []


def test_a_response_alone_is_skipped() -> None:
    page = Page("HTTP/1.1 200 OK\n\n{}", serving())
    assert page.outcomes == ["skipped"]
    assert page.results[0].reason == "no documented request goes with this response"


def test_a_command_that_goes_elsewhere_is_skipped() -> None:
    text = "GET /a HTTP/1.1\n----\nHTTP/1.1 200 OK"
    page = Page(text, serving(), foreign=frozenset({"page::GET /a"}))
    assert page.outcomes == ["skipped"]
    assert "another host" in page.results[0].reason
    assert page.sent == []


def test_a_request_without_a_response_is_sent_and_claims_nothing() -> None:
    page = Page("DELETE /a HTTP/1.1", serving(DELETE="HTTP/1.1 204 No Content"))
    assert page.outcomes == ["skipped"]
    assert page.lines == ["DELETE /a"]
    assert page.results[0].reason.endswith("(sent; the service answered 204)")


@pytest.mark.parametrize(
    ("request_text", "reason"),
    [
        ("GET /users/{id} HTTP/1.1", "the request target holds the placeholder {id}"),
        ("GET /users/... HTTP/1.1", "the request target holds the placeholder ..."),
        ("GET /a HTTP/1.1\nAuthorization: Bearer <token>", "the request header Authorization"),
        ('POST /a HTTP/1.1\n\n{"a": 1, ...}', "the request body is elided"),
    ],
)
def test_a_request_that_cannot_be_sent_is_an_error(request_text: str, reason: str) -> None:
    page = Page(f"{request_text}\n----\nHTTP/1.1 200 OK", serving())
    assert page.outcomes == ["error"]
    assert page.results[0].reason.startswith(reason)
    assert page.sent == []


def test_a_static_lie_fails_its_example_even_if_it_cannot_be_sent() -> None:
    text = 'GET /a HTTP/1.1\n----\nHTTP/1.1 200 OK\n\n{"a": }'
    refused = Page(text, serving(GET="refused"))
    assert refused.outcomes == ["failed"]
    assert [m.kind.value for m in refused.results[0].mismatches] == ["parse"]
    assert refused.results[0].reason == "the connection was refused"
    answered = Page(text, serving(GET='HTTP/1.1 200 OK\n\n{"a": 1}'))
    assert answered.outcomes == ["failed"]


def test_values_of_the_setup_fill_placeholders() -> None:
    text = "GET /users/{id} HTTP/1.1\n----\nHTTP/1.1 200 OK"
    page = Page(text, serving(GET="HTTP/1.1 200 OK"), captures={"id": "57"})
    assert page.outcomes == ["passed"]
    assert page.lines == ["GET /users/57"]


def test_a_captured_value_is_sent_in_later_requests() -> None:
    text = (
        "POST /a HTTP/1.1\n----\nHTTP/1.1 201 Created\nLocation: ...\n\n{...}\n----\n"
        "GET <where> HTTP/1.1\nX-Kind: {kind}\n----\nHTTP/1.1 200 OK"
    )
    created = f'HTTP/1.1 201 Created\nLocation: {ORIGIN}/a/plain\n\n{{"kind": ["x"], "n": true}}'
    page = Page(
        text,
        serving(POST=created, GET="HTTP/1.1 200 OK"),
        marks="capture where header Location\n capture kind /kind/0",
    )
    assert page.outcomes == ["passed", "passed"]
    assert page.lines == ["POST /a", "GET /a/plain"]
    assert page.sent[1].headers == (("X-Kind", "x"),)


def test_a_placeholder_in_a_response_names_a_value_for_later_requests() -> None:
    text = (
        'POST /a HTTP/1.1\n----\nHTTP/1.1 201 X\nLocation: /a/<id>\n\n{"token": "<token>"}\n----\n'
        "GET /a/<id> HTTP/1.1\nX-Token: <token>\n----\nHTTP/1.1 200 OK"
    )
    created = 'HTTP/1.1 201 X\nLocation: /a/57\n\n{"token": "t0ken"}'
    page = Page(text, serving(POST=created, GET="HTTP/1.1 200 OK"))
    assert page.outcomes == ["passed", "passed"]
    assert page.lines[1] == "GET /a/57"
    assert page.sent[1].headers == (("X-Token", "t0ken"),)


def test_short_identifiers_chain_with_natural_text() -> None:
    text = (
        'GET /new_channel HTTP/1.1\n----\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n"a3tb"'
        "\n----\nPUT /a3tb HTTP/1.1\n\n{}\n----\nHTTP/1.1 200 OK\n----\n"
        "GET /a3tb HTTP/1.1\n----\nHTTP/1.1 200 OK"
    )
    fresh = 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n"x7kq"'
    page = Page(text, serving(GET_new_channel=fresh, GET="HTTP/1.1 200 OK", PUT="HTTP/1.1 200 OK"))
    assert page.outcomes == ["passed"] * 3
    assert page.lines == ["GET /new_channel", "PUT /x7kq", "GET /x7kq"]


def setup(text: str) -> tuple[SetupRequest, ...]:
    return parse_setup(text, "setup.http", {})


USES_SETUP = "GET /a/{id} HTTP/1.1\n----\nHTTP/1.1 200 OK\n----\nGET /b HTTP/1.1"
MAKES = {"s": setup("# @capture id /id\nPUT /made"), "other": setup("PUT /elsewhere")}


def test_a_section_is_set_up_once_before_its_first_exchange() -> None:
    server = serving(PUT='HTTP/1.1 201 X\n\n{"id": 57}', GET="HTTP/1.1 200 OK")
    page = Page(USES_SETUP, server, section="s", sections=MAKES)
    assert page.lines == ["PUT /made", "GET /a/57", "GET /b"]
    assert page.outcomes == ["passed", "skipped"]
    assert page.played.notes == ()


def test_a_section_whose_setup_fails_cannot_be_checked() -> None:
    for fault in ("refused", "HTTP/1.1 500 Oh"):
        page = Page(USES_SETUP, serving(PUT=fault), section="s", sections=MAKES)
        assert page.outcomes == ["error", "error"]
        assert page.lines == ["PUT /made"]
        said = "setup request PUT /made at setup.http:2"
        assert all(result.reason.startswith(said) for result in page.results)


def test_a_setup_that_is_refused_is_noted() -> None:
    server = serving(PUT="HTTP/1.1 409 There", GET="HTTP/1.1 200 OK")
    page = Page(USES_SETUP.replace("{id}", "1"), server, section="s", sections=MAKES)
    assert page.outcomes == ["passed", "skipped"]
    assert page.played.notes == ("setup request PUT /made at setup.http:2 was answered 409",)


def test_every_answer_is_judged_by_its_own_example() -> None:
    text = "".join(
        f'GET /{at} HTTP/1.1\n----\nHTTP/1.1 200 OK\n\n{{"n": {at}}}\n----\n' for at in range(5)
    )

    def serve(wire: WireRequest) -> Answer:
        return answer(f'HTTP/1.1 200 OK\n\n{{"n": {wire.url[-1]}}}')

    assert Page(text, serve).outcomes == ["passed"] * 5


IDS = {
    "uuid": st.uuids().map(str),
    "hex": st.text("0123456789abcdef", min_size=24, max_size=24).filter(
        lambda t: bool(re.search("[0-9]", t) and re.search("[a-f]", t))
    ),
    "short": st.from_regex(r"[a-z][0-9][a-z][0-9]", fullmatch=True),
    "time": st.integers(1_400_000_000_001, 1_499_999_999_999).map(str),
    "number": st.integers(100, 999).map(str),
}
LITERAL = {"time", "number"}
"""Kinds that stand in JSON without quotes."""


def fresh(kind: str, taken: set[str]) -> st.SearchStrategy[str]:
    return IDS[kind].filter(lambda text: text not in taken)


STATUSES = ("200", "201")
"""What stands in the status lines, and would be taken for an id of the same digits."""


@st.composite
def chains(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """The text of a page in which each exchange uses what those above it gave, with the
    observed value of every documented one.
    """
    kinds = draw(st.lists(st.sampled_from(sorted(IDS)), min_size=1, max_size=4))
    pairs: dict[str, str] = {}
    parts: list[str] = []
    above: list[tuple[str, str]] = []
    for kind in kinds:
        taken = {*pairs, *pairs.values(), *STATUSES}
        documented = draw(fresh(kind, taken))
        observed = draw(fresh(kind, {*taken, documented}))
        pairs[documented] = observed
        parts += draw(exchange_texts(kind, documented, above))
        above.append((kind, documented))
    return "\n----\n".join(parts), pairs


def exchange_texts(
    kind: str, documented: str, above: list[tuple[str, str]]
) -> st.SearchStrategy[list[str]]:
    """A creation that uses a value from above, and a reading of what it made."""

    def written(used: tuple[str, str] | None) -> list[str]:
        own = documented if kind in LITERAL else f'"{documented}"'
        lines, fields, target = [], '"name": "x"', "/things"
        if used is not None:
            parent = used[1] if used[0] in LITERAL else f'"{used[1]}"'
            fields += f', "parent_id": {parent}'
            target = f"/things/{used[1]}/parts?parent_id={used[1]}"
            lines = [f'If-Match: "{used[1]}"']
        created = f'{{"id": {own}, {fields}}}'
        head = ["Content-Type: application/json", f"Location: /things/{documented}"]
        return [
            "\n".join([f"POST {target} HTTP/1.1", *lines, "", f"{{{fields}}}"]),
            "\n".join(["HTTP/1.1 201 Created", *head, "", created]),
            f"GET /things/{documented} HTTP/1.1",
            "\n".join(["HTTP/1.1 200 OK", head[0], f'ETag: "{documented}"', "", created]),
        ]

    return st.sampled_from([None, *above]).map(written)


@settings(max_examples=150)
@given(chains())
def test_fresh_values_in_all_answers_leave_every_example_passed(
    chain: tuple[str, dict[str, str]],
) -> None:
    text, pairs = chain
    pattern = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, pairs)) + r")(?![\w-])")
    observed = pattern.sub(lambda found: pairs[found[0]], text).split("\n----\n")
    expected = iter(zip(observed[::2], observed[1::2], strict=True))

    def serve(wire: WireRequest) -> Answer:
        request, response = next(expected)
        (wanted,) = parse_messages(request).items
        got = [f"{wire.method} {wire.url.removeprefix(ORIGIN)} HTTP/1.1"]
        got += [f"{name}: {value}" for name, value in wire.headers]
        got += ["", wire.body.decode()] if wire.body else []
        assert "\n".join(got) == request, wanted
        return answer(response)

    page = Page(text, serve)
    assert page.outcomes == ["passed"] * (len(observed) // 2), [r.mismatches for r in page.results]
    assert Page(text, _replayed(text)).outcomes == page.outcomes


def _replayed(text: str) -> Server:
    """A server that answers as documented."""
    answers = iter(text.split("\n----\n")[1::2])
    return lambda _wire: answer(next(answers))
