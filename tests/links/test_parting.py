"""Links parted among machines: each in one part, each host in one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from honestdocs.contract.link import LinkKind, LinkState, Verdict
from honestdocs.contract.shard import Part, Shard
from honestdocs.links.index import Entry, LinkIndex
from honestdocs.links.parting import part_by_host, part_of
from honestdocs.links.raw import Raw

ROWS = [("index", "text", "/docs/index.rst", 3, 0)]
LOST = Entry(
    page="index",
    raw=Raw(LinkKind.INTERNAL, "othr.html", "text", "/docs/index.rst", 3, 0),
    verdict=Verdict(state=LinkState.BROKEN),
)
HOSTS = st.sampled_from(["a.example", "b.example", "c.example:8080", "d.example"])
TARGETS = st.lists(
    st.builds("{}://{}/{}".format, st.sampled_from(["http", "https"]), HOSTS, st.integers(0, 9)),
    max_size=30,
    unique=True,
)


def tree(*targets: str) -> LinkIndex:
    rows = dict.fromkeys(targets, ROWS)
    return LinkIndex(srcdir="/docs", entries=(LOST,), targets=rows, working=7)


def part(index: int, count: int) -> Part:
    return Part(index=index, count=count, pages=(), whole=(), tree="")


@given(TARGETS, st.integers(1, 5))
def test_each_link_is_in_one_part_and_each_host_too(targets: list[str], count: int) -> None:
    index = tree(*targets)
    parts = [part_by_host(index, part(n, count)) for n in range(1, count + 1)]
    assert sorted(t for found, _ in parts for t in found.targets) == sorted(targets)
    hosts = [host for _, claimed in parts for host in claimed.hosts]
    assert len(hosts) == len(set(hosts))
    assert len({claimed.web for _, claimed in parts}) == 1
    assert all(found.entries == (LOST,) for found, _ in parts)
    assert [found.targets for found, _ in parts] == [
        part_of(index, Shard(index=n, count=count)).targets for n in range(1, count + 1)
    ]


def test_links_within_the_tree_are_the_first_parts() -> None:
    parts = [part_of(tree(), Shard(index=n, count=3)) for n in (1, 2, 3)]
    assert [(len(found.entries), found.working) for found in parts] == [(1, 7), (0, 0), (0, 0)]


def test_a_host_is_one_however_its_address_is_written() -> None:
    alike = (
        "http://docs.example/1",
        "https://docs.example/2",
        "https://Docs.Example/2",
        "HTTPS://docs.example:443/3#there",
        "http://docs.example:80/4",
        "https://ann@docs.example/5",
    )
    _, claimed = part_by_host(tree(*alike, "http://docs.example:8080/"), part(1, 1))
    assert claimed.hosts == ("docs.example", "docs.example:8080")


def test_who_is_never_asked_is_no_host() -> None:
    found, claimed = part_by_host(tree("ftp://old.example/", "irc://chat.example/"), part(1, 1))
    assert (len(found.targets), claimed.hosts) == (2, ())


def test_other_links_are_another_web() -> None:
    _, one = part_by_host(tree("http://a.example/"), part(1, 2))
    _, other = part_by_host(tree("http://a.example/", "http://b.example/"), part(1, 2))
    assert one.web != other.web
