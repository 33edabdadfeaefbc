"""The services put together as the settings say.

Owns which service needs what: stores, clocks, randomness.  Must not know the command line, nor how
the server listens.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from syncserver import keyexchange
from syncserver.configuration import ServerSettings
from syncserver.keyexchange import KeyExchangeSettings
from syncserver.service import Lifespan, Service
from syncserver.settings import Layer, load_section


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What is to be served, and what it shares."""

    services: Sequence[Service]
    lifespans: Sequence[Lifespan] = ()


def assemble(settings: ServerSettings, layers: Sequence[Layer]) -> Assembly:
    """Return the services that the settings name.  Raises `SettingsError`."""
    makers: dict[str, Callable[[], Service]] = {
        "keyexchange": lambda: _create_keyexchange(layers),
    }
    return Assembly(services=[makers[name]() for name in settings.services if name in makers])


def _create_keyexchange(layers: Sequence[Layer]) -> Service:
    return keyexchange.create_service(
        load_section("keyexchange", KeyExchangeSettings, layers),
        clock=time.monotonic,
        randomness=random.SystemRandom(),
    )
