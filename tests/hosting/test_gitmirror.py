"""The git mirror of a Mercurial repository: the same trees, only what is new, nothing private."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from honestdocs.hosting.errors import RepositoryError
from honestdocs.hosting.git import Git
from honestdocs.hosting.gitmirror import mirror_to_git
from hosting.trees import BOB, Tree, make_tree

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")


@pytest.fixture
def source(tmp_path: Path) -> Tree:
    """A Mercurial repository with two public changesets, one by an author without an address."""
    tree = make_tree(tmp_path / "source", "hg")
    tree.write("a.rst", "one\n")
    tree.commit("First", user="Ryan Kelly <ryan>")
    tree.write("sub dir/ä.rst", "two\n")
    tree.commit("Second", user=BOB)
    tree.run("phase", "-p", "-r", "all()")
    return tree


def test_a_mirror_has_the_same_files_and_people(source: Tree, tmp_path: Path) -> None:
    target = tmp_path / "mirror.git"
    assert mirror_to_git(source.root, target) == 2
    mirrored = Git(target)
    head = mirrored.head("default")
    theirs, ours = source.open(), list(mirrored.log(head))
    assert mirrored.files(head) == theirs.files(theirs.head())
    assert mirrored.cat(head, "sub dir/ä.rst") == b"two\n"
    assert [each.summary for each in ours] == ["First", "Second"]
    assert [each.author.replace('"', "") for each in ours] == [
        "Ryan Kelly <ryan-kelly@localhost>",
        BOB,
    ]


def test_the_next_time_only_what_is_new_and_public_is_told(source: Tree, tmp_path: Path) -> None:
    target = tmp_path / "mirror.git"
    mirror_to_git(source.root, target)
    first = Git(target).head("default")
    assert mirror_to_git(source.root, target) == 0
    source.write("a.rst", "three\n")
    source.commit("Third")
    assert mirror_to_git(source.root, target) == 0
    assert Git(target).head("default") == first
    source.run("phase", "-p", "-r", ".")
    assert mirror_to_git(source.root, target) == 1
    found = Git(target)
    assert [each.summary for each in found.log(found.head("default"), first)] == ["Third"]


def test_a_folder_of_something_else_is_left_alone(source: Tree, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").write_text("dear", "utf-8")
    with pytest.raises(RepositoryError, match="neither empty nor a bare repository"):
        mirror_to_git(source.root, tmp_path / "mine")
