"""Documented examples: a request with the responses that are claimed for it.

Owns Block (a literal block of a page), Mark (what an author says of an example) and Example.
Must not know how blocks are found or how requests are sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from honestdocs.contract.packing import packed
from honestdocs.contract.place import Place


class BlockForm(StrEnum):
    """How a block is written."""

    MESSAGE = "message"
    COMMAND = "command"
    JSON = "json"


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A literal block that may be part of an example.

    ``place`` is the first line of its text, ``index`` its position among the blocks of its
    page. ``scope`` is the position on the page of the operation directive that holds it, or
    None in prose; ``section`` is the id of the innermost section, ``heading`` its title, and
    ``outline`` the ids of all sections around it, the outermost first. ``adjacent`` tells that
    no text stands between it and the block before.
    """

    text: str
    language: str
    place: Place
    index: int = 0
    scope: int | None = None
    section: str = ""
    label: str = ""
    marks: tuple[Mark, ...] = ()
    heading: str = ""
    outline: tuple[str, ...] = ()
    adjacent: bool = False


class MarkVerb(StrEnum):
    """What an author can say of the example that follows."""

    SKIP = "skip"
    STRICT = "strict"
    ANY = "any"
    IGNORE = "ignore"
    CAPTURE = "capture"


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One author's word: ``skip REASON``, ``strict``, ``any SUBJECT [KIND]``,
    ``ignore SUBJECT [REASON]``, ``capture NAME SUBJECT``.
    """

    verb: MarkVerb
    subject: str = ""
    argument: str = ""
    place: Place


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A documented header field; ``line`` is its offset in the block."""

    name: str
    value: str
    line: int = 0


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A documented request; lines are offsets in its block, counted from 0.

    ``file`` names the file that a command sends, as in ``-d @user.json``; ``body`` is what
    the page shows of it.
    """

    method: str
    target: str
    headers: tuple[Header, ...] = ()
    body: str = ""
    line: int = 0
    body_line: int = 0
    version: str = "HTTP/1.1"
    file: str = ""

    def header(self, name: str) -> str | None:
        """The value of the first header of that name, in any case; None if absent."""
        return first_value(self.headers, name)


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A documented response. ``status`` None claims none; ``open_headers`` tells an elision
    among the headers; ``claims_body`` is False where the block ends with its headers.
    """

    status: int | None
    reason: str = ""
    headers: tuple[Header, ...] = ()
    body: str = ""
    line: int = 0
    body_line: int = 0
    version: str = "HTTP/1.1"
    open_headers: bool = False

    def header(self, name: str) -> str | None:
        """The value of the first header of that name, in any case; None if absent."""
        return first_value(self.headers, name)


def first_value(headers: tuple[Header, ...], name: str) -> str | None:
    """The value of the first header called ``name``, case aside; None if there is none."""
    wanted = name.lower()
    for header in headers:
        if header.name.lower() == wanted:
            return header.value
    return None


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A request with its documented response, ready to be judged.

    ``id`` is stable against edits elsewhere on the page. ``request`` is None for a response
    that stands alone, ``response`` for a request that claims nothing. ``request_place`` and
    ``response_place`` are their first lines, ``request_block`` and ``response_block`` the first
    lines of the blocks that hold them (offsets count from there). ``alternative`` counts the
    responses documented after one request, from 0. ``blocks`` are the positions on the page of
    the blocks it is made of; its outcome is shown after the last. ``section`` is the id of
    the section they begin in. ``operation`` is the key of the documented operation that the
    example belongs to, empty when there is none. ``from_command`` tells that the request was
    read from a curl or HTTPie command line.
    """

    id: str
    page: str
    label: str = ""
    operation: str = ""
    request: Request | None
    response: Response | None
    request_place: Place
    response_place: Place | None = None
    request_block: Place
    response_block: Place | None = None
    marks: tuple[Mark, ...] = ()
    from_command: bool = False
    alternative: int = 0
    blocks: tuple[int, ...] = ()
    section: str = ""

    @property
    def place(self) -> Place:
        """Where a reader would look first: the response if there is one."""
        return self.response_place or self.request_place
