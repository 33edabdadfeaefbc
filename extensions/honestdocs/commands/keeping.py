"""Where a baseline is kept, and how it is read and written.

Owns the file's place. Must not know what is accepted.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.commands import options as values
from honestdocs.commands.errors import UsageError

if TYPE_CHECKING:
    from honestdocs.contract.baseline import Baseline
    from honestdocs.sphinxext.tree import Tree


def add_option(group: argparse._ArgumentGroup) -> None:
    """Adds the option that names the file."""
    group.add_argument(
        "--baseline",
        metavar="FILE",
        help="the accepted findings (default: honestdocs-baseline.toml beside conf.py, "
        "or in the tree where it is read without its conf.py)",
    )


def place(named: str | None, tree: Tree) -> Path:
    """The file of a tree's baseline, whether it exists or not."""
    from honestdocs.contract.baselinefile import NAME

    return Path(named) if named else (tree.confdir or tree.srcdir) / NAME


def find(named: str | None, tree: Tree) -> Baseline | None:
    """The baseline of a tree, None where it has none.

    Raises UsageError when a named file is not there, or cannot be understood.
    """
    path = place(named, tree)
    if not path.is_file():
        if named:
            raise UsageError(f"--baseline {named}: no such file; honestdocs baseline writes one")
        return None
    return load(path)


def load(path: Path) -> Baseline:
    """The baseline in a file. Raises UsageError."""
    from honestdocs.contract.baselinefile import BaselineError, parse_baseline

    try:
        return parse_baseline(path.read_text("utf-8"), str(path))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not encoded in UTF-8: {error}") from error
    except BaselineError as error:
        raise UsageError(str(error)) from error


def save(path: Path, baseline: Baseline) -> None:
    """Writes the baseline. Raises UsageError."""
    from honestdocs.contract.baselinefile import render_baseline

    values.write(str(path), render_baseline(baseline))
