"""Where the history of a page can be looked at: addresses made of templates.

Owns their names, their placeholders and what hgweb's are. Must not know who links to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from urllib.parse import quote

from honestdocs.contract.errors import ConfigurationError

NAMES = ("changeset", "difference", "log", "annotate", "edit")
_PLACES = frozenset({"node", "short", "path", "page"})
_HGWEB = {
    "changeset": "/rev/{short}",
    "log": "/log/{short}/{path}",
    "annotate": "/annotate/{short}/{path}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The templates by name; a name without one has no address."""

    templates: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str, *, node: str, path: str = "", page: str = "") -> str:
        """An address; empty where there is no template for it."""
        values = {"node": node, "short": node[:12], "path": quote(path), "page": quote(page)}
        return self.templates.get(name, "").format(**values)


def hgweb(base: str) -> dict[str, str]:
    """The templates of an hgweb at an address."""
    return {name: base.rstrip("/") + end for name, end in _HGWEB.items()}


def parse_addresses(value: object, place: str) -> Addresses:
    """The templates of a setting: the address of an hgweb, or a mapping of names to templates.

    Raises ConfigurationError.
    """
    if isinstance(value, str):
        return Addresses(templates=hgweb(value) if value else {})
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"{place}: {value!r} is neither an address nor a mapping of them")
    for name, template in value.items():
        if name not in NAMES:
            known = ", ".join(NAMES)
            raise ConfigurationError(f"{place}: unknown address {name!r}; known are {known}")
        _check(template, f"{place}: {name}")
    return Addresses(templates=dict(value))


def _check(template: object, place: str) -> None:
    if not isinstance(template, str) or template.lower().startswith(("javascript:", "data:")):
        raise ConfigurationError(f"{place}: {template!r} is no address")
    try:
        names = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError as error:
        raise ConfigurationError(f"{place}: {template!r}: {error}") from error
    if names - _PLACES:
        known = ", ".join(f"{{{name}}}" for name in sorted(_PLACES))
        raise ConfigurationError(f"{place}: {template!r}: known placeholders are {known}")
