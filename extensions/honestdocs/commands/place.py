"""Which tree a subcommand works on, and where its services are.

Owns the options that name them. Must not know what is done with the tree.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.commands.errors import UsageError
from honestdocs.commands.services import declared

if TYPE_CHECKING:
    from honestdocs.sphinxext.tree import Tree


def add_place(parser: argparse.ArgumentParser) -> None:
    """Adds the options that name services and the folder of outcomes."""
    where = add_services(parser)
    where.add_argument("--build-dir", metavar="DIR", help="where doctrees and outcomes are kept")


def add_services(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Adds the options that name services; returns their group."""
    where = parser.add_argument_group("where to check")
    where.add_argument("--url", metavar="BASE", help="base URL of the service, with its base path")
    where.add_argument(
        "--setup", metavar="FILE.http", help="requests to send before a page, separated by ###"
    )
    where.add_argument("--config", metavar="FILE.toml", help="services in a TOML file")
    return where


def find_tree(arguments: argparse.Namespace) -> Tree:
    """The tree of the arguments ``dir`` and ``offline``, with the services that they add.

    Raises UsageError.
    """
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
