"""One finding, told: where, what, by which example, the excerpt, the likely mend.

Owns the words and the order of a finding. Must not know which findings there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from honestdocs.contract.blame import Blame
from honestdocs.contract.example import Example
from honestdocs.contract.outcome import Mismatch
from honestdocs.contract.place import Place
from honestdocs.verification.report.excerpt import Sources, draw
from honestdocs.verification.report.look import Look
from honestdocs.verification.report.model import Report
from honestdocs.verification.report.phrase import fixes, is_list, phrase
from honestdocs.verification.report.since import since
from honestdocs.verification.report.telling import Telling
from honestdocs.verification.report.text import clip, contrast, count, fill, visible, wrap

PLACES = 5
"""So many places of a shared cause are named unless all are asked for."""

DIFFERENCES = 6
"""So many differences of one example are drawn unless all are asked for."""


NARROW = 12
"""Less room than this beside a place is not worth a request line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Tells findings of one report in one look; ``messages`` are the sentences of its static
    rules, which are no mends even where they stand for one.
    """

    report: Report
    sources: Sources
    look: Look
    messages: frozenset[str] = frozenset()

    def headline(self, finding: Telling, *, warning: bool = False) -> list[str]:
        """Place, grade and what differs: the path is whole and comes first, to be clicked."""
        at = visible(self.report.at(finding.place))
        grade = finding.grade.value if finding.grade else "lie"
        lines = wrap(f"{at}: {grade}: {self._what(finding)}", self.look.width, rest="    ")
        head = f"{at}: {grade}:"
        if not lines[0].startswith(head):
            return [self.look.palette.strong(lines[0]), *lines[1:]]
        paint = self.look.palette.doubt if warning else self.look.palette.lie
        painted = f"{self.look.palette.strong(at)}: {paint(f'{grade}:')}"
        return [painted + lines[0][len(head) :], *lines[1:]]

    def tell(self, finding: Telling) -> Iterator[str]:
        """All lines of a finding, without a blank line after it."""
        yield from self.headline(finding)
        yield from self._about(finding)
        for part in (self._excerpt(finding), self._rest(finding)):
            lines = list(part)
            yield from ["", *lines] if lines else []

    def _rest(self, finding: Telling) -> Iterator[str]:
        yield from self._mends(finding)
        yield from self._places(finding.places)
        yield from self._remarks(finding)

    def _what(self, finding: Telling) -> str:
        if finding.message:
            what = visible(finding.message)
        elif finding.mismatches:
            what = phrase(self._brief(finding.mismatches[0]))
        else:
            what = "docs and service disagree"
        if len(finding.mismatches) > 1:
            what += f" (and {count(len(finding.mismatches) - 1, 'more difference')})"
        if len(finding.places) > 1:
            what += f" — in {count(len(finding.places), 'example')}"
        return what

    def _brief(self, mismatch: Mismatch) -> Mismatch:
        sides = visible(mismatch.documented), visible(mismatch.observed)
        if is_list(mismatch):
            return replace(mismatch, documented=sides[0], observed=sides[1])
        documented, observed = contrast(*sides, max(40, self.look.width // 2 - 8))
        return replace(mismatch, documented=documented, observed=observed)

    def _about(self, finding: Telling) -> Iterator[str]:
        if finding.example is None or len(finding.places) > 1:
            return
        example = finding.example
        label = example.label.strip(" *:")
        parts = [request_line(example), label, example.operation]
        shown = [clip(visible(part), self.look.width - 6) for part in parts if part]
        words = [f"{part} ·" for part in shown[:-1]] + shown[-1:]
        for line in fill(words, self.look.width, first="  ", rest="    "):
            yield self.look.palette.faint(line)

    def _excerpt(self, finding: Telling) -> Iterator[str]:
        most = len(finding.mismatches) if self.look.verbose else DIFFERENCES
        yield from draw(finding.mismatches[:most], self.sources, self.look)
        if len(finding.mismatches) > most:
            left = count(len(finding.mismatches) - most, "more difference")
            yield self.look.palette.faint(f"  and {left} (--verbose shows all)")

    def _places(self, places: Sequence[tuple[Place, Example | None]]) -> Iterator[str]:
        if len(places) == 1:
            return
        most = len(places) if self.look.verbose or len(places) <= PLACES + 1 else PLACES
        ats = [visible(self.report.at(place)) for place, _ in places[:most]]
        longest = max(len(at) for at in ats)
        room = self.look.width - longest - 4
        for at, (_, example) in zip(ats, places, strict=False):
            request = clip(visible(request_line(example)), room) if example else ""
            beside = f"  {self.look.palette.faint(request)}" if request and room >= NARROW else ""
            yield f"  {at:<{longest}}{beside}".rstrip()
        if len(places) > most:
            yield self.look.palette.faint(f"  and {len(places) - most} more (--verbose names all)")

    def _mends(self, finding: Telling) -> Iterator[str]:
        mends = [fix for fix in fixes(finding.mismatches) if fix not in self.messages]
        most = len(mends) if self.look.verbose else 3
        for fix in mends[:most]:
            lines = wrap(visible(fix), self.look.width, first="  fix: ", rest="       ")
            yield from lines
        if len(mends) > most:
            yield self.look.palette.faint(f"       and {len(mends) - most} more")

    def _remarks(self, finding: Telling) -> Iterator[str]:
        if finding.flaky:
            text = "flaky: it has both passed and failed with nothing changed"
            yield from (self.look.palette.doubt(line) for line in self._remark(text))
        found = self._blame(finding)
        if found is not None:
            yield from (self.look.palette.faint(line) for line in self._remark(since(found)))
        if finding.elsewhere:
            told = count(finding.elsewhere, "more difference")
            text = f"{told} of this example {_is(finding.elsewhere)} told with other examples"
            yield from (self.look.palette.faint(line) for line in self._remark(text))

    def _blame(self, finding: Telling) -> Blame | None:
        """Since when its example fails, unless all that is known of it is that it fails."""
        found = self.report.blames.get(finding.example.id) if finding.example else None
        known = found is not None and (self.look.verbose or found.before is not None)
        return found if known else None

    def _remark(self, text: str) -> list[str]:
        return wrap(text, self.look.width, first="  ", rest="  ")


def request_line(example: Example) -> str:
    """What an example claims, in a line: ``GET /articles/7 → 200``."""
    request, response = example.request, example.response
    sent = f"{request.method} {request.target}" if request else "a response by itself"
    if response is None:
        return sent
    return f"{sent} → {response.status or 'a body'}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
