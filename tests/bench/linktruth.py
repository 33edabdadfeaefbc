"""Who is right about links: honestdocs, lychee and Sphinx's linkcheck on a hostile web.

Owns the cases, the truth about each, and how the three are asked. A case is good (calling it broken
is wrong), bad (not calling it broken is wrong), or nobody's (the host gives no answer in time, so
calling it broken is wrong and saying nothing is right). Must not know how a web is hostile.
"""

from __future__ import annotations

# ruff: noqa: T201 - the terminal is what a bench writes to
import json
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from cost import run
from table import show

from servers.certificates import Authority
from servers.misbehaving import misbehaving, nobody
from servers.web import serve_web

ROOT = Path(__file__).resolve().parents[2]
LYCHEE = ROOT / "build" / "bench" / "venv" / "bin" / "lychee"
ENDED = frozenset((0, 1, 2, 3))
_ENV = {"PYTHONPATH": str(ROOT / "extensions"), "NO_COLOR": "1"}

GOOD = """
    /page /page#first /page#old /page#top /page# /page#:~:text=First /page#caf%C3%A9 /page#a+b
    /page#!route /scripted#made /latin#caf%C3%A9 /text#L10 /pdf#page=3 /gzip#first /utf16#first
    /no-type#first /bare#Bare /bare#single /bare#link /no-head /head-lies /head-drops /no-method
    /no-access /flaky /busy /busy-date /busy-silent /closed-for-a-moment /reset-at-first /huge
    /cookie-wall /moved /moved#first /moved-twice /moved-to-anchor /found /away /beside /spaced
    /slash /page?a=1&b=2 /p%61ge /page?q=%C3%BC
""".split()
BAD = """
    /nothing /gone /page#firs /page#hidden /bare#bare /gzip#firs /utf16#firs /moved#nowhere
    /moved-to-nothing /circle /endless/1 /down /secret /scripted#nowhere /no-type#firs
""".split()
NOBODYS = "/slow /always-busy".split()
INSIDE = {
    "other.html": True,
    "other.html#there": True,
    "other.html#their": False,
    "othr.html": False,
    "#here": True,
    "#hear": False,
}
_CONF = """\
project = "truth"
extensions = ["honestdocs"]
html_theme = "basic"
html_copy_source = False
html_show_sphinx = False
linkcheck_timeout = 2
linkcheck_retries = 2
linkcheck_rate_limit_timeout = 20
honestdocs_links = {"max_wait": 20, "rate": 1000, "burst": 1000}
"""
_OTHER = "Other\n=====\n\n.. _there:\n\nThere\n-----\n\nText.\n"

Said = Mapping[str, str]
"""What a tool says of each target: ok, broken, or undecided."""


def bench(*, quick: bool) -> None:
    """Prints every case that somebody is wrong about, and how often each is wrong.

    A quick one spares lychee the host that asks for an hour: it takes two minutes over it.
    """
    if not LYCHEE.exists():
        print("\nlychee is not here: make bench installs it", file=sys.stderr)
        return
    tools = {"honestdocs": _ours, "lychee": _lychee, "linkcheck": _linkcheck}
    said: dict[str, dict[str, str]] = {}
    truth: dict[str, str] = {}
    for name, ask in tools.items():
        with tempfile.TemporaryDirectory(prefix="truth-") as folder, ExitStack() as stack:
            cases = _cases(Path(folder), stack, quick=quick)
            truth = {case: expected for case, (_, expected) in cases.items()}
            tree = _write(Path(folder) / "tree", {c: target for c, (target, _) in cases.items()})
            found = ask(tree)
            said[name] = {c: found.get(target, "ok") for c, (target, _) in cases.items()}
    _tell(truth, said)


def _tell(truth: Mapping[str, str], said: Mapping[str, Mapping[str, str]]) -> None:
    wrong = {
        name: {c for c in truth if _is_wrong(truth[c], told[c])} for name, told in said.items()
    }
    rows = [
        [
            case,
            truth[case],
            *(_mark(told[case], wrong=case in wrong[n]) for n, told in said.items()),
        ]
        for case in truth
        if any(case in cases for cases in wrong.values())
    ]
    rows.append([f"wrong, of {len(truth)} cases", "", *(str(len(wrong[name])) for name in said)])
    show("Links: the truth, and what is said of it", ("case", "truth", *said), rows)
    ours, *others = (wrong[name] for name in said)
    alone = [case for case in ours if any(case not in theirs for theirs in others)]
    print(f"\n  wrong where another is right: {', '.join(alone) or 'nowhere'}")


def _is_wrong(truth: str, told: str) -> bool:
    return (told == "broken") != (truth == "bad") or told.startswith("sleeps")


def _mark(told: str, *, wrong: bool) -> str:
    return f"{told} !" if wrong else told


def _cases(folder: Path, stack: ExitStack, *, quick: bool) -> dict[str, tuple[str, str]]:
    """Every case by its name, with its target and the truth."""
    web = stack.enter_context(serve_web())
    found: dict[str, tuple[str, str]] = {}
    for truth, paths in (
        ("good", GOOD),
        ("bad", BAD),
        ("nobody's", NOBODYS[:1] if quick else NOBODYS),
    ):
        for path in paths:
            apart = path.startswith(_APART)
            host = stack.enter_context(serve_web()) if apart else web
            found[path] = (host.url + path, truth)
    found |= {name: (name, "good" if fine else "bad") for name, fine in INSIDE.items()}
    authority = Authority(folder)
    for name, context in (
        ("certificate expired", authority.expired()),
        ("certificate signs itself", authority.self_signed()),
        ("certificate of nobody known", authority.context()),
    ):
        server = stack.enter_context(misbehaving(context))
        found[name] = (f"{server.origin}/ok", "bad")
    port = stack.enter_context(nobody())
    found["nobody listens"] = (f"http://127.0.0.1:{port}/", "bad")
    found["no such host"] = ("http://no-such-host.invalid/", "bad")
    return found


def _write(folder: Path, targets: Mapping[str, str]) -> Path:
    folder.mkdir()
    (folder / "conf.py").write_text(_CONF)
    items = [f"* `case {at} <{target}>`__" for at, target in enumerate(targets.values())]
    start = ["Start", "=====", "", ".. toctree::", "", "   other", "", ".. _here:", "", "Here"]
    (folder / "index.rst").write_text("\n".join([*start, "----", "", *items, ""]))
    (folder / "other.rst").write_text(_OTHER)
    command = (sys.executable, "-m", "sphinx", "-q", "-b", "html", "-d", "d", ".", "html")
    run(command, cwd=folder, env=_ENV)
    return folder


_HOUR = ".*/always-busy"
"""What linkcheck sleeps an hour for; it is not made to here."""

_APART = ("/busy", "/closed", "/always", "/slow", "/down", "/flaky", "/reset")
"""On hosts of their own: whoever leaves a host alone shall not leave the other cases alone."""

_WORDS = {"broken": "broken", "timeout": "undecided", "rate-limited": "undecided"}


def _ours(tree: Path) -> Said:
    command = (sys.executable, "-m", "honestdocs", "links", "--json", "links.json")
    run(command, cwd=tree, env=_ENV, allowed=ENDED)
    return _json_lines(tree / "links.json")


def _linkcheck(tree: Path) -> Said:
    command = (
        *(sys.executable, "-m", "sphinx", "-q", "-b", "linkcheck", "-d", "d"),
        *("-D", f"linkcheck_ignore={_HOUR}", ".", "checked"),
    )
    run(command, cwd=tree, env=_ENV, allowed=ENDED)
    found = _json_lines(tree / "checked" / "output.json")
    return {uri: "sleeps 1 h" if _HOUR[2:] in uri else word for uri, word in found.items()}


def _json_lines(file: Path) -> Said:
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    return {row["uri"]: _WORDS.get(row["status"], "ok") for row in rows}


def _lychee(tree: Path) -> Said:
    command = (
        *(LYCHEE, "--no-progress", "--include-fragments", "--timeout", "2"),
        *("--format", "json", "--output", "found.json", "html"),
    )
    run(command, cwd=tree, allowed=ENDED)
    found = json.loads((tree / "found.json").read_text())
    root = f"file://{tree}/html/"
    said: dict[str, str] = {}
    for key, word in (("error_map", "broken"), ("timeout_map", "undecided")):
        for one in (one for page in found.get(key, {}).values() for one in page):
            target = one["url"].removeprefix(root)
            said[target] = word
            said[target.removeprefix("index.html")] = word
    return said
