"""The spelling of the sources: what codespell finds in them, under the tree's own settings.

Owns how codespell is started and its output read. Must not know words.
"""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from honestdocs.contract.finding import Check, Finding, Fix, Ruling
from honestdocs.contract.place import Place
from honestdocs.prose.errors import ProseError
from honestdocs.prose.source import Source, rule_on

RULE = "misspelling"
SECONDS = 300
CLEAN, MISSPELLED = 0, 65
"""Exit statuses of codespell that are no complaint about how it was run (``EX_DATAERR``)."""

INI_FILES = ("setup.cfg", ".codespellrc")
TOML_FILE = "pyproject.toml"
UNWANTED = frozenset(
    """
    write-changes interactive count summary context before-context after-context enable-colors
    check-filenames stdin-single-line files
    """.split()
)
"""Settings that would have codespell write, ask or print otherwise: not what a check is for."""

_QUIET = ("--quiet-level", "35", "--disable-colors")
_LINE = re.compile(r"^(?P<file>.+?):(?P<line>\d+): (?P<wrong>.+?) ==> (?P<right>.+)$")


def check_spelling(sources: Sequence[Source], folder: Path) -> tuple[Ruling, ...]:
    """A ruling for each file; ``folder`` is that of the sources, where the search for settings
    begins, upwards.

    Raises ProseError where codespell is missing or refuses its settings.
    """
    home = find_settings(folder)
    inside = folder.resolve().relative_to(home)
    names = {str(inside / source.name): source for source in sources}
    said = _run(home, list(names)) if names else ""
    words: dict[str, list[tuple[int, str, str]]] = {name: [] for name in names}
    for found in map(_LINE.match, said.splitlines()):
        if found is not None and found["file"] in words:
            words[found["file"]].append((int(found["line"]), found["wrong"], found["right"]))
    return tuple(
        rule_on(Check.SPELLING, source, _findings(source, words[name]))
        for name, source in names.items()
    )


def find_settings(folder: Path) -> Path:
    """The nearest folder from ``folder`` upwards that has settings for codespell, and where
    there is none ``folder`` itself; the search ends at the root of a repository.
    """
    start = folder.resolve()
    for here in (start, *start.parents):
        if next(_settings(here), None) is not None:
            return here
        if (here / ".hg").exists() or (here / ".git").exists():
            break
    return start


def _settings(folder: Path) -> Iterator[dict[str, object]]:
    """What the files of a folder say to codespell, in the order in which it reads them.

    Files that cannot be understood are left for codespell to refuse.
    """
    try:
        data = tomllib.loads((folder / TOML_FILE).read_text("utf-8"))
        found = data.get("tool", {}).get("codespell")
        if isinstance(found, dict):
            yield found
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        pass
    for name in INI_FILES:
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read(folder / name, "utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        if parser.has_section("codespell"):
            yield dict(parser["codespell"])


def _run(home: Path, names: Sequence[str]) -> str:
    """What codespell prints of some files, named from the folder of its settings."""
    if not any(UNWANTED & set(one) for one in _settings(home)):
        return _ask(home, names)
    with TemporaryDirectory(prefix="honestdocs-") as folder:
        _stand_in(home, Path(folder))
        return _ask(Path(folder), names)


def _stand_in(home: Path, folder: Path) -> None:
    """Makes a folder that is ``home`` but for the settings that a check does not want."""
    for entry in home.iterdir():
        if entry.name not in {*INI_FILES, TOML_FILE}:
            (folder / entry.name).symlink_to(entry)
    wanted = configparser.ConfigParser(interpolation=None)
    for settings in _settings(home):
        kept = {name: value for name, value in settings.items() if name not in UNWANTED}
        wanted.read_dict({"codespell": {n: _ini(v) for n, v in kept.items() if v is not False}})
    with (folder / ".codespellrc").open("w", encoding="utf-8") as file:
        wanted.write(file)


def _ini(value: object) -> str:
    if value is True:
        return ""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _ask(folder: Path, names: Sequence[str]) -> str:
    command = [sys.executable, "-m", "codespell_lib", *_QUIET, "--", *names]
    done = subprocess.run(  # noqa: S603 - our own interpreter, and names after --
        command,
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=SECONDS,
        check=False,
    )
    if done.returncode in {CLEAN, MISSPELLED}:
        return done.stdout
    if "No module named" in done.stderr:
        said = "the check of spelling needs codespell: pip install 'honestdocs[style]'"
        raise ProseError(said)
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    told = next((line for line in lines if "error" in line.lower()), (lines or ["nothing"])[-1])
    raise ProseError(f"codespell refuses its settings in {folder}: {told}")


def _findings(source: Source, words: Sequence[tuple[int, str, str]]) -> Iterator[Finding]:
    lines = source.lines()
    seen: Counter[tuple[int, str]] = Counter()
    for number, wrong, right in words:
        text = lines[number - 1] if 0 < number <= len(lines) else ""
        column = _column(text, wrong, seen[number, wrong])
        seen[number, wrong] += 1
        yield _finding(source.name, number, column, wrong, right)


def _finding(name: str, number: int, column: int | None, wrong: str, right: str) -> Finding:
    choice, _, why = right.partition(" | ")
    single = "," not in choice
    fix = None
    if single and not why and column is not None:
        fix = Fix(line=number, column=column, removed=wrong, inserted=choice)
    return Finding(
        check=Check.SPELLING,
        rule=RULE,
        message=f"{wrong!r} is misspelled" + (f" ({why})" if why else ""),
        place=Place(name, number),
        subject=wrong,
        column=column,
        end_column=column + len(wrong) if column is not None else None,
        advice=f"write {choice if single else 'one of ' + choice.rstrip(', ')}",
        fix=fix,
    )


def _column(text: str, word: str, earlier: int) -> int | None:
    """Where a word stands in a line, counted from 1, when so many of it stand before."""
    found = [m.start() + 1 for m in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text)]
    return found[earlier] if earlier < len(found) else None
