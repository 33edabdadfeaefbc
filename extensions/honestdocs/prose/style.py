"""The style of the sources: what sphinx-lint finds in them.

Owns the translation of its findings. Must not know the rules themselves.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from honestdocs.contract.finding import Check, Finding, Fix, Ruling
from honestdocs.contract.place import Place
from honestdocs.prose.errors import ProseError
from honestdocs.prose.source import Source, rule_on

TRAILING = "trailing-whitespace"
"""The rule whose mend is certain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Which rules of sphinx-lint apply besides its own choice, which do not, and how many
    characters a line may have where ``line-too-long`` is enabled.
    """

    enable: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()
    max_line_length: int = 80


def load_rules(folder: Path) -> Rules:
    """The rules that ``[tool.honestdocs.style]`` of the nearest ``pyproject.toml`` names, from a
    folder upwards to the root of its repository: ``enable``, ``disable``, ``max-line-length``.

    Raises ProseError for a value that cannot be understood.
    """
    start = folder.resolve()
    for here in (start, *start.parents):
        path = here / "pyproject.toml"
        table = _table(path) if path.is_file() else None
        if table is not None:
            return _parse(table, f"{path}: [tool.honestdocs.style]")
        if (here / ".hg").exists() or (here / ".git").exists():
            break
    return Rules()


def _table(path: Path) -> object:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProseError(f"{path}: cannot be read: {error}") from None
    return data.get("tool", {}).get("honestdocs", {}).get("style")


def _parse(table: object, where: str) -> Rules:
    if not isinstance(table, dict):
        raise ProseError(f"{where} is no table")
    unknown = sorted(set(table) - {"enable", "disable", "max-line-length"})
    if unknown:
        raise ProseError(f"{where}: unknown key {unknown[0]!r}")
    names = {key: table.get(key, []) for key in ("enable", "disable")}
    for key, value in names.items():
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise ProseError(f"{where}: {key} is {value!r}; write a list of names of rules")
    length = table.get("max-line-length", Rules().max_line_length)
    if not isinstance(length, int) or isinstance(length, bool) or length < 1:
        raise ProseError(f"{where}: max-line-length is {length!r}, no number above 0")
    return Rules(
        enable=tuple(names["enable"]), disable=tuple(names["disable"]), max_line_length=length
    )


def check_style(sources: Sequence[Source], rules: Rules) -> tuple[Ruling, ...]:
    """A ruling for each file. Raises ProseError where sphinx-lint is missing, or knows no such
    rule.
    """
    try:
        from sphinxlint.sphinxlint import CheckersOptions  # noqa: PLC0415 - an extra
    except ImportError as error:
        said = "the check of style needs sphinx-lint: pip install 'honestdocs[style]'"
        raise ProseError(said) from error
    checkers = _checkers(rules)
    options = CheckersOptions()
    options.max_line_length = rules.max_line_length
    return tuple(
        rule_on(Check.STYLE, source, _findings(source, checkers, options)) for source in sources
    )


def _checkers(rules: Rules) -> set[object]:
    from sphinxlint.checkers import all_checkers  # noqa: PLC0415 - an extra

    unknown = sorted({*rules.enable, *rules.disable} - {"all", *all_checkers})
    if unknown:
        known = ", ".join(sorted(all_checkers))
        raise ProseError(f"sphinx-lint has no rule {unknown[0]!r}; it has {known}")
    names = {name for name, checker in all_checkers.items() if checker.enabled}
    names = set(all_checkers) if "all" in rules.enable else names | set(rules.enable)
    return {all_checkers[name] for name in names - set(rules.disable)}


def _findings(source: Source, checkers: Iterable[object], options: object) -> Iterator[Finding]:
    from sphinxlint import check_file  # noqa: PLC0415 - an extra

    lines = source.lines()
    for error in check_file(str(source.path), checkers, options):
        if isinstance(error, str):
            yield _unreadable(source, error.removeprefix(f"{source.path}: "))
        else:
            yield _finding(source, lines, error.checker_name, error.line_no, error.msg)


def _finding(source: Source, lines: Sequence[str], rule: str, number: int, said: str) -> Finding:
    text = lines[number - 1] if 0 < number <= len(lines) else ""
    bare = text.rstrip()
    fix = None
    if rule == TRAILING and bare != text:
        fix = Fix(line=number, column=len(bare) + 1, removed=text[len(bare) :], inserted="")
    return Finding(
        check=Check.STYLE,
        rule=rule,
        message=said.strip(),
        place=Place(source.name, number or None),
        subject=text.strip(),
        column=fix.column if fix else None,
        end_column=fix.end_column if fix else None,
        advice="remove it" if fix else "",
        fix=fix,
    )


def _unreadable(source: Source, said: str) -> Finding:
    return Finding(
        check=Check.STYLE, rule="unreadable", message=said, place=Place(source.name), subject=""
    )
