"""What is shown while examples run: one line that changes in place, or a line now and then.

Owns the line and how often it is written. Must not know how examples run, nor whether anybody
wants to see this: the caller asks ``--quiet``. Stream and clock are given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from honestdocs.contract.outcome import Outcome
from honestdocs.verification.report.look import Palette
from honestdocs.verification.report.text import (
    clip,
    clip_start,
    columns,
    count,
    fit_encoding,
    visible,
)

LIVE_SECONDS = 0.1
"""A line that changes in place is written at most this often."""

PLAIN_SECONDS = 10.0
"""Where lines only follow each other, as in the log of a build server, one this often."""

BAR = 20
"""Columns of the bar."""

_ERASE = "\r\x1b[2K"


class Progress:
    """Tells how far a check is, on a stream such as standard error.

    ``clock`` gives seconds that never go back; ``width`` is asked for the columns of the
    terminal at every line, so that the line fits after a change of size. ``live`` tells
    whether the stream is a terminal; left out, the stream is asked.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        clock: Callable[[], float],
        width: Callable[[], int],
        color: bool = False,
        live: bool | None = None,
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._width = width
        self._palette = Palette(color)
        self._live = stream.isatty() if live is None else live
        self._every = LIVE_SECONDS if self._live else PLAIN_SECONDS
        self._started = self._written = clock()
        self._total = self._done = self._lies = self._errors = 0
        self._page = ""
        self._shown = False

    def start(self, total: int) -> None:
        """Begin to count towards ``total`` examples; a terminal shows it at once."""
        self._started = self._written = self._clock()
        self._total, self._done, self._lies, self._errors = total, 0, 0, 0
        if self._live and total:
            self._write()

    def advance(self, page: str, outcome: Outcome) -> None:
        """One more example of a page ended so."""
        self._done += 1
        self._lies += outcome is Outcome.FAILED
        self._errors += outcome is Outcome.ERROR
        self._page = page
        now = self._clock()
        if now - self._written >= self._every:
            self._written = now
            self._write()

    def finish(self) -> None:
        """Leave the terminal as it was; what was found is the report's to tell."""
        if self._live and self._shown:
            self._emit(_ERASE)
            self._shown = False

    def _write(self) -> None:
        if self._live:
            self._shown = True
            self._emit(_ERASE + self._line())
        else:
            facts = [f"{self._done:,} of {count(self._total, 'example')}", *self._facts()]
            self._emit(f"checking: {', '.join([*facts, visible(self._page)])}\n")

    def _line(self) -> str:
        """How far it is, in one line that leaves the last column free."""
        room = max(self._width() - 1, 10)
        facts = [f"{self._done:,}/{self._total:,}", *self._facts()]
        text = clip(" · ".join(facts), room)
        room -= columns(text)
        bar = self._bar() + " " if room > 2 * BAR else ""
        page = clip_start(visible(self._page), max(room - len(bar) - 3, 0))
        shown = f"{bar}{text}{' · ' if page else ''}{page}"
        return self._paint(shown)

    def _facts(self) -> list[str]:
        facts = []
        if self._lies:
            facts.append(count(self._lies, "lie"))
        if self._errors:
            facts.append(f"{self._errors:,} not checked")
        taken = self._clock() - self._started
        if self._done and taken > 0:
            facts.append(f"{self._done / taken:,.0f}/s")
        return facts

    def _bar(self) -> str:
        full = BAR if not self._total else min(BAR, BAR * self._done // self._total)
        return "━" * full + "─" * (BAR - full)

    def _paint(self, text: str) -> str:
        lies = count(self._lies, "lie")
        return text.replace(lies, self._palette.lie(lies), 1) if self._lies else text

    def _emit(self, text: str) -> None:
        self._stream.write(fit_encoding(text, self._stream.encoding))
        self._stream.flush()
