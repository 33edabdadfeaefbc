"""``honestdocs blame``: when each lie began, and what had changed then.

Owns its options and what it prints. Must not hold rules of the product: those are in the packages
that are joined here.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from honestdocs.commands.choosing import chosen, part, read, unlooked
from honestdocs.commands.errors import UsageError
from honestdocs.commands.options import Commands
from honestdocs.commands.place import add_place, find_tree
from honestdocs.commands.status import LIES, PROVEN

if TYPE_CHECKING:
    from honestdocs.contract.blame import Blame

_TEXT = """\
Tell for each failed example when it first failed, on which changeset of the documentation
and with which version of the service, and which of the two had changed since it last
passed. The history of earlier checks is read; nothing is sent to any service.
"""
_EPILOG = """\
exit status:
  0  nothing that was asked for fails
  1  something fails
  2  the command or the configuration is wrong
"""


def add(commands: Commands) -> None:
    """Adds the subcommand."""
    parser = commands.add_parser(
        "blame",
        help="tell since when an example fails, and why",
        description=_TEXT,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "what", nargs="*", metavar="DIR|EXAMPLE|PAGE[:LINE]", help="where (default: all)"
    )
    add_place(parser)
    parser.set_defaults(run=_run, offline=True)


def _run(arguments: argparse.Namespace) -> int:
    from honestdocs.contract.blame import blame
    from honestdocs.contract.errors import ContractError
    from honestdocs.contract.outcome import Outcome
    from honestdocs.sphinxext.tree import TreeError
    from honestdocs.verification.store import Store

    names = part(arguments)
    try:
        tree = find_tree(arguments)
        verifier = read(tree)
        examples = list(chosen(verifier, tree, names))
    except (TreeError, ContractError) as error:
        raise UsageError(str(error)) from error
    if verifier.verified is None or verifier.database is None:
        return PROVEN
    results = verifier.verified.proof.results
    failed = [one for one in examples if results[one.id].outcome is Outcome.FAILED]
    with Store.open(verifier.database, now=time.time()) as store:
        for example in failed:
            found = blame(store.sightings(example.id))
            print(f"{example.place}  {example.id}")
            print(_told(found) if found else "  never checked: the page contradicts itself")
    if not failed:
        why = unlooked(verifier, examples) or "the last check found nothing wrong here"
        print(f"Nothing to blame: {why}.")
    return LIES if failed else PROVEN


def _told(found: Blame) -> str:
    from honestdocs.verification.report.since import seen

    rows = [f"  first failed  {seen(found.first)}"]
    if found.before is None:
        rows.append("  last passed   never, as far as the history goes")
    else:
        rows.append(f"  last passed   {seen(found.before)}")
        rows.append(f"  changed       {found.culprit}")
    return "\n".join(rows)
