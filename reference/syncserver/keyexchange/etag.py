"""Lists of entity tags as If-Match and If-None-Match carry them (RFC 9110, sections 13.1.1-2).

Pure.  Owns reading and comparing them.  Must not know what is tagged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Clients of 2011 sent tags without their quotes, so a bare word counts as a tag as well.
_TAG = re.compile(r'(?P<weak>W/)?"(?P<quoted>[^"]*)"|(?P<bare>[^\s,"]+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """The tags of one header field; `any` stands for the asterisk."""

    any: bool = False
    strong: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()

    def contains(self, tag: str) -> bool:
        """Compare weakly, as If-None-Match does."""
        return self.any or tag in self.strong or tag in self.weak

    def contains_strongly(self, tag: str) -> bool:
        """Compare strongly, as If-Match does: a weak tag never fits."""
        return self.any or tag in self.strong


def parse_tags(text: str | None) -> Tags | None:
    """Return the tags of a header field, None when the field is absent.

    A field that holds no tag at all, such as an empty one, contains no tag.
    """
    if text is None:
        return None
    if text.strip() == "*":
        return Tags(any=True)
    found = list(_TAG.finditer(text))
    weak = (match["quoted"] for match in found if match["weak"])
    strong = (match["quoted"] or match["bare"] or "" for match in found if not match["weak"])
    return Tags(strong=frozenset(strong), weak=frozenset(weak))


def render_tag(tag: str) -> str:
    """Return `tag` as the ETag field carries it."""
    return f'"{tag}"'
