"""What codespell finds becomes rulings on files, under the settings that a tree has for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from honestdocs.contract.finding import Finding
from honestdocs.contract.outcome import Outcome
from honestdocs.prose.errors import ProseError
from honestdocs.prose.source import find_sources
from honestdocs.prose.spelling import check_spelling, find_settings

PAGE = "Title\n=====\n\nRead teh guide, and teh rest; it is ot hard.\n"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "index.rst").write_text(PAGE, "utf-8")
    (folder / "good.rst").write_text("All is well.\n", "utf-8")
    return folder


def findings(docs: Path) -> tuple[Finding, ...]:
    good, bad = check_spelling(find_sources(docs, ["index.rst", "good.rst", "data.json"]), docs)
    assert (good.page, good.outcome) == ("good", Outcome.PASSED)
    return bad.findings


def test_each_word_is_found_where_it_stands_and_mended_where_there_is_one_mend(docs: Path) -> None:
    one, other, third = findings(docs)
    line = PAGE.split("\n")[3]
    assert [f.place.line for f in (one, other, third)] == [4, 4, 4]
    assert [line[(f.column or 0) - 1 : (f.end_column or 0) - 1] for f in (one, other)] == [
        "teh"
    ] * 2
    assert one.column != other.column
    assert one.fix is not None
    assert (one.fix.inserted, one.advice) == ("the", "write the")
    assert third.fix is None
    assert third.advice.startswith("write one of to, of")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".codespellrc", "[codespell]\nignore-words-list = teh,ot\n"),
        ("setup.cfg", "[codespell]\nignore-words = words.txt\n"),
        ("pyproject.toml", '[tool.codespell]\nignore-words-list = ["teh", "ot"]\n'),
        ("pyproject.toml", '[tool.codespell]\nskip = "docs/index.rst"\n'),
    ],
)
def test_the_settings_of_the_tree_are_honoured(docs: Path, name: str, text: str) -> None:
    (docs.parent / name).write_text(text, "utf-8")
    (docs.parent / "words.txt").write_text("teh\not\n", "utf-8")
    assert findings(docs) == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".codespellrc", "[codespell]\nwrite-changes =\nignore-words = words.txt\n"),
        ("setup.cfg", "[codespell]\ninteractive = 3\nignore-words-list = ot\n"),
        ("pyproject.toml", '[tool.codespell]\nwrite-changes = true\nignore-words-list = ["ot"]\n'),
        (".codespellrc", "[codespell]\ncount =\ncontext = 2\nsummary =\nignore-words-list = ot\n"),
    ],
)
def test_settings_that_write_ask_or_print_otherwise_are_left_out(
    docs: Path, name: str, text: str
) -> None:
    (docs.parent / name).write_text(text, "utf-8")
    (docs.parent / "words.txt").write_text("ot\n", "utf-8")
    assert [finding.subject for finding in findings(docs)] == ["teh", "teh"]
    assert (docs / "index.rst").read_text("utf-8") == PAGE


def test_settings_are_looked_for_up_to_the_root_of_the_repository(docs: Path) -> None:
    (docs.parent / ".codespellrc").write_text("[codespell]\n", "utf-8")
    assert find_settings(docs) == docs.parent.resolve()
    (docs / ".hg").mkdir()
    assert find_settings(docs) == docs.resolve()


def test_settings_that_codespell_refuses_are_one_error(docs: Path) -> None:
    (docs.parent / ".codespellrc").write_text("[codespell]\nignore-words = nowhere\n", "utf-8")
    with pytest.raises(ProseError, match=r"codespell refuses its settings in .*nowhere"):
        findings(docs)


def test_no_files_are_no_run(docs: Path) -> None:
    assert check_spelling((), docs) == ()
