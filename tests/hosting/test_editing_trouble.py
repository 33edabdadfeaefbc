"""Editing when something hangs, is down, dies or is over https."""

from __future__ import annotations

import os
import signal
import ssl
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from functional.command import FACT, page
from hosting.editor import Edit, Reader
from hosting.hosted import CONF, PAGES, Hosted, add_user, host, serving
from servers.certificates import Authority

PASSWORD = "correct-horse-battery"
PATH = "source/second.rst"
SERVICES = {"gone": {"url": "http://127.0.0.1:9", "pages": ["second"]}}
HANGING = f"""{CONF}
honestdocs_services = {SERVICES!r}

def setup(app):
    import time
    app.connect("source-read", lambda app, name, text: "HANG" in text[0] and time.sleep(60))
"""
HANG = "Second\n======\n\nHANG\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hosted, str]]:
    hosted = host(tmp_path_factory.mktemp("host"), PAGES, conf=HANGING)
    assert add_user(hosted, "alice", PASSWORD).status == 0
    with serving(hosted, "--plain-push") as url:
        yield hosted, url


@pytest.fixture
def hosted(served: tuple[Hosted, str]) -> Iterator[Hosted]:
    yield served[0]
    served[0].set('branch = "default"\n')


@pytest.fixture
def edit(served: tuple[Hosted, str]) -> Edit:
    reader = Reader(url=served[1])
    assert reader.sign_in("alice", PASSWORD).status == 303
    return Edit.open(reader, PATH)


def test_what_hangs_is_ended_and_the_text_is_kept(hosted: Hosted, edit: Edit) -> None:
    assert edit.act("preview", edit.source).status == 200
    hosted.set("time_limit = 2\n")
    before = hosted.tip()
    preview = edit.act("preview", HANG)
    assert (preview.status, preview.source) == (504, HANG)
    assert preview.told == "The page could not be built: the build took longer than 2 s."
    late = edit.act("commit", HANG)
    assert (late.status, late.source, hosted.tip()) == (504, HANG, before)
    assert "The gate could not check the change; nothing was stored." in late.told
    assert "took longer than 2 s" in late.told
    hosted.set("time_limit = 60\n")
    assert edit.act("preview", edit.source + "\nOn.\n").status == 200


def test_a_service_that_is_down_is_told_and_the_policy_decides(hosted: Hosted, edit: Edit) -> None:
    text = page("Second", "See :ref:`first`.", FACT)
    before = hosted.tip()
    preview = edit.act("preview", text)
    assert '<li class="unchecked"' in preview.text
    assert "Not checked" in preview.findings
    assert "a push would be refused" not in preview.findings
    hosted.set('unchecked = "refuse"\n')
    assert "a push would be refused" in edit.act("preview", text).findings
    refused = edit.act("commit", text)
    assert (refused.status, hosted.tip()) == (422, before)
    assert "not be checked" in refused.told
    hosted.set('unchecked = "accept"\n')
    done = edit.act("commit", text)
    assert done.status == 303, done.told
    assert f"warning: {PATH}:" in edit.reader.get(done.headers["location"]).told


def test_settings_that_are_wrong_are_told_and_nothing_is_lost(hosted: Hosted, edit: Edit) -> None:
    hosted.set('brnch = "default"\n')
    answer = edit.act("commit", edit.source + "\nMore.\n")
    assert answer.status == 503
    assert "unknown setting" in answer.told
    assert answer.source.endswith("\nMore.\n")


def test_a_studio_that_dies_comes_back(hosted: Hosted, edit: Edit) -> None:
    assert edit.act("preview", edit.source).status == 200
    os.kill(int((hosted.home / "editing" / "preview.lock").read_text()), signal.SIGKILL)
    again = edit.act("preview", edit.source + "\nStill there.\n")
    assert again.status in (200, 503)
    assert again.source.endswith("Still there.\n")
    again = edit.act("preview", edit.source + "\nStill there.\n")
    assert "Still there." in edit.reader.get(again.frames[0]).text


def test_a_commit_that_was_cut_short_leaves_nothing_behind(
    hosted: Hosted, served: tuple[Hosted, str], edit: Edit
) -> None:
    assert edit.act("commit", edit.source + "\nOne.\n").status == 303
    clone = hosted.home / "editing" / "clone"
    (clone / ".hg" / "store" / "00changelog.i").write_bytes(b"broken")
    reader = Reader(url=served[1])
    reader.sign_in("alice", PASSWORD)
    other = Edit.open(reader, PATH)
    done = other.act("commit", other.source + "\nTwo.\n")
    assert done.status == 303, done.told
    assert "Two." in hosted.page("second")


def test_a_new_password_ends_what_was_signed_in(hosted: Hosted, edit: Edit) -> None:
    assert edit.reader.get(f"/edit/{PATH}").status == 200
    assert add_user(hosted, "alice", PASSWORD + "-2").status == 0
    assert edit.reader.get(f"/edit/{PATH}").status == 303
    assert edit.act("commit", edit.source + "\nOld.\n").status == 401
    assert add_user(hosted, "alice", PASSWORD).status == 0


def test_over_https_the_cookie_is_for_https_only(hosted: Hosted, tmp_path: Path) -> None:
    made = Authority(tmp_path)
    pair = str(made.bundle("localhost"))
    form = urlencode({"name": "alice", "password": PASSWORD, "to": PATH}).encode()
    with serving(hosted, "--certificate", pair, "--key", pair) as secure:
        address = secure.replace("127.0.0.1", "localhost")
        context = ssl.create_default_context(cafile=str(made.file))
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context), _Staying()
        )
        with opener.open(f"{address}/edit/-/login", form, timeout=60) as answer:
            cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-edit=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))


class _Staying(urllib.request.HTTPErrorProcessor):
    """Does not follow where it is led."""

    def http_response(self, _request: object, response: object) -> object:
        return response

    https_response = http_response
