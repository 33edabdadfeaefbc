"""Values that a server makes up: what they look like, and when two are alike.

Owns nothing but the names under which the rest of the contract knows these rules: a single
value is recognised by ``kind``, two are compared by ``likeness``, header fields by ``field``.
Must not know where a value stands.
"""

from __future__ import annotations

from honestdocs.contract.field import header_kind, list_difference, same_content_type, same_list
from honestdocs.contract.kind import VolatileKind, kind_of
from honestdocs.contract.likeness import common_kind

__all__ = [
    "VolatileKind",
    "common_kind",
    "header_kind",
    "kind_of",
    "list_difference",
    "same_content_type",
    "same_list",
]
