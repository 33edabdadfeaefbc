"""The value of a text that is not JSON, but was meant to be.

Owns what stands at the top of a text: one value, or lines of them. Must not know how values
nest or how they are spelled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from honestdocs.contract.nesting import Container, Spot
from honestdocs.contract.notation import ELISION, Flaws, Lines, Placeholder
from honestdocs.contract.scanner import Scanner, Token

_LINE = re.compile(r"[ \t\r]*\n\s*[\[{\"]")
_QUOTE = re.compile(r"[uUbBrR]{0,2}[\"'“”„\u2018]")
_FILL_IN = re.compile(r"<[^<>]*>|\{.*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What was made of a text, and where everything in it stands; no spot if nothing was."""

    value: object = None
    spot: Spot | None = None


def recover(text: str, flaws: Flaws) -> Recovered:
    """The value of a text that need not be JSON; what is wrong is added to ``flaws``.

    Several values, each on a line of its own, are Lines. Nothing is raised.
    """
    return _Top(text, flaws).read()


class _Top:
    """Reads the values at the top of a text."""

    def __init__(self, text: str, flaws: Flaws) -> None:
        self.text = text
        self.flaws = flaws
        self.scanner = Scanner(text, flaws)
        self.values: list[object] = []
        self.spots: list[Spot] = []
        self.end: int | None = None
        self.single = True

    def read(self) -> Recovered:
        """One value, Lines of several, or nothing."""
        while self._more():
            pass
        if not self.values:
            return Recovered()
        real = [at for at, value in enumerate(self.values) if value is not ELISION]
        if len(real) > 1 or (real and self.single and len(self.values) > 1):
            inner = {str(index): spot for index, spot in enumerate(self.spots)}
            at = self.spots[0].at
            return Recovered(value=Lines(self.values), spot=Spot(at, inner, at, self.spots[-1].end))
        at = real[0] if real else 0
        return Recovered(value=self.values[at], spot=self.spots[at])

    def _more(self) -> bool:
        """Reads one more value; False at the end of what can be read."""
        mark = self.flaws.mark()
        token = self.scanner.value()
        if token.sort == "elision":
            self._add(ELISION, Spot(token.start, {}, token.start, token.end))
        elif token.sort == "," and self._is_between_lines():
            self.flaws.habit(token.start, "a comma stands between two lines")
        elif token.sort == "end":
            return False
        elif not self._begins_value(token):
            self.flaws.undo(mark)
            wrong = "this is not JSON" if self.end is None else "more text follows the value"
            self.flaws.add(token.start, wrong)
            return False
        else:
            self._value(token)
        return True

    def _begins_value(self, token: Token) -> bool:
        if token.sort not in ("{", "[", "value"):
            return False
        if self.end is not None and (
            not self.single or "\n" not in self.text[self.end : token.start]
        ):
            return False
        if isinstance(token.value, str):
            return _QUOTE.match(self.text, token.start) is not None
        bare = isinstance(token.value, Placeholder)
        return not bare or _FILL_IN.fullmatch(self.text.strip()) is not None

    def _value(self, token: Token) -> None:
        value, spot = token.value, Spot(token.start, {}, token.start, token.end)
        members = token.sort == "value" and self.scanner.begins_name(token.end)
        if members or token.sort != "value":
            value, spot = Container(self.scanner, token, implicit=members).read()
        self._add(value, spot)
        self.end = self.scanner.position
        self.single = self.single and "\n" not in self.text[spot.at : self.end].rstrip()

    def _add(self, value: object, spot: Spot) -> None:
        if value is not ELISION or not self.values or self.values[-1] is not ELISION:
            self.values.append(value)
            self.spots.append(spot)

    def _is_between_lines(self) -> bool:
        position = self.scanner.position
        return self.end is not None and self.single and bool(_LINE.match(self.text, position))
