"""Accounts: made, changed, deleted, and where a user's storage is (API 1.0).

Owns putting the service together.  Must not know the other services nor how the server listens.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from syncserver.registration.captcha import Captcha, SumCaptcha
from syncserver.registration.operations import AccountOperations
from syncserver.registration.people import PeoplePages
from syncserver.registration.registrar import Registrar
from syncserver.registration.routes import DELETE, MISC, RESET, USER, create_router
from syncserver.registration.settings import RegistrationSettings
from syncserver.service import Service

__all__ = ["Registrar", "RegistrationSettings", "create_captcha", "create_service"]

_ALIASES = {"/user/1": USER, "/misc/1": MISC}


def create_captcha(
    settings: RegistrationSettings, clock: Callable[[], float], randomness: random.Random
) -> Captcha | None:
    """Return the captcha that the settings name, None for none; `clock` counts seconds."""
    if settings.captcha == "none":
        return None
    return SumCaptcha(key=randomness.randbytes(32), clock=clock, randomness=randomness)


def create_service(registrar: Registrar) -> Service:
    """Return the service that lets clients and people ask the registrar."""

    async def check() -> None:
        await asyncio.gather(registrar.accounts.check(), registrar.mailer.check())

    prefix = registrar.settings.prefix
    return Service(
        name="registration",
        prefix=prefix,
        router=create_router(
            AccountOperations(registrar=registrar), PeoplePages(registrar=registrar)
        ),
        check=check,
        roots=tuple(prefix + root for root in (USER, MISC, RESET, DELETE)),
        aliases={prefix + alias: prefix + root for alias, root in _ALIASES.items()},
        strips_slashes=True,
    )
