"""What a person got wrong: one clear message with the place and the mend, exit status 2."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from functional.command import FACT, ITEMS, Ended, check, honestdocs, page, write_tree
from servers.items import ItemServer

URL = "http://127.0.0.1:9"
OWN = """extensions = ["sphinxcontrib.httpdomain", "honestdocs"]
honestdocs_services = {services}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write_tree(tmp_path / "docs", {"index": page("Facts", FACT)})
    return tmp_path


def refused(ended: Ended, *told: str) -> None:
    """The command was refused with one message that tells these things."""
    assert ended.status == 2, ended.out + ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""
    for each in told:
        assert each in ended.err
    assert ended.err.count("honestdocs: ") <= 1


def configured(folder: Path, text: str) -> Ended:
    """A check with the services of a TOML file."""
    (folder / "services.toml").write_text(text, "utf-8")
    return check(folder, "--config", "services.toml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[services.a]\nurrl = "http://a"', "unknown setting 'urrl'; did you mean 'url'?"),
        ('[services.a]\nurl = "localhost:8000"', "'localhost:8000' is no http or https URL"),
        ('[services.a]\nurl = "http://a:99999"', "'http://a:99999' is no URL"),
        ('[services.a]\nurl = "http://a"\ncommand = "b"', "give either url or command, not both"),
        ('[services.a]\nurl = "http://a"\ntimeout = "slow"', "timeout must be a number"),
        ('[services.a]\nurl = "http://a"\npath = "v1"', "path must begin with a slash"),
        ("[services.a\n", "services.toml: is no TOML"),
        ("[service.a]\n", "unknown table 'service'; known are services and links"),
        ("", "declares no services"),
    ],
)
def test_a_wrong_configuration_is_told_with_its_place(tree: Path, text: str, told: str) -> None:
    refused(configured(tree, text), "services.toml", told)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--url", "localhost"), "--url 'localhost' is no http or https URL"),
        (("--url", URL, "--config", "a.toml"), "give either --url or --config, not both"),
        (("--config", "a.toml"), "a.toml: cannot be read: No such file"),
        (("--url", URL, "--setup", "a.http"), "--setup a.http: no such file"),
        (("--setup", "a.http"), "no conf.py and no service is declared; give --url BASE"),
        (("--url", URL, "--all", "--changed"), "give either --all or --changed, not both"),
        (("--url", URL, "--max-age", "soon"), "'soon' is no age; write it as in"),
        (("--url", URL, "--jobs", "0"), "'0' is no number of processes above 0"),
        (("--url", URL, "--colour"), "unrecognized arguments: --colour"),
    ],
)
def test_a_wrong_option_is_told(tree: Path, words: tuple[str, ...], told: str) -> None:
    refused(honestdocs(tree, "check", "docs", *words, "--build-dir", "state"), told)


@pytest.mark.parametrize("words", [("--url", URL), ()])
def test_a_missing_folder_is_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    refused(honestdocs(tmp_path, "check", "nowhere", *words), "nowhere: no such folder")


def test_a_folder_without_pages_is_told(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    refused(check(tmp_path, "--url", URL), "docs: holds no reStructuredText (.rst) files")


def test_no_command_at_all_shows_the_help(tmp_path: Path) -> None:
    ended = honestdocs(tmp_path)
    assert ended.status == 2
    assert "check" in ended.out
    assert "exit status:" in ended.out


def test_a_setup_file_that_says_nothing_known_is_told_at_its_line(tree: Path) -> None:
    (tree / "setup.http").write_text("### one\n\nmake me some items\n", "utf-8")
    ended = check(tree, "--url", URL, "--setup", "setup.http")
    refused(ended, "setup.http:3: not a request line: 'make me some items'; write 'GET /path'")


def test_a_setup_file_that_is_gone_is_told(tree: Path) -> None:
    ended = configured(tree, f'[services.a]\nurl = "{URL}"\nsetup = "gone.http"\n')
    refused(ended, "gone.http: cannot be read: No such file")


def test_a_variable_that_is_not_set_is_told(tree: Path) -> None:
    text = f"""[services.a]
url = "{URL}"
[services.a.credentials]
Authorization = "Bearer ${{ITEMS_TOKEN}}"
"""
    told = "service 'a': credentials 'Authorization' needs the environment variable ITEMS_TOKEN"
    refused(configured(tree, text), told, "not set")


def test_a_server_command_that_dies_shows_its_last_lines(tree: Path) -> None:
    code = "import sys; print('opening the shop'); sys.exit('no such database: shop')"
    ended = configured(tree, f"[services.a]\ncommand = ['{sys.executable}', '-c', \"{code}\"]\n")
    refused(ended, "ended with exit status 1", "  opening the shop", "  no such database: shop")


def test_a_server_command_that_is_not_there_is_told(tree: Path) -> None:
    ended = configured(tree, "[services.a]\ncommand = 'no-such-server --port {port}'\n")
    refused(ended, "'no-such-server' was not found")


def test_a_server_command_that_finds_its_port_in_use_shows_so(
    tree: Path, service: ItemServer
) -> None:
    port = service.server_port
    command = f"command = ['{sys.executable}', '{ITEMS}', '{port}']"
    ended = configured(tree, f"[services.a]\n{command}\n")
    assert ended.status == 2
    assert "ended with exit status 1 before it answered" in ended.err
    assert "Address already in use" in ended.err


def test_a_server_command_that_listens_elsewhere_is_told(tree: Path) -> None:
    command = f"command = ['{sys.executable}', '{ITEMS}', '0']"
    ended = configured(tree, f"[services.a]\n{command}\nready_timeout = 1\n")
    refused(ended, "was not ready within 1 s: GET http://127.0.0.1:", "  serving on http://")


def test_a_report_that_cannot_be_written_is_told(tree: Path, service: ItemServer) -> None:
    ended = honestdocs(
        tree, "check", "docs", "--url", service.url, "--build-dir", "state", "--json", "docs"
    )
    refused(ended, "docs: cannot be written: Is a directory")


def test_a_state_that_cannot_be_kept_is_told(tree: Path) -> None:
    (tree / "taken").write_text("", "utf-8")
    words = ("check", "docs", "--url", URL, "--build-dir", "taken/state")
    refused(honestdocs(tree, *words), "taken/state: cannot keep doctrees and outcomes there")


def test_an_operation_documented_twice_is_told_with_both_places(
    tmp_path: Path, service: ItemServer
) -> None:
    once = page("Once", ".. http:get:: /items/(id)\n")
    again = page("Again", ".. http:get:: /items/(name)\n\n   Again.\n")
    write_tree(tmp_path / "docs", {"index": page("F", FACT), "once": once, "again": again})
    ended = check(tmp_path, "--url", service.url)
    assert ended.status == 2
    named = ended.out.partition("Mistakes in the notation")[2]
    assert "docs/once.rst:4: operation: GET /items/(id) is documented twice" in named
    assert "here and at again.rst:4" in named
    assert ended.json["summary"]["exit_status"] == 2
    assert [one["usage"] for one in ended.json["lies"]] == [True]


def test_a_lie_counts_more_than_a_mistake(tmp_path: Path, service: ItemServer) -> None:
    twice = page("Twice", ".. http:get:: /items\n", ".. http:get:: /items\n")
    text = page("Facts", FACT.replace("apples", "pears"))
    write_tree(tmp_path / "docs", {"index": text, "twice": twice})
    ended = check(tmp_path, "--url", service.url)
    assert ended.status == 1
    assert "Mistakes in the notation" in ended.out


def test_a_comment_of_ours_that_says_nothing_known_is_told(
    tmp_path: Path, service: ItemServer
) -> None:
    text = page("Facts", FACT, ".. honestdocs: skipp it rains\n")
    write_tree(tmp_path / "docs", {"index": text})
    ended = check(tmp_path, "--url", service.url)
    assert ended.status == 2
    line = text.split("\n").index(".. honestdocs: skipp it rains") + 1
    assert f"docs/index.rst:{line}: parse: unknown mark 'skipp'" in ended.out


def test_an_unknown_service_in_a_panel_is_told_and_the_declared_ones_named(
    tmp_path: Path, service: ItemServer
) -> None:
    services = {"items": {"url": service.url}}
    text = page("Facts", FACT, ".. heartbeat:: itmes\n")
    write_tree(tmp_path, {"conf.py": OWN.format(services=services), "index": text})
    ended = honestdocs(tmp_path, "check", "-j", "1")
    assert ended.status == 2, ended.out
    line = text.split("\n").index(".. heartbeat:: itmes") + 1
    told = "unknown service 'itmes'; declared are: items"
    assert f"index.rst:{line}: operation: {told}" in ended.out
    built = honestdocs(tmp_path, "build", "-j", "1")
    assert built.status == 2, built.out
    assert told in built.err


def test_a_wrong_setting_in_conf_py_is_told(tmp_path: Path) -> None:
    conf = OWN.format(services={"items": {"urll": "http://a"}})
    write_tree(tmp_path, {"conf.py": conf, "index": page("Facts", FACT)})
    for command in ("check", "build"):
        ended = honestdocs(tmp_path, command)
        refused(ended, "conf.py: honestdocs_services: service 'items': unknown setting 'urll'")


def test_a_tree_that_does_not_load_the_extension_is_told(tmp_path: Path) -> None:
    write_tree(tmp_path, {"conf.py": "", "index": page("Index", "Nothing.")})
    for command in ("check", "build"):
        ended = honestdocs(tmp_path, command)
        refused(ended, "conf.py: the tree does not load our extension: add 'honestdocs'")


def test_building_without_a_configuration_is_told(tmp_path: Path) -> None:
    write_tree(tmp_path, {"index": page("Index", "Nothing.")})
    refused(honestdocs(tmp_path, "build"), "no conf.py here")


def test_a_conf_py_that_cannot_be_run_is_told(tmp_path: Path) -> None:
    write_tree(tmp_path, {"conf.py": "import nothing_like_it\n", "index": page("I", "N.")})
    ended = honestdocs(tmp_path, "check")
    assert ended.status == 2
    assert "nothing_like_it" in ended.err
