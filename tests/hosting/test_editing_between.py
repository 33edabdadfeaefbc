"""What changed on a page between two published changesets, for whoever reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hosting.editor import Reader, plain
from hosting.hosted import CONF, PAGES, Clone, Hosted, add_user, host, serving

PASSWORD = "correct-horse-battery"
BASE = "/edit/-/difference"
SECOND = "source/second.rst"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hosted, str, Clone]]:
    folder = tmp_path_factory.mktemp("host")
    hosted = host(folder, PAGES, conf=CONF)
    assert add_user(hosted, "alice", PASSWORD).status == 0
    clone = hosted.clone(folder / "clone")
    with serving(hosted, "--plain-push") as url:
        yield hosted, url, clone


@pytest.fixture
def clone(served: tuple[Hosted, str, Clone]) -> Clone:
    return served[2]


@pytest.fixture
def reader(served: tuple[Hosted, str, Clone]) -> Reader:
    """Somebody who is signed in, and may ask as often as it takes."""
    found = Reader(url=served[1])
    found.sign_in("alice", PASSWORD)
    return found


def publish(clone: Clone, files: dict[str, str | None], message: str = "Change") -> str:
    node = clone.commit(files, message)
    said = clone.push()
    assert said.status == 0, said.out
    return node


def test_what_a_changeset_changed_is_shown_in_source_and_as_a_page(
    clone: Clone, reader: Reader
) -> None:
    old = clone.node()
    text = PAGES[SECOND].replace("It comes", "It <really> comes")
    new = publish(clone, {SECOND: text, "source/first.rst": PAGES["source/first.rst"]}, "Really")
    answer = reader.get(f"{BASE}/{SECOND}?to={new}")
    assert answer.status == 200
    told = plain(answer.text)
    assert f"From {old[:12]}" in told
    assert f"To {new[:12]}" in told
    assert "alice: Really" in told
    assert '<span class="sign">+</span>It &lt;really&gt; comes after' in answer.text
    shown = reader.get(answer.frames[0])
    assert "It<ins> &lt;really&gt;</ins> comes after" in shown.text
    assert "sandbox" in shown.headers["content-security-policy"]
    back = reader.get(f"{BASE}/{SECOND}?from={new}&to={old}")
    assert "It<del> &lt;really&gt;</del> comes" in reader.get(back.frames[0]).text


def test_a_page_that_had_another_name_is_found_and_a_new_one_is_all_new(
    clone: Clone, reader: Reader
) -> None:
    old = clone.node()
    assert clone.ask("rename", SECOND, "source/later.rst").status == 0
    index = PAGES["source/index.rst"].replace("second", "later")
    moved = publish(clone, {"source/index.rst": index}, "Rename")
    text = (clone.root / "source" / "later.rst").read_text("utf-8")
    new = publish(clone, {"source/later.rst": text.replace("after", "behind")}, "Behind")
    answer = reader.get(f"{BASE}/source/later.rst?from={old}&to={new}")
    assert answer.status == 200, answer.text
    assert "<del>after</del><ins>behind</ins>" in reader.get(answer.frames[0]).text
    gone = reader.get(f"{BASE}/{SECOND}?from={old}&to={moved}")
    assert (gone.status, gone.told) == (404, f"There is no {SECOND} at {moved[:12]}.")
    fresh = publish(
        clone,
        {
            "source/fresh.rst": "Fresh\n=====\n\nAll new.\n",
            "source/index.rst": index + "   fresh\n",
        },
    )
    shown = reader.get(reader.get(f"{BASE}/source/fresh.rst?to={fresh}").frames[0])
    assert "<ins>All new.</ins>" in shown.text


def test_what_is_no_page_is_told(clone: Clone, reader: Reader) -> None:
    node = publish(clone, {"notes.txt": "One.\n"})
    answer = reader.get(f"{BASE}/notes.txt?to={node}")
    assert answer.status == 200
    assert "This file is no page of its own." in answer.text


def test_only_what_is_published_can_be_asked_for(
    served: tuple[Hosted, str, Clone], reader: Reader, tmp_path: Path
) -> None:
    hosted, _, clone = served
    away = hosted.clone(tmp_path / "away")
    away.ask("update", "-q", "tip")
    draft = away.commit({"source/first.rst": PAGES["source/first.rst"] + "\nA draft.\n"})
    assert away.push("--config=phases.publish=no").status == 0
    told = f"No changeset {draft[:12]} is published here."
    for query in (f"to={draft}", f"from={draft}&to={clone.node()}"):
        answer = reader.get(f"{BASE}/source/first.rst?{query}")
        assert (answer.status, answer.told) == (404, told)
    for node in ("--config=x", "tip", "all()", "0" * 12):
        assert reader.get(f"{BASE}/source/first.rst?to={node}").status == 404
    assert reader.get(f"{BASE}/../../x?to={clone.node()}").status == 404
    first = hosted.ask("log", "-r", "0", "-T", "{node}")
    nothing = reader.get(f"{BASE}/source/first.rst?to={first}")
    assert (nothing.status, nothing.told) == (
        404,
        f"Nothing was published before {first[:12]}.",
    )


def test_somebody_unknown_has_a_few_built_a_minute_and_what_is_built_for_free(
    served: tuple[Hosted, str, Clone], clone: Clone
) -> None:
    stranger = Reader(url=served[1])
    address = f"{BASE}/source/first.rst?to={clone.node()}"
    shown = stranger.get(address)
    assert shown.status == 200
    assert stranger.get(shown.frames[0]).status == 200
    found = [stranger.get(f"{BASE}/source/none{n}.rst?to={clone.node()}").status for n in range(7)]
    assert found == [404] * 5 + [429] * 2
    limited = stranger.get(f"{BASE}/source/none.rst?to={clone.node()}")
    assert limited.told.startswith("Too many at a time: ask again in ")
    assert int(limited.headers["retry-after"]) > 0
    assert stranger.get(address).status == 200
