"""Which examples of a tree a person means, with their last known outcomes.

Owns what names on the command line stand for. Must not know what is done with the examples.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.commands.errors import UsageError

if TYPE_CHECKING:
    from honestdocs.contract.example import Example
    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.tree import Tree


def part(arguments: argparse.Namespace) -> list[str]:
    """Sets the tree of the arguments; returns the names that are left."""
    folders = [name for name in arguments.what if Path(name).is_dir()]
    if len(folders) > 1:
        raise UsageError(f"{folders[1]}: one tree at a time, and {folders[0]} was given first")
    arguments.dir = folders[0] if folders else None
    return [name for name in arguments.what if name not in folders]


def read(tree: Tree) -> Verifier:
    """The tree with its last known outcomes."""
    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.tree import verify
    from honestdocs.verification.plan import Options

    verifier = Verifier(options=Options(offline=True))
    verify(tree, verifier, warnings=io.StringIO() if tree.foreign else sys.stderr)
    return verifier


def chosen(verifier: Verifier, tree: Tree, names: Sequence[str]) -> Iterator[Example]:
    """The examples that names stand for, all of them without a name; raises UsageError for a
    name of none.
    """
    from honestdocs.contract.selection import Selector, select

    examples = verifier.verified.contract.examples if verifier.verified else ()
    if not names:
        yield from examples
        return
    seen: set[str] = set()
    for name in names:
        found = select(examples, Selector.parse(name, roots(tree)))
        if not found:
            raise UsageError(f"{name}: no example stands there; give a page, or PAGE:LINE")
        yield from (example for example in found if example.id not in seen)
        seen.update(example.id for example in found)


def unlooked(verifier: Verifier, examples: Sequence[Example]) -> str:
    """What the last check did not see of some examples as they stand now, a phrase; empty where it
    saw them all.
    """
    from honestdocs.verification.plan import CHANGED

    results = verifier.verified.proof.results if verifier.verified else {}
    found = [results[one.id] for one in examples if one.id in results]
    changed = sum(one.reason == CHANGED for one in found)
    if changed:
        told = "1 example" if changed == 1 else f"{changed} examples"
        return f"{told} changed since the last check, or what comes before did: run it again"
    if found and not any(one.checked_at for one in found):
        return "nothing was checked here yet: run the check first"
    return ""


def roots(tree: Tree) -> tuple[str, ...]:
    """What a file's name may begin with, seen from here."""
    return (Path(os.path.relpath(tree.srcdir)).as_posix(), tree.srcdir.resolve().as_posix())
