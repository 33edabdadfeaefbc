"""The rules of a channel, without server, store or clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from syncserver.keyexchange.channel import (
    Channel,
    Step,
    Verdict,
    close,
    create_tag,
    expel,
    leave,
    peek,
    read,
    write,
)
from syncserver.keyexchange.etag import parse_tags

MAX_READS = 6
NEW = Channel(parties=("mobile",))
PAIR = Channel(parties=("mobile", "desktop"), content=b"[1]")


def take(channel: Channel, party: str, known: str | None = None) -> Step:
    return read(channel, party, parse_tags(known), MAX_READS)


def put(channel: Channel, party: str, match: str | None = None, none: str | None = None) -> Step:
    return write(channel, party, b"[2]", parse_tags(match), parse_tags(none))


def test_a_new_channel_holds_an_empty_object_and_has_its_tag() -> None:
    step = take(NEW, "mobile")
    assert step.channel.content == b"{}"
    assert step.channel.tag == create_tag(b"{}") == "99914b932bd37a50b983c5e7c90ae93b"


def test_the_second_identifier_becomes_a_party_by_any_request() -> None:
    for rule in (
        partial(read, known=None, max_reads=MAX_READS),
        partial(read, known=parse_tags("*"), max_reads=MAX_READS),
        partial(peek, known=None),
        partial(write, content=b"", expected=None, unwanted=None),
        partial(write, content=b"", expected=parse_tags('"x"'), unwanted=None),
    ):
        assert rule(NEW, "desktop").channel.parties == ("mobile", "desktop")


def test_the_opener_alone_stays_the_only_party() -> None:
    assert take(NEW, "mobile").channel.parties == ("mobile",)


def test_a_third_identifier_closes_the_channel_whatever_it_asks() -> None:
    steps = (take(PAIR, "x"), peek(PAIR, "x", None), put(PAIR, "x"), close(PAIR, "x"))
    assert all(step.closed and step.verdict is Verdict.STRANGER for step in steps)


def test_a_refused_stranger_has_changed_nothing_but_the_end() -> None:
    assert put(PAIR, "x").channel == PAIR
    assert expel(PAIR) == Step(verdict=Verdict.STRANGER, channel=PAIR, closed=True)


def test_the_sixth_read_is_served_and_is_the_last() -> None:
    channel = PAIR
    ends = []
    for _ in range(MAX_READS):
        step = take(channel, "mobile")
        assert step.verdict is Verdict.SERVED
        ends.append(step.closed)
        channel = step.channel
    assert ends == [False] * 5 + [True]


def test_what_the_reader_knows_already_is_not_counted() -> None:
    step = take(PAIR, "mobile", f'"{PAIR.tag}"')
    assert (step.verdict, step.channel.reads, step.closed) == (Verdict.UNCHANGED, 0, False)


def test_peeking_is_never_counted() -> None:
    assert peek(PAIR, "mobile", None).channel == PAIR


def test_writing_keeps_the_count_of_reads() -> None:
    assert put(take(PAIR, "mobile").channel, "mobile").channel.reads == 1


def test_if_match_passes_for_the_tag_of_the_content_only() -> None:
    assert put(PAIR, "mobile", match=f'"{PAIR.tag}"').verdict is Verdict.STORED
    assert put(PAIR, "mobile", match='"other"').verdict is Verdict.REFUSED
    assert put(PAIR, "mobile", match=f'W/"{PAIR.tag}"').verdict is Verdict.REFUSED
    assert put(PAIR, "mobile", match="").verdict is Verdict.REFUSED


def test_if_match_with_an_asterisk_passes_on_a_new_channel_too() -> None:
    assert put(NEW, "mobile", match="*").verdict is Verdict.STORED


def test_if_none_match_with_an_asterisk_passes_only_while_nothing_was_written() -> None:
    assert put(NEW, "mobile", none="*").verdict is Verdict.STORED
    assert put(PAIR, "mobile", none="*").verdict is Verdict.REFUSED


def test_if_none_match_with_tags_is_ignored_when_writing() -> None:
    assert put(PAIR, "mobile", none=f'"{PAIR.tag}"').verdict is Verdict.STORED


def test_both_preconditions_must_hold() -> None:
    current = f'"{PAIR.tag}"'
    assert put(PAIR, "mobile", match=current, none="*").verdict is Verdict.REFUSED
    assert put(NEW, "mobile", match='"other"', none="*").verdict is Verdict.REFUSED


def test_a_refused_write_leaves_the_content() -> None:
    assert put(PAIR, "mobile", match='"other"').channel.content == PAIR.content


def test_only_somebody_who_has_spoken_can_leave_and_nobody_joins_by_it() -> None:
    assert leave(PAIR, "desktop").closed
    assert leave(PAIR, "stranger") == Step(verdict=Verdict.STRANGER, channel=PAIR)
    assert leave(NEW, "desktop") == Step(verdict=Verdict.STRANGER, channel=NEW)


Rule = Callable[[Channel, str], Step]
PARTIES = st.sampled_from(["mobile", "desktop", "stranger"])
RULES = st.sampled_from(
    [
        partial(read, known=None, max_reads=MAX_READS),
        partial(read, known=parse_tags("*"), max_reads=MAX_READS),
        partial(peek, known=None),
        partial(write, content=b"[1]", expected=None, unwanted=None),
        partial(write, content=b"{}", expected=parse_tags("*"), unwanted=parse_tags("*")),
        leave,
    ]
)


@given(st.lists(st.tuples(PARTIES, RULES), max_size=60))
def test_no_order_of_requests_breaks_the_limits(requests: list[tuple[str, Rule]]) -> None:
    channel, served = NEW, 0
    for party, rule in requests:
        step = rule(channel, party)
        served += step.channel.reads - channel.reads
        assert served <= MAX_READS
        assert step.channel.parties in {("mobile",), ("mobile", "desktop"), ("mobile", "stranger")}
        assert step.closed or step.channel.reads < MAX_READS
        if step.closed:
            return
        channel = step.channel
