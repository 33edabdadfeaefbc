"""``honestdocs links``: check the links of a tree.

Owns its options, and the joining of reading, asking and telling. Must not hold rules of the
product: those are in the packages that it joins.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.commands import options as values
from honestdocs.commands import retelling
from honestdocs.commands.errors import UsageError
from honestdocs.commands.options import Commands

if TYPE_CHECKING:
    from honestdocs.contract.link import LinkReport
    from honestdocs.links.index import LinkIndex
    from honestdocs.links.policy import Policy
    from honestdocs.links.surroundings import Asker
    from honestdocs.sphinxext.tree import Tree
    from honestdocs.verification.reach import Reach

_TEXT = """\
Check the links of a tree: those within it by what reading it tells, the others by asking,
politely, whoever they lead to. Answers are kept and not asked for again while they hold.

Without DIR the tree of the current folder is checked with its conf.py, whose linkcheck_
values are honoured. A DIR without conf.py, or whose conf.py does not name our extension,
is read without running it; of such a file the values that are plain constants are taken.
"""
_EPILOG = """\
exit status:
  0  no link is broken
  1  a link is broken
  2  the command or the configuration is wrong
  3  no link is broken, but some could not be checked: time ran out, or a host asked to wait
"""


def add(commands: Commands) -> None:
    """Adds the subcommand."""
    parser = commands.add_parser(
        "links",
        help="check the links within the tree and out of it",
        description=_TEXT,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options(parser)
    parser.set_defaults(run=_run)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", nargs="?", metavar="DIR", help="the tree (default: this folder's)")
    choice = parser.add_argument_group("what to check")
    choice.add_argument("--offline", action="store_true", help="ask nobody: links within the tree")
    choice.add_argument("--all", action="store_true", help="ask again, whatever is known")
    choice.add_argument(
        "--changed", metavar="REV", help="only links of pages that changed since a changeset"
    )
    choice.add_argument(
        "--from-build",
        metavar="DIR",
        help="trust the links that the last build noted beside its doctrees: nothing is read",
    )
    choice.add_argument(
        "--config", metavar="FILE.toml", help="settings in a table [links], as in honestdocs_links"
    )
    where = parser.add_argument_group("where things are kept")
    where.add_argument("--build-dir", metavar="DIR", help="where doctrees and answers are kept")
    where.add_argument("--cache", metavar="FILE", help="where answers are kept")
    report = parser.add_argument_group("the report")
    report.add_argument(
        "--json", metavar="FILE", help="also write all findings as JSON lines (- for stdout)"
    )
    report.add_argument("-v", "--verbose", action="store_true", help="show every link")
    report.add_argument("-q", "--quiet", action="store_true", help="no progress, no report")
    report.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour (auto respects NO_COLOR and FORCE_COLOR)",
    )
    work = parser.add_argument_group("who does the work")
    work.add_argument(
        "-j", "--jobs", type=values.jobs, default=2, metavar="N", help="processes that read pages"
    )
    values.add_executor(work)


def _run(arguments: argparse.Namespace) -> int:
    from honestdocs.links.recall import recall, timed
    from honestdocs.verification.color import use_color

    begun = time.time()
    color = use_color(arguments.color, terminal=sys.stdout.isatty(), environ=os.environ)
    told = recall(retelling.memory(arguments), retelling.cause(arguments, color=color), begun)
    if told is not None:
        sys.stdout.write(timed(told[0], time.time() - begun))
        return told[1]
    return _check_and_tell(arguments, color=color)


def _check_and_tell(arguments: argparse.Namespace, *, color: bool) -> int:
    from honestdocs.links.recall import remember
    from honestdocs.links.report import render, render_json

    gc.set_threshold(20_000, 1_000, 1_000)  # what a check makes stays until its end
    report, until = check(arguments)
    if arguments.json:
        values.write(arguments.json, render_json(report.findings))
    if not arguments.quiet and arguments.json != "-":
        sys.stdout.write(render(report, color=color, verbose=arguments.verbose))
    if until:
        again = replace(report, requests=0, started=report.finished)
        text = render(again, color=color, verbose=arguments.verbose)
        cause = retelling.cause(arguments, color=color)
        remember(
            retelling.memory(arguments), cause, (report.finished, until), text, report.exit_status
        )
    return report.exit_status


def check(arguments: argparse.Namespace) -> tuple[LinkReport, float]:
    """The report on the tree that the arguments name, and until when it would be the same (seconds
    since the epoch, 0 where nobody can tell). Raises UsageError.
    """
    started = time.time()
    index, state = _index(arguments)
    if index.withheld and arguments.from_build and not arguments.offline:
        raise UsageError(
            f"--from-build: conf.py sets {' and '.join(index.withheld)}, which may be secret and "
            "is in no file of a build; leave --from-build out"
        )
    return check_index(index, state, arguments, started)


def check_index(
    index: LinkIndex, state: Path, arguments: argparse.Namespace, started: float
) -> tuple[LinkReport, float]:
    """The same on links that were read; answers are kept in the folder ``state``."""
    from honestdocs.contract.errors import ConfigurationError
    from honestdocs.links.policy import read_policy

    try:
        policy = read_policy({**index.values, **_configured(arguments, index)}, os.environ)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    cache = Path(arguments.cache) if arguments.cache else state / "honestdocs-links.sqlite"
    pages = _changed(arguments.changed, Path(index.srcdir)) if arguments.changed else None
    report, until = _audit(index, policy, cache, arguments, pages)
    root = os.path.relpath(index.srcdir)
    finished = time.time()
    own = index.values.get("honestdocs_links")
    secret = isinstance(own, dict) and own.get("auth")
    again = not (report.notes or secret or until <= finished)
    report = replace(report, root="" if root == "." else root, started=started, finished=finished)
    return report, until if again else 0.0


def _index(arguments: argparse.Namespace) -> tuple[LinkIndex, Path]:
    """All links of the tree, and the folder where answers are kept."""
    from honestdocs.links.index import NAME, LinkIndexError, load

    if arguments.from_build:
        folder = Path(arguments.from_build)
        try:
            return load(folder / NAME), folder.parent
        except LinkIndexError as error:
            raise UsageError(f"--from-build {error}") from error
    return _read(arguments)


def _read(arguments: argparse.Namespace) -> tuple[LinkIndex, Path]:
    import io

    from honestdocs.sphinxext.garbage import tune_collector
    from honestdocs.sphinxext.tree import TreeError, read_links

    folder = Path(arguments.dir or ".")
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    tune_collector()
    state = Path(arguments.build_dir) if arguments.build_dir else None
    try:
        tree = _tree(folder, state)
        return read_links(tree, warnings=io.StringIO(), jobs=arguments.jobs), tree.state
    except TreeError as error:
        raise UsageError(str(error)) from error


def _tree(folder: Path, state: Path | None) -> Tree:
    """The tree of a folder, read with its configuration where that knows of us."""
    from honestdocs.links.index import SECRET_VALUES, VALUES
    from honestdocs.sphinxext.literal import read_literals
    from honestdocs.sphinxext.tree import find_own, foreign, names_extension

    own = find_own(folder)
    if own is None:
        return foreign(folder, state, {})
    if names_extension(own) or own.confdir is None:
        return replace(own, state=state or own.state)
    names = (*VALUES, *SECRET_VALUES, "html_baseurl", "extlinks", "nitpick_ignore")
    found = read_literals(own.confdir / "conf.py", names)
    tree = foreign(own.srcdir, state, found)
    if "extlinks" in found:
        extensions = [*tree.overrides["extensions"], "sphinx.ext.extlinks"]
        tree = replace(tree, overrides={**tree.overrides, "extensions": extensions})
    return tree


def _configured(arguments: argparse.Namespace, index: LinkIndex) -> dict[str, object]:
    """What a TOML file adds to the tree's own settings, or puts in their place."""
    if not arguments.config:
        return {}
    import tomllib

    try:
        found = tomllib.loads(Path(arguments.config).read_text("utf-8")).get("links")
    except OSError as error:
        raise UsageError(f"{arguments.config}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{arguments.config}: is no TOML: {error}") from error
    if not isinstance(found, dict):
        raise UsageError(f"{arguments.config}: has no table [links]")
    own = index.values.get("honestdocs_links")
    return {"honestdocs_links": {**(own if isinstance(own, dict) else {}), **found}}


def _audit(
    index: LinkIndex,
    policy: Policy,
    cache: Path,
    arguments: argparse.Namespace,
    pages: frozenset[str] | None,
) -> tuple[LinkReport, float]:
    from honestdocs.links.audit import Choice, audit
    from honestdocs.links.cache import Cache
    from honestdocs.verification.errors import ExecutorError

    choice = Choice(
        offline=arguments.offline,
        again=arguments.all,
        pages=pages,
        today=datetime.now(UTC).date().isoformat(),
        everything=bool(arguments.json or arguments.verbose),
    )
    with Cache(cache, policy) as kept, _asker(policy, arguments) as asker:
        try:
            report = audit(index, policy, asker, kept, choice)
        except ExecutorError as error:
            raise UsageError(str(error)) from error
        finally:
            _end_progress(arguments)
        notes = (*report.notes, *((kept.notice,) if kept.notice else ()))
        return replace(report, notes=notes), kept.until


@contextmanager
def _asker(policy: Policy, arguments: argparse.Namespace) -> Iterator[Asker]:
    """Who asks: this process, or workers."""
    from honestdocs.links.checker import Checker
    from honestdocs.links.surroundings import Clock, Late, Progress

    clock = Clock(monotonic=time.monotonic, now=time.time)
    progress = Progress(told=_progress(arguments))
    if arguments.executor is None:
        with Late(lambda: _reach(policy).connect()) as carrier:
            yield Checker(policy, carrier, clock, progress)
        return
    from honestdocs.links.spreading import Spread
    from honestdocs.verification.spreading import Crew

    with Crew(arguments.executor) as crew:
        reach = _reach(policy)
        if not crew.inline:
            yield Spread(policy, reach, crew, clock, progress)
            return
        with reach.connect() as transport:
            yield Checker(policy, transport, clock, progress)


def _reach(policy: Policy) -> Reach:
    """The way to the web."""
    from honestdocs.verification.limits import MOST_IN_FLIGHT, Limits
    from honestdocs.verification.reach import Reach, proxy_variables

    limits = Limits(
        total_timeout=policy.timeout,
        connect_timeout=min(policy.timeout, 10.0),
        max_in_flight=min(policy.in_flight, MOST_IN_FLIGHT),
        max_per_host=policy.per_host,
        max_body=4 * 1024 * 1024,
    )
    return Reach(
        limits=limits,
        verify=policy.verify_tls,
        ca_file=policy.ca_file,
        environment=proxy_variables(os.environ),
    )


def _progress(arguments: argparse.Namespace) -> Callable[[int, int], None]:
    if arguments.quiet or not sys.stderr.isatty():
        return lambda _done, _total: None
    last = [0.0]

    def tell(done: int, total: int) -> None:
        now = time.monotonic()
        if now - last[0] > 0.1 or done >= total:  # noqa: PLR2004 - ten times a second
            last[0] = now
            sys.stderr.write(f"\r\x1b[Kasking: {done} of {max(done, total)} addresses")
            sys.stderr.flush()

    return tell


def _end_progress(arguments: argparse.Namespace) -> None:
    if not arguments.quiet and sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")


def _changed(revision: str, srcdir: Path) -> frozenset[str]:
    """The pages whose sources changed since a changeset, by their names."""
    from honestdocs.verification.changeset import ChangesetError, changed_since

    try:
        files = changed_since(srcdir, revision)
    except ChangesetError as error:
        raise UsageError(f"--changed {revision}: {error}") from error
    root = srcdir.resolve()
    inside = (file.relative_to(root) for file in files if root in file.parents)
    return frozenset(path.with_suffix("").as_posix() for path in inside)
