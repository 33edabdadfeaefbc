"""``honestdocs blame``: since when an example fails, from real checks of a real repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from functional.command import FACT, check, honestdocs, page, surroundings, write_tree
from servers.items import ItemServer

HG = Path(sys.executable).with_name("hg")


def hg(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [HG, *words],
        cwd=folder,
        env=surroundings(HGRCPATH="", HGUSER="Ann", HGPLAIN="1"),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def committed(folder: Path, text: str) -> str:
    """The short id of a changeset with a text of the page."""
    write_tree(folder / "docs", {"index": page("Facts", text)})
    hg(folder, "commit", "-A", "-m", "said", "docs")
    return hg(folder, "log", "-r", ".", "-T", "{node|short}")


def test_a_lie_is_blamed_on_the_changeset_or_the_version_it_began_with(
    tmp_path: Path, service: ItemServer
) -> None:
    hg(tmp_path, "init")
    true = committed(tmp_path, FACT)
    assert check(tmp_path, "--url", service.url).status == 0
    words = ("blame", "docs", "--build-dir", "state")
    assert "Nothing to blame" in honestdocs(tmp_path, *words).out
    false = committed(tmp_path, FACT.replace('"answer": 42', '"answer": 41'))
    ended = check(tmp_path, "--url", service.url)
    (blame,) = [one["blame"] for one in ended.failed]
    assert blame["changed"] == "the documentation"
    assert blame["first_failed"]["docs_changeset"] == false
    assert blame["last_passed"]["docs_changeset"] == true
    told = " ".join(ended.out.split())
    assert "; changed in between: the documentation" in told
    assert f"changeset {false}, service version 1.0.0" in told, told
    ended = honestdocs(tmp_path, *words, "index")
    assert ended.status == 1, ended.err
    assert f"changeset {false}, service version 1.0.0" in ended.out
    assert f"changeset {true}, service version 1.0.0" in ended.out
    assert "changed       the documentation\n" in ended.out
    committed(tmp_path, FACT)
    assert check(tmp_path, "--url", service.url).status == 0
    service.items.version = "2.0.0"
    service.items.fact = service.items.fact | {"answer": 43}
    assert check(tmp_path, "--url", service.url).status == 1
    ended = honestdocs(tmp_path, *words)
    assert "service version 2.0.0" in ended.out
    assert "changed       the service\n" in ended.out
