"""The documented request is sent as documented, but for what has to differ."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honestdocs.contract.binding import Bindings
from honestdocs.contract.credentials import basic, basic_parts
from honestdocs.contract.example import Header, Request
from honestdocs.contract.message import parse_messages
from honestdocs.contract.preparation import (
    Target,
    Unprovable,
    join_path,
    prepare,
    safe_headers,
    secrets_of,
)
from honestdocs.contract.wire import WireRequest

ORIGIN = "http://127.0.0.1:4321"
HERE = Target(origin=ORIGIN)


def written(text: str) -> Request:
    (request,) = parse_messages(text).items
    assert isinstance(request, Request)
    return request


def sent(text: str, target: Target = HERE, **bound: str) -> WireRequest:
    bindings = Bindings()
    for documented, observed in bound.items():
        bindings.bind(documented, observed)
    wire = prepare(written(text), target, bindings)
    assert isinstance(wire, WireRequest), wire
    return wire


def refused(text: str, target: Target = HERE) -> str:
    wire = prepare(written(text), target, Bindings())
    assert isinstance(wire, Unprovable)
    return wire.reason


def test_a_request_is_sent_as_it_is_documented() -> None:
    text = (
        "PATCH /a/b%20c?d=e&f#g HTTP/1.1\nAccept:  text/plain, */*;q=0.1\nx-own: a\nX-OWN: b\n"
        "Empty:\n\n  one\n\n two "
    )
    assert sent(text) == WireRequest(
        method="PATCH",
        url=f"{ORIGIN}/a/b%20c?d=e&f#g",
        headers=(
            ("Accept", "text/plain, */*;q=0.1"),
            ("x-own", "a"),
            ("X-OWN", "b"),
            ("Empty", ""),
        ),
        body=b"  one\n\n two ",
    )


def test_nothing_is_added() -> None:
    assert sent("POST /a HTTP/1.1") == WireRequest(method="POST", url=f"{ORIGIN}/a")


def test_host_and_framing_are_left_to_the_transport() -> None:
    text = "PUT /a HTTP/1.1\nHost: h\ncontent-length: 99\nTransfer-Encoding: chunked\nA: b\n\nc"
    assert sent(text).headers == (("A", "b"),)


@pytest.mark.parametrize(
    ("documented", "base", "url"),
    [
        ("/a", "", "/a"),
        ("/a", "/v1", "/v1/a"),
        ("/a", "/v1/", "/v1/a"),
        ("/v1/a", "/v1", "/v1/a"),
        ("/v1?a=b", "/v1", "/v1?a=b"),
        ("/v10", "/v1", "/v1/v10"),
        ("http://localhost:8888/v1/a", "/v1", "/v1/a"),
        ("https://u:p@docs.example.org/a?b", "/v1", "/v1/a?b"),
        ("http://localhost", "", "/"),
        ("*", "/v1", "*"),
    ],
)
def test_the_origin_is_the_services_own(documented: str, base: str, url: str) -> None:
    target = Target(origin=ORIGIN, base=base)
    assert sent(f"GET {documented} HTTP/1.1", target).url == ORIGIN + url


def test_a_path_joins_its_base_once() -> None:
    assert join_path("/v1", join_path("/v1", "/a")) == "/v1/a"


SECRET = Target(
    origin=ORIGIN,
    credentials={"Authorization": "Bearer s3cret", "X-Key": "k3y"},
    passwords={"bob": "hunter22"},
)


@pytest.mark.parametrize(
    ("name", "documented", "value"),
    [
        ("Authorization", "Bearer <token>", "Bearer s3cret"),
        ("authorization", "Bearer ...", "Bearer s3cret"),
        ("Authorization", "Bearer abc", "Bearer s3cret"),
        ("Authorization", "Basic <credentials>", "Bearer s3cret"),
        ("Authorization", basic("alice:"), "Bearer s3cret"),
        ("Authorization", basic("alice:own"), basic("alice:own")),
        ("Authorization", basic("bob:"), basic("bob:hunter22")),
        ("Authorization", basic("bob:other"), basic("bob:hunter22")),
        ("X-Key", "<key>", "k3y"),
        ("x-key", "anything", "k3y"),
        ("X-Other", "anything", "anything"),
        ("Cookie", "theme=dark", "theme=dark"),
    ],
)
def test_credentials_come_from_the_configuration(name: str, documented: str, value: str) -> None:
    assert sent(f"GET /a HTTP/1.1\n{name}: {documented}", SECRET).headers == ((name, value),)


@pytest.mark.parametrize(
    "documented", ["Bearer abc", basic("bob:x"), "Token mysecrettoken", "Digest a=b"]
)
def test_credentials_that_are_no_placeholder_are_sent_where_none_are_configured(
    documented: str,
) -> None:
    wire = sent(f"GET /a HTTP/1.1\nAuthorization: {documented}")
    assert wire.headers == (("Authorization", documented),)


def test_credentials_that_the_page_does_not_show_are_not_sent() -> None:
    assert sent("GET /a HTTP/1.1", SECRET).headers == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("GET /a/<id> HTTP/1.1", "the request target holds the placeholder <id>"),
        ("GET /a/{id}?b HTTP/1.1", "the request target holds the placeholder {id}"),
        ("GET /a?b=$TOKEN HTTP/1.1", "the request target holds the placeholder $TOKEN"),
        ("GET /a/... HTTP/1.1", "the request target holds the placeholder ..."),
        ("GET /a\nAuthorization: Bearer <token>", "the request header Authorization holds a plac"),
        ("GET /a\nAuthorization: Basic ...", "the request header Authorization holds a plac"),
        ("GET /a\nX-Own: <own>", "the request header X-Own holds a placeholder"),
        ('GET /a\nIf-Match: "<etag>"', "the request header If-Match holds a placeholder"),
        ("PUT /a\n\n...", "the request body is elided with ..."),
        ('PUT /a\n\n{"a": 1, ...}', "the request body is elided with ..."),
        ('PUT /a\nContent-Type: application/json\n\n["a", …]', "the request body is elided with"),
        ('PUT /a\n\n{"a": {"b": [{...}]}}', "the request body is elided with ..."),
        ("PUT /a\n\n$DATA", "the request body is the placeholder $DATA"),
        ("PUT /a\n\n<document>", "the request body is the placeholder <document>"),
    ],
)
def test_a_placeholder_that_nothing_fills_cannot_be_sent(text: str, reason: str) -> None:
    assert refused(text).startswith(reason)


@pytest.mark.parametrize(
    "text",
    [
        'PUT /a\n\n{"text": "and so on..."}',
        "PUT /a\nContent-Type: text/plain\n\nand so on...",
        'PUT /a\n\n{"token": "<token>"}',
        "PUT /a\n\n<p>some {markup}</p>",
        'PUT /a\n\n{"a": }',
    ],
)
def test_other_bodies_are_sent_byte_for_byte(text: str) -> None:
    assert sent(text).body == (text.partition("\n\n")[2].strip("\n").encode() or None)


def test_bound_values_are_sent_everywhere() -> None:
    text = (
        "PUT /abcdef?x=abcdef HTTP/1.1\nIf-Match: abcdef\nAuthorization: Bearer abcdef\n\n"
        '{"a": "abcdef"}'
    )
    wire = sent(text, abcdef="uvwxyz")
    assert wire.url == f"{ORIGIN}/uvwxyz?x=uvwxyz"
    assert wire.headers == (("If-Match", "uvwxyz"), ("Authorization", "Bearer uvwxyz"))
    assert wire.body == b'{"a": "uvwxyz"}'


def test_a_captured_value_fills_a_placeholder() -> None:
    bindings = Bindings()
    bindings.capture("where", "http://other:1/v1/a?b=c")
    bindings.capture("token", "t0ken")
    text = "GET <where> HTTP/1.1\nAuthorization: Bearer {token}"
    wire = prepare(written(text), Target(origin=ORIGIN, base="/v1"), bindings)
    assert wire == WireRequest(
        method="GET", url=f"{ORIGIN}/v1/a?b=c", headers=(("Authorization", "Bearer t0ken"),)
    )


def test_secrets_are_known_in_every_spelling_that_is_sent() -> None:
    target = Target(
        origin=ORIGIN,
        credentials={"Authorization": basic("eve:pa55"), "X-Key": "Token k3y5", "X-Short": "ab"},
        passwords={"bob": "hunter22"},
    )
    found = secrets_of(target)
    for secret in ("pa55", basic("eve:pa55"), "k3y5", "hunter22", basic("bob:hunter22")[6:]):
        assert secret in found
    assert "ab" not in found
    assert list(found) == sorted(found, key=len, reverse=True)
    assert "hunter22" not in repr(target)
    assert "pa55" not in repr(target)


def test_headers_are_shown_without_credentials() -> None:
    shown = safe_headers((("AUTHORIZATION", "a"), ("Set-Cookie", "b"), ("Accept", "c")))
    assert shown == (("AUTHORIZATION", "[secret]"), ("Set-Cookie", "[secret]"), ("Accept", "c"))


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        (basic("bob:a:b"), ("bob", "a:b")),
        (basic("bob"), ("bob", "")),
        ("basic  " + basic("bob:x")[6:], ("bob", "x")),
        ("Bearer abc", (None, "")),
        ("Basic not base64", (None, "")),
        ("Basic /////w==", (None, "")),
        ("", (None, "")),
    ],
)
def test_basic_credentials_have_two_parts(value: str, parts: tuple[str | None, str]) -> None:
    assert basic_parts(value) == parts


PLAIN = st.text("abcdefXYZ019-_~", min_size=1, max_size=8)
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="<{$.…["), max_size=40)


@given(
    st.sampled_from(["GET", "PUT", "BREW"]),
    st.lists(PLAIN, max_size=3),
    st.lists(st.tuples(PLAIN.map(lambda name: f"X-{name}"), PLAIN), max_size=3),
    TEXTS,
)
def test_a_request_without_placeholders_is_sent_byte_for_byte(
    method: str, path: list[str], headers: list[tuple[str, str]], body: str
) -> None:
    target = "/" + "/".join(path)
    fields = tuple(Header(name=name, value=value) for name, value in headers)
    request = Request(method=method, target=target, headers=fields, body=body)
    bindings = Bindings()
    bindings.bind("a value that is not there", "x")
    assert prepare(request, HERE, bindings) == WireRequest(
        method=method,
        url=ORIGIN + target,
        headers=tuple(headers),
        body=body.encode() if body else None,
    )


@settings(max_examples=60)
@given(st.text(), st.text(max_size=20), st.text(max_size=20), st.text(max_size=30))
def test_any_request_is_sent_or_refused_with_a_reason(
    target: str, name: str, value: str, body: str
) -> None:
    request = Request(
        method="PUT", target=target, headers=(Header(name=name, value=value),), body=body
    )
    wire = prepare(request, SECRET, Bindings())
    assert isinstance(wire, WireRequest) or wire.reason
