"""Workflow commands, read as GitHub's runner reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from honestdocs.contract.finding import Check, Finding, Ruling
from honestdocs.contract.outcome import Outcome
from honestdocs.contract.place import Place
from honestdocs.verification.report import Report, Sources
from honestdocs.verification.report.github import render_github


@dataclass
class Command:
    name: str
    values: dict[str, str]
    message: str


def parse(line: str) -> Command:
    """One command: ``::name key=value,key=value::message``, then percent codes, %25 last."""
    found = re.fullmatch(r"::(\w+)(?: ([^:]*))?::(.*)", line)
    assert found, line
    pairs = (pair.split("=", 1) for pair in (found[2] or "").split(","))
    return Command(found[1], {key: plain(value) for key, value in pairs}, plain(found[3]))


def plain(text: str) -> str:
    codes = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
    for code, char in codes.items():
        text = text.replace(code, char)
    return text


def test_every_failure_is_an_error_at_its_line_and_warnings_come_last(
    report: Report, sources: Sources
) -> None:
    commands = [parse(line) for line in render_github(report, sources).splitlines()]
    assert [c.name for c in commands] == ["error"] * (len(commands) - 1) + ["warning"]
    (value,) = [c for c in commands if c.values["title"] == "honestdocs examples/value"]
    assert value.values["file"] == "docs/api/articles.rst"
    line = (sources("api/articles.rst") or ())[int(value.values["line"]) - 1]
    columns = slice(int(value.values["col"]) - 1, int(value.values["endColumn"]) - 1)
    assert line[columns] == '"On telling the truth"'
    assert value.message.endswith('\nfix: document "On telling lies"')


def test_no_text_can_end_its_command_or_begin_another(sources: Sources) -> None:
    nasty = "100%\r\n::error::x, y: z %0A"
    finding = Finding(
        check=Check.STYLE, rule="r", message=nasty, place=Place("a,b:c.rst", 3), subject="s"
    )
    ruling = Ruling(
        check=Check.STYLE,
        page="a",
        name="style",
        place=Place("a,b:c.rst"),
        outcome=Outcome.FAILED,
        findings=(finding,),
    )
    (line,) = render_github(Report(rulings=(ruling,)), sources).splitlines()
    command = parse(line)
    assert (command.message, command.values["file"]) == (nasty, "a,b:c.rst")
    accepted = replace(ruling, findings=(replace(finding, accepted="until tomorrow"),))
    assert not render_github(Report(rulings=(accepted,)), sources)
