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
from honestdocs.contract.label import calls_request, calls_response, calls_status
from honestdocs.contract.message import Flaw, is_message, is_request_line, parse_messages
from honestdocs.contract.path import path_of
from honestdocs.contract.placed import (
    Placed,
    joined,
    lacks_request_body,
    lacks_response_body,
    with_files,
)

SHELLS = frozenset(
    "bash console sh shell shell-session zsh bat text none default doscon session".split()
)
JSONS = frozenset("json json5 jsonc javascript js json-object".split())


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
        placed = [p for p in (self.command, self.request, *self.responses) if p is not None]
        marks = (mark for p in placed for block in p.blocks for mark in block.marks)
        return tuple(dict.fromkeys(marks))


@dataclass(slots=True)
class _Open:
    """A pair that may still grow."""

    request: Placed | None = None
    command: Placed | None = None
    responses: list[Placed] = field(default_factory=list)

    def lacks_body(self, body: Placed) -> bool:
        """Whether a body belongs to the last response; one to HEAD never has any."""
        sent = self.request or self.command
        if not self.responses or (sent is not None and sent.method == "HEAD"):
            return False
        return lacks_response_body(self.responses[-1], body)

    @property
    def is_body_alone(self) -> bool:
        """Whether it is a response of which neither request nor status is told."""
        told = self.responses[0].message.status if self.responses else 0  # type: ignore[union-attr]
        return not (self.request or self.command) and told is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """The exchanges of a page in order, and the flaws of its blocks with their places."""

    pairs: tuple[Pair, ...]
    flaws: tuple[tuple[Flaw, Block], ...]


def is_relevant(language: str, text: str, *, in_operation: bool = False) -> bool:
    """Whether a literal block can be part of an example at all.

    A request line alone is one where an operation is described; elsewhere it may be prose.
    """
    name = language.lower()
    if in_operation and name in SHELLS | {""} and is_request_line(text):
        return True
    if name == "http" or name in JSONS:
        return True
    return is_message(text) or (name in SHELLS | {""} and is_command(text))


def pair_blocks(blocks: Iterable[Block]) -> Paired:
    """The exchanges that the blocks of one page document, in the order of the page."""
    pairs: list[Pair] = []
    flaws: list[tuple[Flaw, Block]] = []
    for (scope, section), group in groupby(blocks, key=_boundary):
        found = _pair_group(list(group), flaws)
        if found and pairs and _is_answer(pairs[-1], found[0]):
            pairs[-1] = replace(pairs[-1], responses=(*pairs[-1].responses, *found[0].responses))
            found = found[1:]
        for pair in found:
            if scope is None and pair.is_body_alone:
                continue
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


def _is_answer(pair: Pair, opened: _Open) -> bool:
    """Whether responses that begin a section answer the request that ended the one before.

    That is so below a heading that announces them, if their section is inside the one of the
    request, or beside it where its heading announces a request.
    """
    sent = pair.sent
    if sent is None or pair.scope is not None or opened.request or opened.command:
        return False
    asked, told = sent.block, opened.responses[0].block
    if told.scope is not None or not calls_status(told.heading):
        return False
    depth = len(asked.outline)
    if len(told.outline) > depth:
        return told.outline[:depth] == asked.outline
    beside = len(told.outline) == depth and told.outline[:-1] == asked.outline[:-1]
    return beside and calls_request(asked.heading)


def _pair_group(blocks: Sequence[Block], flaws: list[tuple[Flaw, Block]]) -> list[_Open]:
    opened: list[_Open] = []
    placed = with_files([one for block in blocks for one in _placed(block, flaws)])
    for at, one in enumerate(placed):
        if isinstance(one.message, Request):
            _add_request(opened, one, one.message)
        elif one.message.status is None:
            following = placed[at + 1] if at + 1 < len(placed) else None
            answered = following is not None and isinstance(following.message, Response)
            _add_body(opened, one, answered=answered)
        elif opened:
            opened[-1].responses.append(one)
        else:
            opened.append(_Open(responses=[one]))
    return opened


def _add_request(opened: list[_Open], placed: Placed, request: Request) -> None:
    last = opened[-1] if opened else None
    if last is None or not _rewrites(last, placed, request):
        command, message = (placed, None) if placed.command else (None, placed)
        opened.append(_Open(command=command, request=message))
    elif not placed.command:
        last.request = placed
    elif last.command is None:
        last.command = placed


def _add_body(opened: list[_Open], placed: Placed, *, answered: bool) -> None:
    """Adds a body without a head: to the message that lacks one, or as a response of its own."""
    last = opened[-1] if opened else None
    label = placed.block.label
    if last is not None and last.lacks_body(placed):
        last.responses[-1] = joined(last.responses[-1], placed)
    elif last is not None and not last.responses:
        if lacks_request_body(last.request, placed, answered=answered):
            last.request = joined(last.request or placed, placed)
        elif lacks_request_body(last.command, placed, answered=answered):
            last.command = joined(last.command or placed, placed)
        elif not calls_request(label) or _is_printed(last, placed):
            last.responses.append(placed)
    elif calls_response(label):
        opened.append(_Open(responses=[placed]))


def _is_printed(opened: _Open, placed: Placed) -> bool:
    """Whether a body stands in the transcript of its command, whatever its label says."""
    command = opened.command
    return command is not None and command.block.index == placed.block.index


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


def _placed(block: Block, flaws: list[tuple[Flaw, Block]]) -> list[Placed]:
    language = block.language.lower()
    plain = block.scope is not None and language in SHELLS | {""}
    if language == "http" or is_message(block.text) or (plain and is_request_line(block.text)):
        return _messages(block, flaws)
    if language in SHELLS | {""} and is_command(block.text):
        return _commands(block, flaws)
    if language in JSONS and looks_like_json(block.text):
        whole = Response(status=None, body=block.text)
        return [Placed(message=whole, block=block)]
    return []


def _messages(block: Block, flaws: list[tuple[Flaw, Block]]) -> list[Placed]:
    parsed = parse_messages(block.text)
    flaws.extend((flaw, block) for flaw in parsed.flaws)
    return [Placed(message=item, block=block) for item in parsed.items]


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
        return _messages(below, flaws), end
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
