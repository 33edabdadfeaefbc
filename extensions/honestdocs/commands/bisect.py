"""``honestdocs bisect``: the changeset of the documentation with which an example began to fail.

Owns its options, which ends the search has, and what it prints. Must not hold rules of the
product: those are in the packages that are joined here.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.commands.choosing import part, roots
from honestdocs.commands.errors import UsageError
from honestdocs.commands.judging import Judged, Site, Wanted, find, judge
from honestdocs.commands.options import Commands
from honestdocs.commands.place import add_services, find_tree
from honestdocs.commands.services import declared
from honestdocs.commands.status import PROVEN, UNCHECKED

if TYPE_CHECKING:
    from honestdocs.sphinxext.tree import Tree
    from honestdocs.verification.bisection import Bisection, Changeset, Verdict

_TEXT = """\
Find the changeset of the documentation with which an example began to fail, by checking
its page against the service of today, at changesets between one where it passes and one
where it fails. Works on a clone of the Mercurial repository in a temporary folder: your
files stay as they are, and what is not committed is not looked at.
"""
_EPILOG = """\
exit status:
  0  the changeset is found, or those that it may be
  2  the command or the configuration is wrong, or there is nothing to search
  3  the example could not be checked where it should fail
"""
_VERDICTS = {"passed": "good", "failed": "bad"}


class _UncheckedError(Exception):
    """The example could not be checked where it should fail; the message says why."""


def add(commands: Commands) -> None:
    """Adds the subcommand."""
    parser = commands.add_parser(
        "bisect",
        help="find the changeset with which an example began to fail",
        description=_TEXT,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "what", nargs="+", metavar="DIR|EXAMPLE|PAGE:LINE", help="one example, and its tree"
    )
    ends = parser.add_argument_group("where to search")
    ends.add_argument(
        "--good",
        metavar="REV",
        help="an ancestor where it passes (default: looked for, ever further back)",
    )
    ends.add_argument(
        "--bad", metavar="REV", default=".", help="where it fails (default: what is checked out)"
    )
    add_services(parser)
    parser.set_defaults(run=_run, offline=False, build_dir=None)


def _run(arguments: argparse.Namespace) -> int:
    from honestdocs.contract.errors import ContractError
    from honestdocs.sphinxext.tree import TreeError
    from honestdocs.verification.changeset import ChangesetError

    names = part(arguments)
    if len(names) != 1:
        raise UsageError("name one example, by its id or as PAGE:LINE")
    try:
        with tempfile.TemporaryDirectory(prefix="honestdocs-bisect-") as folder:
            found = _found(arguments, names[0], Path(folder))
    except (TreeError, ContractError, ChangesetError) as error:
        raise UsageError(str(error)) from error
    except _UncheckedError as error:
        print(f"honestdocs: {error}", file=sys.stderr)
        return UNCHECKED
    _print(found)
    return PROVEN


def _found(arguments: argparse.Namespace, name: str, folder: Path) -> tuple[Changeset, ...]:
    from honestdocs.verification.bisection import Bisection, find_repository, resolve

    tree = find_tree(arguments)
    top = tree.srcdir if tree.foreign else Path(arguments.dir or ".")
    root = find_repository(top)
    bad = resolve(root, arguments.bad)
    good = resolve(root, arguments.good) if arguments.good else None
    clone = Bisection.of(root, folder / "clone")
    site = Site(
        folder=clone.folder / top.resolve().relative_to(root),
        state=folder / "state",
        values=declared(arguments) if tree.foreign else None,
    )
    clone.check_out(bad)
    wanted = _wanted(site, name, tree, _short(bad))
    search = _Search(clone=clone, site=site, wanted=wanted)
    search.demand_bad(bad, good)
    begin = search.passing_before(bad) if good is None else good
    return clone.search(begin, bad, search.verdict)


def _wanted(site: Site, name: str, tree: Tree, node: str) -> Wanted:
    found = find(site, name, roots(tree))
    if not found:
        raise UsageError(f"{name}: no example stands there in changeset {node}; give PAGE:LINE")
    if len(found) > 1:
        known = ", ".join(one.id for one in found[:3])
        raise UsageError(f"{name}: {len(found)} examples stand there; give one, as {known}")
    return found[0]


@dataclass(slots=True, kw_only=True)
class _Search:
    """What is known of the changesets that were looked at; each is checked once."""

    clone: Bisection
    site: Site
    wanted: Wanted
    known: dict[str, Judged] = field(default_factory=dict)

    def look(self, node: str) -> Judged:
        """What becomes of the example at a changeset."""
        if node not in self.known:
            self.clone.check_out(node)
            found = self.known[node] = judge(self.site, self.wanted)
            said = found.outcome or f"skipped: {found.reason}"
            print(f"{_short(node)}  {said}", file=sys.stderr)
        return self.known[node]

    def verdict(self, node: str) -> Verdict:
        """The same in the words of ``hg bisect``: what was not checked is to be skipped."""
        from honestdocs.verification.bisection import Verdict

        return Verdict(_VERDICTS.get(self.look(node).outcome, "skip"))

    def demand_bad(self, bad: str, good: str | None) -> None:
        """Raises UsageError, or _UncheckedError, where there is nothing to search between."""
        if good is not None:
            self._demand_order(bad, good)
        at_bad = self.look(bad)
        short = _short(bad)
        if at_bad.outcome == "passed":
            raise UsageError(f"{self.wanted.id} passes at --bad {short}: nothing is to be found")
        if at_bad.outcome != "failed":
            raise _UncheckedError(
                f"{self.wanted.id} could not be checked at {short}: {at_bad.reason}"
            )
        if good is not None and self.look(good).outcome != "passed":
            said = self.look(good)
            raise UsageError(
                f"{self.wanted.id} does not pass at --good {_short(good)} either: "
                f"{said.reason or said.outcome}; give another, or look at what the service changed"
            )

    def _demand_order(self, bad: str, good: str) -> None:
        if good == bad:
            raise UsageError("--good and --bad are the same changeset")
        if self.clone.precedes(bad, good):
            raise UsageError("--good comes after --bad: were the two swapped?")
        if not self.clone.precedes(good, bad):
            raise UsageError("--good is no ancestor of --bad: give one that is")

    def passing_before(self, bad: str) -> str:
        """An ancestor where the example passes; raises UsageError where none is found."""
        for node in self.clone.earlier(bad):
            if self.look(node).outcome == "passed":
                return node
        raise UsageError(
            f"{self.wanted.id} passes at none of the {len(self.known)} changesets looked at, "
            "back to the oldest: it may never have been true; else give --good REV"
        )


def _short(node: str) -> str:
    """A node as Mercurial shows it to people."""
    return node[:12]


def _print(found: tuple[Changeset, ...]) -> None:
    several = "It began with one of these; what lies between could not be checked:"
    print("It began with:" if len(found) == 1 else several)
    for one in found:
        print(f"\nchangeset {one.node}\nauthor    {one.author}\ndate      {one.date}\n")
        print("\n".join(f"    {line}".rstrip() for line in one.message.splitlines()))
