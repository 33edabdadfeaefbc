"""Bars, shares, pace and incidents: plain values in, plain values out."""

from __future__ import annotations

import pytest

from honestdocs.portal.incident import Annotation, Incident, annotate, closes, opens
from honestdocs.portal.pace import Pace
from honestdocs.portal.uptime import SPANS, Tally, bars, in_percent, percentile

NOW = 500_000 * 3600 + 1800.0


@pytest.mark.parametrize("span", SPANS, ids=lambda span: span.name)
def test_bars_reach_from_the_span_before_to_this_hour(span: object) -> None:
    found = bars({500_000: Tally(up=3)}, span, NOW)  # type: ignore[arg-type] # of SPANS
    assert len(found) == span.bars  # type: ignore[attr-defined] # of SPANS
    assert found[-1].began <= NOW < found[-1].ended
    assert [bar.state for bar in found][-2:] == ["none", "up"]


def test_every_hour_counts_once_whatever_the_span() -> None:
    hours = {500_000 - back: Tally(up=1, down=back % 2) for back in range(24)}
    for span in SPANS:
        tallies = [bar.tally for bar in bars(hours, span, NOW)]
        assert sum(tally.up for tally in tallies) == 24
        assert sum(tally.down for tally in tallies) == 12


def test_a_bar_shows_the_worst_that_was_seen() -> None:
    hours = {500_000: Tally(up=9, down=1), 499_999: Tally(up=1, warning=1)}
    assert [bar.state for bar in bars(hours, SPANS[0], NOW)][-2:] == ["warning", "down"]


@pytest.mark.parametrize(
    ("share", "text"),
    [(None, "no data"), (1.0, "100 %"), (0.99999, "99.99 %"), (0.5, "50.00 %"), (0.0, "0.00 %")],
)
def test_what_failed_once_is_never_told_as_whole(share: float | None, text: str) -> None:
    assert in_percent(share) == text


def test_percentiles_are_values_that_were_seen() -> None:
    values = [float(n) for n in range(100, 0, -1)]
    assert (percentile(values, 0.5), percentile(values, 0.95)) == (50.0, 95.0)
    assert (percentile([], 0.5), percentile([7.0], 0.95)) == (0.0, 7.0)


def test_failures_are_asked_after_less_and_less_often_but_never_more_than_eightfold() -> None:
    pace = Pace(heartbeat=10.0, prove=100.0, chance=lambda: 0.5)
    assert [pace.next_heartbeat(n) for n in (0, 1, 2, 3, 4, 50)] == [10, 10, 20, 40, 80, 80]
    assert [pace.next_proof(n) for n in (0, 1, 3, 50)] == [100, 200, 800, 800]


def test_jitter_spreads_by_a_fifth_either_way() -> None:
    low = Pace(heartbeat=10.0, chance=lambda: 0.0).next_heartbeat(0)
    high = Pace(heartbeat=10.0, chance=lambda: 0.999999).next_heartbeat(0)
    assert (low, round(high, 3)) == (8.0, 12.0)


def test_one_missed_heartbeat_is_no_incident_and_two_are() -> None:
    assert opens([(2.0, "unreachable"), (1.0, "ok")]) is None
    assert opens([(2.0, "unreachable")]) is None
    assert opens([(3.0, "error"), (2.0, "unreachable"), (1.0, "ok")]) == 2.0
    assert closes([(4.0, "ok"), (3.0, "error")]) is None
    assert closes([(5.0, "warning"), (4.0, "ok"), (3.0, "error")]) == 4.0


def test_an_annotation_speaks_of_the_incident_it_overlaps() -> None:
    seen = Incident(id=1, service="a", began=10_000.0, ended=11_000.0, message="it fell")
    other = Incident(id=2, service="b", began=10_000.0)
    note = Annotation(service="a", began=9_000.0, title="Disk full", text="More disks.")
    found = annotate([seen, other], [note])
    assert [(i.service, i.title, i.text) for i in found] == [
        ("a", "Disk full", "More disks."),
        ("b", "", ""),
    ]


def test_what_was_told_and_never_seen_is_an_incident_of_its_own() -> None:
    note = Annotation(service="a", began=50.0, ended=60.0, title="Moved house")
    (found,) = annotate([], [note])
    assert (found.began, found.ended, found.title, found.open) == (50.0, 60.0, "Moved house", False)
