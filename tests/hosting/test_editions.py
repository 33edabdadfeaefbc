"""Versions of tags and named branches, and previews of drafts, beside the site."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from hosting.hosted import PAGES, Clone, Hosted, add_user, host, run, serving, with_login
from servers.mercurial import HG

PASSWORD = "correct-horse-battery"
FIRST = PAGES["source/first.rst"]
DRAFT = "--config=phases.publish=no"


@pytest.fixture(scope="module")
def module_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hosted, str]]:
    hosted = host(tmp_path_factory.mktemp("host"), PAGES)
    assert add_user(hosted, "alice", PASSWORD).status == 0
    with serving(hosted, "--plain-push") as url:
        yield hosted, url


@pytest.fixture
def hosted(module_served: tuple[Hosted, str]) -> Hosted:
    return module_served[0]


@pytest.fixture
def url(module_served: tuple[Hosted, str]) -> str:
    return module_served[1]


@pytest.fixture
def clone(hosted: Hosted, tmp_path: Path) -> Clone:
    return hosted.clone(tmp_path / "clone")


def wait(happened: Callable[[], bool]) -> bool:
    """Whether something happens within a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.1)
    return False


def get(url: str) -> str:
    with urlopen(url, timeout=30) as answer:  # noqa: S310 - a server of this test
        text: str = answer.read().decode()
    return text


def test_a_tag_becomes_a_version_that_says_it_is_an_old_one(
    hosted: Hosted, clone: Clone, url: str
) -> None:
    clone.commit({"source/first.rst": FIRST + "\nAs it was.\n"})
    clone.ask("tag", "v1.0", "-u", "alice")
    clone.ask("tag", "not-a-version", "-u", "alice")
    clone.commit({"source/first.rst": FIRST + "\nAs it is.\n"})
    said = clone.push()
    assert said.status == 0, said.out
    assert wait((hosted.home / "versions" / "v1.0" / "current").exists)
    assert not (hosted.home / "versions" / "not-a-version").exists()
    old, new = get(f"{url}/versions/v1.0/first.html"), get(f"{url}/first.html")
    assert "As it was." in old
    assert "This is version v1.0, not the current documentation." in old
    assert 'href="../../first.html"' in old
    assert "As it is." in new
    assert "not the current documentation" not in new
    expected = {"name": "v1.0", "kind": "tag", "url": "versions/v1.0/"}
    assert wait(lambda: expected in json.loads(get(f"{url}/versions.json"))["versions"])


def test_a_named_branch_is_a_version_with_a_gate_of_its_own_until_it_is_closed(
    hosted: Hosted, clone: Clone
) -> None:
    served = hosted.served()
    clone.ask("branch", "2.x")
    node = clone.commit({"source/first.rst": FIRST + "\nOf the second line.\n"})
    said = clone.push("--new-branch")
    assert said.status == 0, said.out
    page = hosted.home / "versions" / "2.x" / "current" / "first.html"
    assert "Of the second line." in page.read_text("utf-8")
    assert page.parent.resolve().name == node[:12]
    assert hosted.served() == served
    clone.commit({"source/first.rst": FIRST + "\n:ref:`nowhere`\n"})
    refused = clone.push()
    assert refused.status != 0
    assert "docs: source/first.rst:8: undefined label: 'nowhere' [ref.ref]" in refused.docs
    clone.ask("debugstrip", "--no-backup", "-q", ".")
    clone.ask("commit", "--close-branch", "-m", "No more", "-u", "alice")
    assert clone.push().status == 0
    assert wait(lambda: not (hosted.home / "versions" / "2.x").exists())


def test_a_draft_has_a_preview_until_it_is_published(
    hosted: Hosted, clone: Clone, url: str
) -> None:
    served = hosted.served()
    node = clone.commit({"source/first.rst": FIRST + "\nOnly a draft.\n"})
    assert clone.push(DRAFT).status == 0
    preview = hosted.home / "previews" / f"draft-{node[:12]}"
    assert wait((preview / "current").exists)
    text = get(f"{url}/previews/draft-{node[:12]}/first.html")
    assert "Only a draft." in text
    assert "This is a draft" in text
    assert hosted.served() == served
    assert "proven and published" in clone.push().out
    assert hosted.served() == node[:12]
    assert wait(lambda: not preview.exists())


def test_a_draft_that_takes_in_a_file_of_the_server_has_no_preview(
    hosted: Hosted, clone: Clone
) -> None:
    away = "../" * 20 + "etc/passwd"
    node = clone.commit({"source/first.rst": f"{FIRST}\n.. include:: {away}\n"})
    assert clone.push(DRAFT).status == 0
    log = hosted.home / "builder.log"
    told = f"docs: previews/draft-{node[:12]} could not be built: source/first.rst: reads "
    assert wait(lambda: told in log.read_text("utf-8"))
    assert not (hosted.home / "previews" / f"draft-{node[:12]}" / "current").exists()


def test_a_topic_has_a_preview_that_follows_its_changes(
    hosted: Hosted, url: str, tmp_path: Path
) -> None:
    login = with_login(url, "alice", PASSWORD) + "/hg"
    done = run([HG, "clone", "-q", f"{url}/hg", str(tmp_path / "topic")], tmp_path)
    assert done.status == 0, done.out
    clone = Clone(root=tmp_path / "topic")
    (clone.root / ".hg" / "hgrc").write_text("[extensions]\nevolve =\ntopic =\n")
    served = hosted.served()
    clone.hg("topics", "better-words")
    clone.write("source/first.rst", FIRST + "\nThe first words.\n")
    assert clone.hg("commit", "-m", "Change", "-u", "alice").status == 0
    said = clone.push(login)
    assert said.status == 0, said.out
    assert not said.docs
    page = hosted.home / "previews" / "better-words" / "current" / "first.html"
    assert wait(page.exists)
    assert "The first words." in page.read_text("utf-8")
    clone.write("source/first.rst", FIRST + "\nThe better words.\n")
    clone.hg("amend", "-u", "alice")
    assert clone.push(login).status == 0
    assert wait(lambda: "The better words." in page.read_text("utf-8"))
    assert hosted.served() == served
    published = clone.push("--publish", "-r", ".", login)
    assert "remote: docs: proven and published" in published.out
    assert wait(lambda: not page.parent.parent.exists())
    assert "The better words." in hosted.page("first")
