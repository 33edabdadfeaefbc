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
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.commands import options as values
from honestdocs.commands import retelling
from honestdocs.commands.errors import UsageError
from honestdocs.commands.linking import Inquiry, check_links, read_settings
from honestdocs.commands.options import Commands, Layout

if TYPE_CHECKING:
    from honestdocs.contract.link import LinkReport
    from honestdocs.links.index import LinkIndex
    from honestdocs.sphinxext.tree import Tree

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
        formatter_class=Layout,
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
        "--shard",
        type=values.shard,
        default=None,
        metavar="N/M",
        help="check only the N-th of M parts of the links; each host is in one of them",
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
    gc.disable()  # what a check makes stays until its end
    try:
        return _tell_or_check(arguments)
    finally:
        gc.freeze()  # nothing is left to be searched for garbage then


def _tell_or_check(arguments: argparse.Namespace) -> int:
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
    return check_links(index, state, _inquiry(arguments), started)


def _inquiry(arguments: argparse.Namespace) -> Inquiry:
    """What the options ask for. Raises UsageError."""
    settings = read_settings(arguments.config) if arguments.config else {}
    if settings is None:
        raise UsageError(f"{arguments.config}: has no table [links]")
    return Inquiry(
        offline=arguments.offline,
        again=arguments.all,
        changed=arguments.changed or "",
        shard=arguments.shard,
        settings=settings,
        cache=Path(arguments.cache) if arguments.cache else None,
        executor=arguments.executor,
        everything=bool(arguments.json or arguments.verbose),
        quiet=arguments.quiet,
    )


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
