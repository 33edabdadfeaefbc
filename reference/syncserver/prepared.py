"""Statements that are compiled once, for those that run at nearly every request.

Owns the short way past the part of the library that works out parameters anew for each execution.
Must not know what a statement does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler

_DIALECTS: dict[str, tuple[Any, str]] = {
    "sqlite": (sqlite.dialect, "qmark"),
    "postgresql": (postgresql.dialect, "format"),
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """The driver's text of a statement, and the names of its parameters in their order.

    Parameters and results are passed on as they are: only for types that the driver knows itself.
    """

    text: str
    names: Sequence[str]

    def run(self, connection: Connection, parameters: Mapping[str, Any]) -> CursorResult[Any]:
        """Run the statement once."""
        return connection.exec_driver_sql(
            self.text, tuple([parameters[name] for name in self.names])
        )

    def run_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run the statement for each of the rows."""
        names = self.names
        connection.exec_driver_sql(
            self.text, [tuple([row[name] for name in names]) for row in rows]
        )


def prepare(statement: Any, dialect: str) -> Prepared:  # noqa: ANN401 - whatever can be compiled
    """Compile a statement for a kind of database; none of its parameters may have a value yet."""
    kind, style = _DIALECTS[dialect]
    compiled = statement.compile(dialect=kind(paramstyle=style))
    if not isinstance(compiled, SQLCompiler) or compiled.positiontup is None:
        raise TypeError(f"{statement!r} is no statement with parameters")
    names = tuple(compiled.positiontup)
    fixed = [name for name in names if compiled.params[name] is not None]
    if fixed:
        raise TypeError(f"{fixed} of {compiled} have values, which would be lost")
    return Prepared(str(compiled), names)
