"""Setup requests in an ``.http`` file, as REST clients read them.

Owns that format: requests separated by ``###``, comments with ``#`` or ``//``, variables
``@name = value`` used as ``{{name}}``, ``{{$processEnv NAME}}`` for the environment, and
``# @capture NAME SUBJECT`` for values that later requests and pages use. Must not know how
requests are sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from honestdocs.contract.errors import ContractError
from honestdocs.contract.example import Request
from honestdocs.contract.mark import is_subject
from honestdocs.contract.message import parse_messages
from honestdocs.contract.place import Place

_SEPARATOR = re.compile(r"^###")
_COMMENT = re.compile(r"^\s*(?:#|//)\s?(.*)$")
_SET = re.compile(r"^@([A-Za-z_][\w-]*)\s*=\s*(.*?)\s*$")
_USE = re.compile(r"\{\{\s*(?:\$(?:processEnv|dotenv)\s+%?)?([A-Za-z_][\w.-]*)\s*\}\}")
_CAPTURE = re.compile(r"^@capture\s+(\S+)\s+(.+)$")
_BARE = re.compile(r"^(?:https?://|/)\S*$")
_FIRST = re.compile(r"^[A-Za-z]+\s+\S|^(?:https?://|/)\S*$")


class SetupError(ContractError):
    """A setup file that cannot be read; the message names file, line and text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupRequest:
    """One request of a setup file with the values to capture from its answer."""

    request: Request
    place: Place
    captures: tuple[tuple[str, str], ...] = ()


def parse_setup(text: str, file: str, environ: Mapping[str, str]) -> tuple[SetupRequest, ...]:
    """The requests of a file in order.

    ``{{name}}`` is a variable of the file, else of the environment, else a captured value.
    Raises SetupError at the line of a part that is no request.
    """
    variables: dict[str, str] = {}
    found: list[SetupRequest] = []
    for start, lines in _parts(text):
        request = _parse_part(lines, start, file, variables, environ)
        if request is not None:
            found.append(request)
    return tuple(found)


def _parts(text: str) -> list[tuple[int, list[str]]]:
    """The parts between separators, each with the number of its first line."""
    parts: list[tuple[int, list[str]]] = [(1, [])]
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if _SEPARATOR.match(line):
            parts.append((number + 1, []))
        else:
            parts[-1][1].append(line)
    return parts


def _parse_part(
    lines: list[str],
    start: int,
    file: str,
    variables: dict[str, str],
    environ: Mapping[str, str],
) -> SetupRequest | None:
    captures: list[tuple[str, str]] = []
    at = 0
    while at < len(lines) and not _is_first(lines[at]):
        _read_preamble(lines[at], Place(file, start + at), variables, captures)
        at += 1
    if at == len(lines):
        return None
    place = Place(file, start + at)
    filled = [_USE.sub(lambda use: _value(use[1], variables, environ), line) for line in lines[at:]]
    request = _request(filled, lines[at:], place)
    return SetupRequest(request=request, place=place, captures=tuple(captures))


def _is_first(line: str) -> bool:
    blank = not line.strip() or _COMMENT.match(line) or _SET.match(line)
    return not blank


def _read_preamble(
    line: str, place: Place, variables: dict[str, str], captures: list[tuple[str, str]]
) -> None:
    assignment = _SET.match(line)
    if assignment:
        variables[assignment[1]] = assignment[2]
        return
    comment = _COMMENT.match(line)
    if comment and comment[1].strip().startswith("@capture"):
        capture = _CAPTURE.match(comment[1].strip())
        if capture is None or not is_subject(capture[2].strip()):
            message = f"{place}: a capture is written '# @capture NAME SUBJECT', not {line!r}"
            raise SetupError(message)
        captures.append((capture[1], capture[2].strip()))


def _value(name: str, variables: Mapping[str, str], environ: Mapping[str, str]) -> str:
    if name in variables:
        return variables[name]
    return environ.get(name, f"{{{name}}}")


def _request(filled: list[str], written: list[str], place: Place) -> Request:
    """The request of a part; errors quote it as it is ``written``, since values are secrets."""
    first = filled[0].strip()
    method, _, target = (f"GET {first}" if _BARE.match(first) else first).partition(" ")
    parsed = parse_messages("\n".join([f"{method.upper()} {target.strip()}", *filled[1:]]))
    request = parsed.items[0] if parsed.items else None
    if not isinstance(request, Request) or not _FIRST.match(first):
        said = written[0].strip()
        raise SetupError(f"{place}: not a request line: {said!r}; write 'GET /path'")
    if len(parsed.items) > 1:
        below = place.below(parsed.items[1].line)
        raise SetupError(f"{below}: two messages in one part: separate requests with ###")
    bad = next((flaw for flaw in parsed.flaws if not flaw.warning), None)
    if bad is not None:
        said = written[min(bad.line, len(written) - 1)].strip()
        raise SetupError(f"{place.below(bad.line)}: {bad.message}, not {said!r}")
    return request
