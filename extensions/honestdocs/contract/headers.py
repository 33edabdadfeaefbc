"""Comparing documented header fields with observed ones (RFC 9110, section 5).

Owns what may differ in a field. Must not know bodies.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from honestdocs.contract.comparison import UNCOMPARED, Context
from honestdocs.contract.coverage import COMMON_HEADERS
from honestdocs.contract.discretion import exact_field
from honestdocs.contract.example import Header
from honestdocs.contract.outcome import Exact, Kind
from honestdocs.contract.reference import same_shape
from honestdocs.contract.secrecy import SHOWN
from honestdocs.contract.volatile import (
    VolatileKind,
    common_kind,
    header_kind,
    list_difference,
    same_content_type,
    same_list,
)
from honestdocs.contract.wire import Headers

IDENTIFYING = frozenset(("date", "server", "age", "via", "expires", "set-cookie"))
"""Fields whose values no later request of a page repeats: matched, but not bound."""


def compare_headers(context: Context, observed: Headers) -> None:
    """Tells every documented field that is missing or has another value."""
    documented = [h for h in context.response.headers if (h.name, h.value) not in observed]
    if not documented:
        return
    values: dict[str, list[str]] = {}
    for name, value in observed:
        values.setdefault(name.lower(), []).append(value)
    for header in documented:
        key = header.name.lower()
        if key not in UNCOMPARED:
            _compare(context, header, values.get(key))


def _compare(context: Context, header: Header, observed: list[str] | None) -> None:
    subject = f"header {header.name}"
    if not observed:
        fix = f"remove {header.name}, or have the service send it"
        context.tell(
            Kind.MISSING_HEADER, subject, f"{header.name}: {header.value}", "", header.line, fix
        )
        return
    values = [*observed, ", ".join(observed)] if len(observed) > 1 else observed
    if any(_agree(context, header, value, subject) for value in values):
        return
    shown = values[-1]
    exact = Exact(text=exact_field(header.name, shown, context.documented_for))
    if exact.text == SHOWN:
        shown, fix = SHOWN, f"document a placeholder, such as <{header.name}>"
    else:
        fix = _fix(header, shown)
    context.tell(Kind.HEADER, subject, header.value, shown, header.line, fix, exact)


def _fix(header: Header, observed: str) -> str:
    """The likely mend; of a list only what has to change."""
    difference = list_difference(header.name, header.value, observed)
    if difference is None:
        return f"document {header.name}: {observed}"
    gone, new = difference
    parts = [f"add {', '.join(new)}"] if new else []
    parts += [f"remove {', '.join(gone)}"] if gone else []
    return f"{' and '.join(parts) or 'mend the spelling'} in {header.name}"


def _agree(context: Context, header: Header, observed: str, subject: str) -> bool:
    name, documented = header.name, header.value
    equal = documented == observed or context.bindings.get(documented) == observed
    if equal or _same(name, documented, observed):
        return True
    filled = filled_in(documented, observed)
    if filled or context.allows(subject, observed, name):
        context.found.extend((*filled, (documented, observed)))
        return True
    if "..." in documented or "…" in documented:
        return elided_equal(documented, observed)
    return not context.strict and _alike(context, header, observed, subject)


def _alike(context: Context, header: Header, observed: str, subject: str) -> bool:
    """Whether two values that differ are generated ones of one kind; binds them then."""
    name, documented = header.name, header.value
    kind = header_kind(name, documented, observed, origins=context.origins)
    if kind is not None:
        if name.lower() in IDENTIFYING:
            context.matched.append(f"{subject}: {kind}")
        else:
            context.match(subject, kind, documented, observed)
        return True
    if refers_alike(context, documented, observed):
        context.match(subject, VolatileKind.URL, documented, observed)
        return True
    own = name.lower() not in COMMON_HEADERS
    handle = own and is_handle(documented, observed) and context.usage.generated(documented)
    if handle:
        context.match(subject, "identifier", documented, observed)
    return handle


def _same(name: str, documented: str, observed: str) -> bool:
    if name.lower() == "content-type":
        return same_content_type(documented, observed)
    return same_list(name, documented, observed)


def refers_alike(context: Context, documented: str, observed: str) -> bool:
    """Whether two URLs or paths differ in identifiers only, as far as the page shows: in parts
    that are bound to each other, or that the server has made up for a later request.
    """

    def alike(ours: str, theirs: str, name: str) -> bool:
        if context.bindings.get(unquote(ours)) == unquote(theirs):
            return True
        if common_kind(ours, theirs, name=name, origins=context.origins) is not None:
            return True
        return is_handle(ours, theirs) and context.usage.generated(ours)

    if not documented.startswith("/") and "://" not in documented:
        return False
    return same_shape(documented, observed, context.origins, alike)


_FILL_IN = re.compile(r"<[A-Za-z_][\w. -]*>")


def filled_in(documented: str, observed: str) -> list[tuple[str, str]]:
    """What the placeholders such as ``<id>`` in a text stand for; nothing if it does not fit."""
    names = _FILL_IN.findall(documented)
    pattern = "(.+?)".join(map(re.escape, _FILL_IN.split(documented)))
    found = re.fullmatch(pattern, observed, re.DOTALL) if names else None
    return [] if found is None else list(zip(names, found.groups(), strict=True))


def elided_equal(documented: str, observed: str) -> bool:
    """Whether a text with ``...`` in it stands for the observed one."""
    parts = documented.replace("…", "...").split("...")
    if not observed.startswith(parts[0]) or not observed.endswith(parts[-1]):
        return False
    position = len(parts[0])
    for part in parts[1:-1]:
        position = observed.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return position + len(parts[-1]) <= len(observed) if len(parts) > 1 else True


_LONGEST_HANDLE = 256


def is_handle(documented: str, observed: str) -> bool:
    """Whether two texts could be identifiers of one sort: one word each, of like length and
    built of the same sorts of characters.
    """
    if not documented or not observed or len(documented) > _LONGEST_HANDLE:
        return False
    if any(c.isspace() for c in documented + observed):
        return False
    longer, shorter = max(len(documented), len(observed)), min(len(documented), len(observed))
    if longer > 2 * shorter + 2:
        return False
    return _alphabet(documented) | _WORDS >= _alphabet(observed)


_WORDS = frozenset(("digit", "letter"))


def _alphabet(text: str) -> frozenset[str]:
    sorts = {"digit" if c.isdigit() else "letter" if c.isalpha() else c for c in text}
    return frozenset(sorts)
