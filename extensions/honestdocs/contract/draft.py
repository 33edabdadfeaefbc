"""A request under construction, while a command line is read.

Owns what curl and HTTPie have in common: an URL, header fields, a body, and what is piped into
them. Must not know their options.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from honestdocs.contract.credentials import basic
from honestdocs.contract.errors import ContractError
from honestdocs.contract.example import Header, Request

_USERINFO = re.compile(r"(?<=://)([^/?#]*)@")


class UnreadableError(ContractError):
    """A command of which a shell or a file decides what it sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stdin:
    """What is written into a command: ``piped`` tells that there is something."""

    text: str = ""
    piped: bool = False
    known: bool = True

    def read(self) -> str:
        """The text, empty if there is none. Raises UnreadableError if it cannot be told."""
        if not self.known:
            raise UnreadableError("the command reads what another one writes")
        return self.text


@dataclass(slots=True)
class Draft:
    """A request under construction.

    ``removed`` are names, in lower case, of header fields that the command keeps its tool
    from sending. The parts of ``data`` are joined with ``&``; ``file`` names a file that is
    all of it.
    """

    stdin: Stdin = field(default_factory=Stdin)
    method: str = ""
    url: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    data: list[str] = field(default_factory=list)
    file: str = ""

    def add(self, name: str, value: str) -> None:
        """Adds a header field."""
        self.headers.append((name.strip(), value.strip()))

    def remove(self, name: str) -> None:
        """Keeps the tool from sending a header field of its own accord."""
        self.removed.add(name.strip().lower())

    def default(self, name: str, value: str) -> None:
        """Adds a header field that the tool sends unless the command says otherwise."""
        given = {header.lower() for header, _ in self.headers} | self.removed
        if name.lower() not in given:
            self.headers.append((name, value))

    def add_query(self, pairs: str) -> None:
        """Adds encoded pairs to the query of the URL."""
        self.url += ("&" if "?" in self.url else "?") + pairs

    def request(self, line: int) -> Request:
        """The request that is sent; ``line`` is where its command begins."""
        self.default("Accept", "*/*")
        url = self.url if "://" in self.url or self.url[0] == "/" else f"http://{self.url}"
        found = _USERINFO.search(url)
        if found is not None:
            self.default("Authorization", basic(unquote(found[1])))
            url = _USERINFO.sub("", url, count=1)
        return Request(
            method=self.method,
            target=url,
            headers=tuple(Header(name=name, value=v, line=line) for name, v in self.headers),
            body="&".join(self.data),
            line=line,
            body_line=line,
            file=self.file,
        )
