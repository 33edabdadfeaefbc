"""The releases of a site: folders that never change, and the link to the one that is served.

Owns making, switching and dropping them. Must not know how a site is built.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from honestdocs.hosting import durable
from honestdocs.hosting.errors import HostError
from honestdocs.hosting.mirror import remove

_NAME = re.compile(r"[0-9a-f]{12}")
_SHORT = 12


class Site:
    """The releases below one folder: ``releases/<node12>`` and the link ``current``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.releases = folder / "releases"
        self.link = folder / "current"
        self._intent = folder / ".publishing"

    @property
    def current(self) -> str:
        """The name of the release that is served; empty before the first."""
        with suppress(OSError):
            return Path(os.readlink(self.link)).name  # noqa: PTH115 - the text of the link
        return ""

    def kept(self) -> tuple[str, ...]:
        """The releases that are there, newest first."""
        if not self.releases.is_dir():
            return ()
        found = [path for path in self.releases.iterdir() if _NAME.fullmatch(path.name)]
        found.sort(key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
        return tuple(path.name for path in found)

    def prepare(self, built: Path, node: str) -> Path:
        """A copy of what was built, aside; what is as in the served release is shared with it."""
        self.releases.mkdir(parents=True, exist_ok=True)
        aside = self.releases / f".{node[:_SHORT]}"
        if aside.exists():
            shutil.rmtree(aside)
        served = self.releases / self.current if self.current else None
        _share(str(built), str(aside), str(served) if served and served.is_dir() else "")
        return aside

    def publish(self, node: str) -> None:
        """Serves what was prepared for a node from now on."""
        durable.write_text(self._intent, node[:_SHORT])
        self._carry_out()

    def _carry_out(self) -> None:
        """Does what was intended, from wherever it was cut short."""
        name = self._intent.read_text("utf-8")
        aside, place = self.releases / f".{name}", self.releases / name
        old = self.releases / f".old-{name}"
        if aside.is_dir():
            if place.is_dir():
                shutil.rmtree(old, ignore_errors=True)
                place.rename(old)
            aside.rename(place)
            os.utime(place)
        elif old.is_dir() and not place.is_dir():
            old.rename(place)
        durable.link(self.link, f"releases/{name}")
        self._intent.unlink()
        shutil.rmtree(old, ignore_errors=True)

    def switch(self, to: str) -> str:
        """Serves another release that is kept: its name, or ``previous``; returns its name.

        Raises HostError where it is not kept.
        """
        kept = self.kept()
        if to == "previous":
            later = kept[kept.index(self.current) + 1 :] if self.current in kept else kept
            found = later[:1]
        else:
            found = tuple(name for name in kept if len(to) >= 4 and name.startswith(to[:_SHORT]))  # noqa: PLR2004 - fewer digits are a slip
        if len(found) != 1:
            told = ", ".join(kept) or "none"
            raise HostError(f"{self.folder}: no release {to!r} to go back to; kept are {told}")
        durable.link(self.link, f"releases/{found[0]}")
        return found[0]

    def prune(self, keep: int) -> None:
        """Drops all but the newest releases and what was never finished."""
        if not self.releases.is_dir():
            return
        spared = {*self.kept()[:keep], self.current}
        for path in self.releases.iterdir():
            if path.name not in spared:
                with suppress(FileNotFoundError):
                    remove(str(path))

    def prepared(self, node: str) -> bool:
        """Whether a node was prepared and is not published yet."""
        return (self.releases / f".{node[:_SHORT]}").is_dir()

    def recover(self) -> None:
        """Brings a publication that was cut short to its end."""
        for path in self.folder.glob(".current.*"):
            path.unlink()
        if self._intent.is_file():
            self._carry_out()


def _share(built: str, target: str, served: str) -> None:
    os.mkdir(target)  # noqa: PTH102 - paths are text here, for speed
    for entry in os.scandir(built):
        place, old = f"{target}/{entry.name}", f"{served}/{entry.name}" if served else ""
        if entry.is_dir(follow_symlinks=False):
            _share(entry.path, place, old if old and os.path.isdir(old) else "")  # noqa: PTH112 - the same
        elif old and _alike(entry, old):
            os.link(old, place, follow_symlinks=False)
        else:
            shutil.copy2(entry.path, place, follow_symlinks=False)


def _alike(entry: os.DirEntry[str], old: str) -> bool:
    try:
        other = os.lstat(old)
    except OSError:
        return False
    mine = entry.stat(follow_symlinks=False)
    return mine.st_size == other.st_size and mine.st_mtime_ns == other.st_mtime_ns
