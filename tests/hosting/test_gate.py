"""The gate over the file system: what a push is told, and what it leaves behind."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from functional.command import FACT, page
from hosting.hosted import CONF, PAGES, Clone, Hosted, host
from servers.items import ItemServer, serving_items

LIE = FACT.replace('"answer": 42', '"answer": "forty-two"')


@pytest.fixture(scope="module")
def items() -> Iterator[ItemServer]:
    with serving_items() as server:
        yield server


@pytest.fixture(scope="module")
def module_host(
    tmp_path_factory: pytest.TempPathFactory, items: ItemServer
) -> Iterator[tuple[Hosted, Clone]]:
    folder = tmp_path_factory.mktemp("host")
    services = {"items": {"url": items.url, "pages": ["second"]}}
    hosted = host(folder, PAGES, conf=f"{CONF}honestdocs_services = {services!r}\n")
    yield hosted, hosted.clone(folder / "clone")
    hosted.stop()


@pytest.fixture
def hosted(module_host: tuple[Hosted, Clone]) -> Hosted:
    return module_host[0]


@pytest.fixture
def clone(module_host: tuple[Hosted, Clone]) -> Clone:
    """A clone that is as the repository is."""
    hosted, clone = module_host
    clone.ask("debugstrip", "--no-backup", "-q", "outgoing() or secret()")
    clone.ask("pull", "-q")
    clone.ask("update", "-q", "-C", "default")
    clone.ask("purge", "-q")
    (hosted.home / "host.toml").write_text('branch = "default"\n')
    return clone


def test_a_good_page_is_published_and_told_in_one_line(hosted: Hosted, clone: Clone) -> None:
    node = clone.commit({"source/first.rst": PAGES["source/first.rst"] + "\nAnd more of it.\n"})
    said = clone.push()
    assert said.status == 0
    assert len(said.docs) == 1
    assert re.fullmatch(
        r"docs: proven and published in \d+\.\d\d s \(\d pages? written, 0 examples run\)",
        said.docs[0],
    )
    assert hosted.served() == node[:12]
    assert "And more of it." in hosted.page("first")


def test_a_page_shows_the_changes_that_were_accepted_and_no_others(
    hosted: Hosted, clone: Clone
) -> None:
    text = PAGES["source/first.rst"]
    refused = clone.commit({"source/first.rst": f"{text}\n:ref:`nowhere`\n"}, "Say too much")
    assert clone.push().status != 0
    clone.ask("debugstrip", "--no-backup", "-q", "outgoing()")
    node = clone.commit({"source/first.rst": f"{text}\nThe history of it.\n"}, "Say enough")
    assert clone.push().status == 0
    shown = hosted.page("first")
    assert f'href="/hg/rev/{node[:12]}"' in shown
    assert "by alice in" in shown
    assert ": Say enough</p>" in shown
    assert "Say too much" not in shown
    assert refused[:12] not in shown
    assert node[:12] not in hosted.page("second")
    clone.commit({"source/second.rst": PAGES["source/second.rst"] + "\nQuietly.\n"})
    (hosted.home / "host.toml").write_text("history = false\n")
    assert clone.push().status == 0
    assert "Last changed on" not in hosted.page("second")


def test_a_true_example_is_run_and_its_proof_is_on_the_page(hosted: Hosted, clone: Clone) -> None:
    node = clone.commit({"source/second.rst": page("Second", FACT)})
    said = clone.push()
    assert said.status == 0, said.out
    assert "1 example run" in said.docs[0]
    assert "honestdocs-passed" in hosted.page("second")
    assert hosted.served() == node[:12]


def test_a_lie_is_refused_with_its_file_and_line(hosted: Hosted, clone: Clone) -> None:
    text = page("Second", LIE)
    line = 1 + text.splitlines().index('          "answer": "forty-two",')
    clone.commit({"source/second.rst": text})
    before, served = hosted.tip(), hosted.served()
    said = clone.push()
    assert said.status != 0
    assert any(f"docs: source/second.rst:{line}: " in one for one in said.docs), said.out
    assert "\x1b" not in said.out
    assert hosted.tip() == before
    assert hosted.served() == served


def test_a_page_that_was_refused_is_refused_again(clone: Clone) -> None:
    clone.commit({"source/first.rst": PAGES["source/first.rst"] + "\n:ref:`nowhere`\n"})
    first = clone.push()
    clone.commit({"source/second.rst": page("Second", "It is :ref:`first`.")})
    second = clone.push()
    told = "docs: source/first.rst:8: undefined label: 'nowhere' [ref.ref]"
    assert told in first.docs
    assert told in second.docs
    assert "source/second.rst" not in second.out


def test_a_label_that_goes_is_missed_on_the_page_that_nobody_touched(clone: Clone) -> None:
    clone.commit({"source/second.rst": PAGES["source/second.rst"]})
    assert clone.push().status == 0
    clone.commit({"source/first.rst": "First\n=====\n\nSomething to read.\n"})
    said = clone.push()
    assert said.status != 0
    assert "docs: source/second.rst:4: undefined label: 'first' [ref.ref]" in said.docs


def test_a_page_that_goes_is_missed_where_the_contents_name_it(clone: Clone) -> None:
    clone.commit({"source/first.rst": None, "source/second.rst": "Second\n======\n\nNo more.\n"})
    said = clone.push()
    assert said.status != 0
    assert any(one.startswith("docs: source/index.rst:5: ") for one in said.docs), said.out


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("source/conf.py", "runs on the server"),
        ("extensions/evil.py", "runs on the server"),
        ("_templates/layout.html", "runs on the server"),
        (".hgsub", "subrepositories are not accepted"),
        (".hgeol", "only .hgignore and .hgtags are accepted"),
    ],
)
def test_what_would_run_on_the_server_is_refused(
    hosted: Hosted, clone: Clone, path: str, why: str
) -> None:
    clone.commit({path: "# nothing yet\n"})
    before = hosted.tip()
    said = clone.push()
    assert said.status != 0
    assert any(one.startswith(f"docs: {path}: ") and why in one for one in said.docs), said.out
    assert hosted.tip() == before


def test_a_symbolic_link_is_refused(clone: Clone) -> None:
    (clone.root / "source" / "passwd.rst").symlink_to("/etc/passwd")
    clone.ask("addremove", "-q")
    clone.ask("commit", "-m", "Link", "-u", "alice")
    said = clone.push()
    assert said.status != 0
    assert "docs: source/passwd.rst: symbolic links are not accepted" in said.docs


def test_a_page_may_not_read_what_lies_outside_the_tree(clone: Clone) -> None:
    clone.commit({"source/first.rst": "First\n=====\n\n.. include:: ../../../../../host.toml\n"})
    said = clone.push()
    assert said.status != 0
    assert any("source/first.rst" in one and "host.toml" in one for one in said.docs), said.out


def test_a_page_may_not_fetch_anything(clone: Clone, items: ItemServer) -> None:
    before = len(items.items.asked)
    clone.commit({"source/first.rst": f".. raw:: html\n   :url: {items.url}/fact\n"})
    said = clone.push()
    assert said.status != 0
    assert any("source/first.rst:1" in one and "url" in one for one in said.docs), said.out
    assert not [one for one in items.items.asked[before:] if one.path == "/fact"]


def test_a_second_head_is_refused_even_when_it_is_forced(hosted: Hosted, clone: Clone) -> None:
    clone.commit({"source/first.rst": PAGES["source/first.rst"] + "\nOne.\n"})
    assert clone.push().status == 0
    clone.ask("update", "-q", "-r", ".^")
    clone.commit({"source/second.rst": PAGES["source/second.rst"] + "\nOther.\n"})
    before = hosted.tip()
    said = clone.push("-f")
    assert said.status != 0
    assert any("would be another head of default" in one for one in said.docs), said.out
    assert hosted.tip() == before


def test_only_who_may_change_a_path_changes_it(hosted: Hosted, clone: Clone) -> None:
    hosted.set('branch = "default"\n[write]\n"source/first.rst" = ["somebody-else"]\n')
    clone.commit({"source/first.rst": PAGES["source/first.rst"] + "\nMine.\n"})
    said = clone.push()
    assert said.status != 0
    assert "only somebody-else may change source/first.rst" in said.out


def test_wrong_settings_refuse_every_push_and_say_so(hosted: Hosted, clone: Clone) -> None:
    hosted.set('brnch = "default"\n')
    clone.commit({"source/first.rst": PAGES["source/first.rst"] + "\nMine.\n"})
    said = clone.push()
    assert said.status != 0
    assert "unknown setting 'brnch'; did you mean 'branch'?" in said.out


def test_a_service_that_is_down_is_a_warning_or_a_refusal_as_configured(
    tmp_path: Path,
) -> None:
    services = {"gone": {"url": "http://127.0.0.1:9", "pages": ["second"]}}
    hosted = host(tmp_path, PAGES, conf=f"{CONF}honestdocs_services = {services!r}\n")
    try:
        clone = hosted.clone(tmp_path / "clone")
        hosted.set('unchecked = "refuse"\n')
        node = clone.commit({"source/second.rst": page("Second", "See :ref:`first`.", FACT)})
        refused = clone.push()
        assert refused.status != 0
        assert any("source/second.rst:" in one and "not be checked" in one for one in refused.docs)
        hosted.set('unchecked = "accept"\n')
        accepted = clone.push()
        assert accepted.status == 0, accepted.out
        assert any(one.startswith("docs: warning: source/second.rst:") for one in accepted.docs)
        assert hosted.served() == node[:12]
    finally:
        hosted.stop()


def test_a_draft_that_becomes_public_without_a_changeset_passes_the_gate_too(
    hosted: Hosted, clone: Clone
) -> None:
    clone.commit({"source/first.rst": PAGES["source/first.rst"] + "\n:ref:`nowhere`\n"})
    draft = clone.push("--config=phases.publish=no")
    assert draft.status == 0, draft.out
    assert not draft.docs
    assert hosted.ask("log", "-r", "draft()", "-T", "{node}") == clone.node()
    public = clone.push()
    assert "no changes found" in public.out
    assert "docs: source/first.rst:8: undefined label: 'nowhere' [ref.ref]" in public.docs
    assert hosted.ask("log", "-r", "draft()", "-T", "{node}") == clone.node()
    hosted.hg("debugstrip", "--no-backup", "-q", "draft()")


def test_a_file_may_become_a_folder_and_a_folder_a_file(hosted: Hosted, clone: Clone) -> None:
    clone.commit({"source/extra": "a file\n"})
    assert clone.push().status == 0
    clone.commit({"source/extra": None})
    clone.commit({"source/extra/deep/more.txt": "in a folder\n"})
    said = clone.push()
    assert said.status == 0, said.out
    clone.commit({"source/extra/deep/more.txt": None})
    shutil.rmtree(clone.root / "source" / "extra")
    node = clone.commit({"source/extra": "a file again\n"})
    said = clone.push()
    assert said.status == 0, said.out
    assert hosted.served() == node[:12]


def test_every_push_is_in_the_audit_log(hosted: Hosted, clone: Clone) -> None:
    good = clone.commit({"source/first.rst": PAGES["source/first.rst"] + "\nAudited.\n"})
    clone.push()
    clone.commit({"source/first.rst": ":ref:`nowhere`\n"})
    clone.push()
    accepted, refused = hosted.audit()[-2:]
    assert (accepted["verdict"], refused["verdict"]) == ("accepted", "refused")
    assert accepted["heads"] == [good]
    assert accepted["source"] == "file"
    assert accepted["user"]
    assert "undefined label" in " ".join(refused["said"])
