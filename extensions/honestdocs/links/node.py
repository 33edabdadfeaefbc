"""One address of the web in the course of a check.

Owns what is wanted of it, what is known of it, and where it leads. Must not know how it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from honestdocs.contract.link import WORKING
from honestdocs.links.anchor import Page
from honestdocs.links.cache import Known

MOST_REDIRECTS = 10


@dataclass(slots=True, kw_only=True, eq=False)  # nobody compares it
class Node:
    """An address without fragment. ``wanted`` are the fragments to look for; ``outcome`` is None
    while it is being asked; ``followers`` are the addresses that redirect here.

    ``known`` is what an earlier check kept; ``nearest`` suggests anchors for those not found.
    ``asked`` tells that it was queued; ``status``, ``moved`` (for good) and ``fragment`` are those
    of its redirect; ``waited`` counts the seconds that its host asked for; ``cookie`` is what it
    was last shown, and ``turns`` how often it was asked again for a new one.
    """

    url: str
    wanted: set[str] = field(default_factory=set)
    known: Known | None = None
    outcome: Known | None = None
    cached: bool = False
    asked: bool = False
    get: bool = False
    tries: int = 0
    waited: float = 0.0
    leads_to: Node | None = None
    status: int = 0
    moved: bool = True
    fragment: str = ""
    cookie: str = ""
    turns: int = 0
    followers: list[Node] = field(default_factory=list)
    nearest: dict[str, str] = field(default_factory=dict)

    @property
    def lacks(self) -> set[str]:
        """The fragments that were not looked for yet, though the page can be."""
        if not self.wanted or self.outcome is None or self.outcome.state is not WORKING:
            return set()
        return self.wanted - self.outcome.anchors.keys()

    def look(self, page: Page) -> dict[str, bool | None]:
        """Whether its page has each of the wanted fragments."""
        found = {fragment: page.find(fragment) for fragment in sorted(self.wanted)}
        for fragment, there in found.items():
            if there is False and fragment not in self.nearest:
                self.nearest[fragment] = page.nearest(fragment)
        return found

    def conditions(self) -> tuple[tuple[str, str], ...]:
        """Fields that spare the body of what has not changed (RFC 9110, section 13.1)."""
        known = self.known
        if known is None or known.state is not WORKING:
            return ()
        if not self.wanted <= known.anchors.keys():
            return ()
        if known.etag:
            return (("If-None-Match", known.etag),)
        return (("If-Modified-Since", known.modified),) if known.modified else ()

    def leads_round(self, target: Node) -> bool:
        """Whether a redirect to a target would lead back here."""
        at: Node | None = target
        while at is not None:
            if at is self:
                return True
            at = at.leads_to
        return False

    def depth(self) -> int:
        """How many redirects in a row lead here, at most."""
        most, level = 0, list(self.followers)
        while level and most <= MOST_REDIRECTS:
            most += 1
            level = [above for one in level for above in one.followers]
        return most
