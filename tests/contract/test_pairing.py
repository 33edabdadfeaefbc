"""Blocks find each other by what they say and by their order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.writing import block, spread
from honestdocs.contract.example import Block, Request, Response
from honestdocs.contract.pairing import Pair, is_relevant, pair_blocks
from honestdocs.contract.placed import Placed

GET = "GET /a HTTP/1.1"
PUT = 'PUT /a HTTP/1.1\n\n{"n": 1}'
OK = "HTTP/1.1 200 OK\n\n{}"
MISSING = "HTTP/1.1 404 Not Found"
BARE = '{"n": 1}'
CURL = "$ curl http://localhost/a"
HTTPIE = "$ http GET :80/a"


def told(placed: Placed | None) -> str:
    if placed is None:
        return "-"
    message = placed.message
    if isinstance(message, Response):
        return str(message.status or "body")
    return f"{'$ ' if placed.command else ''}{message.method}"


def shape(pair: Pair) -> str:
    """A pair in a line: command, request, then its responses."""
    return " ".join([told(pair.command), told(pair.request), *map(told, pair.responses)])


def shapes(*blocks: Block) -> list[str]:
    return [shape(pair) for pair in pair_blocks(blocks).pairs]


@pytest.mark.parametrize("scope", [0, None])
@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([GET, OK], ["- GET 200"]),
        ([GET, OK, MISSING], ["- GET 200 404"]),
        ([GET, OK, PUT, OK], ["- GET 200", "- PUT 200"]),
        ([GET, GET, OK], ["- GET", "- GET 200"]),
        ([f"{GET}\n\n{OK}"], ["- GET 200"]),
        ([f"{GET}\n\n{OK}\n\n{PUT}\n\n{MISSING}"], ["- GET 200", "- PUT 404"]),
        ([f"{GET}\n\n{OK}", MISSING], ["- GET 200 404"]),
        ([OK], ["- - 200"]),
        ([OK, MISSING], ["- - 200 404"]),
        ([CURL, GET, OK], ["$ GET GET 200"]),
        ([HTTPIE, GET, OK], ["$ GET GET 200"]),
        ([CURL, OK], ["$ GET - 200"]),
        ([CURL, PUT, OK], ["$ GET -", "- PUT 200"]),
        ([CURL, GET, GET, OK], ["$ GET GET", "- GET 200"]),
        ([CURL, OK, GET, MISSING], ["$ GET - 200", "- GET 404"]),
        ([f"{CURL}\n\n{OK}"], ["$ GET - 200"]),
        ([f"{CURL}\n{BARE}"], ["$ GET - body"]),
        ([f"{CURL}\n{BARE}\n{CURL}\n{OK}"], ["$ GET - body", "$ GET - 200"]),
        ([f"{CURL}\n{GET}\n\n{OK}"], ["$ GET GET 200"]),
        (["just text"], []),
        ([], []),
    ],
)
def test_messages_pair_by_content_and_order(
    texts: list[str], expected: list[str], scope: int | None
) -> None:
    languages = ["console" if text[:1] in ("$", "j") else "http" for text in texts]
    blocks = [
        block(text, language=language, scope=scope)
        for text, language in zip(texts, languages, strict=True)
    ]
    assert shapes(*blocks) == expected


@pytest.mark.parametrize("language", ["json", "JSON", "javascript", "json5"])
def test_a_bare_answer_claims_a_body_only(language: str) -> None:
    bare = block(BARE, language=language, label="Example response")
    assert shapes(block(GET), bare) == ["- GET body"]
    assert shapes(block(GET, scope=None), block(BARE, language=language, scope=None)) == [
        "- GET body"
    ]


def test_a_bare_answer_alone_needs_a_label_and_an_operation() -> None:
    assert shapes(block(BARE, language="json", label="Example response")) == ["- - body"]
    assert shapes(block(BARE, language="json")) == []
    assert shapes(block(BARE, language="json", label="Response", scope=None)) == []


def test_a_body_below_a_response_is_another_thing() -> None:
    assert shapes(block(GET), block(OK), block(BARE, language="json")) == ["- GET 200"]


def test_a_body_that_is_labelled_a_request_is_no_answer() -> None:
    labelled = block(BARE, language="json", label="Request body")
    assert shapes(block(GET), labelled, block(OK)) == ["- GET 200"]
    assert shapes(block(GET), block(BARE, label="Example request"), block(OK)) == ["- GET 200"]


def test_a_block_of_http_may_hold_a_body_only() -> None:
    assert shapes(block(GET), block(BARE)) == ["- GET body"]


@pytest.mark.parametrize("language", ["http", "HTTP", "Http"])
def test_the_case_of_a_language_does_not_matter(language: str) -> None:
    assert shapes(block("GET /a", language=language), block(OK, language=language)) == ["- GET 200"]


@pytest.mark.parametrize("language", ["text", "none", "", "python"])
def test_a_complete_message_is_one_in_any_language(language: str) -> None:
    assert is_relevant(language, GET)
    assert shapes(block(GET, language=language), block(OK, language=language)) == ["- GET 200"]
    assert shapes(block("GET /a", language=language, scope=None)) == []


@pytest.mark.parametrize("language", ["bash", "Console", "shell-session", "text", ""])
def test_a_command_is_one_in_the_languages_of_shells(language: str) -> None:
    assert is_relevant(language, CURL)
    assert shapes(block(CURL, language=language)) == ["$ GET -"]


@pytest.mark.parametrize(("language", "text"), [("python", CURL), ("xml", "<a/>"), ("", BARE)])
def test_other_blocks_are_no_part_of_an_example(language: str, text: str) -> None:
    assert not is_relevant(language, text)
    assert shapes(block(text, language=language)) == []


def test_an_operation_bounds_its_examples() -> None:
    assert shapes(block(GET, scope=0), block(OK, scope=1)) == ["- GET", "- - 200"]
    assert shapes(block(GET, scope=0), block(OK, scope=None)) == ["- GET", "- - 200"]


def test_in_prose_a_section_bounds_them() -> None:
    request, response = (block(text, scope=None, section="one") for text in (GET, OK))
    assert shapes(request, response) == ["- GET 200"]
    elsewhere = block(OK, scope=None, section="two")
    assert shapes(request, elsewhere) == ["- GET", "- - 200"]


def test_inside_an_operation_sections_do_not_count() -> None:
    assert shapes(block(GET, section="one"), block(OK, section="two")) == ["- GET 200"]


def test_a_pair_knows_its_scope_section_order_and_marks() -> None:
    blocks = [
        block(GET, scope=None, section="s", marks="strict"),
        block(OK, scope=None, section="s", marks="strict\n any /n"),
        block(PUT, scope=None, section="s"),
    ]
    one, two = pair_blocks(blocks).pairs
    assert (one.scope, one.section, one.order, two.order) == (None, "s", 0, 1)
    assert [mark.verb for mark in one.marks] == ["strict", "any"]
    assert two.marks == ()
    assert one.sent is one.request


def test_what_is_wrong_in_a_block_is_told_with_it() -> None:
    bad = block("GET /a HTTP/1.1\nnonsense", line=30)
    ((flaw, where),) = pair_blocks([block(OK), bad]).flaws
    assert (flaw.line, where) == (1, bad)


def test_every_message_of_a_transcript_has_its_place() -> None:
    text = f"$ curl \\\n   http://localhost/a\n\n{OK}\n\n$ curl http://localhost/b\n\n\n{BARE}"
    (first, second) = pair_blocks([block(text, language="console", line=20)]).pairs
    assert first.command is not None
    assert second.command is not None
    assert [first.command.place.line, first.responses[0].place.line] == [20, 23]
    assert [second.command.place.line, second.responses[0].place.line] == [27, 30]
    bare = second.responses[0]
    assert bare.message.body == BARE
    assert bare.block.place.below(bare.message.body_line).line == 30


TRANSCRIPT = """\
$ curl -v http://localhost/a
*   Trying 127.0.0.1:80...
* Connected to localhost (127.0.0.1) port 80 (#0)
> GET /a HTTP/1.1
> Host: localhost
>
< HTTP/1.1 200 OK
< Content-Type: application/json
<
{ [13 bytes data]
{"n": 1}
* Connection #0 to host localhost left intact"""


def test_a_verbose_transcript_shows_command_request_and_response() -> None:
    (pair,) = pair_blocks([block(TRANSCRIPT, language="console", line=1)]).pairs
    assert shape(pair) == "$ GET GET 200"
    assert pair.request is not None
    assert pair.request.place.line == 4
    assert [placed.place.line for placed in pair.responses] == [7]
    assert pair.responses[0].message.body == BARE


def test_what_a_command_prints_belongs_to_the_scope_and_section_of_its_block() -> None:
    for text in (f"{CURL}\n{BARE}", f"{CURL}\n{OK}"):
        whole = block(text, language="console", section="s", label="l", marks="strict")
        ((placed,),) = [pair.responses for pair in pair_blocks([whole]).pairs]
        got = placed.block
        assert (got.scope, got.section, got.label, got.marks) == (0, "s", "l", whole.marks)


def test_a_command_that_cannot_be_read_ends_the_reading_of_its_block() -> None:
    text = f"$ curl -F a=@b http://localhost/a\n{OK}"
    assert shapes(block(text, language="console"), block(GET)) == ["- GET"]


def test_the_same_request_in_several_notations_is_one() -> None:
    curl = block("$ curl -X PUT -d 1 http://localhost/a", language="console")
    httpie = block("$ http PUT :80/a a=1", language="console")
    raw = block("PUT /a HTTP/1.1")
    answer = block(OK)
    assert shapes(curl, httpie, raw, answer) == ["$ PUT PUT 200"]
    assert shapes(raw, curl, httpie, answer) == ["$ PUT PUT 200"]
    assert shapes(httpie, curl, answer) == ["$ PUT - 200"]


def test_the_same_command_twice_is_sent_twice() -> None:
    curl = block("$ curl -X PUT -d 1 http://localhost/a", language="console")
    assert shapes(curl, curl, block(OK)) == ["$ PUT -", "$ PUT - 200"]


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([GET, PUT, OK, MISSING, BARE, CURL, HTTPIE, TRANSCRIPT])
            | st.lists(
                st.sampled_from([GET, OK, BARE, CURL, "", "###", "...", "text", "X: y"]), max_size=5
            ).map("\n".join),
            st.sampled_from(["http", "json", "console", "text", ""]),
            st.sampled_from([0, 1, None]),
            st.sampled_from(["", "Example request", "Example response"]),
        ),
        max_size=6,
    )
)
def test_every_message_is_used_once_and_in_order(
    rows: list[tuple[str, str, int | None, str]],
) -> None:
    blocks = [
        block(text, language=language, line=100 * at, scope=scope, label=label)
        for at, (text, language, scope, label) in enumerate(rows)
    ]
    paired = pair_blocks(blocks)
    assert paired == pair_blocks(blocks)
    used: list[tuple[int, str]] = []
    for pair in paired.pairs:
        messages = [part for part in (pair.command, pair.request, *pair.responses) if part]
        here = sorted((part.place.line or 0, told(part)) for part in messages)
        assert not used or used[-1] < here[0]
        used += here
    assert len(set(used)) == len(used)
    for pair in paired.pairs:
        assert pair.sent is None or isinstance(pair.sent.message, Request)


def test_blocks_of_a_page_in_prose_pair_as_they_are_written() -> None:
    written = "GET /a HTTP/1.1\n----\nHTTP/1.1 200 OK\n\n{}\n----\nGET /b HTTP/1.1\n"
    assert shapes(*spread(written)) == ["- GET 200", "- GET"]


@pytest.mark.parametrize("language", ["", "none", "text"])
def test_a_request_line_alone_is_a_request_where_an_operation_is_described(language: str) -> None:
    line = "GET /a?page=2"
    assert is_relevant(language, line, in_operation=True)
    assert not is_relevant(language, line)
    assert not is_relevant("python", line, in_operation=True)
    assert not is_relevant(language, f"{line}\nand more", in_operation=True)
    assert shapes(block(line, language=language), block(OK)) == ["- GET 200"]
    assert shapes(block(line, language=language, scope=None), block(OK, scope=None)) == ["- - 200"]
