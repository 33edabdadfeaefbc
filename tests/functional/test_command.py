"""The command and its reports: every way to start it, and every form it speaks in."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

import honestdocs.verification.report as report_package
from functional.command import FACT, Ended, honestdocs, page, run, write_tree
from servers.items import ItemServer

SCRIPTS = Path(sys.executable).parent
SCHEMA = Path(report_package.__file__).with_name("schema.json")
LYING = page("Facts", FACT.replace("apples", "pears"))
CONF = """extensions = ["sphinxcontrib.httpdomain", "honestdocs"]
honestdocs_services = {{"items": {{"url": "{url}", "title": "Items"}}}}
"""


@pytest.fixture
def own(tmp_path: Path, service: ItemServer) -> Path:
    """A tree of our own kind that lies once."""
    conf = CONF.format(url=service.url)
    return write_tree(tmp_path, {"conf.py": conf, "docs/conf.py": conf, "docs/index": LYING})


def lies(ended: Ended, at: str) -> None:
    line = LYING.split("\n").index('          "unit": "pears",') + 1
    assert ended.status == 1, ended.err
    assert f"{at}:{line}: values: /unit" in ended.out
    assert "0 proven, 1 lie, 0 not checked, 0 skipped" in ended.out


def test_the_script_of_the_environment_checks_the_tree_of_a_folder(own: Path) -> None:
    lies(run([str(SCRIPTS / "honestdocs"), "check", "docs"], own), "docs/index.rst")
    lies(run([str(SCRIPTS / "honestdocs"), "check"], own / "docs"), "index.rst")


def test_sphinx_build_checks_with_the_builder_called_verify(own: Path) -> None:
    words = [sys.executable, "-m", "sphinx", "-b", "verify", "-q", "docs", "out"]
    lies(run(words, own), "docs/index.rst")
    write_tree(own, {"docs/index": page("Facts", FACT)})
    proven = run(words, own)
    assert proven.status == 0, proven.err
    assert "1 proven, 0 lies" in proven.out
    assert not (own / "out" / "index.html").exists()


def test_a_build_proves_and_writes_pages_and_says_where(own: Path) -> None:
    ended = honestdocs(own / "docs", "build", "-j", "1")
    assert ended.status == 1
    assert "The documentation is in build/html/index.html" in ended.out
    assert "0 proven, 1 lie" in ended.out
    html = (own / "docs" / "build" / "html" / "index.html").read_text("utf-8")
    assert "Lies" in html
    write_tree(own, {"docs/index": page("Facts", FACT)})
    ended = honestdocs(own / "docs", "build", "-j", "1", "--output", "out/pages")
    assert ended.status == 0, ended.err
    assert "The documentation is in out/pages/index.html" in ended.out
    assert "Proven" in (own / "docs" / "out" / "pages" / "index.html").read_text("utf-8")


def test_the_report_as_json_alone_on_standard_output(own: Path) -> None:
    ended = honestdocs(own, "check", "docs", "--json", "-")
    assert ended.status == 1
    found = json.loads(ended.out)
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(found)
    assert found["summary"]["failed"] == 1
    (one,) = found["examples"]
    assert (one["file"], one["method"], one["target"]) == ("docs/index.rst", "GET", "/fact")
    assert one["mismatches"][0]["documented"] == '"pears"'


def test_the_report_as_junit_xml(own: Path) -> None:
    ended = honestdocs(own, "check", "docs", "--junit", "deep/junit.xml", "--quiet")
    assert (ended.status, ended.out, ended.err) == (1, "", "")
    suites = ET.parse(own / "deep" / "junit.xml").getroot()  # noqa: S314 - our own file
    assert suites.tag == "testsuites"
    assert suites.get("failures") == "1"
    (failure,) = suites.iter("failure")
    assert failure.get("type") == "values"


@pytest.mark.parametrize(
    ("words", "env", "colored"),
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_for_those_who_want_it(
    own: Path, words: tuple[str, ...], env: dict[str, str], *, colored: bool
) -> None:
    ended = honestdocs(own, "check", "docs", "--offline", *words, env=env)
    assert ("\x1b[" in ended.out) is colored


def test_a_narrow_terminal_and_plain_ascii_get_a_report(own: Path) -> None:
    env = {"COLUMNS": "50", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ended = honestdocs(own, "check", "docs", env=env)
    assert ended.status == 1, ended.err
    assert ended.out.isascii()
    assert max(map(len, ended.out.split("\n"))) <= 60


def test_help_tells_the_exit_statuses_without_loading_sphinx(tmp_path: Path) -> None:
    code = (
        "import sys; from honestdocs.cli import main\n"
        "try: main(['check', '--help'])\n"
        "finally: assert 'sphinx' not in sys.modules\n"
    )
    ended = run([sys.executable, "-c", code], tmp_path)
    assert ended.status == 0, ended.err
    assert "3  something could not be checked" in ended.out


def test_a_reader_that_leaves_early_is_no_crash(own: Path) -> None:
    words = f"{sys.executable} -m honestdocs check docs --json - | head -c 10"
    ended = run(["/bin/sh", "-c", words], own)
    assert len(ended.out) == 10
    assert "Traceback" not in ended.err
    assert "Exception" not in ended.err


def test_the_report_as_sarif_and_no_more_than_one_format_on_standard_output(own: Path) -> None:
    ended = honestdocs(own, "check", "docs", "--sarif", "-")
    assert ended.status == 1
    (result,) = json.loads(ended.out)["runs"][0]["results"]
    assert result["ruleId"] == "examples/value"
    ended = honestdocs(own, "check", "docs", "--sarif", "-", "--json", "-")
    assert ended.status == 2
    assert "--json - and --sarif -: standard output takes only one of them" in ended.err


def test_github_is_told_by_itself_from_the_root_of_its_workspace(own: Path) -> None:
    line = LYING.split("\n").index('          "unit": "pears",') + 1
    at = f"::error file=docs/index.rst,line={line},col=19,endColumn=26,title=honestdocs"
    assert at in honestdocs(own, "check", "docs", "--github", "--quiet").out
    env = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(own)}
    ended = honestdocs(own / "docs", "check", env=env)
    assert at in ended.out
    assert "0 proven, 1 lie" in ended.out
    assert "::error" not in honestdocs(own, "check", "docs", "--annotations", "none", env=env).out
    assert "::error" not in honestdocs(own, "check", "docs").out


def test_gitlab_and_tap_get_their_files(own: Path) -> None:
    env = {"CI_PROJECT_DIR": str(own)}
    words = ("--gitlab", "out/quality.json", "--tap", "out/report.tap", "--quiet")
    assert honestdocs(own / "docs", "check", *words, env=env).status == 1
    (issue,) = json.loads((own / "docs/out/quality.json").read_text("utf-8"))
    assert issue["location"]["path"] == "docs/index.rst"
    assert (own / "docs/out/report.tap").read_text("utf-8").startswith("TAP version 14\n1..1\n")
