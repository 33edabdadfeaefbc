"""Source files that are rewritten: read as they are, changed where asked, never half written.

Owns bytes, encodings and the replacement of a file. Must not know why a file changes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from honestdocs.contract.edit import Edit, apply_edits
from honestdocs.contract.passage import split_lines
from honestdocs.verification.errors import VerificationError


class RewriteError(VerificationError):
    """A file that cannot be read or rewritten; the message names it and says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file as it was read: its lines with their ends, and a digest of its bytes."""

    path: Path
    lines: tuple[str, ...]
    digest: str

    @classmethod
    def read(cls, path: Path) -> SourceFile:
        """The file; raises RewriteError when it cannot be read, or is not UTF-8."""
        try:
            data = path.read_bytes()
            text = data.decode("utf-8")
        except OSError as error:
            raise RewriteError(f"{path}: cannot be read: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise RewriteError(f"{path}: is not UTF-8 (byte {error.start}): convert it") from error
        return cls(path=path, lines=tuple(split_lines(text)), digest=_digest(data))

    def edited(self, edits: Iterable[Edit]) -> str:
        """The text with edits made."""
        return apply_edits(self.lines, edits)

    def write(self, edits: Iterable[Edit]) -> str:
        """Makes the edits in the file, in one step; returns the new digest.

        Raises RewriteError when the file cannot be written, or is not what was read any more.
        """
        if digest_of(self.path) != self.digest:
            raise RewriteError(f"{self.path}: changed meanwhile; nothing was written to it")
        data = self.edited(edits).encode("utf-8")
        try:
            _replace(self.path.resolve(), data)
        except OSError as error:
            reason = error.strerror or error
            raise RewriteError(f"{self.path}: cannot be written: {reason}") from error
        return _digest(data)


def digest_of(path: Path) -> str:
    """A digest of a file's bytes, empty where it cannot be read."""
    try:
        return _digest(path.read_bytes())
    except OSError:
        return ""


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _replace(path: Path, data: bytes) -> None:
    """Puts a new file with the old one's permissions in its place."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        shutil.copymode(path, name)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
