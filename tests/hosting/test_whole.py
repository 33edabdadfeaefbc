"""From a bundle of a real history to a hosted site, and on, as administrator and developer."""

from __future__ import annotations

from pathlib import Path
from urllib.request import urlopen

import pytest

from functional.command import FACT, page
from hosting.hosted import Clone, Hosted, add_user, honestdocs, run, serving, with_login
from servers.items import serving_items
from servers.mercurial import HG

BUNDLE = Path(__file__).parents[3] / "shared" / "corpora" / "mozilla-services-docs.hg"
PASSWORD = "correct-horse-battery"
HEAD = "f8a15bd4df1c"
"""The newest of the bundle's heads by its date; its tip is a side line."""


@pytest.mark.slow
@pytest.mark.skipif(not BUNDLE.is_file(), reason=f"the history of real pages is not at {BUNDLE}")
def test_a_real_history_is_hosted_changed_checked_and_rolled_back(tmp_path: Path) -> None:
    done = honestdocs(tmp_path, "host", "init", "docs", "--from", str(BUNDLE))
    assert done.status == 0, done.out
    hosted = Hosted(root=tmp_path / "docs")
    assert hosted.served() == HEAD
    again = honestdocs(tmp_path, "host", "init", "docs")
    assert again.status == 0, again.out
    assert "is published already" in again.out
    with serving_items() as items:
        conf = hosted.home / "server" / "source" / "conf.py"
        services = {"items": {"url": items.url, "pages": ["facts"]}}
        conf.write_text(f"{conf.read_text()}\nhonestdocs_services = {services!r}\n", "utf-8")
        assert honestdocs(tmp_path, "host", "build", "docs").status == 0
        assert add_user(hosted, "alice", PASSWORD).status == 0
        with serving(hosted, "--plain-push") as url:
            _work(hosted, url, tmp_path)


def _work(hosted: Hosted, url: str, folder: Path) -> None:
    login = with_login(url, "alice", PASSWORD) + "/hg"
    done = run([HG, "clone", "-q", "-r", HEAD, f"{url}/hg", "clone"], folder)
    assert done.status == 0, done.out
    clone = Clone(root=folder / "clone")
    index = (clone.root / "source" / "index.rst").read_text("utf-8")
    listed = index.replace("   glossary\n", "   glossary\n   facts\n")
    good = clone.commit({"source/facts.rst": page("Facts", FACT), "source/index.rst": listed})
    said = clone.push(login)
    assert said.status == 0, said.out
    assert "1 example run" in said.out
    with urlopen(f"{url}/facts.html", timeout=30) as answer:  # noqa: S310 - a server of this test
        text = answer.read().decode()
    assert "honestdocs-passed" in text
    assert f'href="/hg/rev/{good[:12]}"' in text
    with urlopen(f"{url}/hg/rev/{good[:12]}", timeout=30) as answer:  # noqa: S310 - as above
        assert answer.status == 200
    lie = page("Facts", FACT.replace("X-Rank: high\n\n", "X-Rank: low\n\n"))
    line = 1 + lie.splitlines().index("      X-Rank: low")
    clone.commit({"source/facts.rst": lie})
    refused = clone.push(login)
    assert refused.status != 0
    assert f"remote: docs: source/facts.rst:{line}: " in refused.out, refused.out
    assert hosted.served() == good[:12]
    back = honestdocs(folder, "host", "rollback", "docs")
    assert back.status == 0, back.out
    assert hosted.served() == HEAD
    status = honestdocs(folder, "host", "status", "docs").out
    assert f"accepted   {good[:12]}" in status
    assert f"served     {HEAD}" in status
    unknown = honestdocs(folder, "host", "rollback", "docs", "123456789abc")
    assert unknown.status == 2
    assert "kept are" in unknown.out


def test_hosting_is_undone_and_the_history_stays(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "index.rst").write_text("Start\n=====\n\nWords.\n")
    done = honestdocs(tmp_path, "host", "init", "tree")
    assert done.status == 0, done.out
    hosted = Hosted(root=tree)
    assert "Words." in hosted.page("index")
    node = hosted.tip()
    undone = honestdocs(tmp_path, "host", "init", "tree", "--undo")
    assert undone.status == 0, undone.out
    assert not hosted.home.exists()
    assert not (tree / ".hg" / "hgrc").exists()
    assert hosted.tip() == node
    assert (tree / "index.rst").is_file()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("host", "status", "nowhere"), "nowhere: is not hosted; make it so with"),
        (("host", "init", "nowhere"), "nowhere: nothing to host there"),
        (("host", "init", "new", "--from", "nowhere"), "nowhere: no such tree"),
    ],
)
def test_what_cannot_be_hosted_is_told_in_one_line(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = honestdocs(tmp_path, *words)
    assert done.status == 2
    assert told in done.out
    assert len(done.out.splitlines()) == 1
