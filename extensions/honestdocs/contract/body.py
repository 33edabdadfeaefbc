"""Comparing documented bodies with observed ones.

Owns the reading of bytes as text or JSON, and the equality of texts. Must not know headers.
"""

from __future__ import annotations

from functools import lru_cache

from honestdocs.contract.comparison import Context
from honestdocs.contract.discretion import exact_text
from honestdocs.contract.document import Document, looks_like_json, parse_document, parse_observed
from honestdocs.contract.example import MarkVerb
from honestdocs.contract.headers import elided_equal
from honestdocs.contract.outcome import Exact, Kind
from honestdocs.contract.structure import compare_value, same_sort, same_value

_BRIEF = 120
"""So many characters of a body are told."""


def compare_body(context: Context, observed: bytes, content_type: str) -> None:
    """Tells how a documented body and the observed bytes differ.

    A documented response that ends with its headers claims no body, unless it says
    ``Content-Length: 0`` or is a 204.
    """
    documented = context.response.body
    if context.marked("body", MarkVerb.ANY) or context.marked("body", MarkVerb.IGNORE):
        return
    if not documented:
        _compare_absence(context, observed)
        return
    if not observed:
        fix = "remove the body, or have the service send one"
        _tell_body(context, Kind.BODY, documented, "", fix)
        return
    text = decode(observed, content_type)
    if text is None:
        _compare_binary(context, documented, observed)
    elif text != documented:
        _compare_text(context, documented, text, content_type)


def _compare_absence(context: Context, observed: bytes) -> None:
    response = context.response
    empty = response.header("Content-Length") == "0" or response.status in (204, 205)
    if observed and empty:
        line = response.line
        shown = _brief(decode(observed, "") or f"{len(observed)} bytes")
        context.tell(Kind.BODY, "body", "", shown, line, "document the body that the service sends")


def decode(data: bytes, content_type: str) -> str | None:
    """The text of a body by its charset, UTF-8 where none is given; None for binary data."""
    try:
        text = data.decode(_charset(content_type))
    except (LookupError, ValueError):
        return None
    return None if "\0" in text else text


@lru_cache(maxsize=64)
def _charset(content_type: str) -> str:
    _, _, rest = content_type.lower().partition("charset=")
    return rest.split(";")[0].strip(" \"'") or "utf-8"


def _compare_binary(context: Context, documented: str, observed: bytes) -> None:
    if any(mark in documented for mark in ("...", "…", "<", "[")):
        context.matched.append(f"body: {len(observed)} bytes")
        return
    shown = f"{len(observed)} bytes that are no text"
    line = context.response.body_line
    fix = "write an elision: ..."
    context.tell(Kind.BODY, "body", _brief(documented), shown, line, fix)


def _compare_text(context: Context, documented: str, observed: str, content_type: str) -> None:
    if looks_like_json(documented) or "json" in content_type.lower():
        ours, theirs = parse_document(documented), _parse_observed(observed)
        if ours.parsed and theirs is not None and theirs.parsed:
            value = theirs.value
            if ours.lines and not theirs.lines:
                value = [value]
            if not same_value(ours.value, value):
                compare_value(context, ours.value, value, "")
            return
        if ours.parsed and looks_like_json(documented):
            fix = "document the body that the service sends"
            _tell_body(context, Kind.TYPE, documented, observed, fix)
            return
    _compare_plain(context, documented, observed)


def _parse_observed(text: str) -> Document | None:
    document = parse_observed(text)
    return None if document.flaws else document


def _compare_plain(context: Context, documented: str, observed: str) -> None:
    ours, theirs = _normal(documented), _normal(observed)
    if ours == theirs:
        return
    if "..." in ours or "…" in ours:
        if _elided(ours, theirs):
            return
    elif not context.strict and same_sort(context, ours, theirs, "body", ""):
        return
    fix = "document the body that the service sends"
    _tell_body(context, Kind.BODY, ours, theirs, fix)


def _elided(ours: str, theirs: str) -> bool:
    lines = "\n".join("..." if line.strip() in ("...", "…") else line for line in ours.split("\n"))
    joined = lines.replace("\n...\n", "...").removeprefix("...\n").removesuffix("\n...")
    return elided_equal(ours, theirs) or elided_equal(joined, theirs) or ours in ("...", "…")


def _normal(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _brief(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _BRIEF else f"{flat[:80]} … {flat[-30:]}"


def _tell_body(context: Context, kind: Kind, documented: str, observed: str, fix: str) -> None:
    line, exact = context.response.body_line, Exact(text=exact_text(_normal(observed)))
    context.tell(kind, "body", _brief(documented), _brief(observed), line, fix, exact)
