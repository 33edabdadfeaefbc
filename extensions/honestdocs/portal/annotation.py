"""The files in which people tell of incidents: ``incidents/*.toml`` below the sources.

Owns how they are found and read. Must not know which incidents were seen.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from datetime import UTC, date, datetime, time
from pathlib import Path

from honestdocs.portal.errors import PortalError
from honestdocs.portal.incident import Annotation

FOLDER = "incidents"
_KNOWN = frozenset(("service", "began", "ended", "title", "text"))


def read_annotations(sources: Path, services: Collection[str]) -> tuple[Annotation, ...]:
    """All annotations below the folder of the sources, by the names of their files.

    Raises PortalError for a file that cannot be used.
    """
    return tuple(
        _read(path, services) for path in sorted((sources / FOLDER).glob("*.toml"), reverse=True)
    )


def _read(path: Path, services: Collection[str]) -> Annotation:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise PortalError(f"{path}: cannot be read: {error}") from error
    for key in data:
        if key not in _KNOWN:
            raise PortalError(f"{path}: unknown key {key!r}; known are {', '.join(sorted(_KNOWN))}")
    service = _text(data, "service", path)
    if service not in services:
        named = ", ".join(sorted(services)) or "none"
        raise PortalError(f"{path}: unknown service {service!r}; declared are: {named}")
    began = _moment(data, "began", path)
    if began is None:
        raise PortalError(f"{path}: began is missing; write it as in began = 2026-11-24T10:00:00Z")
    ended = _moment(data, "ended", path)
    if ended is not None and ended < began:
        raise PortalError(f"{path}: ended is before began; give the later time as ended")
    return Annotation(
        service=service,
        began=began,
        ended=ended,
        title=_text(data, "title", path),
        text=str(data.get("text", "")).strip(),
    )


def _text(data: dict[str, object], key: str, path: Path) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise PortalError(f"{path}: {key} must be a text, not {value!r}")
    return value.strip()


def _moment(data: dict[str, object], key: str, path: Path) -> float | None:
    value = data.get(key)
    if value is None:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        said = f"{key} must be a time, as in 2026-11-24T10:00:00Z, not {value!r}"
        raise PortalError(f"{path}: {said}")
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
