"""What the portal knows at this moment: the tree, its services, its outcomes.

Owns the present, and which events tell of a change of it. Must not know how it was found out
nor who is told. Everything here happens on the loop of the server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from honestdocs.contract.configuration import Service, service_of
from honestdocs.contract.example import Example
from honestdocs.contract.exchange import by_page
from honestdocs.contract.judgement import standing
from honestdocs.contract.outcome import Lie, Result
from honestdocs.contract.service import ServiceState
from honestdocs.portal.feed import render_event
from honestdocs.portal.incident import Annotation
from honestdocs.portal.view import View, example_view, page_view, service_view
from honestdocs.verification.snapshot import Snapshot


class Board:
    """The present of a tree; ``annotations`` are what people say of incidents."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.states: dict[str, ServiceState] = {}
        self.results: dict[str, Result] = {}
        self.watching = False
        self.started = False
        self.annotations: tuple[Annotation, ...] = ()
        self._pages: dict[str, tuple[View, dict[str, View]]] = {}
        self.place(snapshot)

    def place(self, snapshot: Snapshot) -> None:
        """Takes another build of the tree."""
        self.snapshot = snapshot
        self.examples: Mapping[str, tuple[Example, ...]] = by_page(snapshot.contract.examples)
        self.services: dict[str, Service] = {s.name: s for s in snapshot.services}
        self.states = {
            name: self.states.get(name, ServiceState(name=name)) for name in self.services
        }

    def owner(self, page: str) -> Service | None:
        """The service whose examples a page shows."""
        return service_of(page, self.snapshot.services)

    def page_results(self, page: str) -> tuple[Result, ...]:
        """The results of a page's examples, in order."""
        found = (self.results.get(example.id) for example in self.examples.get(page, ()))
        return tuple(result for result in found if result is not None)

    def service_pages(self, name: str) -> tuple[str, ...]:
        """The pages with examples of a service."""
        owners = {page: self.owner(page) for page in self.examples}
        return tuple(page for page, s in owners.items() if s is not None and s.name == name)

    def take_state(self, state: ServiceState) -> bytes:
        """Takes a heartbeat; returns the event that tells of it."""
        self.states[state.name] = state
        return render_event("service", self.service(state.name))

    def take_results(self, results: Mapping[str, Result]) -> dict[str, bytes]:
        """Takes the outcomes of all examples; returns an event for each page they change."""
        self.results = dict(results)
        lies = self._lies()
        events: dict[str, bytes] = {}
        pages: dict[str, tuple[View, dict[str, View]]] = {}
        for page in self.examples:
            view, examples = self._look(page, lies)
            known_view, known = self._pages.get(page, ({}, {}))
            pages[page] = (view, examples)
            changed = [each for name, each in examples.items() if known.get(name) != each]
            if changed or view != known_view:
                events[page] = render_event("page", {**view, "examples": changed})
        self._pages = pages
        return events

    def _lies(self) -> dict[str, list[Lie]]:
        found: dict[str, list[Lie]] = {}
        for lie in standing(self.snapshot.contract.lies, self.results):
            if lie.example and not lie.warning:
                found.setdefault(lie.example, []).append(lie)
        return found

    def _look(self, page: str, lies: Mapping[str, Sequence[Lie]]) -> tuple[View, dict[str, View]]:
        results = self.page_results(page)
        owner = self.owner(page)
        examples = {
            result.example: example_view(result, lies.get(result.example, ()), owner)
            for result in results
        }
        return page_view(page, results), examples

    def service(self, name: str) -> View:
        """A service as scripts are told of it."""
        return service_view(self.services[name], self.states[name])

    def page(self, page: str) -> View | None:
        """A page with all its examples, None for one that has none."""
        found = self._pages.get(page)
        return None if found is None else {**found[0], "examples": list(found[1].values())}

    def pulse(self, now: float) -> bytes:
        """The event that shows that somebody watches, or that nobody does."""
        return render_event("pulse", {"at": now, "watching": self.watching})

    def whole(self, page: str, now: float) -> bytes:
        """The events that tell everything to a page."""
        events = [render_event("service", self.service(name)) for name in self.services]
        shown = self.page(page)
        if shown is not None:
            events.append(render_event("page", shown))
        return b"".join([*events, self.pulse(now)])
