"""The tags of an HTML text, and what anchors they make.

Owns the reading of tags as browsers do it (HTML standard, section 13.2.5: comments, quoted and
unquoted attributes, elements whose content is no markup), in one pass of patterns: a page is read
some twenty times faster than by the parser of the standard library. Must not know what is looked
for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SPACE = r"[ \t\n\f\r]"
_ATTRIBUTE = (
    rf"(?:{_SPACE}|/)*+(?>[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
    rf"(?:{_SPACE}*+={_SPACE}*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r>]*+))?+)"
)
_TAG = re.compile(
    rf"<(?:!--(?:-?>|.*?(?:--!?>|\Z))|[!?/][^>]*+(?:>|\Z)"
    rf"|([a-zA-Z][^ \t\n\f\r/>]*+)((?:{_ATTRIBUTE})*+)(?:{_SPACE}|/)*+(>?))",
    re.DOTALL,
)
_NAMED = re.compile(
    rf"(?:{_SPACE}|/)*+([^ \t\n\f\r/>][^ \t\n\f\r/>=]*+)"
    rf"(?:{_SPACE}*+={_SPACE}*+(?:\"([^\"]*+)(?:\"|\Z)|'([^']*+)(?:'|\Z)|([^ \t\n\f\r>]*+)))?+"
)
_OPAQUE = frozenset(
    ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
)
"""Elements whose content is text, whatever it looks like (HTML standard, section 13.2.6)."""
_VALUE = rf"{_SPACE}*+={_SPACE}*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])[^ \t\n\f\r>]*+)"
_ENDED = rf"(?:{_SPACE}|/)*+[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+(?:{_VALUE}|(?!{_SPACE}*+=))"
_WHOLE = re.compile(
    rf"[^<]*+(?:<(?:/[^>]*+>|(?!(?i:{'|'.join(sorted(_OPAQUE))}))[a-zA-Z][^ \t\n\f\r/>]*+"
    rf"(?:{_ENDED})*+(?:{_SPACE}|/)*+>|!--(?:-?>|.*?--!?>)|(?!!--)[!?][^>]*+>"
    rf"|(?=[^a-zA-Z!?/]))[^<]*+)*+",
    re.DOTALL,
)
"""Text and whole tags, as many as there are; but opaque elements, which have to be looked at."""


def tags(html: str) -> Iterator[tuple[str, str]]:
    """Name in lower case, and attributes as they are written, of every tag but closing ones."""
    at: int | None = 0
    while at is not None:
        for found in _TAG.finditer(html, at):
            name, attributes, end = found.groups()
            if name is None:
                continue
            if not end:  # the text ends within the tag
                return
            name = name.lower()
            yield name, attributes
            if name in _OPAQUE:
                break
        else:
            return
        at = _end_of(name, html, found.end())


def tags_with(text: str, html: str) -> Iterator[tuple[str, str]]:
    """Of ``tags``, those that have a text in their attributes as written: quicker, for all that
    stands between is passed over at once.
    """
    at, place = 0, html.find(text)
    while place >= 0:
        whole = _WHOLE.match(html, at, place)
        at = whole.end() if whole else at
        if at == place:  # no tag is open there
            place = html.find(text, place + 1)
            continue
        found = _TAG.match(html, at)
        name, attributes, end = found.groups() if found else (None, "", "")
        at = found.end() if found else at + 1
        if name is not None:
            if not end:
                return
            name = name.lower()
            if text in attributes:
                yield name, attributes
            after = _end_of(name, html, at) if name in _OPAQUE else at
            if after is None:
                return
            at = after
        place = html.find(text, max(at, place))


def _end_of(name: str, html: str, at: int) -> int | None:
    """Where an opaque element ends that has begun before, None where it does not."""
    end = re.compile(rf"</{name}(?={_SPACE}|[/>])", re.IGNORECASE).search(html, at)
    return end.start() if end else None


def anchors_of(name: str, attributes: str) -> Iterator[str]:
    """The anchors that a tag makes: its id, and the name of a link or a map."""
    for key, *values in _NAMED.findall(attributes):
        lower = key.lower()
        if lower == "id" or (lower == "name" and name in ("a", "map")):
            value = values[0] or values[1] or values[2]
            if value:
                yield _unescape(value) if "&" in value else value


def _unescape(value: str) -> str:
    from html import unescape  # noqa: PLC0415 - its table of names is large, and few need it

    return unescape(value)
