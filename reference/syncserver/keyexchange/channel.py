"""The rules of a channel, as values: what each request makes of it and what is answered.

Pure.  Owns who may speak, the limit of reads, entity tags and preconditions.  Must not know HTTP
messages, stores, clocks or randomness.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from enum import StrEnum

from syncserver.keyexchange.etag import Tags

EMPTY = b"{}"
PARTIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A mailbox between two parties: who has spoken on it, what it holds, how often it was read."""

    parties: tuple[str, ...]
    content: bytes = EMPTY
    reads: int = 0

    @property
    def tag(self) -> str:
        """Return the entity tag of the content, without quotes."""
        return create_tag(self.content)

    def has_party(self, party: str) -> bool:
        """Tell whether `party` is one of the two, in a time that does not depend on how much of
        an identifier was guessed.
        """
        known = [hmac.compare_digest(party.encode(), other.encode()) for other in self.parties]
        return any(known)


class Verdict(StrEnum):
    """What became of a request on a channel that exists."""

    SERVED = "served"
    UNCHANGED = "unchanged"
    STORED = "stored"
    REFUSED = "refused"
    CLOSED = "closed"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The verdict on one request and the channel after it; `closed` means that it is gone."""

    verdict: Verdict
    channel: Channel
    closed: bool = False


def create_tag(content: bytes) -> str:
    """Return the hex MD5 of `content`: a name for it, not a protection."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def read(channel: Channel, party: str, known: Tags | None, max_reads: int) -> Step:
    """Serve the content, unless `known` (If-None-Match) holds its tag.

    The read that reaches `max_reads` is served and closes the channel.
    """
    step = peek(channel, party, known)
    if step.verdict is not Verdict.SERVED:
        return step
    after = replace(step.channel, reads=channel.reads + 1)
    return Step(verdict=Verdict.SERVED, channel=after, closed=after.reads >= max_reads)


def peek(channel: Channel, party: str, known: Tags | None) -> Step:
    """Answer as `read` does, for a request that takes no content and so uses up no read."""
    joined = _join(channel, party)
    if joined is None:
        return expel(channel)
    unchanged = known is not None and known.contains(joined.tag)
    return Step(verdict=Verdict.UNCHANGED if unchanged else Verdict.SERVED, channel=joined)


def write(
    channel: Channel, party: str, content: bytes, expected: Tags | None, unwanted: Tags | None
) -> Step:
    """Replace the content if the preconditions hold, If-Match (`expected`) before If-None-Match.

    Of `unwanted` only the asterisk counts: it asks for a channel that holds nothing yet.
    """
    joined = _join(channel, party)
    if joined is None:
        return expel(channel)
    lost = expected is not None and not expected.contains_strongly(joined.tag)
    taken = unwanted is not None and unwanted.any and joined.content != EMPTY
    if lost or taken:
        return Step(verdict=Verdict.REFUSED, channel=joined)
    return Step(verdict=Verdict.STORED, channel=replace(joined, content=content))


def close(channel: Channel, party: str) -> Step:
    """Close the channel for one of its parties; a stranger who tries closes it as well."""
    joined = _join(channel, party)
    if joined is None:
        return expel(channel)
    return Step(verdict=Verdict.CLOSED, channel=joined, closed=True)


def leave(channel: Channel, party: str) -> Step:
    """Close the channel if `party` has spoken on it; a report of anybody else changes nothing."""
    known = channel.has_party(party)
    return Step(
        verdict=Verdict.CLOSED if known else Verdict.STRANGER, channel=channel, closed=known
    )


def expel(channel: Channel) -> Step:
    """Close the channel because somebody who cannot be a party spoke on it."""
    return Step(verdict=Verdict.STRANGER, channel=channel, closed=True)


def _join(channel: Channel, party: str) -> Channel | None:
    """Return the channel with `party` among its parties; None when two others are there."""
    if channel.has_party(party):
        return channel
    if len(channel.parties) == PARTIES:
        return None
    return replace(channel, parties=(*channel.parties, party))
