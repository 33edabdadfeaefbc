"""The log: one JSON object a line, in the form that Mozilla's services agreed on (mozlog 2.0).

Owns the form of lines.  Must not know what is worth logging.  Of a request a line tells the path
template and never the path, so that neither names nor secrets in an address get into the log.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass

NAME = "syncserver"
VERSION = "2.0"

_SEVERITIES = {
    logging.CRITICAL: 2,
    logging.ERROR: 3,
    logging.WARNING: 4,
    logging.INFO: 6,
    logging.DEBUG: 7,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who writes the log: a host and a process on it; `clock` counts seconds since 1970."""

    hostname: str
    pid: int
    clock: Callable[[], float]

    def render(self, kind: str, severity: int, seconds: float, fields: Mapping[str, object]) -> str:
        """Return one line of the log, without its end."""
        return json.dumps(
            {
                "Timestamp": int(seconds * 1e9),
                "Type": kind,
                "Logger": NAME,
                "Hostname": self.hostname,
                "EnvVersion": VERSION,
                "Severity": severity,
                "Pid": self.pid,
                "Fields": fields,
            }
        )


class Formatter(logging.Formatter):
    """Formats the records of Python's logging."""

    def __init__(self, origin: Origin) -> None:
        """Name `origin` in every line."""
        super().__init__()
        self._origin = origin

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line; its exception, if any, is told with its trace."""
        fields: dict[str, object] = {"msg": record.getMessage()}
        if record.exc_info and record.exc_info[0] is not None:
            fields["error"] = record.exc_info[0].__name__
            fields["traceback"] = "".join(traceback.format_exception(*record.exc_info))
        severity = _SEVERITIES.get(record.levelno, 6)
        return self._origin.render(record.name, severity, record.created, fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLog:
    """Writes one line for each request, as Dockerflow's `request.summary`."""

    origin: Origin
    write: Callable[[str], object]

    def __call__(self, **fields: object) -> None:
        """Write the line."""
        origin = self.origin
        self.write(origin.render("request.summary", 6, origin.clock(), fields) + "\n")
