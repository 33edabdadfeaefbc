"""The history on pages: what they show of it, and when they are written again."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from sphinx.errors import ConfigError

from honestdocs.contract.errors import ConfigurationError
from honestdocs.sphinxext.addresses import parse_addresses
from hosting.trees import BOB, Tree, make_tree
from sphinxext.project import Built, Project, title

BEGAN, MONTH = 1_600_000_000, 31 * 86_400
HISTORY = {"honestdocs_history": True, "honestdocs_history_url": "/hg"}
PAGES = {
    "index": title("Index") + ".. toctree::\n   :glob:\n\n   *\n",
    "one": title("One") + "Text.\n",
    "two": title("Two") + "Text.\n",
    "news": title("News") + ".. recent-changes::\n   :count: 2\n",
}


@pytest.fixture(params=["hg", "git"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Tree:
    """A repository with the pages, of each kind."""
    tree = make_tree(tmp_path / "tree", request.param)
    Project(folder=tree.root).write(PAGES)
    tree.write(".hgignore", "syntax: glob\nout/**\ndoctrees/**\n")
    tree.write(".gitignore", "out/\ndoctrees/\n")
    tree.commit("First", at=BEGAN)
    return tree


def build(tree: Tree, **settings: object) -> Built:
    return Project(folder=tree.root).build("html", **{**HISTORY, **settings})


def test_a_page_tells_its_last_change_its_authors_and_where_to_see_more(tree: Tree) -> None:
    tree.move("docs/one.rst", "docs/uno.rst")
    tree.write("docs/uno.rst", title("Uno") + "Text.\n")
    node = tree.commit("Say <it> & better", user=BOB, at=BEGAN + 8 * MONTH)
    built = build(tree)
    html = built.html("uno")
    assert "Last changed on 2021-05-19 by Bob in" in html
    assert f'href="/hg/rev/{node[:12]}"' in html
    assert f'href="/hg/log/{node[:12]}/docs/uno.rst"' in html
    assert f'href="/hg/annotate/{node[:12]}/docs/uno.rst"' in html
    assert "Say &lt;it&gt; &amp; better" in html
    assert "2 changes since 2020-09-13 by Alice Ann, Bob." in html
    assert "8 months before the newest change here" in built.html("two")
    assert "example.org" not in html
    assert built.warnings == ""


def test_only_pages_whose_history_changed_are_written_again_and_none_is_read(tree: Tree) -> None:
    build(tree)
    same = build(tree)
    assert (same.read, same.wrote) == ((), ())
    tree.write("docs/two.rst", title("Two") + "More.\n")
    changed = build(tree)
    assert changed.read == ("two",)
    tree.commit("Second", at=BEGAN + 60)
    committed = build(tree)
    assert committed.read == ()
    assert {"news", "two"} <= set(committed.wrote)
    assert "one" not in committed.wrote
    assert "Second" in committed.html("two")


def test_the_same_tree_gives_the_same_pages_in_one_process_or_in_two(
    tree: Tree,
) -> None:
    one = build(tree)
    said = {path.name: path.read_bytes() for path in one.out.glob("*.html")}
    said["feed"] = (one.out / "changes.atom").read_bytes()
    two = Project(folder=tree.root).build("html", jobs=2, fresh=True, **HISTORY)
    again = {path.name: path.read_bytes() for path in two.out.glob("*.html")}
    assert {**again, "feed": (two.out / "changes.atom").read_bytes()} == said


def test_recent_changes_are_listed_and_fed(tree: Tree) -> None:
    tree.write("docs/two.rst", title("Two") + "More.\n")
    node = tree.commit("Control \x07 & <more>", user=BOB, at=BEGAN + 60)
    built = build(tree, html_baseurl="https://docs.example.org", project="Docs")
    assert "2020-09-13, Bob: Control" in built.html("news")
    assert '<a class="reference internal" href="two.html">Two</a>' in built.html("news")
    assert 'href="changes.atom"' in built.html("news")
    feed = ET.fromstring((built.out / "changes.atom").read_bytes())  # noqa: S314 - written by this build
    atom = "{http://www.w3.org/2005/Atom}"
    first, second = feed.findall(f"{atom}entry")
    assert first.findtext(f"{atom}title") == "Control  & <more>"
    assert first.findtext(f"{atom}updated") == "2020-09-13T12:27:40Z"
    assert first.findtext(f"{atom}author/{atom}name") == "Bob"
    link = first.find(f"{atom}link")
    assert link is not None
    assert link.get("href") == f"/hg/rev/{node[:12]}"
    assert second.findtext(f"{atom}title") == "First"


def test_a_change_of_many_pages_names_some_and_counts_the_others(tree: Tree) -> None:
    for at in range(11):
        tree.write(f"docs/many{at:02d}.rst", f":orphan:\n\n{title(f'Many {at:02d}')}Words.\n")
    tree.commit("Add many", at=BEGAN + 60)
    shown = build(tree).html("news")
    assert ">Many 07</a> and 3 more pages" in shown
    assert "Many 08" not in shown


def test_without_a_history_pages_are_built_without_it(tmp_path: Path) -> None:
    project = Project(folder=tmp_path).write(PAGES)
    built = project.build("html", **HISTORY)
    assert built.warnings == ""
    assert "Last changed" not in built.html("one")
    assert "The history of these pages is not known here." in built.html("news")
    assert not (built.out / "changes.atom").exists()


def test_history_is_shown_only_where_it_is_asked_for(tree: Tree) -> None:
    built = build(tree, honestdocs_history=False)
    assert "Last changed" not in built.html("one")
    assert not (tree.root / "out" / "honestdocs-history.sqlite").exists()


def test_a_page_that_was_never_committed_shows_nothing(tree: Tree) -> None:
    tree.write("docs/new.rst", title("New"))
    assert "Last changed" not in build(tree).html("new")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"blame": "/x"}, "unknown address 'blame'"),
        ({"log": "/x/{line}"}, "known placeholders are"),
        ({"log": "/x/{"}, "log"),
        ({"log": "javascript:alert(1)"}, "is no address"),
        (7, "is neither"),
    ],
)
def test_a_wrong_address_is_told_with_its_place(value: object, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        parse_addresses(value, "conf.py: honestdocs_history_url")


def test_a_build_with_a_wrong_address_stops(tmp_path: Path) -> None:
    project = Project(folder=tmp_path).write(PAGES)
    with pytest.raises(ConfigError, match="unknown address"):
        project.build("html", honestdocs_history_url={"blame": "/x"})


def test_a_path_in_an_address_is_quoted() -> None:
    addresses = parse_addresses({"log": "/l/{path}?x"}, "here")
    assert addresses.of("log", node="a" * 40, path='a "b/ü&.rst') == "/l/a%20%22b/%C3%BC%26.rst?x"
