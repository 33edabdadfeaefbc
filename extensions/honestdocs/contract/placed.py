"""A message with the blocks that hold it.

Owns how a message is put together of a head in one block and a body in the next. Must not know
which request a response belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from honestdocs.contract.example import Block, Request, Response
from honestdocs.contract.label import calls_body, calls_request, calls_response
from honestdocs.contract.place import Place

_BODIED = frozenset("POST PUT PATCH QUERY REPORT SEARCH PROPFIND".split())
_EMPTY = frozenset((204, 205, 304))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A message with its block; ``tool`` is the one whose command line it is, if any, and
    ``parts`` are further blocks that hold some of it.
    """

    message: Request | Response
    block: Block
    tool: str = ""
    parts: tuple[Block, ...] = ()

    @property
    def command(self) -> bool:
        """Whether it is written as a command line."""
        return bool(self.tool)

    @property
    def method(self) -> str:
        """The method of a request, empty for a response."""
        return self.message.method if isinstance(self.message, Request) else ""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks that it stands in."""
        return (self.block, *self.parts)

    @property
    def place(self) -> Place:
        """The first line of the message."""
        return self.block.place.below(self.message.line)


def lacks_request_body(head: Placed | None, body: Placed, *, answered: bool) -> bool:
    """Whether a block that is a body alone belongs to the request before it.

    Its label says so; or it follows closely and a response is yet to come (``answered``).
    """
    if head is None or not isinstance(head.message, Request):
        return False
    if head.command and not head.message.file:
        return False
    if head.message.body or head.message.header("Content-Length") == "0":
        return False
    if calls_request(body.block.label):
        return True
    bodied = head.message.method in _BODIED and not calls_response(body.block.label)
    label = body.block.label
    close = body.block.adjacent or calls_body(label) or bool(head.message.file)
    return bodied and close and answered


def lacks_response_body(head: Placed, body: Placed) -> bool:
    """Whether a block that is a body alone belongs to the response before it."""
    message = head.message
    if not isinstance(message, Response) or message.status is None or message.body:
        return False
    if message.status in _EMPTY or message.header("Content-Length") == "0":
        return False
    label = body.block.label
    return body.block.adjacent or calls_response(label) or calls_body(label)


def with_files(placed: list[Placed]) -> list[Placed]:
    """The messages, with what commands send out of files that the page shows: a block that is
    a body alone and whose label names the file is the file, not a message.
    """
    wanted = {p.message.file for p in placed if isinstance(p.message, Request)} - {""}
    shown = {name: found for name in wanted if (found := _shown(name, placed)) is not None}
    if not shown:
        return placed
    files = [found.block.index for found in shown.values()]
    return [_sending(one, shown) for one in placed if one.block.index not in files]


def _shown(file: str, placed: list[Placed]) -> Placed | None:
    name = file.rpartition("/")[2]
    bodies = (p for p in placed if isinstance(p.message, Response) and p.message.status is None)
    return next((body for body in bodies if name in body.block.label), None)


def _sending(one: Placed, shown: dict[str, Placed]) -> Placed:
    file = shown.get(one.message.file) if isinstance(one.message, Request) else None
    return one if file is None else joined(one, file)


def joined(head: Placed, body: Placed) -> Placed:
    """The head with the body of another block; without it where they are of two files, since
    lines of the body could not be told then.
    """
    here, there = head.block.place, body.block.place
    if here.file != there.file or (here.line is None) is not (there.line is None):
        return head
    offset = (there.line or 0) - (here.line or 0) + body.message.body_line
    message = replace(head.message, body=body.message.body, body_line=offset)
    return replace(head, message=message, parts=(*head.parts, *body.blocks))
