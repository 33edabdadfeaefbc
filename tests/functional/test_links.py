"""The links of whole trees, checked by the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from servers.web import serve_web

CONF = 'extensions = ["honestdocs"]\nlinkcheck_retries = 0\n'
INDEX = """\
Start
=====

.. toctree::

   other

.. _here:

Here
----

`Good <{url}/page#first>`_ and
`bad <{url}/nothing>`_, and once more
`bad <{url}/nothing>`_.

`Page <other.html>`_, `part <other.html#there>`_, `lost <other.html#their>`_, `none <othr.html>`_,
`self <#here>`_.

:ref:`here`, :ref:`text <hear>`, :doc:`other`, :doc:`othre`.

:download:`gone <gone.txt>`

.. image:: gone.png

Write to `us <mailto:us@example.com>`_ or `them <mailto:them>`_.
"""
OTHER = "Other\n=====\n\n.. _there:\n\nThere\n-----\n\nText.\n"


def run(*arguments: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "honestdocs", "links", *arguments],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", **environ},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def write(folder: Path, url: str, *, conf: bool = True) -> None:
    if conf:
        (folder / "conf.py").write_text(CONF, "utf-8")
    (folder / "index.rst").write_text(INDEX.format(url=url), "utf-8")
    (folder / "other.rst").write_text(OTHER, "utf-8")


def lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stdout.splitlines() if line.startswith("index.rst")]


WITHIN = [
    "index.rst:17: other.html#their",
    "index.rst:17: othr.html",
    "index.rst:20: std:doc:othre",
    "index.rst:20: std:ref:hear",
    "index.rst:22: gone.txt",
    "index.rst:24: gone.png",
    "index.rst:26: mailto:them",
]


@pytest.mark.parametrize("conf", [True, False], ids=["own", "foreign"])
def test_every_broken_link_is_told_at_its_line(tmp_path: Path, *, conf: bool) -> None:
    with serve_web() as web:
        write(tmp_path, web.url, conf=conf)
        done = run(str(tmp_path), "--build-dir", str(tmp_path / "b"), folder=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    outside = [f"index.rst:{line}: {web.url}/nothing" for line in (14, 15)]
    assert sorted(lines(done)) == sorted([*outside, *WITHIN])
    for hint in ("other.html", "other.html#there", "here", "other"):
        assert f"    write: {hint}" in done.stdout.splitlines()


def test_offline_asks_nobody_and_judges_what_is_within(tmp_path: Path) -> None:
    with serve_web() as web:
        write(tmp_path, web.url)
        done = run("--offline", folder=tmp_path)
        assert not web.asked
    assert (done.returncode, sorted(lines(done))) == (1, WITHIN)


def test_the_links_that_a_build_noted_need_no_reading(tmp_path: Path) -> None:
    with serve_web() as web:
        write(tmp_path, web.url)
        built = subprocess.run(
            [sys.executable, "-m", "sphinx", "-b", "html", "-d", "d", "-q", ".", "html"],
            cwd=tmp_path,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert built.returncode == 0, built.stderr
        done = run("--from-build", "d", folder=tmp_path)
        read = run(folder=tmp_path)
    assert lines(done) == lines(read)
    missing = run("--from-build", "nowhere", folder=tmp_path)
    assert missing.returncode == 2
    assert "there is none; build the tree first" in missing.stderr


def test_findings_are_written_as_sphinx_writes_them(tmp_path: Path) -> None:
    with serve_web() as web:
        write(tmp_path, web.url)
        run("--json", "out.json", "-q", folder=tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "out.json").read_text("utf-8").splitlines()]
    (bad, _) = [row for row in rows if row["uri"] == f"{web.url}/nothing"]
    assert {key: bad[key] for key in ("filename", "lineno", "status", "code", "info", "text")} == {
        "filename": "index.rst",
        "lineno": 14,
        "status": "broken",
        "code": 404,
        "info": "404 Not Found",
        "text": "bad",
    }


def test_a_tree_without_broken_links_passes(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(CONF, "utf-8")
    (tmp_path / "index.rst").write_text("A\n=\n\n:ref:`a`\n\n.. _a:\n\nB\n-\n", "utf-8")
    done = run(folder=tmp_path)
    assert (done.returncode, done.stdout.split(" in ")[0]) == (0, "1 working, 0 broken")


def test_a_wrong_setting_is_told_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, "http://127.0.0.1:9")
    with (tmp_path / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write('honestdocs_links = {"ignroe": []}\n')
    done = run(folder=tmp_path)
    assert done.returncode == 2
    assert "conf.py: honestdocs_links: unknown setting 'ignroe'; known are" in done.stderr


def test_only_pages_that_changed_are_asked_for(tmp_path: Path) -> None:
    with serve_web() as web:
        write(tmp_path, web.url)
        hg = [str(Path(sys.executable).with_name("hg")), "--config", "ui.username=a"]
        for words in (["init"], ["commit", "-qAm", "all"]):
            subprocess.run([*hg, *words], cwd=tmp_path, check=True, timeout=60)
        assert not lines(run("--changed", ".", folder=tmp_path))
        (tmp_path / "other.rst").write_text(f"{OTHER}\n{web.url}/gone\n", "utf-8")
        done = run("--changed", ".", folder=tmp_path)
    assert f"other.rst:11: {web.url}/gone" in done.stdout
    assert not lines(done)
    unknown = run("--changed", "nowhere", folder=tmp_path)
    assert unknown.returncode == 2
    assert "--changed nowhere: hg: abort: unknown revision 'nowhere'" in unknown.stderr


def test_a_link_of_an_included_file_is_checked_when_that_file_changed(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(CONF, "utf-8")
    (tmp_path / "part").mkdir()
    (tmp_path / "index.rst").write_text("T\n=\n\n.. include:: part/a.inc\n", "utf-8")
    (tmp_path / "part" / "a.inc").write_text("Text.\n", "utf-8")
    hg = [str(Path(sys.executable).with_name("hg")), "--config", "ui.username=a"]
    for words in (["init"], ["commit", "-qAm", "all"]):
        subprocess.run([*hg, *words], cwd=tmp_path, check=True, timeout=60)
    with serve_web() as web:
        text = f"Text.\n\n`in <lost.html>`_ `out <{web.url}/nothing>`_\n"
        (tmp_path / "part" / "a.inc").write_text(text, "utf-8")
        done = run("--changed", ".", folder=tmp_path)
    assert done.returncode == 1
    told = [line for line in done.stdout.splitlines() if line.startswith("part")]
    assert told == [f"part/a.inc:3: {web.url}/nothing", "part/a.inc:3: lost.html"]


def test_included_files_are_named_from_wherever_one_looks(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(CONF, "utf-8")
    (tmp_path / "part").mkdir()
    (tmp_path / "index.rst").write_text("T\n=\n\n.. include:: part/a.inc\n", "utf-8")
    (tmp_path / "part" / "a.inc").write_text("`in <lost.html>`_\n", "utf-8")
    words = [sys.executable, "-m", "sphinx", "-b", "html", "-d", "d", "-q", ".", "html"]
    subprocess.run(words, cwd=tmp_path, check=True, timeout=120)
    done = run("--from-build", "../d", "--offline", folder=tmp_path / "part")
    assert "\n../part/a.inc:1: lost.html\n" in done.stdout


def test_a_link_that_conf_py_adds_is_told_of_its_page(tmp_path: Path) -> None:
    epilog = 'rst_epilog = "\\nSee `the end <end.html>`_."\n'
    (tmp_path / "conf.py").write_text(CONF + epilog, "utf-8")
    (tmp_path / "index.rst").write_text("T\n=\n\nText.\n", "utf-8")
    assert lines(run("--offline", folder=tmp_path)) == ["index.rst: end.html"]


def test_references_of_any_sort_end_no_build(tmp_path: Path) -> None:
    conf = 'extensions = ["sphinxcontrib.httpdomain", "honestdocs"]\n'
    (tmp_path / "conf.py").write_text(conf, "utf-8")
    text = "T\n=\n\n:any:`index` :http:get:`/here`\n\n:any:`lost` :http:get:`/gone`\n\n"
    (tmp_path / "index.rst").write_text(f"{text}.. http:get:: /here\n\n   Here.\n", "utf-8")
    words = [sys.executable, "-m", "sphinx", "-b", "html", "-d", "d", "-q", ".", "html"]
    subprocess.run(words, cwd=tmp_path, check=True, timeout=120)
    done = run("--from-build", "d", "--offline", folder=tmp_path)
    assert lines(done) == ["index.rst:6: any:lost", "index.rst:6: http:get:/gone"]
    assert "2 working, 2 broken" in done.stdout


def test_what_pages_do_not_show_is_not_checked(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(f'{CONF}tags.add("ours")\n', "utf-8")
    conditions = ("html", "latex", "ours", "theirs", "html and not theirs", "html or", "1 2")
    parts = [f".. only:: {each}\n\n   `x <{n}.html>`__\n" for n, each in enumerate(conditions)]
    (tmp_path / "index.rst").write_text("\n".join(["T\n=\n", *parts]), "utf-8")
    told = lines(run("--offline", folder=tmp_path))
    assert [line.split()[-1][0] for line in told] == ["0", "2", "4", "5", "6"]


def test_what_the_build_copies_is_looked_for_where_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(f'{CONF}html_static_path = ["own"]\n', "utf-8")
    (tmp_path / "own").mkdir()
    for name in ("own/here.css", "dot.png", "data.txt"):
        (tmp_path / name).write_bytes(b"x")
    names = ["_static/here.css", "_images/dot.png", "_static/basic.css", "_images/lost.png"]
    links = "\n".join(f"`{n} <{name}>`__" for n, name in enumerate([*names, "_downloads/lost.txt"]))
    text = f"T\n=\n\n.. image:: dot.png\n\n:download:`data.txt`\n\n{links}\n"
    (tmp_path / "index.rst").write_text(text, "utf-8")
    done = run("--offline", "--verbose", folder=tmp_path)
    assert lines(done)[:2] == [
        "index.rst:11: _images/lost.png",
        "index.rst:12: _downloads/lost.txt",
    ]
    assert "a theme or an extension may bring it" in done.stdout
    assert "2 broken" in done.stdout


FOREIGN = """\
import nothing_that_is_installed

linkcheck_ignore = [r"http://127\\.0\\.0\\.1:\\d+/nothing"]
extlinks = {"issue": ("{url}/page#%s", "issue %s")}
html_title = nothing_that_is_installed.title
"""


def test_a_tree_of_others_is_checked_by_what_its_conf_py_says_without_running_it(
    tmp_path: Path,
) -> None:
    with serve_web() as web:
        (tmp_path / "conf.py").write_text(FOREIGN.replace("{url}", web.url), "utf-8")
        text = f"T\n=\n\n`a <{web.url}/nothing>`__ and :issue:`first` and :issue:`frist`.\n"
        (tmp_path / "index.rst").write_text(text, "utf-8")
        done = run(str(tmp_path), "--build-dir", str(tmp_path / "b"), folder=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert lines(done) == [f"index.rst:4: {web.url}/page#frist"]
    assert "1 ignored" in done.stdout


def test_a_document_is_suggested_as_its_page_has_to_write_it(tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "index.rst").write_text("T\n=\n\n:doc:`/part/othr`\n", "utf-8")
    (tmp_path / "part" / "page.rst").write_text("T\n=\n\n:doc:`othr` :doc:`../indx`\n", "utf-8")
    (tmp_path / "part" / "other.rst").write_text("T\n=\n\n:doc:`page`\n", "utf-8")
    done = run("--offline", "--json", "-", "--build-dir", "b", folder=tmp_path)
    rows = map(json.loads, done.stdout.splitlines())
    assert {row["uri"]: row["suggestion"] for row in rows} == {
        "std:doc:/part/othr": "/part/other",
        "std:doc:othr": "other",
        "std:doc:../indx": "../index",
    }


def test_every_redirect_is_shown_when_every_link_is(tmp_path: Path) -> None:
    with serve_web() as web:
        text = f"T\n=\n\n`a <{web.url}/found>`_ `b <{web.url}/moved>`_\n"
        (tmp_path / "index.rst").write_text(text, "utf-8")
        short = run("--build-dir", "b", folder=tmp_path).stdout
        whole = run("--build-dir", "b", "-v", folder=tmp_path).stdout
    assert ("/found" in short, "moved for good (1)" in short) == (False, True)
    assert f"index.rst:4: {web.url}/found\n    302 to {web.url}/page" in whole
    assert "redirected (2)" in whole


def test_an_image_that_leads_elsewhere_is_found_where_it_stands(tmp_path: Path) -> None:
    text = "T\n=\n\nText.\n\n.. image:: http://x.invalid/a.png\n   :target: nowhere.html\n"
    (tmp_path / "index.rst").write_text(text, "utf-8")
    done = run("--offline", "--build-dir", "b", folder=tmp_path)
    assert lines(done) == ["index.rst:7: nowhere.html"]


def test_what_a_host_says_steers_no_terminal_and_needs_no_unicode(tmp_path: Path) -> None:
    with serve_web() as web:
        text = f"T\n=\n\n`ünter <{web.url}/steering>`_\n"
        (tmp_path / "index.rst").write_text(text, "utf-8")
        wide = run("--build-dir", "b", folder=tmp_path, PYTHONIOENCODING="utf-8")
        narrow = run("--build-dir", "b", folder=tmp_path, PYTHONIOENCODING="ascii")
        rows = run("--build-dir", "b", "--json", "-", folder=tmp_path, PYTHONIOENCODING="ascii")
    assert "\n    404 \\x1b[2JNothing\n    text: ünter\n" in wide.stdout
    assert (narrow.returncode, narrow.stderr) == (1, "")
    assert "text: \\xfcnter" in narrow.stdout
    assert json.loads(rows.stdout)["text"] == "ünter"


def test_settings_of_a_toml_file_are_taken(tmp_path: Path) -> None:
    with serve_web() as web:
        (tmp_path / "index.rst").write_text(f"T\n=\n\n`a <{web.url}/nothing>`__\n", "utf-8")
        rule = '[[links.ignore]]\npattern = "http://127"\nreason = "not here"\n'
        (tmp_path / "ours.toml").write_text(rule, "utf-8")
        done = run("--config", "ours.toml", "-v", "--build-dir", "b", folder=tmp_path)
        assert not web.asked
    assert (done.returncode, "not here" in done.stdout) == (0, True)
    (tmp_path / "ours.toml").write_text("[link]\n", "utf-8")
    wrong = run("--config", "ours.toml", "--build-dir", "b", folder=tmp_path)
    assert (wrong.returncode, wrong.stderr) == (2, "honestdocs: ours.toml: has no table [links]\n")


def test_shards_ask_each_host_from_one_of_them_and_tell_all_links_between_them(
    tmp_path: Path,
) -> None:
    with serve_web() as one, serve_web() as two:
        write(tmp_path, one.url)
        more = "".join(f"\n`p{n} <{two.url}/nothing?{n}>`_\n" for n in range(3))
        (tmp_path / "other.rst").write_text(OTHER + more, "utf-8")
        whole = run("--json", "whole.json", "-q", "--all", folder=tmp_path)
        told = []
        for number in (1, 2):
            one.asked.clear()
            two.asked.clear()
            file = f"{number}.json"
            done = run("--shard", f"{number}/2", "--json", file, "--all", folder=tmp_path)
            assert f"note: this is shard {number} of 2: " in done.stdout
            assert bool(one.asked) != bool(two.asked)
            told += (tmp_path / file).read_text("utf-8").splitlines()
    assert whole.returncode == 1
    places = [_place(line) for line in told]
    found = (tmp_path / "whole.json").read_text("utf-8").splitlines()
    assert sorted(places) == sorted(_place(line) for line in found)


def _place(line: str) -> tuple[str, int, str, str]:
    row = json.loads(line)
    return row["filename"], row["lineno"], row["uri"], row["status"]


def test_a_link_within_the_tree_tells_since_when_it_is_broken(tmp_path: Path) -> None:
    def since() -> dict[str, float | None]:
        run("--offline", "--json", "found.json", "-q", folder=tmp_path)
        rows = map(json.loads, (tmp_path / "found.json").read_text("utf-8").splitlines())
        return {row["uri"]: row["broken_since"] for row in rows}

    write(tmp_path, "http://x.invalid")
    first = since()
    assert first["othr.html"]
    (tmp_path / "index.rst").write_text(
        "Moved\n=====\n\n.. toctree::\n\n   other\n\n`none <othr.html>`_ `new <nwe.html>`_\n",
        "utf-8",
    )
    second = since()
    assert second["othr.html"] == first["othr.html"]
    assert second["nwe.html"] > first["othr.html"]
    (tmp_path / "othr.rst").write_text("T\n=\n", "utf-8")
    since()
    (tmp_path / "othr.rst").unlink()
    assert since()["othr.html"] > first["othr.html"]


def test_a_substitution_counts_where_it_is_used(tmp_path: Path) -> None:
    text = "T\n=\n\nThis |logo| and that |logo|, |gone|.\n\n"
    text += ".. |logo| image:: logo.png\n.. |gone| replace:: `x <gone.html>`__\n"
    (tmp_path / "index.rst").write_text(text, "utf-8")
    done = run("--offline", "--build-dir", "b", folder=tmp_path)
    assert lines(done) == [
        "index.rst:6: logo.png",
        "index.rst:6: logo.png",
        "index.rst:7: gone.html",
    ]


def test_no_page_is_suggested_in_place_of_itself(tmp_path: Path) -> None:
    text = "T\n=\n\n.. toctree::\n\n   permission\n"
    (tmp_path / "index.rst").write_text(text, "utf-8")
    (tmp_path / "permission.rst").write_text("T\n=\n\n`a <permissions>`__\n", "utf-8")
    done = run("--offline", "--build-dir", "b", folder=tmp_path)
    assert "permission.rst:4: permissions" in done.stdout
    assert "write:" not in done.stdout


def test_what_a_build_must_not_note_is_not_done_without(tmp_path: Path) -> None:
    secret = 'linkcheck_auth = [("http://x/", ("ann", "hunter2"))]\n'
    (tmp_path / "conf.py").write_text(f"{CONF}{secret}", "utf-8")
    (tmp_path / "index.rst").write_text("T\n=\n\n`a <http://x.invalid/>`__\n", "utf-8")
    build = [sys.executable, "-m", "sphinx", "-b", "html", "-d", "d", "-q", ".", "html"]
    subprocess.run(build, cwd=tmp_path, check=True, timeout=120)
    assert "hunter2" not in (tmp_path / "d" / "honestdocs-links.json").read_text("utf-8")
    done = run("--from-build", "d", folder=tmp_path)
    assert done.returncode == 2
    assert "linkcheck_auth" in done.stderr


def test_redirects_that_are_allowed_are_noted_by_a_build(tmp_path: Path) -> None:
    with serve_web() as web:
        allowed = f'linkcheck_allowed_redirects = {{r"{web.url}/moved": r"{web.url}/page"}}\n'
        (tmp_path / "conf.py").write_text(f"{CONF}{allowed}", "utf-8")
        (tmp_path / "index.rst").write_text(f"T\n=\n\n`a <{web.url}/moved>`__\n", "utf-8")
        build = [sys.executable, "-m", "sphinx", "-b", "html", "-d", "d", "-q", ".", "html"]
        subprocess.run(build, cwd=tmp_path, check=True, timeout=120)
        done = run("--from-build", "d", folder=tmp_path)
    assert (done.returncode, done.stdout[:9]) == (0, "1 working")


def test_a_check_of_which_nothing_can_have_changed_is_told_again(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "sphinx", "-b", "html", "-d", "d", "-q", ".", "html"]
    with serve_web() as web:
        write(tmp_path, web.url)
        subprocess.run(build, cwd=tmp_path, check=True, timeout=120)
        first = run("--from-build", "d", folder=tmp_path)
        asked = len(web.asked)
        memory = tmp_path / "d" / "honestdocs-links.told.json"
        kept = memory.read_bytes()
        second = run("--from-build", "d", folder=tmp_path)
        assert (second.returncode, lines(second)) == (first.returncode, lines(first))
        assert " 0 requests)" in second.stdout
        assert (len(web.asked), memory.read_bytes()) == (asked, kept)
        verbose = run("--from-build", "d", "-v", folder=tmp_path)
        assert len(verbose.stdout) > len(second.stdout)
        (tmp_path / "index.rst").write_text("T\n=\n\nNo links.\n", "utf-8")
        subprocess.run(build, cwd=tmp_path, check=True, timeout=120)
        changed = run("--from-build", "d", folder=tmp_path)
    assert changed.returncode == 0, changed.stdout
    again = run("--from-build", "d", "--all", folder=tmp_path)
    assert again.returncode == 0
