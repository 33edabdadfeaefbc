"""The history of pages: what is kept of it, and that it is what the tools themselves say."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest

from honestdocs.hosting.errors import RepositoryError
from honestdocs.hosting.history import History
from honestdocs.hosting.mercurial import Mercurial
from honestdocs.hosting.page import person, spell_age
from honestdocs.hosting.repository import Repository
from honestdocs.hosting.revlog import stored_name
from hosting.trees import ALICE, BOB, OPENED, Tree, make_tree
from servers.mercurial import hg

BUNDLE = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "mozilla-services-docs.hg"
DAY = 86_400
BEGAN = 1_600_000_000


def logs(database: Path, repository: Repository, head: str = "") -> Mapping[str, list[str]]:
    """The changesets of each page of the head."""
    with History.open(database, repository, head=head) as history:
        pages = history.pages(repository.files(history.head))
        found = {path: [each.node for each in history.log(path)] for path in pages}
        for path, page in pages.items():
            assert page.changes == len(found[path])
            assert (page.last.node, page.first.node) == (found[path][0], found[path][-1])
    return found


def followed(repository: Mercurial, head: str) -> dict[str, list[str]]:
    """The same as Mercurial says it, one question a page."""
    found = {}
    for path in repository.files(head):
        words = ("log", "-f", "-r", head, "-T", "{node}\\n", f"path:{path}")
        found[path] = hg(*words, folder=repository.root).split()
    return found


def grow(tree: Tree) -> list[str]:
    """A history with a rename, a fork with its merge, and pages of two authors."""
    tree.write("a.rst", "one\ntwo\nthree\nfour\n")
    tree.write("b.rst", "b\n")
    nodes = [tree.commit("First", at=BEGAN)]
    tree.write("a.rst", "one\nTWO\nthree\nfour\n")
    nodes.append(tree.commit("Second", user=BOB, at=BEGAN + 2 * DAY))
    tree.move("a.rst", "c.rst")
    nodes.append(tree.commit("Move", at=BEGAN + 3 * DAY))
    tree.write("a.rst", "something else altogether\n" * 9)
    nodes.append(tree.commit("Put another page there", user=BOB, at=BEGAN + 4 * DAY))
    tree.write("c.rst", "one\nTWO\nthree\nfour\nfive\n")
    nodes.append(tree.commit("Fifth", user=BOB, at=BEGAN + 5 * DAY))
    return nodes


def test_a_page_has_the_history_of_what_it_was_renamed_from(tree: Tree, tmp_path: Path) -> None:
    first, second, move, other, fifth = grow(tree)
    with History.open(tmp_path / "h.sqlite", tree.open()) as history:
        page = history.pages(["c.rst", "a.rst", "never.rst"])["c.rst"]
        assert (page.last.node, page.first.node, page.changes) == (fifth, first, 4)
        assert page.people == (("Alice Ann", 2), ("Bob", 2))
        assert (page.last.name, page.last.day, page.last.summary) == ("Bob", "2020-09-18", "Fifth")
        assert page.last.stamp == "2020-09-18T12:26:40Z"
        assert [each.node for each in history.log("c.rst")] == [fifth, move, second, first]
        assert [each.node for each in history.log("a.rst")] == [other]
        assert history.log("never.rst") == ()
        assert set(history.pages(["a.rst", "never.rst"])) == {"a.rst"}
        assert [(e.node, files) for e, files in history.recent(2)] == [
            (fifth, ("c.rst",)),
            (other, ("a.rst",)),
        ]
        assert history.recent(5, under="docs/") == ()
        assert history.entry("0" * 40) is None


def test_a_page_that_was_removed_and_made_anew_has_no_former_life(
    tree: Tree, tmp_path: Path
) -> None:
    tree.write("a.rst", "old\n")
    tree.write("b.rst", "b\n")
    tree.commit("First")
    tree.remove("a.rst")
    tree.commit("Remove")
    tree.write("a.rst", "new\n")
    anew = tree.commit("Anew")
    assert logs(tmp_path / "h.sqlite", tree.open())["a.rst"] == [anew]


def test_what_is_new_is_added_and_pages_that_did_not_change_keep_what_is_known(
    tree: Tree, tmp_path: Path
) -> None:
    *_, fifth = grow(tree)
    database = tmp_path / "h.sqlite"
    before = logs(database, tree.open())
    tree.write("b.rst", "b\nb\n")
    sixth = tree.commit("Sixth")
    after = logs(database, tree.open())
    assert after == {**before, "b.rst": [sixth, *before["b.rst"]]}
    assert after == logs(tmp_path / "fresh.sqlite", tree.open())
    assert logs(database, tree.open(), head=fifth) == before


def test_a_head_that_does_not_descend_from_the_last_one_takes_its_own_away(
    tree: Tree, tmp_path: Path
) -> None:
    nodes = grow(tree)
    database = tmp_path / "h.sqlite"
    logs(database, tree.open())
    tree.update(nodes[1])
    tree.write("b.rst", "beside\n")
    beside = tree.commit("Beside")
    assert logs(database, tree.open()) == logs(tmp_path / "fresh.sqlite", tree.open())
    tree.merge(nodes[4], "Merge")
    merged = logs(database, tree.open())
    assert beside in merged["b.rst"]
    assert merged == logs(tmp_path / "other.sqlite", tree.open())


def test_a_database_of_another_repository_or_no_database_is_made_anew(
    tree: Tree, tmp_path: Path
) -> None:
    database = tmp_path / "h.sqlite"
    grow(tree)
    expected = logs(tmp_path / "fresh.sqlite", tree.open())
    database.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    assert logs(database, tree.open()) == expected
    other = make_tree(tmp_path / "other", tree.kind)
    other.write("x.rst", "x")
    other.commit("Other")
    assert set(logs(database, other.open())) == {"x.rst"}
    assert logs(database, tree.open()) == expected


def test_nothing_is_asked_when_nothing_is_new(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(tree)
    database = tmp_path / "h.sqlite"
    logs(database, tree.open())
    repository = tree.open()
    monkeypatch.setattr(type(repository), "log", lambda *_: pytest.fail("the log was read"))
    with History.open(database, repository) as history:
        assert history.pages(["c.rst"])


def test_a_shallow_or_an_empty_history_is_told(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree", "git")
    with (
        pytest.raises(RepositoryError, match="no changeset"),
        History.open(tmp_path / "h.sqlite", tree.open()),
    ):
        pass
    grow(tree)
    tree.run("clone", "-q", "--depth", "1", f"file://{tree.root}", str(tmp_path / "shallow"))
    shallow = Tree(root=tmp_path / "shallow", kind="git").open()
    with (
        pytest.raises(RepositoryError, match="shallow"),
        History.open(tmp_path / "h.sqlite", shallow),
    ):
        pass


def test_a_change_that_was_made_twice_counts_where_the_page_was_built_on_it(
    tmp_path: Path,
) -> None:
    tree = make_tree(tmp_path / "tree", "hg")
    rest = "2\n3\n4\n5\n6\n"
    tree.write("a.rst", f"one\n{rest}")
    first = tree.commit("First")
    nodes = []
    for other in ("x.rst", "y.rst"):
        tree.update(first)
        tree.write("a.rst", f"two\n{rest}")
        tree.write(other, "beside\n")
        nodes.append(tree.commit(f"Second with {other}"))
    tree.write("a.rst", f"two\n{rest}seven\n")
    tree.commit("Third")
    tree.merge(nodes[0], "Merge")
    found = tree.open()
    assert isinstance(found, Mercurial)
    assert logs(tmp_path / "h.sqlite", found) == followed(found, found.head())


@pytest.mark.skipif(not BUNDLE.is_file(), reason="the bundle of the Mozilla documentation is away")
def test_every_page_of_a_real_history_has_the_changesets_that_mercurial_follows(
    tmp_path: Path,
) -> None:
    hg("clone", "--quiet", str(BUNDLE), "clone", folder=tmp_path)
    OPENED.append(Mercurial(tmp_path / "clone"))
    found = OPENED[-1]
    assert isinstance(found, Mercurial)
    ours = logs(tmp_path / "h.sqlite", found)
    server = {}
    for path in found.files(found.head()):
        said = found._ask("log", "-f", "-T", "{node}\\n", f"path:{path}")  # noqa: SLF001 - the server saves a start a page
        server[path] = said.output.decode().split()
    assert len(server) > 50
    assert {path: sorted(nodes) for path, nodes in ours.items()} == {
        path: sorted(nodes) for path, nodes in server.items()
    }
    assert {path: nodes[0] for path, nodes in ours.items()} == {
        path: nodes[0] for path, nodes in server.items()
    }


def test_a_killed_update_leaves_what_was_known(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree", "hg")
    grow(tree)
    database = tmp_path / "h.sqlite"
    before = logs(database, tree.open())
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM touch")
        connection.rollback()
    connection.close()
    assert logs(database, tree.open()) == before


@pytest.mark.parametrize(
    ("path", "stored"),
    [
        ("docs/page.rst", "data/docs/page.rst.i"),
        ("Docs/my_page.rst", "data/_docs/my__page.rst.i"),
        (".hidden/a.rst", "data/~2ehidden/a.rst.i"),
        ("aux.rst", "data/au~78.rst.i"),
        ("con/a", "data/co~6e/a.i"),
        ("x.i/ä?.rst", "data/x.i.hg/~c3~a4~3f.rst.i"),
        ("a" * 200, ""),
    ],
)
def test_the_store_spells_a_path_as_mercurial_does(path: str, stored: str, tmp_path: Path) -> None:
    assert stored_name(path) == stored
    tree = make_tree(tmp_path / "tree", "hg")
    tree.write(path, "x")
    tree.commit("First")
    assert not stored or (tree.root / ".hg" / "store" / stored).is_file()


@pytest.mark.parametrize(
    ("author", "name"),
    [
        (ALICE, "Alice Ann"),
        ("bob@example.org", "bob"),
        ("<carol@example.org>", "carol"),
        ('"Dan" <dan@example.org>', "Dan"),
        ("eve", "eve"),
    ],
)
def test_a_page_shows_names_and_never_addresses(author: str, name: str) -> None:
    assert person(author) == name


def test_an_age_is_told_in_months_and_then_in_years() -> None:
    days = (0, 29, 30, 61, 365, 719, 730, 4000)
    assert [spell_age(DAY * each) for each in days] == [
        "", "", "1 month", "2 months", "12 months", "23 months", "2 years", "10 years",
    ]  # fmt: skip
