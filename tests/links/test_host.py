"""How many requests a host has in flight."""

from __future__ import annotations

from honestdocs.links.host import AT_ONCE, ENOUGH, Host

QUICK, SLOW = AT_ONCE / 2, AT_ONCE * 2


def host(most: int = 10) -> Host[int]:
    made: Host[int] = Host(rate=1e6, burst=1_000_000, most=most)
    made.waiting.extend(range(1000))
    return made


def in_flight(asked: Host[int]) -> int:
    """Asks as much as may be asked at once."""
    while asked.ready_at(1.0) == 1.0:
        asked.take()
    return asked.in_flight


def test_a_host_that_nobody_gave_a_share_is_asked_one_by_one() -> None:
    assert in_flight(host()) == 1


def test_a_host_is_asked_as_many_at_once_as_its_part_of_all_asks_for() -> None:
    for part, expected in ((0.001, 1), (0.1, round(ENOUGH / 10)), (0.2, round(ENOUGH / 5))):
        asked = host(most=ENOUGH)
        asked.share(part)
        assert in_flight(asked) == expected


def test_no_share_is_more_than_the_policy_allows() -> None:
    asked = host(most=3)
    asked.share(1.0)
    assert in_flight(asked) == 3


def test_only_answers_that_take_their_time_bring_more_than_the_share() -> None:
    asked = host()
    asked.share(2 / ENOUGH)
    assert in_flight(asked) == 2
    asked.answered(QUICK, well=True)
    assert in_flight(asked) == 2
    asked.answered(SLOW, well=True)
    assert in_flight(asked) == 3


def test_a_host_that_asked_for_restraint_is_asked_one_by_one_and_then_more() -> None:
    asked = host()
    asked.share(4 / ENOUGH)
    in_flight(asked)
    asked.close_for(0.5, 0.0)
    for _ in range(4):
        asked.answered(QUICK, well=False)
    assert asked.ready_at(0.25) == 0.5
    seen = [in_flight(asked)]
    for _ in range(5):
        asked.answered(QUICK, well=True)
        seen.append(in_flight(asked))
    assert seen == [1, 2, 3, 4, 4, 4]
