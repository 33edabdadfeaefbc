"""The key exchange itself: channels opened, spoken on and closed, over a store.

Owns the order of checks and the log of closed channels.  Must not know HTTP; the store and the
randomness are arguments.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass

from syncserver.keyexchange.channel import Channel, Step, Verdict, expel, leave
from syncserver.keyexchange.identifier import create_cid, is_cid, is_party
from syncserver.keyexchange.store import ChannelStore
from syncserver.service import UnavailableError

TRIES = 100

_ENDS = {
    Verdict.SERVED: "read for the last time",
    Verdict.CLOSED: "ended by a client",
    Verdict.STRANGER: "somebody else spoke on it",
}
_log = logging.getLogger("syncserver.keyexchange")


class ExchangeError(Exception):
    """A request that the key exchange refuses."""


class MalformedPartyError(ExchangeError):
    """The request names no party, or one that cannot be."""


class MalformedChannelError(ExchangeError):
    """The request names a channel that cannot be."""


class StrangerError(ExchangeError):
    """Two others speak on the channel; it is closed now."""


class NoChannelError(ExchangeError):
    """There is no such channel: it was never opened, or it is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What clients can do; every method raises `UnavailableError` when the store is away."""

    store: ChannelStore
    randomness: random.Random
    cid_length: int

    async def open(self, party: str) -> str:
        """Open a channel for `party` and return its identifier.

        Raises `MalformedPartyError`; `UnavailableError` when `TRIES` identifiers in a row were
        taken.
        """
        if not is_party(party):
            raise MalformedPartyError
        for _ in range(TRIES):
            cid = create_cid(self.randomness, self.cid_length)
            if await self.store.add(cid, Channel(parties=(party,))):
                return cid
        raise UnavailableError("No channel identifier is free; try again later.")

    async def speak(self, cid: str, party: str, rule: Callable[[Channel, str], Step]) -> Step:
        """Apply `rule` to the channel for `party`.

        Raises `MalformedPartyError` or `StrangerError`, and the channel is closed then;
        `NoChannelError` when there is none.  The party is looked at first.
        """
        if not is_party(party):
            _tell(cid, await self.store.change(cid, expel))
            raise MalformedPartyError
        step = await self.store.change(cid, lambda channel: rule(channel, party))
        if step is None:
            raise NoChannelError
        _tell(cid, step)
        if step.verdict is Verdict.STRANGER:
            raise StrangerError
        return step

    def examine(self, cid: str, party: str) -> None:
        """Raise `MalformedPartyError` or `MalformedChannelError` for one that cannot be.

        An empty one is none at all, and passes.
        """
        if party and not is_party(party):
            raise MalformedPartyError
        if cid and not is_cid(cid, self.cid_length):
            raise MalformedChannelError

    async def leave(self, cid: str, party: str) -> None:
        """Close the channel if `party` has spoken on it.

        Silent when there is no channel or the party is a stranger to it, so that nobody learns
        from the answer which channels exist.
        """
        _tell(cid, await self.store.change(cid, lambda channel: leave(channel, party)))


def _tell(cid: str, step: Step | None) -> None:
    if step is not None and step.closed:
        level = logging.WARNING if step.verdict is Verdict.STRANGER else logging.INFO
        _log.log(level, "channel %s closed: %s", cid, _ENDS[step.verdict])
