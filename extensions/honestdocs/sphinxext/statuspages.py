"""Pages about the state of services, written with the rest of the HTML.

Owns what stands on them: what was last known when they were built. A portal that serves them
fills in the present. Must not know the portal.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from honestdocs.contract.outcome import tally
from honestdocs.contract.service import ServiceState
from honestdocs.contract.wording import heartbeat_notice
from honestdocs.sphinxext.markdown.twins import TEXT

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from honestdocs.contract.configuration import Service
    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.verified import Verified

FOLDER = "status"
_TEMPLATE = "page.html"


class StatusPages:
    """The pages of what a verifier found."""

    def __init__(self, verifier: Verifier) -> None:
        self.verifier = verifier

    def collect(self, app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
        """Sphinx's ``html-collect-pages``: one for all services and one for each; none where
        nothing is declared, or where the tree has pages of its own of that name.
        """
        verified = self.verifier.verified
        if verified is None or not has_status(app, verified):
            return
        lines = "".join(_line(service, verified, link=True) for service in verified.services)
        told = [_told(service, verified) for service in verified.services]
        yield f"{FOLDER}/index", _context("Status", "", lines, told), _TEMPLATE
        for service in verified.services:
            title = service.title or service.name
            said = _examples(service, verified)
            body = f"{_line(service, verified, link=False)}<p>{said}</p>"
            context = _context(title, service.name, body, [_told(service, verified), said])
            yield f"{FOLDER}/{service.name}", context, _TEMPLATE

    def list_in_sidebar(
        self, app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object
    ) -> None:
        """Sphinx's ``html-page-context``: ``honestdocs_status``, for the side of each page: a
        title and a name for the overview, and on the pages of a status one for each service.
        """
        verified = self.verifier.verified
        if verified is None or not has_status(app, verified):
            return
        names = [("Status", f"{FOLDER}/index")]
        if page.partition("/")[0] == FOLDER:
            names += [(one.title or one.name, f"{FOLDER}/{one.name}") for one in verified.services]
        context["honestdocs_status"] = names


def has_status(app: Sphinx, verified: Verified) -> bool:
    """Whether a build writes pages of a status: not where nothing is declared, nor where the tree
    has pages of its own of that name.
    """
    taken = any(name.partition("/")[0] == FOLDER for name in app.env.found_docs)
    shown = app.builder.name in ("html", "dirhtml") and app.config.honestdocs_marks
    return bool(shown and verified.services) and not taken


def _context(title: str, name: str, body: str, told: list[str]) -> dict[str, Any]:
    whole = f'<section><h1>{escape(title)}</h1><div data-honestdocs-status="{escape(name)}">{body}'
    return {
        "title": title,
        "body": f"{whole}</div></section>",
        "page_source_suffix": "",
        TEXT: "\n\n".join([f"# {title}", *told]) + "\n",
    }


def _told(service: Service, verified: Verified) -> str:
    """A service in a line of Markdown."""
    state = verified.state(service.name) or ServiceState(name=service.name)
    notice = heartbeat_notice(state, service.title or service.name, now=verified.at)
    return f"> **{notice.badge}** {notice.text}"


def _line(service: Service, verified: Verified, *, link: bool) -> str:
    state = verified.state(service.name) or ServiceState(name=service.name)
    title = service.title or service.name
    notice = heartbeat_notice(state, title, now=verified.at)
    more = f' <a href="{escape(service.name)}.html">More</a>' if link else ""
    return (
        f'<div class="honestdocs honestdocs-heartbeat honestdocs-{notice.outcome} docutils '
        f'container"><p class="honestdocs-line"><span class="honestdocs-badge">'
        f"{escape(notice.badge)}</span> {escape(notice.text)}{more}</p></div>"
    )


def _examples(service: Service, verified: Verified) -> str:
    counts = tally(
        result for result in verified.proof.results.values() if result.service == service.name
    )
    return f"{counts.passed} of {counts.total} examples were proven when this was built."
