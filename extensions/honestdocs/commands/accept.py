"""``honestdocs accept``: rewrite the documentation to what was observed.

Owns the choice of examples, the questions and the differences that are shown. Must not hold
rules of the product: those are in the packages that are joined here.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.commands.choosing import chosen, part, read, unlooked
from honestdocs.commands.errors import UsageError
from honestdocs.commands.options import Commands
from honestdocs.commands.place import add_place, find_tree
from honestdocs.commands.status import LIES, PROVEN

if TYPE_CHECKING:
    from honestdocs.contract.example import Example
    from honestdocs.contract.secrecy import Secrets
    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.tree import Tree
    from honestdocs.verification.acceptance import Proposal

_TEXT = """\
Rewrite documented values to those that the last check observed: status lines, header
fields, members of JSON and other bodies, with the smallest change of the text. Each
change is shown first; nothing is sent to any service.

A PAGE is a page's name or file, with a line for the example that stands there. DIR is a
tree, given as to 'honestdocs check'. Without any, all failed examples are gone through.
"""
_EPILOG = """\
exit status:
  0  nothing is left that the last check found wrong, of what was asked for
  1  something is left: not accepted, or not to be rewritten
  2  the command or the configuration is wrong, or a file cannot be written
"""
_QUESTION = "Accept this change [y,n,a,q,?]? "
_HELP = """\
y - accept it
n - leave it
a - accept it and all that follow
q - leave it and all that follow; what was accepted before is written
"""
_SHORTEST = 8
"""A shorter value from the environment stands in a page by chance."""
_COLORS = {"+": "32", "-": "31", "@": "36"}


def add(commands: Commands) -> None:
    """Adds the subcommand."""
    parser = commands.add_parser(
        "accept",
        help="rewrite the documentation to what was observed",
        description=_TEXT,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", nargs="*", metavar="DIR|PAGE[:LINE]", help="where (default: all)")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("-y", "--yes", action="store_true", help="accept without asking")
    how.add_argument("-n", "--dry-run", action="store_true", help="show changes, make none")
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour (auto respects NO_COLOR and FORCE_COLOR)",
    )
    add_place(parser)
    parser.set_defaults(run=_run, offline=True)


def _run(arguments: argparse.Namespace) -> int:
    from honestdocs.contract.errors import ContractError
    from honestdocs.sphinxext.tree import TreeError
    from honestdocs.verification.color import use_color
    from honestdocs.verification.rewriting import RewriteError

    names = part(arguments)
    color = use_color(arguments.color, terminal=sys.stdout.isatty(), environ=os.environ)
    try:
        tree = find_tree(arguments)
        verifier = read(tree)
        examples = list(chosen(verifier, tree, names))
        proposals = _propose(verifier, tree, examples)
        accepted = _go_through(proposals, verifier, arguments, color=color)
    except (TreeError, ContractError, RewriteError) as error:
        raise UsageError(str(error)) from error
    return _conclude(
        proposals, accepted, dry=arguments.dry_run, unknown=unlooked(verifier, examples)
    )


def _propose(verifier: Verifier, tree: Tree, examples: Iterable[Example]) -> list[Proposal]:
    from honestdocs.verification.acceptance import Proposer
    from honestdocs.verification.store import Store

    if verifier.verified is None or verifier.database is None:
        return []
    with Store.open(verifier.database, now=time.time()) as store:
        digests = store.sources()
    secrets = _secrets(verifier)
    proposer = Proposer(
        srcdir=tree.srcdir,
        results=verifier.verified.proof.results,
        digests=digests,
        is_secret=lambda text: secrets.hide(text) != text,
    )
    return proposer.propose(examples)


def _secrets(verifier: Verifier) -> Secrets:
    """What must never be written: credentials of services, and what the environment calls
    secret.
    """
    from honestdocs.contract.configuration import expand
    from honestdocs.contract.errors import ConfigurationError
    from honestdocs.contract.preparation import Target, secrets_of
    from honestdocs.contract.secrecy import Secrets, named_secrets

    named = named_secrets(" ".join(os.environ), os.environ)
    found = [value for value in named if len(value) >= _SHORTEST]
    for service in verifier.verified.services if verifier.verified else ():
        with suppress(ConfigurationError):
            credentials = expand(service.credentials, os.environ, service.name)
            passwords = expand(service.passwords, os.environ, service.name)
            target = Target(origin="", credentials=credentials, passwords=passwords)
            found.extend(secrets_of(target))
    return Secrets(found)


def _go_through(
    proposals: Sequence[Proposal],
    verifier: Verifier,
    arguments: argparse.Namespace,
    *,
    color: bool,
) -> list[Proposal]:
    """Shows each proposal, asks, and writes what was accepted, which is returned."""
    from honestdocs.verification.acceptance import compatible, write
    from honestdocs.verification.store import Store

    accepted: list[Proposal] = []
    answer = "y" if arguments.yes else ""
    for proposal in proposals:
        _show(proposal, color=color)
        if not proposal.edits or arguments.dry_run or answer == "q":
            continue
        if not compatible(proposal, accepted):
            _say("  left: another example wants the same lines to say something else")
            continue
        answer = answer if answer in ("a", "y") and _is_settled(answer, arguments) else _ask()
        if answer in ("y", "a"):
            accepted.append(proposal)
    digests = write(accepted)
    if digests and verifier.database is not None:
        with Store.open(verifier.database, now=time.time()) as store:
            store.note_sources(digests)
    return accepted


def _is_settled(answer: str, arguments: argparse.Namespace) -> bool:
    return answer == "a" or bool(arguments.yes)


def _show(proposal: Proposal, *, color: bool) -> None:
    """The change of one example, and what it leaves with the reasons."""
    example = proposal.example
    _say(f"{example.place}  {example.id}")
    if proposal.edits and proposal.file is not None:
        new = proposal.file.edited(proposal.edits).splitlines()
        old = "".join(proposal.file.lines).splitlines()
        path = Path(os.path.relpath(proposal.file.path)).as_posix()
        for line in unified_diff(old, new, path, path, lineterm=""):
            code = _COLORS.get(line[:1]) if color else None
            _say(f"\033[{code}m{line}\033[0m" if code else line)
    for left in proposal.left:
        one = left.mismatch
        _say(f"  left: {one.place}: {one.subject} ({one.kind}): {left.reason}")


def _ask() -> str:
    """What a person decides; the end of input leaves all that follow."""
    while True:
        print(_QUESTION, end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            print()
            return "q"
        answer = line.strip().lower()[:1]
        if answer in ("y", "n", "a", "q"):
            return answer
        print(_HELP, end="")


def _conclude(
    proposals: Sequence[Proposal], accepted: Sequence[Proposal], *, dry: bool, unknown: str
) -> int:
    """Tells what was done and what was not; returns the exit status."""
    if not proposals:
        _say(f"Nothing to accept: {unknown or 'the last check found nothing wrong here'}.")
        return LIES if unknown else PROVEN
    left = [one for one in proposals if one not in accepted or one.left]
    files = {one.name for one in accepted}
    if dry:
        _say(f"{_count(proposals)} looked at; nothing was written.")
    elif accepted:
        word = "file" if len(files) == 1 else "files"
        _say(f"{_count(accepted)} accepted in {len(files)} {word}. Run the check to prove them.")
    if left and not dry:
        _say(f"{_count(left)} left as documented, wholly or in part.")
    if unknown:
        _say(f"Not looked at: {unknown}.")
    return LIES if left or unknown else PROVEN


def _count(some: Sequence[Proposal]) -> str:
    return f"{len(some)} example" + ("" if len(some) == 1 else "s")


def _say(line: str) -> None:
    """Prints a line as far as the terminal can."""
    from honestdocs.verification.report import fit_encoding

    print(fit_encoding(line, sys.stdout.encoding))
