"""Pages as authors write them, in few words: what the tests of the contract read.

Owns short ways to make blocks, operations and examples. Must not know what is tested with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from honestdocs.contract.assembly import Contract, assemble
from honestdocs.contract.binding import Bindings
from honestdocs.contract.example import Block, Example, Request, Response
from honestdocs.contract.judgement import Judgement, judge
from honestdocs.contract.mark import parse_marks
from honestdocs.contract.message import parse_messages
from honestdocs.contract.operation import Location, Operation, Parameter
from honestdocs.contract.outcome import Outcome
from honestdocs.contract.page import Page
from honestdocs.contract.place import Place
from honestdocs.contract.usage import Uses
from honestdocs.contract.wire import WireResponse

FILE = "page.rst"


def operation(
    method: str,
    path: str,
    *,
    line: int = 1,
    page: str = "page",
    registered: bool = True,
    **fields: Iterable[str],
) -> Operation:
    """An operation; keywords such as ``statuses=["200"]`` name its fields."""
    parameters = tuple(
        Parameter(location=LOCATIONS[kind], name=name, place=Place(FILE, line + 1))
        for kind, names in fields.items()
        for name in names
    )
    return Operation(
        method=method,
        path=path,
        place=Place(f"{page}.rst", line),
        page=page,
        registered=registered,
        parameters=parameters,
    )


LOCATIONS = {
    "statuses": Location.STATUS,
    "members": Location.RESPONSE_JSON,
    "headers": Location.RESPONSE_HEADER,
}


def block(  # noqa: PLR0913 - what a block has
    text: str,
    *,
    language: str = "http",
    line: int = 10,
    label: str = "",
    scope: int | None = 0,
    section: str = "",
    marks: str = "",
) -> Block:
    """A block of a page; ``marks`` is the text of a comment of ours, without its prefix."""
    place = Place(FILE, line)
    comment = f"honestdocs: {marks}" if marks else ""
    return Block(
        text=text,
        language=language,
        place=place,
        scope=scope,
        section=section,
        label=label,
        marks=parse_marks(comment, place),
    )


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with their positions on the page."""
    return tuple(replace(one, index=index) for index, one in enumerate(blocks))


def page(
    *blocks: Block,
    operations: Iterable[Operation] = (),
    scopes: tuple[tuple[int, ...], ...] | None = None,
    name: str = "page",
) -> Page:
    """A page whose operations each have a body of their own unless ``scopes`` says otherwise."""
    known = tuple(operations)
    shared = tuple((at,) for at in range(len(known))) if scopes is None else scopes
    return Page(name=name, operations=known, scopes=shared, blocks=numbered(blocks))


def spread(text: str, **settings: str) -> list[Block]:
    """Blocks in prose of a text in which lines of four dashes separate them."""
    found, line = [], 1
    for part in re.split(r"^----\n", text, flags=re.MULTILINE):
        found.append(block(part.rstrip("\n"), line=line, scope=None, **settings))
        line += part.count("\n") + 1
    return found


def contract_of(text: str, *, marks: str = "", section: str = "") -> Contract:
    """The contract of a page in prose, written as for ``spread``."""
    return assemble([page(*spread(text, marks=marks, section=section))])


def message(text: str) -> Request | Response:
    """The only message of a text."""
    (found,) = parse_messages(text).items
    return found


def example(
    response: str, request: str = "GET /a HTTP/1.1", *, marks: str = "", name: str = "e"
) -> Example:
    """An example whose response begins at line 1 of ``response.rst``."""
    sent, got = message(request), message(response)
    assert isinstance(sent, Request)
    assert isinstance(got, Response)
    asked, told = Place("request.rst", 1), Place("response.rst", 1)
    return Example(
        id=name,
        page="page",
        operation="GET /a",
        request=sent,
        response=got,
        request_place=asked,
        response_place=told,
        request_block=asked,
        response_block=told,
        marks=parse_marks(f"honestdocs: {marks}", told) if marks else (),
    )


def answer(text: str) -> WireResponse:
    """A response as it comes from a server, written as a page shows it."""
    head, _, body = text.partition("\n\n")
    first, *fields = head.split("\n")
    _, code, *reason = first.split(" ", 2)
    headers = (field.partition(": ") for field in fields)
    return WireResponse(
        status=int(code),
        reason=reason[0] if reason else "",
        headers=tuple((name, value) for name, _, value in headers),
        body=body.encode(),
    )


def compared(  # noqa: PLR0913 - what a comparison depends on
    documented: str,
    observed: str | WireResponse,
    *,
    request: str = "GET /a HTTP/1.1",
    later: Iterable[str] = (),
    marks: str = "",
    bindings: Bindings | None = None,
    origins: tuple[str, ...] = (),
) -> Judgement:
    """What is made of a documented response when another one came."""
    requests = [message(text) for text in (request, *later)]
    uses = Uses([one for one in requests if isinstance(one, Request)])
    return judge(
        [example(documented, request, marks=marks)],
        answer(observed) if isinstance(observed, str) else observed,
        bindings=bindings or Bindings(),
        usage=uses.at(0),
        origins=origins,
        lies={},
    )


def mismatches(judgement: Judgement) -> list[tuple[str, str, int | None]]:
    """Kind, subject and line of every mismatch of the only result."""
    (result,) = judgement.results
    assert (result.outcome is Outcome.FAILED) is bool(result.mismatches)
    return [(m.kind.value, m.subject, m.place.line) for m in result.mismatches]
