"""The ``honestdocs`` command.

Owns its options, and the joining of Sphinx, verification and terminal. Must not hold rules of
the product: those are in the packages that it joins.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from honestdocs.commands.errors import UsageError
from honestdocs.commands.services import declared

if TYPE_CHECKING:
    from honestdocs.contract.outcome import Result
    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.tree import Tree
    from honestdocs.verification.report import Report

PROVEN, LIES, USAGE, UNCHECKED, INTERRUPTED = 0, 1, 2, 3, 130
_EPILOG = """\
exit status:
  0  everything is proven
  1  the documentation lies: it and the server disagree, or it contradicts itself
  2  the command, the configuration or the tree's notation is wrong
  3  something could not be checked: a service was unreachable or unhealthy
"""
_CHECK = """\
Read the documented HTTP operations and examples out of a tree, run them against the
live services, and report what is proven and what is not.

Without DIR the tree of the current folder is checked with its conf.py. With DIR and
--url (or --config) any tree is read, without its conf.py, theme and extensions.
"""
_BUILD = """\
Prove the documentation of the current folder and build it as HTML.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not hasattr(options, "run"):
        parser.print_help()
        return USAGE
    try:
        return int(options.run(options))
    except UsageError as error:
        print(f"honestdocs: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("honestdocs: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="honestdocs",
        description="Documentation that cannot lie: HTTP examples, proven against the server.",
        epilog=_EPILOG,
        formatter_class=raw,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('honestdocs')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    check = commands.add_parser(
        "check",
        help="run the documented examples and report",
        description=_CHECK,
        epilog=_EPILOG,
        formatter_class=raw,
    )
    _add_check(check)
    check.set_defaults(run=_check)
    build = commands.add_parser(
        "build",
        help="prove the documentation and build it as HTML",
        description=_BUILD,
        epilog=_EPILOG,
        formatter_class=raw,
    )
    _add_build(build)
    build.set_defaults(run=_build)
    return parser


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", nargs="?", metavar="DIR", help="the tree (default: this folder's)")
    where = parser.add_argument_group("where to check")
    where.add_argument("--url", metavar="BASE", help="base URL of the service, with its base path")
    where.add_argument(
        "--setup", metavar="FILE.http", help="requests to send before a page, separated by ###"
    )
    where.add_argument("--config", metavar="FILE.toml", help="services in a TOML file")
    where.add_argument("--build-dir", metavar="DIR", help="where doctrees and outcomes are kept")
    _add_choice(parser)
    report = parser.add_argument_group("the report")
    report.add_argument(
        "--json", metavar="FILE", help="also write the report as JSON (- for stdout)"
    )
    report.add_argument("--junit", metavar="FILE", help="also write the report as JUnit XML")
    report.add_argument("-v", "--verbose", action="store_true", help="show every place and gap")
    report.add_argument("-q", "--quiet", action="store_true", help="no progress, no report")
    report.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour (auto respects NO_COLOR and FORCE_COLOR)",
    )
    parser.add_argument(
        "-j", "--jobs", type=_jobs, default=None, metavar="N", help="processes that read pages"
    )


def _add_choice(parser: argparse.ArgumentParser) -> None:
    choice = parser.add_argument_group(
        "what to check",
        "By default an example runs when its text, what it depends on, the service's "
        "settings or the server's version changed, or when it could not be checked before.",
    )
    choice.add_argument("--all", action="store_true", help="run every example")
    choice.add_argument(
        "--changed", action="store_true", help="run only examples whose page changed"
    )
    choice.add_argument(
        "--max-age",
        type=_age,
        default=0.0,
        metavar="AGE",
        help="run what is older, as in 12h or 7d",
    )
    choice.add_argument(
        "--offline",
        action="store_true",
        help="run nothing: static lies and last known outcomes only",
    )


def _add_build(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", default="build/html", metavar="DIR", help="default: build/html")
    parser.add_argument("--offline", action="store_true", help="build without asking any service")
    parser.add_argument("--all", action="store_true", help="run every example, read every page")
    parser.add_argument("-j", "--jobs", type=_jobs, default=2, metavar="N", help="default: 2")


def _jobs(text: str) -> int:
    if text == "auto":
        return os.cpu_count() or 1
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes above 0")
    return int(text)


def _age(text: str) -> float:
    from honestdocs.contract.age import AgeError, parse_age

    try:
        return parse_age(text)
    except AgeError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _check(arguments: argparse.Namespace) -> int:
    from honestdocs.contract.errors import ContractError
    from honestdocs.sphinxext.tree import TreeError, tune_collector

    if arguments.changed and arguments.all:
        raise UsageError("give either --all or --changed, not both")
    tune_collector()
    try:
        report, srcdir = _verified(arguments)
    except (TreeError, ContractError) as error:
        raise UsageError(str(error)) from error
    return _tell(report, srcdir, arguments)


def _verified(arguments: argparse.Namespace) -> tuple[Report, Path]:
    """The report on the tree that the arguments name, and the folder of its sources."""
    from sphinx.util.console import nocolor

    from honestdocs.sphinxext.builder import use_color
    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.tree import include_warnings, verify
    from honestdocs.verification.plan import Options
    from honestdocs.verification.prover import Watcher
    from honestdocs.verification.report.progress import Progress

    tree = _tree(arguments)
    color = use_color(arguments.color, terminal=sys.stderr.isatty(), environ=os.environ)
    if not color:
        nocolor()
    progress = Progress(
        sys.stderr,
        clock=time.monotonic,
        width=lambda: get_terminal_size((80, 24)).columns,
        color=color,
    )
    verifier = Verifier(
        options=Options(
            all=arguments.all,
            changed=arguments.changed,
            max_age=arguments.max_age,
            offline=arguments.offline,
        )
    )

    def page(name: str, results: Sequence[Result]) -> None:
        for result in results:
            progress.advance(name, result.outcome)

    if not arguments.quiet:
        verifier.watcher = Watcher(begin=progress.start, page=page)
    said = io.StringIO()
    warnings = said if tree.foreign else sys.stderr
    jobs = arguments.jobs or min(os.cpu_count() or 1, 4)
    try:
        report = verify(tree, verifier, warnings=warnings, jobs=jobs)
    finally:
        progress.finish()
    notes = (*report.notes, *include_warnings(said.getvalue()))
    return replace(report, notes=notes), Path(tree.srcdir)


def _tree(arguments: argparse.Namespace) -> Tree:
    """The tree to check, with the services that the arguments add."""
    from honestdocs.sphinxext.tree import find_own, foreign, names_extension

    folder = Path(arguments.dir or ".")
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    state = Path(arguments.build_dir) if arguments.build_dir else None
    own = None if arguments.url or arguments.config else find_own(folder)
    if own is not None and arguments.dir and arguments.offline and not names_extension(own):
        own = None
    if own is not None:
        if arguments.setup:
            raise UsageError("--setup goes with --url; services in conf.py have their own setup")
        return replace(own, state=state or own.state)
    if arguments.dir is None and (arguments.url or arguments.config):
        found = find_own(folder)
        folder = found.srcdir if found is not None else folder
    if not (arguments.url or arguments.config or arguments.offline):
        raise UsageError(
            f"{folder}: no conf.py and no service is declared; give --url BASE, "
            "--config FILE.toml, or --offline for what can be found without a server"
        )
    return foreign(folder, state, declared(arguments))


def _tell(report: Report, srcdir: Path, arguments: argparse.Namespace) -> int:
    """Writes the report wherever it is wanted; returns the exit status."""
    from honestdocs.sphinxext.builder import print_report, use_color
    from honestdocs.verification.report.document import render_json
    from honestdocs.verification.report.junit import render_junit

    if arguments.json:
        _write(arguments.json, render_json(report))
    if arguments.junit:
        _write(arguments.junit, render_junit(report))
    if not arguments.quiet and arguments.json != "-":
        color = use_color(arguments.color, terminal=sys.stdout.isatty(), environ=os.environ)
        print_report(report, srcdir, color=color, verbose=arguments.verbose)
    return report.exit_status


def _write(name: str, text: str) -> None:
    if name == "-":
        sys.stdout.write(text)
        return
    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"{name}: cannot be written: {error.strerror or error}") from error


def _build(arguments: argparse.Namespace) -> int:
    from sphinx.util.console import nocolor

    from honestdocs.sphinxext.builder import use_color
    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.tree import TreeError, build, find_own, tune_collector
    from honestdocs.verification.plan import Options

    tree = find_own(Path())
    if tree is None:
        raise UsageError("no conf.py here; run this where the documentation's conf.py is")
    tune_collector()
    if not use_color("auto", terminal=sys.stderr.isatty(), environ=os.environ):
        nocolor()
    verifier = Verifier(options=Options(all=arguments.all, offline=arguments.offline))
    output = Path(arguments.output)
    try:
        app = build(
            tree,
            verifier,
            output,
            warnings=sys.stderr,
            jobs=arguments.jobs,
            everything=arguments.all,
        )
    except TreeError as error:
        raise UsageError(str(error)) from error
    return _tell_build(app.statuscode, verifier, tree, output)


def _tell_build(status: int, verifier: Verifier, tree: Tree, output: Path) -> int:
    """Says what was proven and where to look; returns the exit status."""
    from honestdocs.sphinxext.builder import make_report, use_color
    from honestdocs.verification.report.summary import render_closing

    outcome = PROVEN
    if verifier.verified is not None:
        report = make_report(verifier.verified, tree.srcdir)
        color = use_color("auto", terminal=sys.stdout.isatty(), environ=os.environ)
        width = get_terminal_size((100, 24)).columns
        print(render_closing(report, color=color, width=width))
        outcome = report.exit_status
    if status and outcome == PROVEN:
        print("The warnings above count as errors.", file=sys.stderr)
    print(f"The documentation is in {output / 'index.html'}")
    return outcome or (LIES if status else PROVEN)
