"""Settings from file, environment and command line, and what is said about wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncserver.__main__ import SECTIONS, ServerSettings, create_parser, load_layers, main
from syncserver.keyexchange import KeyExchangeSettings
from syncserver.settings import load_section

Text = pytest.CaptureFixture[str]


def load(
    *arguments: str, environment: dict[str, str] | None = None
) -> tuple[ServerSettings, KeyExchangeSettings]:
    layers = load_layers(create_parser().parse_args(arguments), environment or {})
    return (
        load_section("server", ServerSettings, layers),
        load_section("keyexchange", KeyExchangeSettings, layers),
    )


def write(folder: Path, text: str) -> str:
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    return str(path)


def test_without_a_word_the_documented_limits_hold() -> None:
    server, exchange = load()
    assert (server.host, server.port) == ("127.0.0.1", 8000)
    assert (exchange.ttl, exchange.max_gets, exchange.cid_len) == (300, 6, 4)
    assert (exchange.prefix, exchange.max_body) == ("/keyexchange", 65536)


def test_the_command_line_counts_before_the_environment_and_that_before_the_file(
    tmp_path: Path,
) -> None:
    name = write(tmp_path, "[server]\nport = 1\nhost = 'file'\n[keyexchange]\nttl = 10\n")
    environment = {"SYNCSERVER_PORT": "2", "SYNCSERVER_KEYEXCHANGE_TTL": "20"}
    server, exchange = load("--config", name, "--port", "3", environment=environment)
    assert (server.host, server.port, exchange.ttl) == ("file", 3, 20)
    server, _ = load("--config", name, environment=environment)
    assert server.port == 2


def test_port_of_the_platform_counts_unless_ours_is_set() -> None:
    assert load(environment={"PORT": "81"})[0].port == 81
    assert load(environment={"PORT": "81", "SYNCSERVER_PORT": "82"})[0].port == 82


def test_foreign_variables_are_none_of_our_business() -> None:
    assert load(environment={"SYNC": "x", "TTL": "x"})[1].ttl == 300


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[keyexchange]\nttl = 0", "keyexchange.ttl = 0 ("),
        ("[keyexchange]\nttl = '300'", "keyexchange.ttl = '300' ("),
        ("[keyexchange]\nttl = true", "keyexchange.ttl = True ("),
        ("[keyexchange]\nttl = 2.5", "keyexchange.ttl = 2.5 ("),
        ("[keyexchange]\nprefix = 'x/'", "keyexchange.prefix = 'x/' ("),
        ("[keyexchange]\nroot_redirect = '/x'", "keyexchange.root_redirect = '/x' ("),
        ("[server]\nport = 65536", "server.port = 65536 ("),
        ("[server]\nlog_level = 'loud'", "server.log_level = 'loud' ("),
        ("[keyexchange]\ntll = 3", "setting keyexchange.tll: unknown; did you mean ttl?"),
        ("[keyexchanges]\nttl = 3", "section keyexchanges: unknown; did you mean keyexchange?"),
        ("[zzz]\nttl = 3", "section zzz: unknown; known are server, database, "),
        ("server = 3", "server = 3: write it as [server]"),
        ("ttl = ", "not TOML"),
    ],
)
def test_a_wrong_file_ends_with_2_and_a_message_that_names_place_key_and_value(
    tmp_path: Path, capsys: Text, text: str, told: str
) -> None:
    name = write(tmp_path, text)
    assert main(["--config", name], {}) == 2
    message = capsys.readouterr().err
    assert told in message
    assert name in message
    assert message.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SYNCSERVER_PORT", "http", "server.port = 'http' (environment variable SYNCSERVER_PORT)"),
        ("PORT", "-1", "server.port = '-1' (environment variable PORT)"),
        ("SYNCSERVER_KEYEXCHANGE_TTL", "", "keyexchange.ttl = ''"),
        ("SYNCSERVER_KEYEXCHANGE_TLL", "1", "did you mean SYNCSERVER_KEYEXCHANGE_TTL?"),
    ],
)
def test_a_wrong_variable_ends_with_2_and_a_message_that_names_it(
    capsys: Text, name: str, value: str, told: str
) -> None:
    assert main([], {name: value}) == 2
    assert told in capsys.readouterr().err


def test_a_wrong_option_ends_with_2(capsys: Text) -> None:
    assert main(["--port", "65536"], {}) == 2
    assert "server.port = '65536' (--port)" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["--prot", "1"], {})


def test_a_missing_or_unreadable_file_ends_with_2(tmp_path: Path, capsys: Text) -> None:
    assert main(["--config", str(tmp_path / "none.toml")], {}) == 2
    assert "none.toml: cannot be read: " in capsys.readouterr().err
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    assert main(["--config", str(tmp_path / "binary.toml")], {}) == 2
    assert "binary.toml: cannot be read: " in capsys.readouterr().err


def test_a_host_that_is_none_ends_with_2(capsys: Text) -> None:
    assert main(["--host", "256.0.0.1", "--port", "0"], {}) == 2
    assert "cannot listen on 256.0.0.1 port 0: " in capsys.readouterr().err


def test_help_names_every_setting_with_its_variable(capsys: Text) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"], {})
    text = capsys.readouterr().out
    for section, kind in SECTIONS.items():
        assert f"[{section}]" in text
        for field in kind.__dataclass_fields__:
            assert f"  {field} = " in text
    assert "SYNCSERVER_KEYEXCHANGE_MAX_GETS" in text
    assert "SYNCSERVER_LOG_LEVEL" in text


def test_a_wrong_url_is_told_without_its_password(capsys: Text) -> None:
    assert main([], {"SYNCSERVER_DATABASE": "mysql://root:secret@localhost/x"}) == 2
    message = capsys.readouterr().err
    assert "server.database = 'mysql://***@localhost/x'" in message
    assert "secret" not in message


def test_a_list_is_written_with_commas_outside_a_file(tmp_path: Path, capsys: Text) -> None:
    assert main(["--services", "storage, registry"], {}) == 2
    assert "server.services = 'storage, registry' (--services)" in capsys.readouterr().err
    name = write(tmp_path, "[blacklist]\nnever = ['10.0.0.0/8', '10.0.0.0/99']")
    assert main(["--config", name], {}) == 2
    assert "blacklist.never = ['10.0.0.0/8', '10.0.0.0/99']" in capsys.readouterr().err
    assert main([], {"SYNCSERVER_TRUSTED_PROXIES": "127.0.0.1,proxy"}) == 2
    assert "server.trusted_proxies" in capsys.readouterr().err
    assert main(["--services", ""], {}) == 2
    assert "server.services = ''" in capsys.readouterr().err
