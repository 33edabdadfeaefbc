"""From what was observed to the edits of a page that make it tell the truth.

Owns which mismatches can be mended, and that nothing secret is written. Must not know files:
lines come in, edits go out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from honestdocs.contract.amendment import (
    add_member,
    as_elided,
    fit_array,
    is_elided,
    is_open,
    remove_member,
    replace_value,
    tokens_of,
    value_at,
)
from honestdocs.contract.binding import placeholder_in
from honestdocs.contract.document import ELISION, Document, parse_document
from honestdocs.contract.edit import Edit, overlap
from honestdocs.contract.example import Example, Header, Response
from honestdocs.contract.message import parse_messages
from honestdocs.contract.outcome import Exact, Kind, Mismatch
from honestdocs.contract.passage import Passage, Unmendable, removal
from honestdocs.contract.secrecy import SHOWN

_STATIC = frozenset((Kind.PARSE, Kind.OPERATION, Kind.CREDENTIALS, Kind.UNLISTED_STATUS, Kind.DATE))
_REMOVALS = frozenset((Kind.MISSING_MEMBER, Kind.MISSING_HEADER))
_CODE = re.compile(r"(?:HTTP[/.\d]*[ \t]+)?([1-5]\d\d)(?:[ \t]+(.*?))?[ \t]*\Z", re.IGNORECASE)
_SERVER_ERROR = re.compile(r"5\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A mismatch that is left as it is, with the reason, a phrase."""

    mismatch: Mismatch
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """The edits of the file that holds the response, and what they leave."""

    edits: tuple[Edit, ...] = ()
    left: tuple[Left, ...] = ()


def mend(
    lines: Sequence[str],
    example: Example,
    mismatches: Sequence[Mismatch],
    *,
    further: Sequence[Mismatch] = (),
    is_secret: Callable[[str], bool] = lambda _text: False,
) -> Mended:
    """The edits that make a documented response say what was observed.

    ``lines`` are those of the file that holds it, with their ends; ``further`` are what a wrong
    status hides, and ``is_secret`` tells what must not be written.
    """
    mender = _Mender(lines, example, is_secret)
    told = list(mismatches)
    if any(mender.status(one) for one in told if one.kind is Kind.STATUS):
        told.extend(further)
    for mismatch in told:
        if mismatch.kind is not Kind.STATUS and not _is_of_body(mismatch):
            mender.attempt(mismatch, mender.head)
    mender.body([one for one in told if _is_of_body(one)])
    if overlap(mender.edits):
        left = [Left(mismatch=one, reason="two changes meet in one place") for one in told]
        return Mended(left=tuple(left))
    return Mended(edits=tuple(sorted(set(mender.edits))), left=tuple(mender.left))


def _is_of_body(mismatch: Mismatch) -> bool:
    return mismatch.kind not in _STATIC and (
        mismatch.subject == "body" or mismatch.subject.startswith("/")
    )


class _Mender:
    """Edits one example's response."""

    def __init__(
        self, lines: Sequence[str], example: Example, is_secret: Callable[[str], bool]
    ) -> None:
        self.lines = lines
        self.response = example.response or Response(status=None)
        block = example.response_block or example.request_block
        self.start = None if block.line is None else block.line - 1
        self.is_secret = is_secret
        self.edits: list[Edit] = []
        self.left: list[Left] = []

    def attempt(self, mismatch: Mismatch, change: Callable[[Mismatch], None]) -> bool:
        """Whether a change could be made; the reason is kept if not."""
        try:
            self._check(mismatch)
            change(mismatch)
        except Unmendable as error:
            self.left.append(Left(mismatch=mismatch, reason=str(error)))
            return False
        return True

    def _check(self, mismatch: Mismatch) -> None:
        """Raises Unmendable for what no rewriting can mend, or must not be written."""
        if mismatch.kind in _STATIC:
            raise Unmendable("the page contradicts itself there: no observed value can mend it")
        if self.start is None:
            raise Unmendable("the text has no line of its own (a docstring, a generated page)")
        if mismatch.kind in _REMOVALS:
            return
        if mismatch.exact is None:
            raise Unmendable("the observed value is not known in full; run the check with --all")
        if SHOWN in mismatch.exact.text or self.is_secret(mismatch.exact.text):
            raise Unmendable("the observed value holds a secret")

    def status(self, mismatch: Mismatch) -> bool:
        """Whether the status line could be changed."""
        return self.attempt(mismatch, self._status)

    def _status(self, mismatch: Mismatch) -> None:
        observed = _exact(mismatch).text
        documented = str(self.response.status)
        if _SERVER_ERROR.match(observed) and not _SERVER_ERROR.match(documented):
            raise Unmendable("the service failed: a server error is no answer to document")
        row = self._row(self.response.line)
        found = _CODE.search(row.lstrip(" \t<"))
        if found is None or found[1] != documented:
            raise Unmendable("the file has another status line there")
        shift = len(row) - len(row.lstrip(" \t<"))
        code, _, reason = observed.partition(" ")
        start, end = (shift + at for at in found.span(1))
        if found[2]:
            end = shift + found.end(2)
            code = f"{code} {reason}".strip()
        self._put(self.response.line, row, row[:start] + code + row[end:])

    def head(self, mismatch: Mismatch) -> None:
        """Changes or removes a header field."""
        header = self._header(mismatch)
        row = self._row(header.line)
        name, colon, value = row.partition(":")
        if not colon or value.strip(" \t") != header.value:
            raise Unmendable("the header field is folded over lines")
        if mismatch.kind is Kind.MISSING_HEADER:
            at = (self.start or 0) + header.line
            self.edits.append(removal(self.lines, at, at + 1))
            return
        observed = _exact(mismatch).text
        if placeholder_in(header.value):
            raise Unmendable("a placeholder stands there, which only its author can mend")
        if not observed.isprintable():
            raise Unmendable("the observed value cannot be shown on a page")
        blanks = value[: len(value) - len(value.lstrip(" \t"))] if value.strip() else " "
        new = as_elided(header.value, observed)
        self._put(header.line, row, f"{name}:{blanks}{new}".rstrip())

    def _header(self, mismatch: Mismatch) -> Header:
        name = mismatch.subject.removeprefix("header ").lower()
        found = [header for header in self.response.headers if header.name.lower() == name]
        if len(found) > 1:
            documented = mismatch.documented
            told = (documented, documented.partition(":")[2].strip())
            found = [header for header in found if header.value in told]
        if len(found) != 1:
            raise Unmendable("the page does not show which of its header fields is meant")
        return found[0]

    def _row(self, offset: int) -> str:
        """A line of the block as a page shows it."""
        at = (self.start or 0) + offset
        if not 0 <= at < len(self.lines):
            raise Unmendable("the file has other text there")
        return self.lines[at].rstrip()

    def _put(self, offset: int, old: str, new: str) -> None:
        """Replaces what differs in a line of the block."""
        at = (self.start or 0) + offset
        passage = Passage(lines=self.lines, first=at, rows=(old.expandtabs(8),), width=0)
        self.edits.extend(passage.edits([new.expandtabs(8)]))

    def body(self, mismatches: Sequence[Mismatch]) -> None:
        """Changes the body, mismatch by mismatch."""
        if not mismatches:
            return
        old = self.response.body
        draft = _Body(old)
        made = 0
        for mismatch in sorted(mismatches, key=lambda one: one.kind is Kind.LENGTH):
            made += self.attempt(mismatch, draft.change)
        if not made or draft.text == old:
            return
        try:
            self._write_body(draft.text)
        except Unmendable as error:
            refused = [Left(mismatch=one, reason=str(error)) for one in mismatches]
            self.left = [one for one in self.left if one.mismatch not in mismatches] + refused

    def _write_body(self, text: str) -> None:
        start = (self.start or 0) + self.response.body_line
        passage = Passage.find(self.lines, start, self.response.body.split("\n"))
        if text:
            self.edits.extend(passage.edits(text.split("\n")))
            return
        top = start
        while top > 0 and not self.lines[top - 1].strip():
            top -= 1
        head = max([self.response.line, *(h.line for h in self.response.headers)])
        if self.response.status is None or top != (self.start or 0) + head + 1:
            raise Unmendable("the block would be empty: remove it by hand")
        self.edits.append(removal(self.lines, top, start + len(passage.rows)))


class _Body:
    """A documented body under change; each change is checked by reading the text again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.last: dict[tuple[str, ...], str] = {}

    def change(self, mismatch: Mismatch) -> None:
        """Makes one change; raises Unmendable and changes nothing when it cannot be made."""
        if mismatch.kind is Kind.BODY or (mismatch.kind is Kind.TYPE and not _is_json(mismatch)):
            self._rewrite(_exact(mismatch).text)
            return
        before = parse_document(self.text)
        if not before.parsed:
            raise Unmendable("the documented text does not parse")
        new = self._amended(mismatch)
        after = parse_document(new)
        touched = _touched(mismatch)
        sound = _as_flawed(before, after) and _kept(before.value, after.value, touched)
        if not sound or not _arrived(mismatch, value_at(after.value, touched)):
            raise Unmendable("the text is written so that no part of it can be changed alone")
        self.text = new

    def _amended(self, mismatch: Mismatch) -> str:
        if mismatch.kind is Kind.MISSING_MEMBER:
            pointer = mismatch.exact.pointer if mismatch.exact else mismatch.subject
            return remove_member(self.text, pointer)
        exact = _exact(mismatch)
        value = json.loads(exact.text)
        if mismatch.kind is Kind.UNDOCUMENTED_MEMBER:
            *above, name = tokens_of(exact.pointer)
            key = (*above, "" if exact.after is None else f"={exact.after}")
            new = add_member(self.text, exact.pointer, value, self.last.get(key, exact.after))
            self.last[key] = name
            return new
        if mismatch.kind is Kind.LENGTH:
            return fit_array(self.text, exact.pointer, value)
        return replace_value(self.text, exact.pointer, value)

    def _rewrite(self, new: str) -> None:
        """Replaces the whole body by a text."""
        if is_elided(self.text) or is_open(self.text):
            raise Unmendable("the text is elided or holds a placeholder: its author has to mend it")
        if new and not _is_showable(new):
            raise Unmendable("the observed text cannot be shown on a page as it is")
        self.text = new


def _exact(mismatch: Mismatch) -> Exact:
    if mismatch.exact is None:
        raise Unmendable("the observed value is not known in full; run the check with --all")
    return mismatch.exact


def _is_json(mismatch: Mismatch) -> bool:
    try:
        json.loads(_exact(mismatch).text)
    except ValueError:
        return False
    return True


def _touched(mismatch: Mismatch) -> tuple[str, ...]:
    pointer = mismatch.exact.pointer if mismatch.exact else mismatch.subject
    return tokens_of(pointer if pointer.startswith("/") else "")


def _as_flawed(before: Document, after: Document) -> bool:
    """Whether a text has the flaws that it had, but for names that were there twice."""
    ours, theirs = (
        [flaw.message for flaw in one.flaws if not flaw.message.endswith("is there twice")]
        for one in (before, after)
    )
    return len(ours) == len(theirs)


def _arrived(mismatch: Mismatch, value: object) -> bool:
    """Whether what stands at the place now is what should; nobody can tell of an elided text."""
    if mismatch.kind is Kind.MISSING_MEMBER:
        return value is ELISION
    observed: object = json.loads(_exact(mismatch).text)
    if mismatch.kind is Kind.LENGTH and isinstance(observed, list):
        fixed = [one for one in value if one is not ELISION] if isinstance(value, list) else []
        return len(fixed) == len(observed)
    return value == observed or (isinstance(value, str) and is_elided(value))


def _kept(before: object, after: object, touched: Sequence[str]) -> bool:
    """Whether two values are the same but for what stands at one place."""
    if not touched:
        return True
    token, rest = touched[0], touched[1:]
    if type(before) is not type(after):
        return False
    if isinstance(before, dict) and isinstance(after, dict):
        names = [name for name in before if name != token]
        same = names == [name for name in after if name != token]
        below = (
            token not in before or token not in after or _kept(before[token], after[token], rest)
        )
        return same and all(before[n] == after[n] for n in names) and below
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        at = int(token) if token.isdigit() else -1
        others = all(a == b for i, (a, b) in enumerate(zip(before, after, strict=True)) if i != at)
        return others and 0 <= at < len(before) and _kept(before[at], after[at], rest)
    return False


def _is_showable(text: str) -> bool:
    """Whether a literal block can show a text to the letter, as a body."""
    rows = text.split("\n")
    if any(row != row.rstrip() or not (row.isprintable() or not row) for row in rows):
        return False
    found = parse_messages(f"HTTP/1.1 200 OK\n\n{text}")
    return len(found.items) == 1 and found.items[0].body == text
