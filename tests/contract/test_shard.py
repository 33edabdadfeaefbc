"""Shards: every page in one of them, evenly, and the same everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.writing import block, operation, page
from honestdocs.contract.assembly import Contract, assemble
from honestdocs.contract.shard import (
    Shard,
    ShardError,
    narrow,
    pages_of,
    parse_shard,
    part_of,
    share,
    tree_digest,
)

SECONDS = st.dictionaries(st.text(max_size=4), st.floats(0, 60), max_size=40)
NAMES = ("alpha", "beta", "gamma", "delta")


def tree(answer: str = '{"a": 1}') -> Contract:
    """Pages with an operation and an example each, the last with a lie besides."""
    pages = [
        page(
            block(f"GET /{name} HTTP/1.1"),
            block(f"HTTP/1.1 200 OK\n\n{answer}", line=20),
            operations=[operation("GET", f"/{name}", page=name)],
            name=name,
        )
        for name in NAMES
    ]
    broken = page(block('HTTP/1.1 200 OK\n\n{"a": }', scope=None), name="broken")
    return assemble([*pages, broken])


@given(SECONDS, st.integers(1, 12))
def test_shares_hold_every_page_once_and_none_lasts_much_longer(
    seconds: dict[str, float], count: int
) -> None:
    shares = share(seconds, count)
    assert len(shares) == count
    assert sorted(p for pages in shares for p in pages) == sorted(seconds)
    loads = [sum(seconds[page] for page in pages) for pages in shares]
    longest = max(seconds.values(), default=0.0)
    assert max(loads) <= sum(loads) / count + longest * 1.000001 + 1e-9


@given(SECONDS, st.integers(1, 12), st.randoms())
def test_the_order_in_which_pages_are_known_changes_nothing(
    seconds: dict[str, float], count: int, chance: object
) -> None:
    names = list(seconds)
    chance.shuffle(names)  # type: ignore[attr-defined] # random.Random
    assert share({name: seconds[name] for name in names}, count) == share(seconds, count)


def test_pages_of_one_length_are_dealt_out_evenly() -> None:
    shares = share({f"p{n}": 0.01 for n in range(10)}, 3)
    assert sorted(map(len, shares)) == [3, 3, 4]
    assert sorted(map(len, share(dict.fromkeys("abcdef", 0.0), 3))) == [2, 2, 2]


def test_the_parts_of_a_tree_are_all_of_it() -> None:
    whole = tree()
    parts = [part_of(whole, Shard(index=n, count=3), {}) for n in (1, 2, 3)]
    narrowed = [narrow(whole, part.pages) for part in parts]
    for member in ("operations", "examples", "lies"):
        together = [one for contract in narrowed for one in getattr(contract, member)]
        assert len(together) == len(getattr(whole, member)) > 0
        assert set(together) == set(getattr(whole, member))
    assert {part.whole for part in parts} == {pages_of(whole)}
    assert parts[0].statement == "this is shard 1 of 3: 2 of 5 pages"


def test_a_page_that_claims_nothing_is_one_shards_too() -> None:
    parts = [part_of(tree(), Shard(index=n, count=3), {}) for n in (1, 2, 3)]
    for page_name in (*NAMES, "broken", "prose", "verse", "deep/lyric"):
        assert sum(part.covers(page_name) for part in parts) == 1


def test_a_tree_is_known_by_what_it_claims() -> None:
    assert tree_digest(tree()) == tree_digest(tree())
    assert tree_digest(tree()) != tree_digest(tree('{"a": 2}'))


def test_a_shard_is_written_as_a_fraction() -> None:
    assert parse_shard("3/8") == Shard(index=3, count=8)
    assert str(parse_shard("1/1")) == "1/1"


@pytest.mark.parametrize("text", ["", "3", "0/8", "9/8", "3/0", "a/b", "3/8/1", "-1/2", "1 / 2"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ShardError, match="names no shard"):
        parse_shard(text)
