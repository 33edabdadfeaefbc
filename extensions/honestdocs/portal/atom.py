"""Incidents as an Atom feed (RFC 4287).

Owns the XML. Must not know how an incident was found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape

from honestdocs.contract.wording import moment
from honestdocs.portal.incident import Incident


def render_feed(
    incidents: Sequence[Incident], *, url: str, title: str, titles: Mapping[str, str]
) -> str:
    """The feed; ``url`` is where the portal is, without a slash at the end, and ``titles`` are
    those of services.
    """
    changed = [i.ended if i.ended is not None else i.began for i in incidents]
    entries = "".join(_entry(incident, url, titles) for incident in incidents)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(title)}</title><id>{escape(url)}/status/</id>"
        f'<link rel="alternate" href="{escape(url)}/status/"/>'
        f"<updated>{_time(max(changed, default=0.0))}</updated>"
        f"<author><name>honestdocs</name></author>{entries}</feed>\n"
    )


def _entry(incident: Incident, url: str, titles: Mapping[str, str]) -> str:
    name = titles.get(incident.service, incident.service)
    said = incident.title or incident.message or "The service did not answer"
    ended = incident.ended
    over = "It goes on." if ended is None else f"It ended {moment(ended)}."
    text = "\n\n".join(filter(None, (f"Began {moment(incident.began)}. {over}", incident.text)))
    page = f"{url}/status/{incident.service}.html"
    return (
        f"<entry><title>{escape(f'{name}: {said}')}</title>"
        f"<id>{escape(page)}#{incident.began:.0f}</id>"
        f'<link rel="alternate" href="{escape(page)}"/>'
        f"<published>{_time(incident.began)}</published>"
        f"<updated>{_time(incident.began if ended is None else ended)}</updated>"
        f'<content type="text">{escape(text)}</content></entry>'
    )


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
