"""Mercurial's command server: one process that answers many questions.

Owns its protocol (``hg help -e cmdserver``): a letter and a length before each block, commands
separated by NUL. Must not know what is asked.
"""

from __future__ import annotations

import struct
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from honestdocs.hosting.errors import RepositoryError

_HEADER = struct.Struct(">cI")
_STATUS = struct.Struct(">i")
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command wrote, and its exit status."""

    output: bytes
    errors: bytes
    status: int


@dataclass(slots=True, kw_only=True)
class CommandServer:
    """A Mercurial that stays; it starts with the first question and again after it has died.

    One command at a time: others wait.
    """

    tool: str
    folder: Path
    environment: Mapping[str, str]
    _process: subprocess.Popen[bytes] | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def run(self, words: Sequence[str], given: bytes = b"") -> Answer:
        """Runs a command. Raises RepositoryError where the server goes away."""
        with self._turn:
            try:
                return self._converse(self._started(), words, given)
            except (OSError, struct.error, EOFError) as error:
                self._end()
                raise RepositoryError(f"{self.folder}: Mercurial went away: {error}") from error

    def close(self) -> None:
        """Ends the process."""
        with self._turn:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        self._process = subprocess.Popen(  # noqa: S603 - an absolute path, and no shell
            (self.tool, "serve", "--cmdserver", "pipe", "-R", str(self.folder)),
            cwd=self.folder,
            env=dict(self.environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._block(_pipe(self._process.stdout))
        return self._process

    def _converse(
        self, process: subprocess.Popen[bytes], words: Sequence[str], given: bytes
    ) -> Answer:
        to, back = _pipe(process.stdin), _pipe(process.stdout)
        question = b"\0".join(word.encode("utf-8", "surrogateescape") for word in words)
        to.write(b"runcommand\n" + _LENGTH.pack(len(question)) + question)
        to.flush()
        said: dict[bytes, list[bytes]] = {b"o": [], b"e": []}
        while True:
            channel, size, block = self._block(back)
            if channel == b"r":
                status = _STATUS.unpack(block)[0]
                return Answer(
                    output=b"".join(said[b"o"]), errors=b"".join(said[b"e"]), status=status
                )
            if channel in (b"I", b"L"):
                given = self._give(to, given, size, line=channel == b"L")
            elif channel in said:
                said[channel].append(block)
            elif channel.isupper():
                raise EOFError(f"it asks for channel {channel!r}")

    @staticmethod
    def _give(to: IO[bytes], given: bytes, size: int, *, line: bool) -> bytes:
        end = given.find(b"\n") + 1 if line else 0
        part = given[: min(size, end or size)]
        to.write(_LENGTH.pack(len(part)) + part)
        to.flush()
        return given[len(part) :]

    @staticmethod
    def _block(back: IO[bytes]) -> tuple[bytes, int, bytes]:
        channel, size = _HEADER.unpack(back.read(_HEADER.size))
        if channel in (b"I", b"L"):
            return channel, size, b""
        block = back.read(size)
        if len(block) < size:
            raise EOFError("in the middle of an answer")
        return channel, size, block


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise EOFError("it has no pipe")
    return pipe
