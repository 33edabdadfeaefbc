"""Mercurial over HTTP: who may push, what is reachable, and what a pusher reads."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from functional.command import FACT, page, surroundings
from hosting.hosted import (
    CONF,
    PAGES,
    Clone,
    Hosted,
    Said,
    add_user,
    honestdocs,
    host,
    run,
    serving,
    with_login,
)
from servers.certificates import Authority
from servers.items import serving_items
from servers.mercurial import HG

PASSWORD = "correct-horse-battery"


@pytest.fixture(scope="module")
def module_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hosted, str]]:
    folder = tmp_path_factory.mktemp("host")
    with serving_items() as items:
        services = {"items": {"url": items.url, "pages": ["second"]}}
        hosted = host(folder, PAGES, conf=f"{CONF}honestdocs_services = {services!r}\n")
        assert add_user(hosted, "alice", PASSWORD).status == 0
        with serving(hosted, "--plain-push") as url:
            yield hosted, url


@pytest.fixture
def hosted(module_served: tuple[Hosted, str]) -> Hosted:
    return module_served[0]


@pytest.fixture
def url(module_served: tuple[Hosted, str]) -> str:
    return module_served[1]


@pytest.fixture
def login(url: str) -> str:
    """Where alice pushes to."""
    return with_login(url, "alice", PASSWORD) + "/hg"


@pytest.fixture
def clone(url: str, tmp_path: Path) -> Clone:
    """A clone over HTTP, by nobody in particular."""
    done = run([HG, "clone", "-q", f"{url}/hg", str(tmp_path / "clone")], tmp_path)
    assert done.status == 0, done.out
    return Clone(root=tmp_path / "clone")


def get(
    url: str, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Status and body of a request that is sent exactly as it is given."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    connection.request(method, path, headers=dict(headers or {}))
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, text


def test_a_good_push_is_served_at_once(hosted: Hosted, url: str, login: str, clone: Clone) -> None:
    node = clone.commit({"source/second.rst": page("Second", FACT, "Pushed over HTTP.")})
    said = clone.push(login)
    assert said.status == 0, said.out
    assert "remote: docs: proven and published in " in said.out
    assert hosted.served() == node[:12]
    status, text = get(url, "/second.html")
    assert status == 200
    assert "Pushed over HTTP." in text
    assert "honestdocs-passed" in text
    assert hosted.audit()[-1]["user"] == "alice"
    assert hosted.audit()[-1]["source"] == "http"


def test_a_lie_is_refused_and_the_pusher_reads_where_it_is(
    hosted: Hosted, login: str, clone: Clone
) -> None:
    text = page("Second", FACT.replace('"answer": 42', '"answer": "forty-two"'))
    line = 1 + text.splitlines().index('          "answer": "forty-two",')
    clone.commit({"source/second.rst": text})
    before, served = hosted.tip(), hosted.served()
    said = clone.push(login)
    assert said.status != 0
    assert f"remote: docs: source/second.rst:{line}: " in said.out
    assert "\x1b" not in said.out
    assert (hosted.tip(), hosted.served()) == (before, served)


def test_nobody_pushes_without_a_name(hosted: Hosted, url: str, clone: Clone) -> None:
    clone.commit({"source/first.rst": PAGES["source/first.rst"] + "\nAnonymous.\n"})
    before = hosted.tip()
    for address in (f"{url}/hg", with_login(url, "alice", "wrong-password") + "/hg",
                    with_login(url, "mallory", PASSWORD) + "/hg"):  # fmt: skip
        said = clone.push(address)
        assert said.status != 0
        assert "authoriz" in said.out
    assert hosted.tip() == before


def test_a_name_that_a_client_makes_up_is_not_believed(url: str) -> None:
    made_up = {
        "X-Honestdocs-User": "alice",
        "X-Honestdocs-Scheme": "https",
        "Remote-User": "alice",
        "X-Forwarded-User": "alice",
        "Content-Length": "0",
        "Content-Type": "application/mercurial-0.1",
    }
    status, _ = get(url, "/hg?cmd=unbundle&heads=666f726365", method="POST", headers=made_up)
    assert status == 401


@pytest.mark.parametrize(
    "path",
    [
        "/hg",
        "/hg/",
        "/hg/shortlog",
        "/hg/shortlog/tip?revcount=100000",
        "/hg/log?rev=keyword(zzzz)",
        "/hg/archive/tip.zip",
        "/hg/graph",
        "/hg/help",
        "/hg?cmd=archive",
        "/hg?cmd=heads&cmd=shortlog",
        "/hg?cmd=debugwireargs&one=1&two=2",
        "/hg/rev/tip?style=raw",
        "/hg/file/tip/../../hgrc",
        "/hg/static/../gate.py",
        "/.hg/hgrc",
        "/versions/../users.json",
        "/previews/..%2f..%2fusers.json",
    ],
)
def test_only_the_wire_protocol_and_views_of_one_changeset_are_reachable(
    url: str, path: str
) -> None:
    assert get(url, path)[0] == 404


def test_a_changeset_a_file_and_its_lines_can_be_viewed(hosted: Hosted, url: str) -> None:
    node = hosted.tip()
    for path in (f"rev/{node}", f"annotate/{node}/source/first.rst", "log/tip/source/first.rst"):
        status, text = get(url, f"/hg/{path}")
        assert status == 200, path
        assert node[:12] in text or "first.rst" in text


def test_without_https_neither_a_password_nor_a_push_is_taken(
    hosted: Hosted, tmp_path: Path, clone: Clone
) -> None:
    clone.commit({"source/first.rst": PAGES["source/first.rst"] + "\nIn the clear.\n"})
    with serving(hosted) as plain:
        said = clone.push(with_login(plain, "alice", PASSWORD) + "/hg")
        assert said.status != 0
        assert "403" in said.out
        header = {"X-Forwarded-Proto": "https", "Content-Length": "0"}
        refused = get(plain, "/hg?cmd=unbundle&heads=00", method="POST", headers=header)
        assert refused[0] == 403
        pulled = run([HG, "clone", "-q", f"{plain}/hg", str(tmp_path / "other")], tmp_path)
        assert pulled.status == 0


def test_a_push_over_https_is_taken(hosted: Hosted, tmp_path: Path) -> None:
    made = Authority(tmp_path)
    pair = str(made.bundle("localhost"))
    with serving(hosted, "--certificate", pair, "--key", pair) as secure:
        address = secure.replace("127.0.0.1", "localhost")
        trust = f"--config=web.cacerts={made.file}"
        done = run([HG, "clone", "-q", trust, f"{address}/hg", "over"], tmp_path)
        assert done.status == 0, done.out
        clone = Clone(root=tmp_path / "over")
        node = clone.commit({"source/first.rst": PAGES["source/first.rst"] + "\nSecret.\n"})
        said = clone.push(trust, with_login(address, "alice", PASSWORD) + "/hg")
        assert said.status == 0, said.out
        assert hosted.served() == node[:12]


def test_of_two_pushes_at_once_none_is_lost(
    hosted: Hosted, login: str, clone: Clone, tmp_path: Path
) -> None:
    other = hosted.clone(tmp_path / "other")
    one = clone.commit({"source/first.rst": PAGES["source/first.rst"] + "\nFrom one.\n"})
    two = other.commit({"source/index.rst": PAGES["source/index.rst"] + "\nFrom other.\n"})
    said: dict[str, Said] = {}
    threads = [
        threading.Thread(target=lambda n=n, c=c: said.update({n: c.push(login)}))  # type: ignore[misc] # bound at once
        for n, c in ((one, clone), (two, other))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [node for node, each in said.items() if each.status == 0]
    assert len(won) == 1, [each.out for each in said.values()]
    lost = next(each for each in said.values() if each.status != 0)
    assert "push creates new remote head" in lost.out or "try again" in lost.out, lost.out
    assert hosted.served() == won[0][:12]


def test_mercurial_ends_with_the_one_who_serves_it(hosted: Hosted) -> None:
    before = sorted(hosted.home.glob("hgweb.*.sock"))
    with serving(hosted) as other:
        assert get(other, "/hg?cmd=capabilities")[0] == 200
        assert len(list(hosted.home.glob("hgweb.*.sock"))) == len(before) + 1
    assert sorted(hosted.home.glob("hgweb.*.sock")) == before


def test_mercurial_ends_too_when_the_one_who_serves_it_is_killed(hosted: Hosted) -> None:
    words = [sys.executable, "-m", "honestdocs", "host", "serve", str(hosted.root), "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=surroundings()) as process:
        assert process.stdout is not None
        assert "Serving on" in process.stdout.readline()
        (socket,) = hosted.home.glob(f"hgweb.{process.pid}.sock")
        process.kill()
    end = time.monotonic() + 30
    while socket.exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert not socket.exists()


def test_passwords_are_kept_as_hashes_and_users_go_again(hosted: Hosted, tmp_path: Path) -> None:
    assert add_user(hosted, "bob", "a-long-password").status == 0
    kept = hosted.home / "users.json"
    assert kept.stat().st_mode & 0o077 == 0
    assert json.loads(kept.read_text())["bob"].startswith("$argon2id$")
    assert "a-long-password" not in kept.read_text()
    short = add_user(hosted, "carol", "short")
    assert short.status == 2
    assert "at least 8" in short.out
    assert honestdocs(tmp_path, "host", "user", str(hosted.root), "list").out == "alice\nbob\n"
    gone = honestdocs(tmp_path, "host", "user", str(hosted.root), "remove", "bob")
    assert gone.status == 0
    assert honestdocs(tmp_path, "host", "user", str(hosted.root), "list").out == "alice\n"
