"""How a report looks: the few colours of the terminal, or none, and its width.

Owns the escape sequences (ECMA-48, section 8.3.117). Must not know what is coloured, nor decide
whether colour is wanted: the caller has asked NO_COLOR, FORCE_COLOR and the terminal.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Paints texts by what they mean; without ``color`` every text stays as it is."""

    color: bool

    def strong(self, text: str) -> str:
        """What the eye should find first: places and headings."""
        return self._paint("1", text)

    def faint(self, text: str) -> str:
        """What stands around: line numbers, rules, zeros."""
        return self._paint("2", text)

    def lie(self, text: str) -> str:
        """Documented and wrong."""
        return self._paint("31", text)

    def proof(self, text: str) -> str:
        """Observed, or proven."""
        return self._paint("32", text)

    def doubt(self, text: str) -> str:
        """Could not be checked, or worth a look."""
        return self._paint("33", text)

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a report is shown: in which colours, in how many columns, all of it or the gist."""

    palette: Palette
    width: int
    verbose: bool
