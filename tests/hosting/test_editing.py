"""Editing in the browser: preview, differences, commit by the gate, and nothing overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from functional.command import FACT, page
from hosting.editor import Edit, Reader
from hosting.hosted import CONF, PAGES, Hosted, add_user, honestdocs, host, serving
from servers.items import serving_items

PASSWORD = "correct-horse-battery"
PATH = "source/second.rst"
ALICE = "Alice Ann <alice@example.org>"
GOOD = page("Second", FACT, "It comes after :ref:`first`.")
LIE = GOOD.replace('"answer": 42', '"answer": 41')
LINE = 1 + LIE.splitlines().index('          "answer": 41,')
MORE = {
    "source/windows.rst": "Windows\r\n=======\r\n\r\nIts lines end as they do there.\r\n\r\nNo end",
    "source/plain.rst": "Plain\n=====\n\nWithout an end",
    "source/legal/terms.rst": "Terms\n=====\n\nOnly bob changes them.\n",
    "source/index.rst": PAGES["source/index.rst"] + "   windows\n   plain\n   legal/terms\n",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hosted, str]]:
    folder = tmp_path_factory.mktemp("host")
    with serving_items() as items:
        services = {"items": {"url": items.url, "pages": ["second"]}}
        pages = {**PAGES, **MORE}
        hosted = host(folder, pages, conf=f"{CONF}honestdocs_services = {services!r}\n")
        hosted.set('branch = "default"\n\n[write]\n"source/legal/" = ["bob"]\n')
        for name in ("alice", "bob"):
            assert add_user(hosted, name, PASSWORD).status == 0
        words = ("host", "user", str(hosted.root), "name", "alice", "--author", ALICE)
        assert honestdocs(folder, *words).status == 0
        with serving(hosted, "--plain-push") as url:
            yield hosted, url


@pytest.fixture
def hosted(served: tuple[Hosted, str]) -> Hosted:
    return served[0]


@pytest.fixture
def url(served: tuple[Hosted, str]) -> str:
    return served[1]


@pytest.fixture
def alice(url: str) -> Reader:
    reader = Reader(url=url)
    assert reader.sign_in("alice", PASSWORD, PATH).status == 303
    return reader


@pytest.fixture
def bob(url: str) -> Reader:
    reader = Reader(url=url)
    assert reader.sign_in("bob", PASSWORD, PATH).status == 303
    return reader


def test_a_page_leads_to_its_source_and_its_source_to_the_sign_in(url: str) -> None:
    reader = Reader(url=url)
    text = reader.get("/second.html").text
    assert f'<a href="/edit/{PATH}?page=second">Edit this page</a>' in text
    asked = reader.get(f"/edit/{PATH}?page=second")
    assert asked.status == 303
    asked = reader.get(asked.headers["location"])
    assert asked.status == 200
    assert "Sign in to edit" in asked.text
    wrong = reader.sign_in("alice", "wrong-password", PATH)
    assert (wrong.status, wrong.told) == (401, "Wrong name or password.")
    assert not reader.cookies
    done = reader.sign_in("alice", PASSWORD, f"{PATH}?page=second")
    assert done.headers["location"] == f"/edit/{PATH}?page=second"
    cookie = done.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/edit"))
    opened = reader.get(done.headers["location"])
    assert opened.status == 200
    assert opened.source.startswith("Second\n======\n")
    assert '<a href="/second">The page</a>' in opened.text
    assert opened.headers["cache-control"] == "no-store"


def test_a_true_page_is_previewed_compared_committed_and_published(
    hosted: Hosted, alice: Reader
) -> None:
    edit = Edit.open(alice, PATH)
    before = hosted.tip()
    preview = edit.act("preview", GOOD)
    assert preview.status == 200
    assert "Nothing is wrong" in preview.findings
    assert "1 example passed just now" in preview.findings
    shown = alice.get(preview.frames[0])
    assert "honestdocs-passed" in shown.text
    assert "<script" not in shown.text
    assert "sandbox" in shown.headers["content-security-policy"]
    differs = edit.act("difference", GOOD)
    assert '<tr class="added"><td></td><td>4</td>' in differs.text
    rendered = alice.get(differs.frames[1])
    assert "<ins>/fact</ins>" in rendered.text
    assert hosted.tip() == before
    done = edit.act("commit", GOOD, "Tell the fact", page="second")
    assert done.status == 303, done.told
    told = alice.get(done.headers["location"])
    assert "in your name. proven and published in " in told.told
    node = hosted.tip()
    facts = hosted.ask("log", "-r", node, "-T", "{author}|{desc}|{phase}|{files}|{p1node}")
    assert facts == f"{ALICE}|Tell the fact|public|{PATH}|{before}"
    assert hosted.served() == node[:12]
    assert "honestdocs-passed" in alice.get("/second.html").text
    noted = hosted.audit()[-1]
    assert (noted["editor"], noted["verdict"]) == ("alice", "accepted")


def test_a_page_leads_to_what_changed_on_it_last(hosted: Hosted, bob: Reader) -> None:
    edit = Edit.open(bob, "source/first.rst")
    assert edit.act("commit", edit.source + "\nTold below.\n", "Tell it below").status == 303
    text, node = bob.get("/first.html").text, hosted.tip()
    assert "by bob in " in text
    assert ": Tell it below</p>" in text
    address = f"/edit/-/difference/source/first.rst?to={node}"
    assert f'href="{address}">What changed</a>' in text
    changed = bob.get(address)
    assert "<ins>Told below.</ins>" in bob.get(changed.frames[0]).text
    assert f"by {ALICE.partition(' <')[0]} in " in bob.get("/second.html").text


def test_a_lie_is_shown_beside_its_line_and_refused_and_the_text_stays(
    hosted: Hosted, alice: Reader
) -> None:
    edit, before = Edit.open(alice, PATH), hosted.tip()
    preview = edit.act("preview", LIE)
    assert f'<li class="lie" data-line="{LINE}">' in preview.text
    assert "documented 41, observed 42" in preview.findings
    refused = edit.act("commit", LIE)
    assert refused.status == 422
    assert f"{PATH}:{LINE}: /answer: documented 41, observed 42" in refused.told
    assert f'data-line="{LINE}"' in refused.text
    assert refused.source == LIE
    assert refused.field("token") == edit.token
    assert hosted.tip() == before
    assert hosted.audit()[-1]["editor"] == "alice"
    assert hosted.audit()[-1]["verdict"] == "refused"


def test_a_reference_that_breaks_elsewhere_is_told_before_a_push_would(alice: Reader) -> None:
    edit = Edit.open(alice, "source/first.rst")
    preview = edit.act("preview", edit.source.replace(".. _first:\n\n", ""))
    assert "source/second.rst:" in preview.findings
    assert "undefined label: 'first'" in preview.findings


def test_a_change_elsewhere_in_the_tree_is_no_conflict(
    hosted: Hosted, alice: Reader, bob: Reader
) -> None:
    mine, theirs = Edit.open(alice, "source/plain.rst"), Edit.open(bob, "source/first.rst")
    assert theirs.act("commit", theirs.source + "\nFrom bob.\n").status == 303
    bobs = hosted.tip()
    done = mine.act("commit", mine.source.replace("Without an", "It has no"))
    assert done.status == 303, done.told
    assert hosted.ask("log", "-r", "tip", "-T", "{p1node}") == bobs
    assert hosted.ask("cat", "-r", "tip", "source/plain.rst") == "Plain\n=====\n\nIt has no end"
    assert hosted.ask("log", "-r", bobs, "-T", "{author}") == "bob"


def test_a_newer_change_of_other_lines_is_merged_and_shown_before_it_is_stored(
    hosted: Hosted, alice: Reader, bob: Reader
) -> None:
    mine, theirs = Edit.open(alice, "source/first.rst"), Edit.open(bob, "source/first.rst")
    assert theirs.act("commit", theirs.source + "\nAt the end.\n", "Add an end").status == 303
    before = hosted.tip()
    text = mine.source.replace("Something to read.", "Something to enjoy.")
    merged = mine.act("commit", text)
    assert merged.status == 409
    assert "bob changed this page meanwhile" in merged.told
    assert "Add an end" in merged.told
    assert "Nothing is stored yet. Your text was merged with it" in merged.told
    assert merged.source == text + "\nAt the end.\n"
    assert hosted.tip() == before == merged.field("base")
    mine.base = merged.field("base")
    assert mine.act("commit", merged.source).status == 303
    now = hosted.ask("cat", "-r", "tip", "source/first.rst")
    assert "Something to enjoy." in now
    assert now.endswith("At the end.\n")


def test_a_newer_change_of_the_same_line_is_marked_and_never_overwritten(
    hosted: Hosted, alice: Reader, bob: Reader
) -> None:
    mine, theirs = Edit.open(alice, "source/legal/terms.rst".replace("legal/terms", "first")), None
    theirs = Edit.open(bob, "source/first.rst")
    assert theirs.act("commit", theirs.source.replace("enjoy", "hear")).status == 303
    before = hosted.tip()
    clash = mine.act("commit", mine.source.replace("enjoy", "see"))
    assert clash.status == 409
    assert "Both changed 1 place" in clash.told
    marked = (
        "<<<<<<< yours\nSomething to see.\n=======\nSomething to hear.\n"
        f">>>>>>> bob, {before[:12]}\n"
    )
    assert marked in clash.source
    mine.base = clash.field("base")
    again = mine.act("commit", clash.source)
    assert (again.status, hosted.tip()) == (422, before)
    assert "still marks a conflict" in again.told
    settled = clash.source.replace(marked, "Something to hear and see.\n")
    assert mine.act("commit", settled).status == 303
    assert "hear and see" in hosted.page("first")


def test_line_ends_and_the_lack_of_one_stay(hosted: Hosted, alice: Reader) -> None:
    path = "source/windows.rst"
    edit = Edit.open(alice, path)
    assert "\r" not in edit.source
    assert edit.source.endswith("\n\nNo end")
    done = edit.act("commit", edit.source.replace("as they do", "the way they do"))
    assert done.status == 303, done.told
    stored = hosted.ask("diff", "-c", "tip").replace("\r", "")
    assert stored.count("\n-") == 2
    assert stored.count("\n+") == 2


def test_what_others_own_cannot_be_changed(hosted: Hosted, alice: Reader, bob: Reader) -> None:
    path = "source/legal/terms.rst"
    refused = alice.get(f"/edit/{path}")
    assert refused.status == 403
    assert f"{path} cannot be changed here: only bob may change source/legal/." in refused.told
    edit, before = Edit.open(bob, path), hosted.tip()
    forged = Edit(reader=alice, path=path, token=Edit.open(alice, PATH).token, base=edit.base,
                  source=edit.source)  # fmt: skip
    assert forged.act("commit", "Terms\n=====\n\nNone.\n").status == 403
    assert hosted.tip() == before
    assert edit.act("commit", edit.source.replace("Only bob", "Bob")).status == 303
    conf = bob.get("/edit/source/conf.py")
    assert conf.status in (403, 404)


@pytest.mark.parametrize(
    "path",
    [
        "source/none.rst",
        "../../etc/passwd",
        "source/../conf.py",
        "..%2f..%2fetc%2fpasswd",
        ".hg/hgrc",
        ".hg/honestdocs/users.json",
        "source/second.rst%00",
        "source",
        "%ff",
    ],
)
def test_what_is_no_page_is_not_found(alice: Reader, path: str) -> None:
    answer = alice.get(f"/edit/{path}")
    assert answer.status == 404
    assert "argon2" not in answer.text


def test_a_form_of_another_site_or_sign_in_changes_nothing(hosted: Hosted, alice: Reader) -> None:
    edit, before = Edit.open(alice, PATH), hosted.tip()
    form = {"token": edit.token, "base": edit.base, "text": GOOD + "\nEvil.\n",
            "message": "Evil", "action": "commit"}  # fmt: skip
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert alice.post(f"/edit/{PATH}", form, **headers).status == 403
    stale = alice.post(f"/edit/{PATH}", {**form, "token": "another"})
    assert stale.status == 403
    assert "Nothing was stored" in stale.told
    assert "Evil." in stale.source
    assert stale.field("token") == edit.token
    assert hosted.tip() == before


def test_who_is_signed_out_goes_on_with_the_same_text(hosted: Hosted, alice: Reader) -> None:
    edit, before = Edit.open(alice, PATH), hosted.tip()
    assert alice.post("/edit/-/logout", {"token": "wrong"}).status == 403
    assert alice.post("/edit/-/logout", {"token": edit.token}).status == 303
    alice.cookies.clear()
    lost = edit.act("commit", GOOD + "\nKept.\n")
    assert (lost.status, hosted.tip()) == (401, before)
    assert "Your text is kept" in lost.text
    form = {"name": "alice", "password": PASSWORD, "to": PATH, "base": lost.field("base"),
            "text": lost.source, "message": lost.field("message")}  # fmt: skip
    back = alice.post("/edit/-/login", form)
    assert back.status == 200
    assert back.source.endswith("\nKept.\n")
    assert back.field("base") == edit.base


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("Second\n======\n\nA \0 byte.\n", 400, "Line 4 of the text holds a sign"),
        ("x" * (512 * 1024 + 1), 413, "at most 524288 bytes"),
        (None, 422, "Nothing was changed"),
    ],
    ids=["nul", "large", "same"],
)
def test_a_text_that_cannot_be_stored_comes_back_with_the_reason(
    hosted: Hosted, alice: Reader, text: str | None, status: int, told: str
) -> None:
    edit, before = Edit.open(alice, "source/first.rst"), hosted.tip()
    answer = edit.act("commit", edit.source if text is None else text)
    assert (answer.status, hosted.tip()) == (status, before)
    assert told in answer.told


def test_a_form_that_is_none_is_told(alice: Reader) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": alice.url}
    wrong = alice.send("POST", f"/edit/{PATH}", b"text=%ff%fe", kind)
    assert (wrong.status, wrong.told) == (400, "The form holds bytes that are no UTF-8.")
    assert alice.send("POST", f"/edit/{PATH}", b"{}", {"Content-Type": "text/json"}).status == 415
    assert alice.send("POST", f"/edit/{PATH}", b"a=" + b"b" * 2_000_000, kind).status == 413
    token = Edit.open(alice, PATH).token
    nowhere = alice.post(f"/edit/{PATH}", {"token": token, "base": "--help", "text": "x"})
    assert nowhere.status == 400
    unknown = alice.post(f"/edit/{PATH}", {"token": token, "base": "0123456789ab", "text": "x"})
    assert unknown.status == 404


def test_without_a_message_nothing_is_committed(hosted: Hosted, alice: Reader) -> None:
    edit, before = Edit.open(alice, PATH), hosted.tip()
    answer = edit.act("commit", edit.source + "\nMore.\n", "  ")
    assert (answer.status, hosted.tip()) == (422, before)
    assert "Say in a few words" in answer.told
    assert answer.source == edit.source + "\nMore.\n"


def test_a_preview_is_for_who_made_it_only(url: str, alice: Reader, bob: Reader) -> None:
    frame = Edit.open(alice, PATH).act("preview", GOOD).frames[0]
    assert alice.get(frame).status == 200
    assert bob.get(frame).status == 404
    assert Reader(url=url).get(frame).status == 404
    folder = frame.rpartition("/")[0]
    for path in ("../../../users.json", "..%2f..%2fusers.json", "%2e%2e/hgrc", ".hidden"):
        assert alice.get(f"{folder}/{path}").status == 404
    assert alice.get(f"{folder}/first.html").status == 200


@pytest.mark.parametrize("how", ["include", "literalinclude", "csv-table:: a\n   :file"])
def test_a_preview_gives_no_file_of_the_server_away(alice: Reader, how: str) -> None:
    edit = Edit.open(alice, PATH)
    away = "../" * 20 + "etc/passwd"
    directive = f".. {how}: {away}\n" if ":file" in how else f".. {how}:: {away}\n"
    for action in ("preview", "difference"):
        answer = edit.act(action, f"{GOOD}\n{directive}")
        assert "which is outside the tree" in answer.findings
        assert not answer.frames
        assert "root:" not in answer.text


def test_commits_at_once_are_stored_one_after_the_other(
    hosted: Hosted, alice: Reader, bob: Reader, tmp_path: Path
) -> None:
    edits = [Edit.open(alice, "source/plain.rst"), Edit.open(bob, "source/first.rst")]
    clone = hosted.clone(tmp_path / "clone")
    text = PAGES["source/index.rst"] + "   windows\n   plain\n   legal/terms\n\nPushed.\n"
    clone.commit({"source/index.rst": text})
    with ThreadPoolExecutor(3) as threads:
        done = [threads.submit(e.act, "commit", e.source + "\n\nAt once.\n") for e in edits]
        pushed = threads.submit(clone.push)
    assert [one.result().status for one in done] == [303, 303], [o.result().told for o in done]
    assert hosted.ask("log", "-r", "head()", "-T", "x") == "x"
    for edit in edits:
        assert "At once." in hosted.ask("cat", "-r", "tip", edit.path)
    if pushed.result().status == 0:
        assert "Pushed." in hosted.ask("cat", "-r", "tip", "source/index.rst")


def test_a_binary_file_is_not_edited(hosted: Hosted, alice: Reader, tmp_path: Path) -> None:
    clone = hosted.clone(tmp_path / "clone")
    (clone.root / "source" / "shot.png").write_bytes(b"\x89PNG\0\r\n")
    (clone.root / "source" / "old.txt").write_bytes("Grüße".encode("latin-1"))
    assert clone.ask("commit", "-A", "-q", "-m", "Add files", "-u", "bob").status == 0
    assert clone.push().status == 0
    assert alice.get("/edit/source/shot.png").status == 415
    old = alice.get("/edit/source/old.txt")
    assert (old.status, old.told) == (415, "source/old.txt is no UTF-8 text: byte 2 is wrong.")


def test_without_https_no_password_is_taken(hosted: Hosted) -> None:
    with serving(hosted) as plain:
        reader = Reader(url=plain)
        asked = reader.get(f"/edit/-/login?to={PATH}")
        assert (asked.status, asked.told) == (403, "Passwords are taken over https only.")
        assert "password" not in asked.text.replace("Passwords are", "")
        assert reader.sign_in("alice", PASSWORD).status == 403
        assert not reader.cookies
