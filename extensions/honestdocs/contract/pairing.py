"""Pairing the blocks of a page into examples, by content and order.

Owns which request belongs to which response. Labels only name an example; the operation
directive, then the section, bounds it. Must not know how blocks were found or will be judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from honestdocs.contract.command import is_command, parse_command
from honestdocs.contract.document import looks_like_json
from honestdocs.contract.example import Block, Mark, Request, Response
from honestdocs.contract.message import Flaw, is_message, parse_messages
from honestdocs.contract.path import path_of
from honestdocs.contract.place import Place

SHELLS = frozenset(
    "bash console sh shell shell-session zsh bat text none default doscon session".split()
)
JSONS = frozenset("json json5 jsonc javascript js json-object".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A message with its block; ``tool`` is the one whose command line it is, if any."""

    message: Request | Response
    block: Block
    tool: str = ""

    @property
    def command(self) -> bool:
        """Whether it is written as a command line."""
        return bool(self.tool)

    @property
    def place(self) -> Place:
        """The first line of the message."""
        return self.block.place.below(self.message.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One exchange: a request, the command beside it, and every response claimed for it."""

    request: Placed | None = None
    command: Placed | None = None
    responses: tuple[Placed, ...] = ()
    scope: int | None = None
    section: str = ""
    order: int = 0

    @property
    def sent(self) -> Placed | None:
        """The request as it would be sent: the message if there is one, else the command."""
        return self.request or self.command

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of all blocks of the exchange, each once."""
        blocks = [p.block for p in (self.command, self.request, *self.responses) if p is not None]
        return tuple(dict.fromkeys(mark for block in blocks for mark in block.marks))


@dataclass(slots=True)
class _Open:
    """A pair that may still grow."""

    request: Placed | None = None
    command: Placed | None = None
    responses: list[Placed] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """The exchanges of a page in order, and the flaws of its blocks with their places."""

    pairs: tuple[Pair, ...]
    flaws: tuple[tuple[Flaw, Block], ...]


def is_relevant(language: str, text: str) -> bool:
    """Whether a literal block can be part of an example at all."""
    name = language.lower()
    if name == "http" or name in JSONS:
        return True
    return is_message(text) or (name in SHELLS | {""} and is_command(text))


def pair_blocks(blocks: Iterable[Block]) -> Paired:
    """The exchanges that the blocks of one page document, in the order of the page."""
    pairs: list[Pair] = []
    flaws: list[tuple[Flaw, Block]] = []
    for (scope, section), group in groupby(blocks, key=_boundary):
        for pair in _pair_group(list(group), flaws):
            pairs.append(
                Pair(
                    request=pair.request,
                    command=pair.command,
                    responses=tuple(pair.responses),
                    scope=scope,
                    section=section,
                    order=len(pairs),
                )
            )
    return Paired(pairs=tuple(pairs), flaws=tuple(flaws))


def _boundary(block: Block) -> tuple[int | None, str]:
    return (block.scope, "" if block.scope is not None else block.section)


def _pair_group(blocks: Sequence[Block], flaws: list[tuple[Flaw, Block]]) -> list[_Open]:
    opened: list[_Open] = []
    for block in blocks:
        for placed in _placed(block, flaws, in_operation=block.scope is not None):
            _add(opened, placed)
    return [pair for pair in opened if pair.request or pair.command or pair.responses]


def _add(opened: list[_Open], placed: Placed) -> None:
    last = opened[-1] if opened else None
    if isinstance(placed.message, Response):
        if placed.message.status is None and (last is None or last.responses):
            if _named_response(placed.block) and placed.block.scope is not None:
                opened.append(_Open(responses=[placed]))
        elif last is None:
            opened.append(_Open(responses=[placed]))
        else:
            last.responses.append(placed)
    elif last is None or not _rewrites(last, placed, placed.message):
        command, request = (placed, None) if placed.command else (None, placed)
        opened.append(_Open(command=command, request=request))
    elif not placed.command:
        last.request = placed
    elif last.command is None:
        last.command = placed


def _rewrites(last: _Open, placed: Placed, request: Request) -> bool:
    """Whether a request is the one just before it in another notation: raw, curl or HTTPie."""
    if last.responses or (last.request is not None and not placed.command):
        return False
    if last.command is not None and last.command.tool == placed.tool:
        return False
    before = (last.request or last.command or placed).message
    assert isinstance(before, Request)  # noqa: S101 - both are requests
    if before.method != request.method:
        return False
    ours, theirs = path_of(request.target).rstrip("/"), path_of(before.target).rstrip("/")
    return ours == theirs or theirs.endswith(ours) or ours.endswith(theirs)


def _named_response(block: Block) -> bool:
    return "response" in block.label.lower() or "returns" in block.label.lower()


def _placed(block: Block, flaws: list[tuple[Flaw, Block]], *, in_operation: bool) -> list[Placed]:
    language = block.language.lower()
    if language == "http" or is_message(block.text):
        return _messages(block, flaws, in_operation=in_operation)
    if language in SHELLS | {""} and is_command(block.text):
        return _commands(block, flaws)
    if language in JSONS and looks_like_json(block.text) and "request" not in block.label.lower():
        whole = Response(status=None, body=block.text)
        return [Placed(message=whole, block=block)]
    return []


def _messages(block: Block, flaws: list[tuple[Flaw, Block]], *, in_operation: bool) -> list[Placed]:
    parsed = parse_messages(block.text, lenient=block.language.lower() == "http")
    flaws.extend((flaw, block) for flaw in parsed.flaws)
    items = parsed.items
    if items and isinstance(items[0], Response) and items[0].status is None:
        is_request = "request" in block.label.lower()
        items = () if is_request or not (in_operation or items[0].body) else items
    return [Placed(message=item, block=block) for item in items]


def _commands(block: Block, flaws: list[tuple[Flaw, Block]]) -> list[Placed]:
    """The commands of a transcript, each with the messages printed below it."""
    placed: list[Placed] = []
    lines = block.text.split("\n")
    offset = 0
    while offset < len(lines):
        found = parse_command("\n".join(lines[offset:]))
        if found is None:
            break
        request, length = found
        start = offset
        offset += length
        text = "\n".join(lines[start:offset])
        shifted = replace(block, text=text, place=block.place.below(start))
        tool = "curl" if "curl" in text else "httpie"
        placed.append(Placed(message=request, block=shifted, tool=tool))
        printed, offset = _printed(block, lines, offset, flaws)
        placed.extend(_completed(one, request) for one in printed)
    return placed


def _printed(
    block: Block, lines: list[str], start: int, flaws: list[tuple[Flaw, Block]]
) -> tuple[list[Placed], int]:
    """The messages that a transcript shows from ``start`` on, and where they end."""
    end = start
    while end < len(lines) and not is_command(lines[end]):
        end += 1
    while start < end and not lines[start].strip():
        start += 1
    text = "\n".join(lines[start:end]).rstrip()
    below = replace(block, text=text, language="http", place=block.place.below(start))
    if is_message(text):
        return _messages(below, flaws, in_operation=block.scope is not None), end
    if looks_like_json(text):
        message = Response(status=None, body=text)
        return [Placed(message=message, block=replace(below, language="json"))], end
    return [], end


def _completed(placed: Placed, sent: Request) -> Placed:
    """A printed request with the body that its command sends: curl does not print it."""
    message = placed.message
    if isinstance(message, Response) or message.body or not sent.body:
        return placed
    return replace(placed, message=replace(message, body=sent.body, body_line=message.line))
