"""Times in which a service did not serve, and what people say of them.

Owns when an incident begins and ends, and how one is annotated. Must not know where incidents
are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from honestdocs.contract.service import Health
from honestdocs.portal.uptime import DOWN

CONFIRM = 2
"""So many heartbeats in a row open an incident, or close it: one alone may be chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident; times in seconds since the epoch, ``ended`` None while it goes on.

    ``health`` and ``message`` are what the heartbeat was when it began; ``title`` and ``text``
    are a person's annotation. ``id`` is 0 for one that only a person has told of.
    """

    id: int = 0
    service: str
    began: float
    ended: float | None = None
    health: str = ""
    message: str = ""
    title: str = ""
    text: str = ""

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self.ended is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What a file of the tree says of an incident of a service.

    It belongs to the incidents that overlap its time; without ``ended`` that time is an hour
    around ``began``.
    """

    service: str
    began: float
    ended: float | None = None
    title: str
    text: str = ""

    def covers(self, incident: Incident) -> bool:
        """Whether it speaks of an incident."""
        if incident.service != self.service:
            return False
        first = self.began if self.ended is not None else self.began - 1800
        last = self.ended if self.ended is not None else self.began + 1800
        return incident.began <= last and (incident.ended is None or incident.ended >= first)


def opens(recent: Sequence[tuple[float, str]]) -> float | None:
    """When an incident has begun, by the last heartbeats (time and health, newest first)."""
    newest = recent[:CONFIRM]
    down = len(newest) == CONFIRM and all(Health(health) in DOWN for _, health in newest)
    return newest[-1][0] if down else None


def closes(recent: Sequence[tuple[float, str]]) -> float | None:
    """When an open incident has ended, by the last heartbeats (newest first)."""
    newest = recent[:CONFIRM]
    well = len(newest) == CONFIRM and all(Health(health) not in DOWN for _, health in newest)
    return newest[-1][0] if well else None


def annotate(
    incidents: Iterable[Incident], annotations: Iterable[Annotation]
) -> tuple[Incident, ...]:
    """The incidents, newest first, with what is said of them; what is said of a time in which
    none was seen is an incident of its own.
    """
    known = tuple(annotations)
    spoken: set[int] = set()
    found = []
    for incident in incidents:
        mine = [at for at, note in enumerate(known) if note.covers(incident)]
        spoken.update(mine)
        told = known[mine[0]] if mine else None
        found.append(replace(incident, title=told.title, text=told.text) if told else incident)
    found += [
        Incident(
            service=note.service,
            began=note.began,
            ended=note.ended if note.ended is not None else note.began,
            title=note.title,
            text=note.text,
        )
        for at, note in enumerate(known)
        if at not in spoken
    ]
    return tuple(sorted(found, key=lambda incident: -incident.began))
