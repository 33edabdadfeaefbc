"""honestdocs: documentation of HTTP services that is proven against them.

Owns ``setup()``, which only composes the Sphinx parts. Must not hold logic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx's entry point; returns the extension's metadata."""
    from honestdocs.sphinxext.application import compose  # noqa: PLC0415 - the command line needs no Sphinx to start

    return compose(app)
