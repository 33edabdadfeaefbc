"""Messages whose head and body stand in two blocks, and responses in sections of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.writing import FILE, block, operation, page
from honestdocs.contract.assembly import Contract, assemble
from honestdocs.contract.example import Block, Example, Request, Response
from honestdocs.contract.page import Page
from honestdocs.contract.place import Place

PUT = "PUT /jars/7 HTTP/1.1\nAccept: application/json"
JAM = '{"jam": "plum"}'
HEAD = "HTTP/1.1 200 OK\nContent-Type: application/json"
CREATED = "HTTP/1.1 201 Created"
FROM_FILE = "$ curl -X POST http://localhost/jars -d @new/jar.json"


def page_of(*blocks: Block) -> Contract:
    """A page of one operation whose blocks stand ten lines from each other."""
    placed = tuple(
        replace(one, index=at, place=Place(FILE, 10 * (at + 1))) for at, one in enumerate(blocks)
    )
    jars = operation("PUT", "/jars/{id}")
    return assemble([Page(name="page", operations=(jars,), scopes=((0,),), blocks=placed)])


def only(contract: Contract) -> Example:
    (example,) = contract.examples
    return example


def close(text: str, **more: str) -> Block:
    """A block right below the one before it."""
    return replace(block(text, **more), adjacent=True)  # type: ignore[arg-type]


def body_of(message: Request | Response | None) -> str:
    assert message is not None
    return message.body


@pytest.mark.parametrize("language", ["json", "http"])
def test_head_and_body_may_stand_in_two_blocks_each(language: str) -> None:
    example = only(
        page_of(
            block(PUT), close(JAM, language=language), block(HEAD), close("[]", language="json")
        )
    )
    assert body_of(example.request) == JAM
    assert body_of(example.response) == "[]"
    assert example.blocks == (0, 1, 2, 3)


def test_labels_tell_bodies_apart_where_text_stands_between() -> None:
    request = block(JAM, language="json", label="Request body")
    response = block("[]", language="json", label="Response body")
    example = only(page_of(block(PUT), request, response))
    assert (body_of(example.request), body_of(example.response)) == (JAM, "[]")
    assert example.response is not None
    assert example.response.status is None


def test_what_is_called_a_body_goes_to_the_message_that_lacks_one() -> None:
    request = block(JAM, language="json", label="Body")
    response = block("[]", language="json", label="Body")
    example = only(page_of(block(PUT), request, block(HEAD), response))
    assert (body_of(example.request), body_of(example.response)) == (JAM, "[]")


def test_a_lie_in_a_body_of_its_own_block_has_the_line_of_that_block() -> None:
    contract = page_of(block(PUT), block(HEAD), close('{\n  "jam": "plum",\n}', language="json"))
    assert [str(lie.mismatch.place) for lie in contract.lies] == [f"{FILE}:31"]


def test_json_after_a_request_is_its_response_where_no_other_follows() -> None:
    example = only(page_of(block(PUT), close(JAM, language="json")))
    assert (body_of(example.request), body_of(example.response)) == ("", JAM)


def test_json_apart_from_a_response_without_body_is_not_its_body() -> None:
    example = only(page_of(block(PUT), block(CREATED), block(JAM, language="json")))
    assert body_of(example.response) == ""


@pytest.mark.parametrize("head", ["HTTP/1.1 204 No Content", f"{CREATED}\nContent-Length: 0"])
def test_a_response_that_claims_to_have_no_body_gets_none(head: str) -> None:
    example = only(page_of(block(PUT), block(head), close(JAM, language="json")))
    assert body_of(example.response) == ""


def test_a_response_to_head_gets_no_body() -> None:
    asked = block("HEAD /jars/7 HTTP/1.1")
    example = only(page_of(asked, block(HEAD), close(JAM, language="json")))
    assert body_of(example.response) == ""


@pytest.mark.parametrize("shown_first", [True, False])
def test_a_command_sends_the_file_that_the_page_shows(*, shown_first: bool) -> None:
    shown = block(JAM, language="json", label="The content of jar.json is like")
    command = block(FROM_FILE, language="bash")
    blocks = [shown, command] if shown_first else [command, shown]
    example = only(page_of(*blocks, block(CREATED)))
    assert body_of(example.request) == JAM
    assert example.response is not None
    assert example.response.status == 201


def test_a_command_takes_the_body_that_stands_before_its_response() -> None:
    example = only(
        page_of(block(FROM_FILE, language="bash"), block(JAM, language="json"), block(CREATED))
    )
    assert body_of(example.request) == JAM


def test_a_file_that_the_page_does_not_show_stays_unknown() -> None:
    example = only(page_of(block(FROM_FILE, language="bash"), block(CREATED)))
    assert example.request is not None
    assert (example.request.file, example.request.body) == ("new/jar.json", "")


def section(text: str, *outline: str, heading: str, language: str = "http") -> Block:
    """A block in prose, in the last of some sections."""
    return replace(
        block(text, scope=None, section=outline[-1], language=language),
        outline=outline,
        heading=heading,
    )


GET = "GET /jars/7 HTTP/1.1"
ASKED = section(GET, "top", "get", "ask", heading="Request Structure")


def statuses(*blocks: Block) -> list[tuple[str, int | None]]:
    contract = assemble([page(*blocks)])
    return [
        (e.request.method if e.request else "", e.response.status if e.response else None)
        for e in contract.examples
    ]


def test_a_section_of_responses_answers_the_request_of_the_section_beside_it() -> None:
    told = section(HEAD, "top", "get", "answer", heading="Response Structure")
    assert statuses(ASKED, told) == [("GET", 200)]


def test_sections_inside_the_one_of_a_request_hold_its_responses() -> None:
    asked = section(GET, "top", "get", heading="Fetch a jar")
    good = section(HEAD, "top", "get", "ok", heading="Successful response")
    bad = section("HTTP/1.1 404 Not Found", "top", "get", "no", heading="404 Not Found")
    assert statuses(asked, good, bad) == [("GET", 200), ("GET", 404)]


@pytest.mark.parametrize(
    ("outline", "heading"),
    [
        (("top", "put", "answer"), "Response Structure"),
        (("top", "errors"), "Response"),
        (("top", "get", "errors"), "Errors"),
    ],
)
def test_other_sections_are_no_answer(outline: tuple[str, ...], heading: str) -> None:
    told = section(HEAD, *outline, heading=heading)
    assert statuses(ASKED, told) == [("GET", None), ("", 200)]


def test_json_below_a_heading_for_responses_answers_too() -> None:
    told = section("[]", "top", "get", "answer", heading="Response", language="json")
    told = replace(told, label="Response")
    assert statuses(ASKED, told) == [("GET", None)]
    contract = assemble([page(ASKED, told)])
    assert body_of(contract.examples[0].response) == "[]"
