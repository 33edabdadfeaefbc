"""The recent changes as an Atom feed.

Owns its form (:rfc:`4287`). The same changes give the same bytes. Must not know Sphinx.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from xml.etree import ElementTree as ET

from honestdocs.sphinxext.addresses import Addresses
from honestdocs.sphinxext.footer import Recent

_ATOM = "http://www.w3.org/2005/Atom"


def render_feed(
    recent: Recent, *, title: str, base: str, addresses: Addresses, uri: Callable[[str], str]
) -> bytes:
    """The feed; ``base`` is where the site is served, ``uri`` makes a page's address below it.

    Without a base the addresses in it are relative to the feed.
    """
    feed = ET.Element("feed", xmlns=_ATOM)
    _text(feed, "id", uuid.uuid5(uuid.NAMESPACE_URL, base or title).urn)
    _text(feed, "title", f"{title}: recent changes")
    _text(feed, "updated", recent[0][0].stamp if recent else "1970-01-01T00:00:00Z")
    if base:
        ET.SubElement(feed, "link", rel="self", href=f"{base}changes.atom")
    for entry, pages in recent:
        item = ET.SubElement(feed, "entry")
        _text(item, "id", uuid.uuid5(uuid.NAMESPACE_OID, entry.node).urn)
        _text(item, "title", entry.summary or entry.short)
        _text(item, "updated", entry.stamp)
        author = ET.SubElement(item, "author")
        _text(author, "name", entry.name or "unknown")
        href = addresses.of("changeset", node=entry.node)
        first = base + uri(pages[0]) if pages else base
        ET.SubElement(item, "link", rel="alternate", href=href or first or ".")
        _text(item, "summary", f"Changeset {entry.short} touches: {', '.join(pages)}")
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _text(parent: ET.Element, name: str, value: str) -> None:
    ET.SubElement(parent, name).text = "".join(c for c in value if c.isprintable())
