"""Badges: one state in a small picture.

Owns the SVG. Must not know whose state it is.
"""

from __future__ import annotations

from html import escape

COLORS = {"passed": "#1a6b33", "failed": "#b3261e", "error": "#7a4f01", "skipped": "#57606a"}
"""White stands on each with a contrast of at least 5 to 1."""

_LETTER = 6.6
_PADDING = 14


def render_badge(label: str, state: str, words: str) -> str:
    """A badge that says what is in which state, in words."""
    left, right = (round(len(text) * _LETTER) + _PADDING for text in (label, words))
    told = escape(f"{label}: {words}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="{told}"><title>{told}</title><clipPath id="r"><rect width="{left + right}" '
        f'height="20" rx="3"/></clipPath><g clip-path="url(#r)"><rect width="{left}" height="20" '
        f'fill="#33383d"/><rect x="{left}" width="{right}" height="20" '
        f'fill="{COLORS[state]}"/></g><g fill="#fff" text-anchor="middle" '
        'font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{left / 2}" y="14">{escape(label)}</text>'
        f'<text x="{left + right / 2}" y="14">{escape(words)}</text></g></svg>\n'
    )
