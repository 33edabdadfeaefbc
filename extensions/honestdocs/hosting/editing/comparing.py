"""The difference of a page between two published changesets, for whoever reads.

Owns which changesets may be asked for, what a page was called before, and that a difference is
built once. Must not know how it is built.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from itertools import islice
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from honestdocs.hosting.editing.allowance import Allowance
from honestdocs.hosting.editing.desk import Desk
from honestdocs.hosting.editing.difference import difference
from honestdocs.hosting.editing.errors import EditError
from honestdocs.hosting.editing.order import Orders
from honestdocs.hosting.editing.screen import Screen
from honestdocs.hosting.editing.shelf import DIFFERENCE, Shelf
from honestdocs.hosting.editing.text import decode, typed
from honestdocs.hosting.errors import RepositoryError
from honestdocs.hosting.home import Home
from honestdocs.hosting.path import checked_node, checked_path
from honestdocs.hosting.published import EDITOR

_MOST_KNOWN = 64
_FARTHEST = 5000
"""Changesets that are looked through for what a page was called before."""


class Comparing:
    """Compares; somebody who is not signed in may have a few built in a minute."""

    def __init__(
        self, home: Home, desk: Desk, orders: Orders, shelf: Shelf, screen: Screen
    ) -> None:
        self._home = home
        self._desk = desk
        self._orders = orders
        self._shelf = shelf
        self._screen = screen
        self._allowance = Allowance(most=6, seconds=60.0)
        self._known: OrderedDict[str, str] = OrderedDict()
        self._answers: OrderedDict[tuple[str, str, str], dict[str, object]] = OrderedDict()

    def is_public(self, key: str) -> bool:
        """Whether what is kept under a key is of published changesets."""
        return key in self._known

    async def answer(self, path: str, request: Request, *, known: bool) -> Response:
        """The page of a difference; ``known`` tells that a user asks."""
        given = request.query_params
        asked = (path, given.get("from", ""), given.get("to", ""))
        shown = self._remembered(asked)
        if shown is None:
            if not known:
                self._allow(request.client.host if request.client else "")
            shown = await self._orders.aside(lambda: self._compared(*asked))
            self._remember(asked, shown)
        return self._screen.show("difference", values={"path": path, **shown})

    def _allow(self, address: str) -> None:
        left = self._allowance.take(address)
        if left:
            wait = int(left) + 1
            raise EditError(429, f"Too many at a time: ask again in {wait} s.", wait=wait)

    def _remembered(self, asked: tuple[str, str, str]) -> dict[str, object] | None:
        """What was answered before, where it is still kept."""
        found = self._answers.get(asked)
        if found is None or not found["rendered"]:
            return found
        key, _, address = str(found["rendered"]).removeprefix(f"{EDITOR}/-/kept/").partition("/")
        return found if self._shelf.find(key, unquote(address)) else None

    def _remember(self, asked: tuple[str, str, str], shown: dict[str, object]) -> None:
        """Keeps an answer that cannot change: changesets do not."""
        if asked[2]:
            self._answers[asked] = shown
            while len(self._answers) > _MOST_KNOWN:
                self._answers.popitem(last=False)

    def _compared(self, path: str, old: str, new: str) -> dict[str, object]:
        new = self._published(new) if new else self._desk.head()
        old = self._published(old) if old else self._parent(new)
        was = self._name_before(path, old, new)
        texts = [
            typed(decode(self._desk.content(name, node), name)) if name else ""
            for name, node in ((was, old), (path, new))
        ]
        return {
            "old": self._desk.entry(old),
            "new": self._desk.entry(new),
            "difference": difference(*texts),
            "rendered": self._rendered(path, was, old, new),
        }

    def _published(self, node: str) -> str:
        try:
            found = self._desk.original.rows(
                f"present({checked_node(node)}) and public()", "{node}\\n"
            )
        except RepositoryError as error:
            raise EditError(404, f"{node[:60]!r} is no id of a changeset.") from error
        if not found:
            raise EditError(404, f"No changeset {node[:12]} is published here.")
        return found[0]

    def _parent(self, node: str) -> str:
        found = self._desk.original.rows(f"parents({checked_node(node)})", "{node}\\n")
        if not found:
            raise EditError(404, f"Nothing was published before {node[:12]}.")
        return found[0]

    def _name_before(self, path: str, old: str, new: str) -> str:
        """What a page was called at the older changeset; empty where it was not there."""
        self._desk.content(path, new)
        name = checked_path(path)
        repository = self._desk.original
        if name in repository.files(old):
            return name
        for change in reversed(list(islice(repository.log(new, old), _FARTHEST))):
            name = dict(change.copies).get(name, name)
        return name if name in repository.files(old) else ""

    def _rendered(self, path: str, was: str, old: str, new: str) -> str:
        key = hashlib.blake2b(f"{old}{new}{was}\0{path}".encode(), digest_size=20).hexdigest()
        address = self._known.get(key, "")
        if not address or self._shelf.find(key, address) is None:
            order = {
                "op": "compare",
                "key": key,
                "old": {"node": old, "path": was},
                "new": {"node": new, "path": path},
            }
            page = str(self._orders.ask(order)["address"])
            if not page:
                return ""
            address = f"{page.rpartition('/')[0]}/{DIFFERENCE}".lstrip("/")
        self._known[key] = address
        self._known.move_to_end(key)
        while len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return f"{EDITOR}/-/kept/{key}/{quote(address)}"
