"""The rules of the house: who may import whom, names, sizes, commands, locks, lint and types.

Owns what `source/project/architecture.rst` promises of the code as a whole. Reads the tree as
text and syntax and imports nothing of it.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
IMPORT_ROOTS = (ROOT / "extensions", ROOT / "reference")
MODULES = sorted(path for root in IMPORT_ROOTS for path in root.rglob("*.py"))
TESTS = sorted(
    path for path in (ROOT / "tests").rglob("*.py") if ROOT / "tests/roots" not in path.parents
)
STANDARD_LIBRARY = frozenset(sys.stdlib_module_names)

LONGEST_MODULE = 350
LONGEST_FUNCTION = 50
NAMELESS = {"common", "helper", "helpers", "manager", "misc", "stuff", "tools", "util", "utils"}
SHELL_SECONDS = 300

OUTSIDE_WORLD = frozenset(
    """
    _thread asyncio concurrent ctypes email.message fcntl fileinput ftplib getpass glob
    http.client http.cookiejar http.server importlib io logging mmap multiprocessing os pathlib
    platform pty queue random resource sched secrets select selectors shelve shutil signal
    smtplib socket socketserver sqlite3 ssl subprocess sys syslog tempfile termios threading time
    urllib.request uuid.uuid1 uuid.uuid4 webbrowser xmlrpc
    """.split()
)
"""The standard library's files, sockets, processes, threads, clock and chance."""

AMBIENT_CALLS = frozenset({"open", "input", "print", "now", "utcnow", "today", "uuid1", "uuid4"})
"""Calls that reach out without an import that would tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One row of the dependency rule: what modules whose name starts with ``name`` may import."""

    name: str
    ours: tuple[str, ...] = ()
    others: frozenset[str] = frozenset()
    pure: bool = False


SPHINX = frozenset({"sphinx", "docutils", "sphinxcontrib", "pygments", "jinja2", "markupsafe"})
PARTS = (
    Part(name="honestdocs.contract", pure=True),
    Part(name="honestdocs.machine"),
    Part(
        name="honestdocs.verification",
        ours=("honestdocs.contract", "honestdocs.machine"),
        others=frozenset({"pycurl", "certifi", "distributed"}),
    ),
    Part(
        name="honestdocs.links",
        ours=("honestdocs.contract", "honestdocs.verification"),
        others=frozenset({"pycurl", "certifi"}) | SPHINX,
    ),
    Part(
        name="honestdocs.prose",
        ours=("honestdocs.contract",),
        others=frozenset({"sphinxlint"}),
    ),
    Part(
        name="honestdocs.sphinxext",
        ours=(
            "honestdocs.contract",
            "honestdocs.verification",
            "honestdocs.links",
            "honestdocs.hosting",
        ),
        others=SPHINX | {"pagefind"},
    ),
    Part(
        name="honestdocs.portal",
        ours=("honestdocs.contract", "honestdocs.verification"),
        others=frozenset({"starlette", "uvicorn", "watchfiles", "anyio", "prometheus_client"}),
    ),
    Part(
        name="honestdocs.hosting",
        ours=("honestdocs.contract", "honestdocs.machine"),
        others=frozenset({"argon2"}),
    ),
    Part(
        name="honestdocs.hosting.editing",
        ours=("honestdocs.contract", "honestdocs.hosting"),
        others=frozenset({"jinja2", "lxml", "merge3", "starlette"}),
    ),
    Part(name="honestdocs.hosting.glue", others=frozenset({"mercurial"})),
    Part(
        name="syncserver",
        others=frozenset(
            """
            aiosmtplib alembic anyio argon2 dockerflow fastapi httptools pydantic redis sqlalchemy
            starlette uvicorn
            """.split()
        ),
    ),
)


def name_of(path: Path) -> str:
    root = next(root for root in IMPORT_ROOTS if root in path.parents)
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path) for path in MODULES}
JOINTS = {
    "honestdocs",
    "honestdocs.cli",
    "honestdocs.__main__",
    *(name for name in NAMES if name.startswith("honestdocs.commands")),
}
"""The modules that may join parts: the command, and the package that composes the extension."""


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything a module imports, also for types only or in a function."""
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join(
                [*(above if node.level else ()), *([node.module] if node.module else ())]
            )
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def within(name: str, prefixes: tuple[str, ...] | frozenset[str]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def part_of(name: str) -> Part | None:
    """The part of a module: the innermost one."""
    found = [part for part in PARTS if within(name, (part.name,))]
    return max(found, key=lambda part: len(part.name), default=None)


def may_import(part: Part, name: str) -> bool:
    top = name.partition(".")[0]
    if top in {"honestdocs", "syncserver"}:
        return within(name, (part.name, *part.ours))
    if top in STANDARD_LIBRARY:
        return not (part.pure and within(name, OUTSIDE_WORLD))
    return top in part.others


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_each_part_imports_only_what_the_dependency_rule_allows(part: Part) -> None:
    broken = [
        f"{relative(path)}:{line}: {part.name} may not import {name}"
        for path in MODULES
        if part_of(name_of(path)) is part and name_of(path) not in JOINTS
        for line, name in imports_of(path)
        if not may_import(part, name)
    ]
    assert not broken, "\n".join(broken)


def test_every_module_belongs_to_a_part_or_joins_parts() -> None:
    known = tuple(part.name for part in PARTS)
    homeless = [
        relative(path)
        for path in MODULES
        if name_of(path) not in JOINTS and not within(name_of(path), known)
    ]
    assert not homeless


def test_the_contract_reaches_for_nothing_outside_itself() -> None:
    reached = [
        f"{relative(path)}:{node.lineno}: {called}()"
        for path in MODULES
        if within(name_of(path), ("honestdocs.contract",))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        for called in [getattr(node.func, "id", getattr(node.func, "attr", ""))]
        if called in AMBIENT_CALLS
    ]
    assert not reached, "\n".join(reached)


@pytest.mark.parametrize(
    ("part", "name", "allowed"),
    [
        ("honestdocs.contract", "honestdocs.contract.outcome.Outcome", True),
        ("honestdocs.contract", "http.HTTPStatus", True),
        ("honestdocs.contract", "urllib.parse.urlsplit", True),
        ("honestdocs.contract", "urllib.request.urlopen", False),
        ("honestdocs.contract", "http.client", False),
        ("honestdocs.contract", "os.path", False),
        ("honestdocs.contract", "sphinx.application.Sphinx", False),
        ("honestdocs.contract", "honestdocs.verification.store", False),
        ("honestdocs.verification", "pycurl", True),
        ("honestdocs.verification", "docutils.nodes", False),
        ("honestdocs.sphinxext", "honestdocs.portal.app", False),
        ("honestdocs.hosting", "mercurial.error", False),
        ("honestdocs.hosting.glue", "mercurial.error", True),
        ("honestdocs.hosting.glue", "honestdocs.hosting.home", False),
        ("syncserver", "honestdocs.contract.wire", False),
    ],
)
def test_the_rule_tells_allowed_from_forbidden(part: str, name: str, *, allowed: bool) -> None:
    row = next(row for row in PARTS if row.name == part)
    assert may_import(row, name) is allowed


def test_whatever_imports_mercurial_is_under_its_licence_and_says_so() -> None:
    glue = [path for path in MODULES if within(name_of(path), ("honestdocs.hosting.glue",))]
    assert glue
    for path in glue:
        assert path.read_text("utf-8").startswith("# SPDX-License-Identifier: GPL-2.0-or-later\n")


def test_no_module_or_folder_is_named_after_its_lack_of_a_name() -> None:
    nameless = [name for name in NAMES if NAMELESS & set(name.split("."))]
    assert not nameless


@pytest.mark.parametrize("path", [*MODULES, *TESTS, ROOT / "conf.py"], ids=relative)
def test_every_module_opens_with_a_docstring(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


def test_no_module_is_too_big_to_hold_in_the_head() -> None:
    sizes = {relative(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert not {path: lines for path, lines in sizes.items() if lines > LONGEST_MODULE}


def test_no_function_is_too_long_to_see_at_once() -> None:
    long = [
        f"{relative(path)}:{node.lineno}: {node.name} has {lines} lines"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for lines in [(node.end_lineno or node.lineno) - node.lineno + 1]
        if lines > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def makefile() -> str:
    return (ROOT / "Makefile").read_text("utf-8")


def phony_targets() -> set[str]:
    return set(re.findall(r"^\.PHONY: (.*)$", makefile(), re.MULTILINE)[0].split())


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """The command in the project's folder, without the settings of a make above us."""
    surroundings = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return subprocess.run(
        command,
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=SHELL_SECONDS,
        check=False,
    )


def test_make_help_lists_every_task_with_what_it_does() -> None:
    helped = run("make", "help")
    assert helped.returncode == 0, helped.stderr
    told = dict(re.findall(r"^  (\w+) +(\S.*)$", helped.stdout, re.MULTILINE))
    assert set(told) == phony_targets()


@pytest.mark.parametrize("page", ["README.md", ".ci/run", "changes/README.md"])
def test_every_make_command_that_a_text_names_is_a_task(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(r"(?:`|^ {4}|^step '[^']*' |\$ )make ([a-z]+)", text, re.MULTILINE)
    assert set(named) <= phony_targets()


def test_the_guides_name_only_tasks_that_exist() -> None:
    named = {
        target
        for page in (ROOT / "source").rglob("*.rst")
        for target in re.findall(r"``make ([a-z]+)", page.read_text("utf-8"))
    }
    assert named
    assert named <= phony_targets()


def test_the_readme_shows_the_two_commands_of_a_fresh_machine_first() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert re.search(r"^    make\n    make test$", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("old_python", "told"),
    [
        ("echo Python 3.9.2; exit 1", "Python 3.11 or newer is needed;"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "the package python3-venv"),
    ],
)
def test_make_says_what_a_python_lacks(tmp_path: Path, old_python: str, told: str) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{old_python}\n", "utf-8")
    python.chmod(0o755)
    refused = run("make", f"PYTHON={python}", "-B", ".venv/.locked")
    assert refused.returncode != 0
    assert told in refused.stderr


def test_make_says_when_there_is_no_such_python() -> None:
    refused = run("make", "PYTHON=no-such-python", "-B", ".venv/.locked")
    assert refused.returncode != 0
    assert "install Python 3.11 or newer" in refused.stderr


LOCKS = sorted([ROOT / "requirements.lock", *(ROOT / "tests").glob("*/requirements.lock")])


@pytest.mark.parametrize("lock", LOCKS, ids=relative)
def test_a_lock_pins_every_release_by_the_hash_of_its_files(lock: Path) -> None:
    text = lock.read_text("utf-8")
    pins = re.findall(r"^[a-z0-9][^\n]*(?:\n    --hash[^\n]*)*", text, re.MULTILINE)
    assert pins
    assert not [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin]
    assert "://" not in text


def test_the_lock_holds_everything_that_the_project_asks_for() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [
        *settings["project"]["dependencies"],
        *(
            name
            for extra in settings["project"]["optional-dependencies"].values()
            for name in extra
        ),
        *(name for group in settings["dependency-groups"].values() for name in group),
    ]
    pinned = set(
        re.findall(
            r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE
        )
    )
    missing = [one for one in asked if re.split(r"[\[<>=~! ]", one)[0].lower() not in pinned]
    assert not missing


@pytest.mark.lint
@pytest.mark.parametrize(
    "command",
    [("ruff", "format", "--check"), ("ruff", "check"), ("mypy",)],
    ids=" ".join,
)
def test_format_lint_and_types_are_clean(command: tuple[str, ...]) -> None:
    ended = run(sys.executable, "-m", *command)
    assert ended.returncode == 0, ended.stdout + ended.stderr
