"""A patch that replaces a whole file.

Owns its form, as git writes it: that is how a changeset is made without a checked-out file. Must
not know which tool applies it.
"""

from __future__ import annotations

_UNFINISHED = b"\n\\ No newline at end of file\n"


def whole_file(path: str, old: bytes | None, new: bytes) -> bytes:
    """The patch that turns ``old`` into ``new``; a file that is not there is ``None``.

    The tab behind a name is git's: without it a name ends at its first space.
    """
    name = path.encode("utf-8", "surrogateescape")
    head = b"diff --git a/" + name + b" b/" + name + b"\n"
    if old is None:
        head += b"new file mode 100644\n"
    before = b"/dev/null" if old is None else b"a/" + name
    head += b"--- " + before + b"\t\n+++ b/" + name + b"\t\n"
    was, becomes = _lines(old or b""), _lines(new)
    sides = b"-%b +%b" % (_span(len(was)), _span(len(becomes)))
    body = b"".join([*(b"-" + line for line in was), *(b"+" + line for line in becomes)])
    return head + b"@@ " + sides + b" @@\n" + body


def _lines(text: bytes) -> list[bytes]:
    *whole, rest = text.split(b"\n")
    return [line + b"\n" for line in whole] + ([rest + _UNFINISHED] if rest else [])


def _span(count: int) -> bytes:
    return b"%d,%d" % (1 if count else 0, count)
