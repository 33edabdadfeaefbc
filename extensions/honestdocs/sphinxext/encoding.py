"""UTF-8 that forgives: pages of other people that hold a few bytes of another encoding.

Owns the codec. Must not know what is decoded with it.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from encodings import utf_8_sig

FORGIVING = "utf-8-forgiving"
"""UTF-8 with or without a byte order mark, in which bytes that are none become U+FFFD."""

_STRICT = utf_8_sig.getregentry()


class _Decoder(utf_8_sig.IncrementalDecoder):
    """Replaces what cannot be decoded, whatever it is asked to do."""

    def __init__(self, errors: str = "strict") -> None:  # noqa: ARG002 - the base has the name
        super().__init__("replace")


def _find(name: str) -> codecs.CodecInfo | None:
    if name.replace("-", "_") != FORGIVING.replace("-", "_"):
        return None
    return codecs.CodecInfo(
        encode=_STRICT.encode,
        decode=lambda data, _errors="strict": _STRICT.decode(data, "replace"),
        incrementaldecoder=_Decoder,
        name=FORGIVING,
    )


@contextmanager
def forgiving() -> Iterator[None]:
    """While it lasts, the encoding is known to Python."""
    codecs.register(_find)
    try:
        yield
    finally:
        codecs.unregister(_find)
