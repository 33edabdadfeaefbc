"""How a command that serves pages is told to watch their services.

Owns those options, and the joining of what watches. Must not know what serves the pages.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.commands import options as values

if TYPE_CHECKING:
    from honestdocs.portal.center import Center


def add_watching(parser: argparse.ArgumentParser) -> None:
    """Adds ``--static``, ``--heartbeat`` and ``--prove``."""
    parser.add_argument(
        "--static", action="store_true", help="only serve the pages; watch no service"
    )
    pace = parser.add_argument_group("how often services are asked")
    pace.add_argument(
        "--heartbeat", type=_interval, default=30.0, metavar="AGE", help="default: 30s"
    )
    pace.add_argument("--prove", type=_interval, default=900.0, metavar="AGE", help="default: 15m")


def _interval(text: str) -> float:
    seconds = values.age(text)
    if seconds <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is too often: give an age above 0, as in 30s")
    return seconds


def center_of(snapshot: Path, arguments: argparse.Namespace) -> Center:
    """What watches the services of a built tree, at the pace that was asked for.

    Raises SnapshotError and PortalError.
    """
    from honestdocs.portal.center import make_center
    from honestdocs.portal.pace import Pace
    from honestdocs.verification.snapshot import load_snapshot
    from honestdocs.verification.surroundings import real_surroundings

    folder = Path(load_snapshot(snapshot).folder)
    around = real_surroundings(folder, now=time.time, environ=os.environ)
    pace = Pace(heartbeat=arguments.heartbeat, prove=arguments.prove, chance=random.random)
    return make_center(snapshot, around, pace)
