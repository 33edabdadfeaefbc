"""Results and services as rows of a database, and back.

Owns the spelling of values in columns: compact JSON for what has parts, plain columns for the
rest. Must not know SQL, files or the clock.

A mismatch is kept as the JSON array ``[kind, subject, documented, observed, file, line, fix]``.
Of the newest result also what was observed at each mismatch is kept in full, without secrets and
up to a length; nothing else of a message is: of headers and members only their names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeAlias

from honestdocs.contract.outcome import Exact, Kind, Mismatch, Outcome, Result
from honestdocs.contract.place import Place
from honestdocs.contract.service import ServiceState

Columns: TypeAlias = dict[str, str | float | None]

_SERVICE_FIELDS = (
    "name",
    "url",
    "title",
    "owner",
    "healthy",
    "status",
    "message",
    "checks",
    "version",
    "latency",
    "checked_at",
)


class RecordError(ValueError):
    """A row that does not spell a value: the database was damaged or written by another hand."""


def pack(result: Result, run: int) -> Columns:
    """The columns of a result by their names, with the run that it belongs to."""
    grade = result.grade if result.mismatches else None
    return {
        "run": run,
        "name": _storable(result.example),
        "outcome": result.outcome.value,
        "grade": grade.value if grade else "",
        "cause": _storable(result.cause),
        "checked_at": result.checked_at,
        "reason": _storable(result.reason),
        "matched": _pack_texts(result.matched),
        "headers": _pack_texts(result.observed_headers),
        "members": _pack_texts(result.observed_members),
        "mismatches": _pack_mismatches(result.mismatches),
        "exact": _pack_exact(result),
        "service": _storable(result.service),
        "server_version": _storable(result.server_version),
        "seconds": result.seconds,
        "status": result.status,
    }


class Unpacker:
    """Reads results back. Equal lists of names are shared: ten thousand results repeat few.

    A row holds the columns of ``pack`` without the grade, and whether the example is flaky, in
    the order of the arguments of ``_result``.
    """

    def __init__(self) -> None:
        self._texts: dict[str, tuple[str, ...]] = {"": ()}

    def result(self, row: tuple[Any, ...]) -> Result:
        """The result that a row spells; raises RecordError when it spells none."""
        try:
            return self._result(*row)
        except (ValueError, TypeError, AttributeError) as error:
            raise RecordError(f"the result of {row[0]!r} cannot be read: {error}") from error

    def _result(  # noqa: PLR0913, PLR0917 - one argument a column
        self,
        name: str,
        outcome: str,
        cause: str,
        checked_at: float,
        reason: str,
        matched: str,
        headers: str,
        members: str,
        mismatches: str,
        exact: str,
        service: str,
        server_version: str,
        seconds: float,
        status: int | None,
        flaky: int,
        changeset: str | None,
    ) -> Result:
        found, further = _unpack_exact(_unpack_mismatches(mismatches), exact)
        return Result(
            example=name,
            outcome=Outcome(outcome),
            mismatches=found,
            further=further,
            reason=reason,
            matched=self._unpack_texts(matched),
            cause=cause,
            service=service,
            server_version=server_version,
            checked_at=float(checked_at),
            seconds=float(seconds),
            status=status,
            observed_headers=self._unpack_texts(headers),
            observed_members=self._unpack_texts(members),
            flaky=bool(flaky),
            changeset=changeset or "",
        )

    def _unpack_texts(self, text: str) -> tuple[str, ...]:
        known = self._texts.get(text)
        if known is None:
            known = self._texts[text] = tuple(str(part) for part in json.loads(text))
        return known


def pack_services(services: Iterable[ServiceState]) -> str:
    """Services as compact JSON."""
    return _dump([{name: getattr(s, name) for name in _SERVICE_FIELDS} for s in services])


def unpack_services(text: str) -> tuple[ServiceState, ...]:
    """The services that ``pack_services`` wrote; raises RecordError when they cannot be read."""
    try:
        return tuple(_unpack_service(fields) for fields in json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RecordError(f"the services cannot be read: {error}") from error


def _unpack_service(fields: dict[str, Any]) -> ServiceState:
    checks = tuple((str(name), str(status)) for name, status in fields["checks"])
    return ServiceState(**fields | {"checks": checks})


@lru_cache(maxsize=1024)
def _pack_texts(texts: tuple[str, ...]) -> str:
    return _dump(texts) if texts else ""


def _pack_mismatches(mismatches: Iterable[Mismatch]) -> str:
    found = [
        (m.kind.value, m.subject, m.documented, m.observed, m.place.file, m.place.line, m.fix)
        for m in mismatches
    ]
    return _dump(found) if found else ""


def _pack_exact(result: Result) -> str:
    """What was observed, for each mismatch in turn, and the further ones; empty for nothing."""
    exacts = [_exact_parts(one) for one in result.mismatches]
    if not any(exacts) and not result.further:
        return ""
    further = [(_pack_mismatches((one,)), _exact_parts(one)) for one in result.further]
    return _dump([exacts, further])


def _exact_parts(mismatch: Mismatch) -> tuple[str, str, str | None] | None:
    exact = mismatch.exact
    return None if exact is None else (_storable(exact.text), exact.pointer, exact.after)


def _unpack_exact(
    mismatches: tuple[Mismatch, ...], text: str
) -> tuple[tuple[Mismatch, ...], tuple[Mismatch, ...]]:
    if not text:
        return mismatches, ()
    exacts, further = json.loads(text)
    found = tuple(
        replace(one, exact=_exact(parts)) for one, parts in zip(mismatches, exacts, strict=True)
    )
    hidden = [
        replace(one, exact=_exact(parts))
        for packed, parts in further
        for one in _unpack_mismatches(packed)
    ]
    return found, tuple(hidden)


def _exact(parts: list[Any] | None) -> Exact | None:
    if parts is None:
        return None
    text, pointer, after = parts
    return Exact(text=str(text), pointer=str(pointer), after=after)


def _unpack_mismatches(text: str) -> tuple[Mismatch, ...]:
    if not text:
        return ()
    return tuple(
        Mismatch(
            kind=Kind(kind),
            subject=subject,
            documented=documented,
            observed=observed,
            place=Place(file, line),
            fix=fix,
        )
        for kind, subject, documented, observed, file, line, fix in json.loads(text)
    )


def _storable(text: str) -> str:
    """The text as UTF-8 can spell it: a lone surrogate, read from a broken file, becomes ``?``."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
