"""The pages of the editor as HTTP answers.

Owns the templates, and what a browser may do with a page of ours. Must not know what a page says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from honestdocs.hosting.published import EDITOR

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_KEPT_POLICY = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; "
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'"
)
"""What people wrote runs nothing, asks nobody, and is shown in our own frames only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is told at the head of a page: ``kind`` is good, bad or ask."""

    said: str
    kind: str = "bad"
    lines: Sequence[str] = ()


class Screen:
    """Renders the templates."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )

    def show(self, name: str, status: int = 200, *, values: Mapping[str, object]) -> Response:
        """A template as an answer that nobody else may keep."""
        around = {
            "base": EDITOR,
            "home": "/",
            "home_word": "Documentation",
            "user": "",
            "token": "",
        }
        text = self._templates.get_template(f"{name}.html").render({**around, **values})
        return HTMLResponse(text, status, {**_HEADERS, **UNKEPT})

    def tell(self, status: int, title: str, notice: Notice) -> Response:
        """A page that says one thing."""
        return self.show("told", status, values={"title": title, "told": notice})


_HEADERS = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "same-origin"}
"""With ``no-referrer`` a browser would not say where a form comes from: its origin were null."""
UNKEPT = {"Cache-Control": "no-store"}
KEPT = {"Content-Security-Policy": _KEPT_POLICY, "Cache-Control": "private, no-cache"}


def go(to: str) -> Response:
    """Leads on with a GET (RFC 9110, section 15.4.4)."""
    return RedirectResponse(to, 303, UNKEPT)
