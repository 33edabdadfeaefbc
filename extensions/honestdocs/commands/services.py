"""Services that the command line declares.

Owns what ``--url``, ``--setup`` and ``--config`` become. Must not know what is checked.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from honestdocs.commands.errors import UsageError


def declared(arguments: argparse.Namespace) -> dict[str, object]:
    """Configuration values for the services given on the command line."""
    from honestdocs.contract.configuration import check_url
    from honestdocs.sphinxext.settings import load_services, settings_of

    if arguments.url and arguments.config:
        raise UsageError("give either --url or --config, not both")
    if arguments.setup and not arguments.url:
        raise UsageError("--setup goes with --url; a TOML file names its own setup")
    if arguments.config:
        services = load_services(Path(arguments.config))
        if not services:
            raise UsageError(f"{arguments.config}: declares no services")
        return {"honestdocs_services": {s.name: settings_of(s) for s in services}}
    if not arguments.url:
        return {}
    check_url(arguments.url, "--url")
    settings: dict[str, object] = {"url": arguments.url}
    if arguments.setup:
        if not Path(arguments.setup).is_file():
            raise UsageError(f"--setup {arguments.setup}: no such file")
        settings["setup"] = str(Path(arguments.setup).resolve())
    return {"honestdocs_services": {"service": settings}}
