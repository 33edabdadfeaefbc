"""The port to version control: one suite over Mercurial and git, with real repositories."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from honestdocs.hosting.errors import (
    OvertakenError,
    RefusedError,
    RepositoryError,
    UnknownChangesetError,
)
from honestdocs.hosting.opening import open_repository
from honestdocs.hosting.repository import RefKind, Repository
from hosting.trees import ALICE, BOB, Tree, clone, make_tree
from servers.mercurial import HG

ODD = "sub dir/päge 'one'.rst"


def _fill(tree: Tree) -> None:
    """Three changesets: two files, an edit, a rename with an edit."""
    tree.write("a.rst", "one\ntwo\nthree\nfour\n")
    tree.write(ODD, "odd\n")
    tree.commit("First\n\nWith a body.", at=1_600_000_000)
    tree.write("a.rst", "one\nTWO\nthree\nfour\n")
    tree.commit("Second: ünïcode", user=BOB, at=1_600_000_100)
    tree.move("a.rst", "b.rst")
    tree.write("b.rst", "one\nTWO\nthree\nfour\nfive")
    tree.commit("--config=evil", at=1_600_000_200)


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tree]:
    """A filled repository of each kind, made once and copied by each test."""
    found = {}
    for kind in ("hg", "git"):
        found[kind] = make_tree(tmp_path_factory.mktemp("originals") / kind, kind)
        _fill(found[kind])
    return found


@pytest.fixture
def filled(tree: Tree, originals: dict[str, Tree]) -> Tree:
    """Three changesets: two files, an edit, a rename with an edit."""
    shutil.rmtree(tree.root)
    shutil.copytree(originals[tree.kind].root, tree.root)
    return tree


@pytest.fixture
def repository(filled: Tree) -> Repository:
    return filled.open()


def test_a_folder_is_asked_through_the_adapter_of_its_repository(filled: Tree) -> None:
    found = open_repository(filled.root / "sub dir")
    assert found.root == filled.root.resolve()
    assert len(found.head()) == 40
    found.close()


def test_a_folder_outside_of_every_repository_is_told(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="lies in no repository"):
        open_repository(tmp_path)


def test_an_empty_repository_has_no_head_no_refs_and_no_log(tree: Tree) -> None:
    found = tree.open()
    assert found.head() == ""
    assert found.refs() == ()
    assert not found.shallow


def test_the_log_tells_each_changeset_once_parents_first(repository: Repository) -> None:
    first, second, third = repository.log(repository.head())
    assert (first.parents, second.parents, third.parents) == ((), (first.node,), (second.node,))
    assert [c.summary for c in (first, second, third)] == [
        "First",
        "Second: ünïcode",
        "--config=evil",
    ]
    assert (first.author, second.author) == (ALICE, BOB)
    assert (second.at, second.zone) == (1_600_000_100, 60)
    assert sorted(first.files) == ["a.rst", ODD]
    assert second.files == ("a.rst",)
    assert sorted(third.files) == ["a.rst", "b.rst"]
    assert third.copies == (("b.rst", "a.rst"),)


def test_the_log_since_a_changeset_holds_only_what_is_new(repository: Repository) -> None:
    first, *rest = repository.log(repository.head())
    assert list(repository.log(repository.head(), first.node)) == rest
    assert list(repository.log(first.node, repository.head())) == []


@pytest.mark.parametrize("node", ["f" * 40, "--help", "", "main", "all()", "0" * 12 + "\n"])
def test_a_node_that_is_not_there_is_told_and_never_read_as_anything_else(
    repository: Repository, node: str
) -> None:
    with pytest.raises(UnknownChangesetError):
        list(repository.log(repository.head(), node or "-"))
    with pytest.raises(UnknownChangesetError):
        repository.cat(node, "b.rst")


def test_refs_name_branches_tags_and_bookmarks(filled: Tree) -> None:
    head = filled.open().head()
    if filled.kind == "hg":
        filled.run("bookmark", "-i", "mark")
        filled.run("tag", "-l", "v1")
        named = {("default", RefKind.BRANCH), ("v1", RefKind.TAG), ("mark", RefKind.BOOKMARK)}
    else:
        filled.run("-c", "user.name=B", "-c", "user.email=b@c", "tag", "-a", "v1", "-m", "x")
        named = {("main", RefKind.BRANCH), ("v1", RefKind.TAG)}
    found = filled.open()
    assert {(ref.name, ref.kind) for ref in found.refs()} == named
    assert {ref.node for ref in found.refs()} == {head}
    assert found.head("v1") == found.head(head[:12]) == head


def test_files_and_their_content_are_those_of_the_changeset(repository: Repository) -> None:
    first, _, third = repository.log(repository.head())
    assert repository.files(first.node) == ("a.rst", ODD)
    assert repository.files(third.node) == ("b.rst", ODD)
    assert repository.cat(first.node, "a.rst") == b"one\ntwo\nthree\nfour\n"
    assert repository.cat(third.node, ODD) == b"odd\n"
    for path in ("a.rst", "*", "../a.rst", "--help", "sub dir"):
        with pytest.raises(RepositoryError):
            repository.cat(third.node, path)


def test_each_line_tells_the_changeset_it_stems_from_across_a_rename(
    repository: Repository,
) -> None:
    first, second, third = (c.node for c in repository.log(repository.head()))
    lines = repository.annotate(third, "b.rst")
    assert [line.text for line in lines] == ["one", "TWO", "three", "four", "five"]
    assert [line.node for line in lines] == [first, second, first, first, third]


def test_the_difference_between_two_changesets_can_be_of_some_paths(
    repository: Repository,
) -> None:
    first, second, third = (c.node for c in repository.log(repository.head()))
    said = repository.diff(first, second)
    assert "-two\n+TWO\n" in said
    assert said.startswith("diff --git a/a.rst b/a.rst")
    assert repository.diff(first, third, [ODD]) == ""
    assert "+five" in repository.diff(first, third, ["b.rst"])


def test_an_export_writes_what_differs_and_leaves_the_rest(
    repository: Repository, tmp_path: Path
) -> None:
    first, second, third = (c.node for c in repository.log(repository.head()))
    folder = tmp_path / "100%p out"
    folder.mkdir()
    assert sorted(repository.export("", first, folder)) == ["a.rst", ODD]
    os.utime(folder / ODD, (1, 1))
    assert repository.export(first, second, folder) == ("a.rst",)
    assert (folder / "a.rst").read_bytes() == b"one\nTWO\nthree\nfour\n"
    assert sorted(repository.export(second, third, folder)) == ["a.rst", "b.rst"]
    assert not (folder / "a.rst").exists()
    assert (folder / ODD).stat().st_mtime == 1
    assert repository.export(third, third, folder) == ()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("b.rst", b"all\r\nnew\n\nno end"),
        ("b.rst", b""),
        ("b.rst", b"diff --git a/x b/x\n--- a/x\n+++ b/x\n# HG changeset patch\n"),
        ("b.rst", "\x00ümlaut\x1f\n".encode("utf-16")),
        ("new/page with space.rst", b"fresh\n"),
        (ODD, b"\n\n\n"),
    ],
    ids=["mixed", "empty", "patch", "binary", "new", "odd"],
)
def test_a_commit_changes_one_file_and_nothing_that_is_checked_out(
    filled: Tree, path: str, content: bytes
) -> None:
    found = filled.open()
    base = found.head()
    node = found.commit(base, path, content, user=BOB, message="Mend\n\n--config=evil\n")
    assert found.cat(node, path) == content
    assert set(found.files(node)) == {*found.files(base), path}
    (change,) = found.log(node, base)
    assert (change.author, change.summary, change.files) == (BOB, "Mend", (path,))
    assert found.head() == base
    assert filled.run("status", *(["--porcelain"] if filled.kind == "git" else [])) == ""


def test_a_commit_without_a_difference_outside_the_tree_is_refused(filled: Tree) -> None:
    found = filled.open()
    for path in ("../out.rst", ".hg/hgrc", ".git/config", "/etc/x"):
        if path.startswith(".hg" if filled.kind == "git" else ".git"):
            continue
        with pytest.raises(RepositoryError):
            found.commit(found.head(), path, b"x", user=BOB, message="m")
    assert not (filled.root.parent / "out.rst").exists()


@pytest.fixture
def away(filled: Tree, tmp_path: Path) -> Tree:
    """A clone of the filled repository without a working copy; the original takes pushes."""
    if filled.kind == "git":
        filled.run("checkout", "-q", "--detach")
    return clone(filled, tmp_path / "clone")


def test_what_is_published_is_in_the_original_and_what_is_new_there_is_fetched(
    filled: Tree, away: Tree
) -> None:
    mine, ref = away.open(), "" if filled.kind == "hg" else "main"
    node = mine.commit(mine.head(ref), "b.rst", b"mine\n", user=BOB, message="Mine")
    mine.publish(node, user="bob", ref=ref)
    central = filled.open()
    name = "default" if filled.kind == "hg" else "main"
    assert central.head(name) == node
    other = central.commit(node, "b.rst", b"theirs\n", user=ALICE, message="Theirs")
    if filled.kind == "git":
        filled.run("update-ref", "refs/heads/main", other)
    mine.update()
    assert mine.head(name) == other


def test_a_change_that_comes_too_late_is_told_apart_and_forgotten(filled: Tree, away: Tree) -> None:
    mine, name = away.open(), "default" if filled.kind == "hg" else "main"
    base = mine.head(name)
    filled.update(base)
    filled.write("b.rst", "theirs\n")
    theirs = filled.commit("Theirs")
    if filled.kind == "git":
        filled.run("update-ref", "refs/heads/main", theirs)
    late = mine.commit(base, "b.rst", b"mine\n", user=BOB, message="Mine")
    with pytest.raises(OvertakenError):
        mine.publish(late, user="bob", ref="" if filled.kind == "hg" else "main")
    mine.update()
    assert mine.head(name) == theirs


def test_the_words_of_a_gate_that_refuses_reach_who_publishes(
    filled: Tree, tmp_path: Path, away: Tree
) -> None:
    gate = tmp_path / "gate"
    gate.write_text('#!/bin/sh\necho "docs: b.rst:1: WARNING: a lie" >&2\nexit 1\n')
    gate.chmod(0o755)
    if filled.kind == "hg":
        (filled.root / ".hg" / "hgrc").write_text(f"[hooks]\npretxnclose.gate = {gate}\n")
    else:
        (filled.root / ".git" / "hooks" / "pre-receive").write_bytes(gate.read_bytes())
        (filled.root / ".git" / "hooks" / "pre-receive").chmod(0o755)
    mine = away.open()
    before = mine.head("default" if filled.kind == "hg" else "main")
    node = mine.commit(before, "b.rst", b"lie\n", user=BOB, message="Lie")
    with pytest.raises(RefusedError, match="a lie") as told:
        mine.publish(node, user="bob", ref="" if filled.kind == "hg" else "main")
    assert any("b.rst:1: WARNING: a lie" in line for line in told.value.lines)
    assert mine.head("default" if filled.kind == "hg" else "main") == before


def test_a_command_server_that_dies_is_started_again(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree", "hg")
    tree.write("a", "b")
    node = tree.commit("first")
    found = tree.open()
    assert found.cat(node, "a") == b"b"
    found.close()
    assert found.cat(node, "a") == b"b"


def test_a_shallow_clone_says_so(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree", "git")
    for text in ("a", "b"):
        tree.write("a", text)
        tree.commit(text)
    tree.run("clone", "-q", "--depth", "1", f"file://{tree.root}", str(tmp_path / "shallow"))
    assert Tree(root=tmp_path / "shallow", kind="git").open().shallow
    assert not tree.open().shallow


def test_the_tests_ask_the_mercurial_of_the_environment() -> None:
    assert Path(HG).is_file()
