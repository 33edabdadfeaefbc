"""Asking addresses, many hosts side by side, each as politely as the policy wants.

Owns the course of a check: how an address is asked, what an answer means, and whether it is asked
again. Must not know pages, nor the clock: time comes from its caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial

from honestdocs.contract.link import BROKEN, WORKING, LinkState
from honestdocs.contract.wire import Answer, Fault, WireFault, WireRequest, WireResponse
from honestdocs.links.address import SCHEMES, follow, host_of, scheme_of
from honestdocs.links.agenda import Agenda
from honestdocs.links.anchor import Page
from honestdocs.links.body import is_html, text_of
from honestdocs.links.cache import Cache, Known
from honestdocs.links.host import Host
from honestdocs.links.jar import Jar
from honestdocs.links.node import MOST_REDIRECTS, Node
from honestdocs.links.phrase import broken, failed, refused, restrained
from honestdocs.links.policy import Policy
from honestdocs.links.retry import field as value_of
from honestdocs.links.retry import retry_after, wait_after
from honestdocs.links.surroundings import Carrier, Clock, Progress

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT = frozenset((301, 308))
_RESTRAINT = frozenset((429, 503))
_MOST_TURNS = 3
_ACCEPT = ("Accept-Encoding", "gzip, deflate")


class Checker:
    """Finds out of addresses whether they lead anywhere."""

    def __init__(
        self, policy: Policy, carrier: Carrier, clock: Clock, progress: Progress | None = None
    ) -> None:
        self._policy = policy
        self._carrier = carrier
        self._clock = clock
        self.progress = progress or Progress()
        self._nodes: dict[str, Node] = {}
        self._agenda = Agenda(policy, clock.monotonic, self._ask)
        self._cache: Cache | None = None
        self._jar = Jar()

    def check(
        self, wanted: Mapping[str, Iterable[str]], cache: Cache, *, again: bool
    ) -> dict[str, Node]:
        """The nodes of all addresses, asked; ``wanted`` gives the fragments to look for.

        With ``again`` everything is asked, however fresh it is in the cache.
        """
        self._cache = cache
        known = cache.load(wanted)
        now = self._clock.now()
        for url, fragments in wanted.items():
            node = self._nodes[url] = Node(url=url, wanted=set(fragments), known=known.get(url))
            if node.known and not again and self._is_known(node, now):
                node.outcome, node.cached = node.known, True
            else:
                self._agenda.add(node)
        self.progress.total = self._agenda.begin()
        if self.progress.total:
            self._carrier.run(self._agenda.send_due)
        cache.save(self.met.items())
        return {url: self._nodes[url] for url in wanted}

    @property
    def met(self) -> dict[str, Known]:
        """What was found out of all addresses that were asked, also of those that redirects led
        to.
        """
        asked = ((node.url, node.outcome) for node in self._nodes.values() if not node.cached)
        return {url: outcome for url, outcome in asked if outcome is not None}

    def _is_known(self, node: Node, now: float) -> bool:
        known, cache = node.known, self._cache
        return cache is not None and cache.answers(node.url, known, node.wanted, now)

    def _ask(self, host: Host[Node], node: Node) -> None:
        get = node.get or bool(node.wanted)
        headers = self._policy.headers_for(node.url)
        if get:
            headers = (*headers, _ACCEPT, *node.conditions())
        node.cookie = self._jar.header(host_of(node.url)) if self._jar else ""
        if node.cookie:
            headers = (*headers, ("Cookie", node.cookie))
        request = WireRequest(method="GET" if get else "HEAD", url=node.url, headers=headers)
        self.progress.requests += 1
        self._carrier.send(request, partial(self._take, host, node, get))

    # What an answer means.

    def _take(self, host: Host[Node], node: Node, get: bool, answer: Answer) -> None:  # noqa: FBT001 - bound before the answer is there
        if isinstance(answer, WireFault):
            host.answered(answer.seconds, well=True)
            self._take_fault(node, answer, get=get)
        elif answer.status in _RESTRAINT and _asks_restraint(answer):
            host.answered(answer.seconds, well=False)
            self._hold(host, node, answer)
        else:
            host.answered(answer.seconds, well=True)
            self._take_response(node, answer, get=get)
        self._agenda.go_on(host)

    def _take_response(self, node: Node, answer: WireResponse, *, get: bool) -> None:
        status = answer.status
        if status in _REDIRECTS and (location := value_of(answer.headers, "location")):
            self._redirect(node, answer, location)
        elif status == 304 and node.known is not None:  # noqa: PLR2004 - RFC 9110
            node.known.checked = self._clock.now()
            self._settle(node, node.known)
        elif 200 <= status <= 300:  # noqa: PLR2004 - RFC 9110: 300 is a page to choose from
            self._take_page(node, answer, get=get)
        elif status == 401 and self._policy.allow_unauthorized:  # noqa: PLR2004 - RFC 9110
            self._settle(
                node, Known(state=LinkState.WORKING, status=status, message="unauthorized")
            )
        elif not get:
            node.get = True
            self._agenda.add(node, first=True)
        elif status >= 500 and node.tries < self._policy.retries:  # noqa: PLR2004 - RFC 9110
            self._again(node)
        else:
            self._settle(node, refused(answer))

    def _take_page(self, node: Node, answer: WireResponse, *, get: bool) -> None:
        etag = value_of(answer.headers, "etag")
        modified = "" if etag else value_of(answer.headers, "last-modified")
        outcome = Known(state=WORKING, status=answer.status, etag=etag, modified=modified)
        if get and node.wanted:
            if is_html(answer.headers):
                outcome.anchors = node.look(Page(text_of(answer.body, answer.headers)))
            else:
                outcome.anchors = dict.fromkeys(node.wanted, True)
        self._settle(node, outcome)

    def _take_fault(self, node: Node, fault: WireFault, *, get: bool) -> None:
        if fault.fault is Fault.TOO_LARGE and 200 <= fault.status < 300:  # noqa: PLR2004 - RFC 9110
            anchors: dict[str, bool | None] = dict.fromkeys(node.wanted, None)
            message = "too large to look for anchors" if node.wanted else ""
            outcome = Known(state=LinkState.WORKING, message=message, anchors=anchors)
            self._settle(node, outcome)
        elif not get and fault.fault not in (Fault.TIMEOUT, Fault.UNRESOLVED, Fault.TLS):
            node.get = True
            self._agenda.add(node, first=True)
        elif fault.fault is not Fault.TLS and node.tries < self._policy.retries:
            self._again(node)
        else:
            self._settle(node, failed(fault, timeouts_are_broken=self._policy.timeouts_are_broken))

    def _again(self, node: Node) -> None:
        """Ask once more, after a pause that the host is left alone in."""
        wait = wait_after(node.tries)
        node.tries += 1
        host = self._agenda.host(node.url)
        host.close_for(wait, self._clock.monotonic())
        self._agenda.add(node)

    def _hold(self, host: Host[Node], node: Node, answer: WireResponse) -> None:
        """Leave a host alone for as long as it asks, if that is not too long."""
        now = self._clock.monotonic()
        wait = told = retry_after(answer.headers, self._clock.now())
        if wait is None:
            # The answers to what was in flight when the host closed say nothing new.
            wait = 0.0 if host.is_closed(now) else wait_after(host.strikes)
        node.waited += wait
        if node.waited > self._policy.max_wait:
            others = host.leave()
            for each in (node, *others):
                self._settle(each, restrained(answer, told))
            return
        if not host.is_closed(now):
            host.strikes += 1
        host.close_for(wait, now)
        self._agenda.add(node, first=True)

    # Redirects.

    def _redirect(self, node: Node, answer: WireResponse, location: str) -> None:
        url, fragment = follow(node.url, location)
        node.status, node.moved, node.fragment = (
            answer.status,
            answer.status in _PERMANENT,
            fragment,
        )
        if scheme_of(url) not in SCHEMES:
            self._settle(node, broken(f"redirects to {location}"))
            return
        today = datetime.fromtimestamp(self._clock.now(), UTC).date().isoformat()
        if self._policy.ignored(url, today):
            said = f"redirects to {url}, which is left alone"
            self._settle(node, Known(state=LinkState.IGNORED, status=answer.status, message=said))
            return
        self._jar.take(host_of(node.url), answer.headers)
        target = self._nodes.get(url) or self._meet(url)
        self._lead(node, target)

    def _meet(self, url: str) -> Node:
        """A node for an address that a redirect leads to."""
        known = self._cache.load([url]).get(url) if self._cache else None
        node = self._nodes[url] = Node(url=url, known=known)
        if self._is_known(node, self._clock.now()):
            node.outcome, node.cached = known, True
        return node

    def _lead(self, node: Node, target: Node) -> None:
        if node.leads_round(target):
            if (
                target.turns < _MOST_TURNS
                and self._jar.header(host_of(target.url)) != target.cookie
            ):
                self._turn(node, target)
            else:
                self._settle(node, broken("redirects in a circle"))
            return
        if node.depth() >= MOST_REDIRECTS:
            self._settle(node, broken(f"redirects more than {MOST_REDIRECTS} times"))
            return
        node.leads_to = target
        target.followers.append(node)
        target.wanted |= {node.fragment or fragment for fragment in node.wanted}
        if target.outcome is None:
            if not target.asked:
                self._agenda.add(target)
        elif target.lacks:
            self._reopen(target)
        else:
            target.followers.remove(node)
            self._arrive(node, target)

    def _turn(self, node: Node, target: Node) -> None:
        """Ask a target again that has redirected before: now there is a cookie to show."""
        target.turns += 1
        if target.leads_to is not None:
            target.leads_to.followers.remove(target)
            target.leads_to = None
        if target is not node:
            node.leads_to = target
            target.followers.append(node)
        self._agenda.add(target, first=True)

    def _arrive(self, node: Node, target: Node) -> None:
        """Settle an address by that which it redirects to."""
        found = target.outcome
        assert found is not None  # noqa: S101 - the target was settled
        if found.state not in (LinkState.WORKING, LinkState.REDIRECTED):
            said = f"redirects to {target.url}: {found.message}"
            self._settle(node, Known(state=found.state, status=found.status, message=said))
            return
        location = found.location or target.url
        if node.fragment and "#" not in location:
            location = f"{location}#{node.fragment}"
        allowed = self._policy.allows_redirect(node.url, location)
        outcome = Known(
            state=LinkState.WORKING if allowed else LinkState.REDIRECTED,
            status=node.status,
            location=location,
            permanent=node.moved and (found.state is LinkState.WORKING or found.permanent),
            anchors={f: found.anchors.get(node.fragment or f) for f in node.wanted},
        )
        node.nearest.update(target.nearest)
        self._settle(node, outcome)

    # Ends.

    def _reopen(self, node: Node) -> None:
        """Ask for the page of an address that so far was only known to work."""
        node.outcome, node.cached, node.get = None, False, True
        self._agenda.add(node)

    def _settle(self, node: Node, outcome: Known) -> None:
        now = self._clock.now()
        outcome.checked = now
        if outcome.state is BROKEN or (outcome.anchors and False in outcome.anchors.values()):
            outcome.broken_since = (node.known and node.known.broken_since) or now
        else:
            outcome.broken_since = 0.0
        node.outcome = outcome
        if node.wanted and node.lacks:
            self._reopen(node)
            return
        self.progress.done += 1
        self.progress.told(self.progress.done, self.progress.total)
        followers, node.followers = node.followers, []
        for follower in followers:
            self._arrive(follower, node)


def _asks_restraint(answer: WireResponse) -> bool:
    """Whether 429 (RFC 6585), or 503 with a time to come back."""
    return answer.status == 429 or bool(value_of(answer.headers, "retry-after"))  # noqa: PLR2004 - RFC 6585
