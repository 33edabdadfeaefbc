"""``honestdocs baseline``: accept what is wrong today, so that a check fails on what is new.

Owns its options, and what it says. Must not hold rules of the product: those are in the
packages that it joins.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.commands import keeping, verifying
from honestdocs.commands.errors import UsageError
from honestdocs.commands.options import Commands
from honestdocs.commands.status import EPILOG, PROVEN, UNCHECKED

if TYPE_CHECKING:
    from honestdocs.contract.baseline import Baseline
    from honestdocs.verification.report import Report, Sources

_TEXT = """\
Check a tree and record what fails as accepted for now, each finding with an owner and a day on
which it expires. `honestdocs check` then fails only on findings that are new and on those that
have expired. What is recorded already keeps its owner, day and reason.
"""
_DAYS = 90


def add(commands: Commands) -> None:
    """Adds the subcommand."""
    parser = commands.add_parser(
        "baseline",
        help="accept what fails today, with an owner and an end",
        description=_TEXT,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verifying.add_options(parser)
    terms = parser.add_argument_group("the acceptances")
    keeping.add_option(terms)
    terms.add_argument("--owner", metavar="NAME", help="who is to mend it (default: you)")
    terms.add_argument(
        "--expires",
        metavar="DAY",
        type=_day,
        default=_today() + timedelta(days=_DAYS),
        help=f"last day, as in 2027-01-31, or days from now, as in 30d (default: {_DAYS}d)",
    )
    terms.add_argument("--reason", default="", metavar="TEXT", help="why it may wait")
    only = terms.add_mutually_exclusive_group()
    only.add_argument(
        "--prune", action="store_true", help="only remove what is fixed; accept nothing"
    )
    only.add_argument(
        "--renew",
        action="store_true",
        help="give expired acceptances the new owner, day and reason",
    )
    other = parser.add_argument_group("output")
    other.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")
    verifying.add_color(other)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from honestdocs.contract.baseline import Baseline
    from honestdocs.sphinxext.builder import read_sources

    report, tree = verifying.verified(arguments)
    away = [state for state in report.services if not state.healthy]
    if away and not arguments.offline:
        names = ", ".join(f"{state.name} ({state.message or state.status})" for state in away)
        print(f"honestdocs: nothing is recorded while a service is away: {names}", file=sys.stderr)
        return UNCHECKED
    path = keeping.place(arguments.baseline, tree)
    old = keeping.load(path) if path.is_file() else Baseline()
    new = _changed(old, report, read_sources(tree.srcdir), arguments)
    if new != old or not path.is_file():
        keeping.save(path, new)
    if not arguments.quiet:
        _tell(old, new, path)
    return PROVEN


def _changed(
    old: Baseline, report: Report, sources: Sources, arguments: argparse.Namespace
) -> Baseline:
    from honestdocs.contract.baseline import Terms
    from honestdocs.verification.report.settling import fixed
    from honestdocs.verification.report.stream import findings

    if arguments.prune:
        return old.prune(fixed(report, old, sources))
    terms = Terms(
        owner=arguments.owner or _login(), expires=arguments.expires, reason=arguments.reason
    )
    kept = old.renew(_today(), terms) if arguments.renew else old
    return kept.accept(findings(report, sources), terms)


def _tell(old: Baseline, new: Baseline, path: Path) -> None:
    before, after = (sum(one.count for one in b.acceptances) for b in (old, new))
    parts = [f"{after:,} accepted"]
    if after != before:
        parts.append(f"{abs(after - before):,} {'more' if after > before else 'fewer'} than before")
    expired = len(new.expired(_today()))
    if expired:
        parts.append(f"{expired:,} expired (--renew extends them)")
    print(f"{', '.join(parts)}: {path}")


def _today() -> date:
    return date.today()  # noqa: DTZ011 - a day on the calendar of the person


def _day(text: str) -> date:
    """A day, or a number of days from now. Raises argparse's error for anything else."""
    from honestdocs.contract.age import AgeError, parse_age

    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return _today() + timedelta(seconds=parse_age(text))
    except (AgeError, OverflowError):
        said = f"{text!r} is no day; write it as in 2027-01-31, or days from now as in 30d"
        raise argparse.ArgumentTypeError(said) from None


def _login() -> str:
    """Who runs the command, as the surroundings say it. Raises UsageError where they do not."""
    names = ("HGUSER", "GIT_AUTHOR_NAME", "LOGNAME", "USER", "USERNAME")
    found = next((os.environ[name] for name in names if os.environ.get(name)), "")
    if not found:
        raise UsageError("nobody knows who you are: name an owner with --owner NAME")
    return found
