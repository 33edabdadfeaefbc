"""Credentials never leave the process but for the service: a careless service gives them back."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from functional.command import check, example, honestdocs, page, write_tree
from servers.items import ItemServer

TOKEN = "t0k3n-that-nobody-may-see"
ODD = 's3cr3t "quoted" back\\slash & more / things'
LONG = "".join(f"{n:04d}x" for n in range(80))
PASSWORD = "pa55-of-ada"


def spellings(secret: str) -> list[str]:
    """A secret in every spelling that would tell it."""
    coded = base64.b64encode(f"ada:{secret}".encode()).decode()
    return [secret, json.dumps(secret)[1:-1], quote(secret, safe=""), coded]


def asked(line: str) -> str:
    """A page that asks who it is, and lies about all that is given back."""
    return page(
        "Who",
        example(
            f"GET /whoami HTTP/1.1\nAuthorization: {line}",
            "HTTP/1.1 200 OK\nX-Told: something\n\n"
            '{"user": "bob", "authorization": "nothing", "more": 1}',
        ),
        example("GET /whoami HTTP/1.1\nAuthorization: Bearer <token>", "HTTP/1.1 500 No\n"),
    )


def everywhere(folder: Path, *texts: str) -> str:
    """All that was said and written, but for the documentation itself."""
    written = (
        path.read_bytes().decode("utf-8", "replace")
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".rst", ".toml", ".py")
    )
    return "\n".join((*texts, *written))


@pytest.mark.parametrize("secret", [TOKEN, ODD, LONG], ids=["plain", "odd", "long"])
def test_a_token_that_the_service_gives_back_is_told_nowhere(
    secret: str, service: ItemServer, tmp_path: Path
) -> None:
    write_tree(tmp_path / "docs", {"index": asked("Bearer <token>")})
    config = f"""[services.who]
url = "{service.url}"
[services.who.credentials]
Authorization = "Bearer ${{WHO_TOKEN}}"
"""
    (tmp_path / "who.toml").write_text(config, "utf-8")
    words = ("--config", "who.toml", "--junit", "junit.xml", "--verbose")
    ended = check(tmp_path, *words, env={"WHO_TOKEN": secret})
    assert ended.status == 1, ended.err
    sent = b"\n".join(one.raw for one in service.items.asked)
    assert secret.encode() in sent
    told = everywhere(tmp_path, ended.out, ended.err, ended.report)
    for spelling in (*spellings(secret), secret[:40], secret[-20:]):
        assert spelling not in told
    assert "[secret]" in ended.out


def test_a_password_is_told_nowhere_in_any_spelling(service: ItemServer, tmp_path: Path) -> None:
    empty = base64.b64encode(b"ada:").decode()
    write_tree(tmp_path / "docs", {"index": asked(f"Basic {empty}")})
    config = f"""[services.who]
url = "{service.url}"
[services.who.passwords]
ada = "${{ADA}}"
"""
    (tmp_path / "who.toml").write_text(config, "utf-8")
    ended = check(tmp_path, "--config", "who.toml", "--junit", "junit.xml", env={"ADA": PASSWORD})
    assert ended.status == 1, ended.err
    sent = b"\n".join(one.raw for one in service.items.asked)
    assert base64.b64encode(f"ada:{PASSWORD}".encode()) in sent
    told = everywhere(tmp_path, ended.out, ended.err, ended.report)
    for spelling in spellings(PASSWORD):
        assert spelling not in told


def test_credentials_in_a_url_are_refused_and_told_nowhere(
    service: ItemServer, tmp_path: Path
) -> None:
    write_tree(tmp_path / "docs", {"index": asked("Bearer x")})
    url = service.url.replace("http://", f"http://ada:{PASSWORD}@")
    ended = check(tmp_path, "--url", url)
    assert ended.status == 2
    assert "must not hold credentials" in ended.err
    assert PASSWORD not in everywhere(tmp_path, ended.out, ended.err)


def test_a_built_page_holds_no_credentials(service: ItemServer, tmp_path: Path) -> None:
    services = {
        "who": {
            "url": service.url,
            "credentials": {"Authorization": "Bearer ${WHO_TOKEN}"},
        }
    }
    conf = f"""extensions = ["sphinxcontrib.httpdomain", "honestdocs"]
honestdocs_services = {services}
"""
    write_tree(tmp_path, {"conf.py": conf, "index": asked("Bearer <token>")})
    ended = honestdocs(tmp_path, "build", "-j", "1", env={"WHO_TOKEN": TOKEN})
    assert ended.status == 1, ended.err
    html = (tmp_path / "build" / "html" / "index.html").read_text("utf-8")
    assert "[secret]" in html
    told = everywhere(tmp_path, ended.out, ended.err)
    for spelling in spellings(TOKEN):
        assert spelling not in told


def test_a_secret_that_the_service_makes_is_told_nowhere(
    service: ItemServer, tmp_path: Path
) -> None:
    made = {"password": "made-for-ada", "api_key": "made for bob", "tokens": ["made-for-cy"]}
    service.items.fact = {"answer": 42, **made}
    lying = example(
        "GET /fact HTTP/1.1",
        'HTTP/1.1 200 OK\n\n{"answer": 41, "password": "one I chose", "tokens": ["one of mine"]}',
    )
    write_tree(tmp_path / "docs", {"index": page("Facts", lying)})
    files = ("--junit", "j.xml", "--sarif", "s.json", "--html", "h.html", "--gitlab", "g.json")
    ended = check(tmp_path, "--url", service.url, *files, "--verbose", "--github")
    assert ended.status == 1, ended.err
    told = everywhere(tmp_path, ended.out, ended.err, ended.report)
    assert "made-for" not in told
    assert "made for" not in told
    facts = {each["place"]: each["observed"] for each in ended.failed[0]["mismatches"]}
    assert facts == {
        "/answer": "42",
        "/password": '"<password>"',
        "/api_key": '"<api_key>"',
        "/tokens/0": '"<tokens>"',
    }
