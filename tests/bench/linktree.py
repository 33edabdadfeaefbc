"""A generated tree of pages full of links, and the web that they lead to.

Owns how many hosts there are, how often each is linked, and what it answers: pages of the size of a
page, or 429 with ``Retry-After`` once it is asked faster than it likes. All are addresses of this
machine. Must not know who checks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from servers.nginx import nginx

HOSTS = 40
BUSIEST = 0.2
"""The part of all addresses that lies on one host."""

WITH_ANCHORS = 0.1
ADDRESSES = tuple(f"127.0.0.{number}" for number in range(2, HOSTS + 2))

_ZONE = "    limit_req_zone $server_addr zone=few:1m rate=10r/s;"
_LOCATIONS = """\
        location /few/ {{
            limit_req zone=few burst=5 nodelay;
            limit_req_status 429;
            error_page 429 = @wait;
            root {folder};
            try_files /page.html =404;
            default_type text/html;
        }}
        location @wait {{
            add_header Retry-After 1 always;
            return 429;
        }}
        location / {{
            root {folder};
            try_files /page.html =404;
            default_type text/html;
        }}"""
_CONF = """\
project = "bench"
extensions = ["honestdocs"]
html_theme = "basic"
html_copy_source = False
html_show_sphinx = False
linkcheck_workers = 50
linkcheck_anchors = True
honestdocs_links = {settings}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a tree looks: ``grouped`` has the links of one host follow one another; ``few`` of the
    addresses are on a host that asks for restraint.
    """

    pages: int = 500
    links: int = 20
    addresses: int = 3_000
    hosts: int = HOSTS
    busiest: float = BUSIEST
    grouped: bool = False
    few: int = 0


@contextmanager
def web(folder: Path) -> Iterator[int]:
    """The port of a web that is there on every one of ``ADDRESSES``."""
    folder.mkdir()
    folder.chmod(0o755)
    sections = "".join(
        f'<h2 id="section-{number}">Section {number}</h2><p>{"Some words. " * 60}</p>\n'
        for number in range(40)
    )
    (folder / "page.html").write_text(f"<!DOCTYPE html><html><body>\n{sections}</body></html>\n")
    locations = _LOCATIONS.format(folder=folder)
    with nginx(locations=locations, addresses=ADDRESSES, http=_ZONE) as origin:
        yield int(origin.rpartition(":")[2])


def write(folder: Path, port: int, shape: Shape, settings: dict[str, object]) -> Path:
    """Writes the tree; returns its folder."""
    folder.mkdir()
    (folder / "conf.py").write_text(_CONF.format(settings=settings))
    names = [f"page{number}" for number in range(shape.pages)]
    entries = "\n".join(f"   {name}" for name in names)
    (folder / "index.rst").write_text(f"Index\n=====\n\n.. toctree::\n\n{entries}\n")
    links = _links(addresses(port, shape), shape)
    for number, name in enumerate(names):
        part = links[number * shape.links : (number + 1) * shape.links]
        (folder / f"{name}.rst").write_text(_page(number, part))
    return folder


def addresses(port: int, shape: Shape) -> list[str]:
    """The distinct addresses, host by host."""
    busy = round(shape.addresses * shape.busiest) if shape.hosts > 1 else shape.addresses
    rest = shape.addresses - busy - shape.few
    found = [_address(port, 0, number) for number in range(busy)]
    found += [_address(port, shape.hosts - 1, number, "few") for number in range(shape.few)]
    others = max(shape.hosts - 1 - bool(shape.few), 1)
    each = -(-rest // others)
    found += [_address(port, 1 + number // each, number) for number in range(max(rest, 0))]
    return found


def _address(port: int, host: int, number: int, folder: str = "page") -> str:
    anchor = f"#section-{number % 40}" if number % round(1 / WITH_ANCHORS) == 0 else ""
    return f"http://{ADDRESSES[host]}:{port}/{folder}/{number}{anchor}"


def _links(found: Sequence[str], shape: Shape) -> list[str]:
    wanted = shape.pages * shape.links
    times = -(-wanted // len(found))
    if shape.grouped:
        return [found[at * len(found) // wanted] for at in range(wanted)]
    links = (list(found) * times)[:wanted]
    random.Random(7).shuffle(links)  # noqa: S311 - any order, the same each time
    return links


def _page(number: int, links: Sequence[str]) -> str:
    title = f"Page {number}"
    items = "\n".join(
        f"* Something to read about item {at}: `the text {number}.{at} <{link}>`__ tells more.\n"
        for at, link in enumerate(links)
    )
    return f"{title}\n{'=' * len(title)}\n\nWords before the links.\n\n{items}\n"
