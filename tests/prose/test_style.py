"""What sphinx-lint finds becomes rulings on files, under the rules that a tree names."""

from __future__ import annotations

from pathlib import Path

import pytest

from honestdocs.contract.finding import Ruling
from honestdocs.contract.outcome import Outcome
from honestdocs.prose.errors import ProseError
from honestdocs.prose.source import find_sources
from honestdocs.prose.style import Rules, check_style, load_rules

PAGE = "Title\n=====\n\nSome text.  \n\nA :ref:`role`that runs on.\n"
SETTINGS = "[tool.honestdocs.style]\n"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.rst").write_text(text, "utf-8")
    return folder


def ruled(folder: Path, rules: Rules | None = None) -> tuple[Ruling, ...]:
    names = [path.name for path in folder.glob("*.rst")]
    return check_style(find_sources(folder, names), rules or Rules())


def test_each_file_has_a_ruling_and_each_flaw_its_line_and_rule(tmp_path: Path) -> None:
    good, bad = ruled(write(tmp_path, bad=PAGE, a="Title\n=====\n"))
    assert (good.page, good.outcome, good.findings) == ("a", Outcome.PASSED, ())
    assert bad.outcome is Outcome.FAILED
    told = [(finding.rule, finding.place.line) for finding in bad.findings]
    assert told == [("trailing-whitespace", 4), ("missing-space-after-role", 6)]


def test_white_space_at_the_end_of_a_line_has_an_exact_mend(tmp_path: Path) -> None:
    (ruling,) = ruled(write(tmp_path, bad=PAGE))
    fix = ruling.findings[0].fix
    assert fix is not None
    line = PAGE.split("\n")[fix.line - 1]
    assert line[: fix.column - 1] + fix.inserted + line[fix.end_column - 1 :] == "Some text."


def test_rules_are_switched_on_and_off(tmp_path: Path) -> None:
    write(tmp_path, bad=PAGE)
    (ruling,) = ruled(tmp_path, Rules(disable=("trailing-whitespace",)))
    assert [finding.rule for finding in ruling.findings] == ["missing-space-after-role"]
    (ruling,) = ruled(tmp_path, Rules(enable=("line-too-long",), max_line_length=10))
    assert "line-too-long" in {finding.rule for finding in ruling.findings}
    with pytest.raises(ProseError, match="sphinx-lint has no rule 'typos'"):
        ruled(tmp_path, Rules(enable=("typos",)))


def test_the_tree_names_its_rules_in_the_nearest_pyproject(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    assert load_rules(docs) == Rules()
    (tmp_path / "pyproject.toml").write_text(f'{SETTINGS}disable = ["horizontal-tab"]\n', "utf-8")
    assert load_rules(docs) == Rules(disable=("horizontal-tab",))
    (docs / ".git").mkdir()
    assert load_rules(docs) == Rules()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("disable = 3", "disable is 3; write a list of names of rules"),
        ("max-line-length = 0", "max-line-length is 0, no number above 0"),
        ("off = []", "unknown key 'off'"),
        ("enable = [", "cannot be read"),
    ],
)
def test_wrong_settings_are_told_with_their_place(tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"{SETTINGS}{line}\n", "utf-8")
    with pytest.raises(ProseError, match=r"pyproject\.toml: ") as refused:
        load_rules(tmp_path)
    assert told in str(refused.value)


def test_a_file_that_is_no_utf_8_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "old.rst").write_bytes("Ärger\n".encode("latin-1"))
    (ruling,) = ruled(tmp_path)
    assert [finding.rule for finding in ruling.findings] == ["unreadable"]
    assert "cannot decode as UTF-8" in ruling.findings[0].message
