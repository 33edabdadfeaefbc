"""Progress is shown as it suits the stream, and not more often than it can be read."""

from __future__ import annotations

import io
import os
import pty
import re
import sys

import pytest

from honestdocs.contract.outcome import Outcome
from honestdocs.verification.report import Progress
from honestdocs.verification.report.text import columns

ERASE = "\r\x1b[2K"


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    encoding = "utf-8"  # type: ignore[assignment]

    def isatty(self) -> bool:
        return True

    def lines(self) -> list[str]:
        return self.getvalue().split(ERASE)[1:]


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_terminal_is_written_to_at_most_ten_times_a_second(clock: Clock) -> None:
    terminal = Terminal()
    progress = Progress(terminal, clock=clock, width=lambda: 80)
    progress.start(1000)
    for _ in range(1000):
        clock.now += 0.001
        progress.advance("api/articles", Outcome.PASSED)
    assert 9 <= len(terminal.lines()) <= 11


def test_the_line_tells_how_far_it_is_what_was_found_how_fast_and_where(clock: Clock) -> None:
    terminal = Terminal()
    progress = Progress(terminal, clock=clock, width=lambda: 80)
    progress.start(8)
    for outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.FAILED):
        clock.now += 0.5
        progress.advance("api/shelves", outcome)
    bar = "━" * 10 + "─" * 10
    assert terminal.lines()[-1] == f"{bar} 4/8 · 2 lies · 1 not checked · 2/s · api/shelves"


@pytest.mark.parametrize("width", [1, 20, 40, 60, 80, 200])
def test_the_line_leaves_the_last_column_free(clock: Clock, width: int) -> None:
    terminal = Terminal()
    progress = Progress(terminal, clock=clock, width=lambda: width)
    progress.start(100_000)
    for _ in range(3):
        clock.now += 1
        progress.advance("a/" + "very/" * 20 + "long/東京/page", Outcome.FAILED)
    assert all(columns(line) < max(width, 11) for line in terminal.lines())


def test_the_line_follows_a_change_of_the_width(clock: Clock) -> None:
    terminal, widths = Terminal(), iter([80, 80, 30, 30])
    progress = Progress(terminal, clock=clock, width=lambda: next(widths))
    progress.start(2)
    for _ in range(2):
        clock.now += 1
        progress.advance("a/page/with/a/rather/long/name", Outcome.PASSED)
    assert columns(terminal.lines()[-1]) < 30


def test_when_it_is_finished_the_terminal_is_as_it_was(clock: Clock) -> None:
    terminal = Terminal()
    progress = Progress(terminal, clock=clock, width=lambda: 80)
    progress.start(1)
    progress.finish()
    progress.finish()
    assert terminal.getvalue().endswith(ERASE)
    assert terminal.lines()[-1] == ""


def test_more_examples_than_were_announced_do_no_harm(clock: Clock) -> None:
    terminal = Terminal()
    progress = Progress(terminal, clock=clock, width=lambda: 80)
    progress.start(0)
    for _ in range(3):
        clock.now += 1
        progress.advance("p", Outcome.SKIPPED)
    assert "3/0" in terminal.lines()[-1]


def test_a_log_gets_a_line_every_ten_seconds(clock: Clock) -> None:
    log = io.StringIO()
    progress = Progress(log, clock=clock, width=lambda: 80)
    progress.start(60)
    for _ in range(25):
        clock.now += 1
        progress.advance("api/articles", Outcome.FAILED)
    progress.finish()
    assert log.getvalue() == (
        "checking: 10 of 60 examples, 10 lies, 1/s, api/articles\n"
        "checking: 20 of 60 examples, 20 lies, 1/s, api/articles\n"
    )


def test_a_log_of_a_short_check_stays_empty(clock: Clock) -> None:
    log = io.StringIO()
    progress = Progress(log, clock=clock, width=lambda: 80)
    progress.start(2)
    progress.advance("p", Outcome.PASSED)
    progress.finish()
    assert log.getvalue() == ""


def test_colour_is_only_for_lies(clock: Clock) -> None:
    terminal = Terminal()
    progress = Progress(terminal, clock=clock, width=lambda: 80, color=True)
    progress.start(2)
    clock.now += 1
    progress.advance("p", Outcome.FAILED)
    assert "\x1b[31m1 lie\x1b[0m" in terminal.getvalue()


def test_a_terminal_that_knows_no_lines_gets_ascii(clock: Clock) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    progress = Progress(stream, clock=clock, width=lambda: 80, live=True)
    progress.start(2)
    clock.now += 1
    progress.advance("p", Outcome.PASSED)
    assert b"==========---------- 1/2 - 1/s - p" in raw.getvalue()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")
def test_a_real_terminal_is_recognised(clock: Clock) -> None:
    master, slave = pty.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as stream:
        progress = Progress(stream, clock=clock, width=lambda: 80)
        progress.start(3)
        progress.finish()
        written = b""
        while written.count(b"\x1b[2K") < 2:  # it may come in pieces
            written += os.read(master, 1000)
    os.close(master)
    assert re.fullmatch(r"\r\x1b\[2K─+ 0/3\r\x1b\[2K", written.decode())


def test_what_a_page_is_called_cannot_steer_the_terminal(clock: Clock) -> None:
    terminal = Terminal()
    progress = Progress(terminal, clock=clock, width=lambda: 80)
    progress.start(1)
    clock.now += 1
    progress.advance("evil\x1b[2J", Outcome.PASSED)
    assert "evil\\x1b[2J" in terminal.getvalue()
