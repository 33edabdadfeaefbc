"""Settings: named values with limits, read from layers, the later layer before the earlier one.

Owns reading, checking and explaining settings of any section.  Must not know which sections
there are; the environment and the text of the file are arguments.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, fields
from difflib import get_close_matches
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

PREFIX = "SYNCSERVER_"
MAIN = "server"

# What stands before the host of a URL (RFC 3986, section 3.2.1) is not for everybody's eyes.
_CREDENTIALS = re.compile(r"://[^/@]*@")

Sections = Mapping[str, type[Any]]
S = TypeVar("S")


class SettingsError(Exception):
    """A setting that cannot be used; the message names the key, its place and its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value as it was found.  `exact`: its type is meant, as in TOML; else it is text."""

    section: str
    key: str
    place: str
    value: object
    exact: bool


Layer = Sequence[Value]


def parse_file(text: str, place: str, sections: Sections) -> Layer:
    """Return the settings of a TOML file.  Raises `SettingsError` for unknown names."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{place}: not TOML: {error}") from None
    found = []
    for section, table in tables.items():
        _require_known(section, list(sections), f"{place}: section")
        if not isinstance(table, dict):
            raise SettingsError(f"{place}: {section} = {table!r}: write it as [{section}]")
        for key, value in table.items():
            _require_known(key, list_keys(sections[section]), f"{place}: setting {section}.")
            found.append(Value(section=section, key=key, place=place, value=value, exact=True))
    return found


def read_environment(environment: Mapping[str, str], sections: Sections) -> Layer:
    """Return the settings of the environment.  Raises `SettingsError` for unknown names.

    `PORT`, which many platforms set, counts unless the variable of our own is there.
    """
    names = {
        name_variable(section, key): (section, key)
        for section, kind in sections.items()
        for key in list_keys(kind)
    }
    found = []
    if "port" in list_keys(sections[MAIN]) and "PORT" in environment:
        found.append(_take("PORT", MAIN, "port", environment["PORT"]))
    for name in sorted(name for name in environment if name.startswith(PREFIX)):
        _require_known(name, list(names), "environment: variable ")
        found.append(_take(name, *names[name], environment[name]))
    return found


def _take(name: str, section: str, key: str, text: str) -> Value:
    place = f"environment variable {name}"
    return Value(section=section, key=key, place=place, value=text, exact=False)


def load_section(section: str, kind: type[S], layers: Sequence[Layer]) -> S:
    """Return the settings of one section, defaults where no layer has a value.

    Raises `SettingsError` for the first value that does not fit.
    """
    hints = get_type_hints(kind, include_extras=True)
    values = {
        found.key: _check(found, TypeAdapter(hints[found.key]))
        for layer in layers
        for found in layer
        if found.section == section
    }
    return kind(**values)


def _check(found: Value, adapter: TypeAdapter[object]) -> object:
    value = found.value
    if isinstance(value, list):
        value = tuple(value)
    elif isinstance(value, str) and not found.exact and _is_list(adapter):
        value = tuple(part.strip() for part in value.split(",") if part.strip())
    try:
        return adapter.validate_python(value, strict=found.exact)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        shown = _CREDENTIALS.sub("://***@", repr(found.value))
        message = f"{found.section}.{found.key} = {shown} ({found.place}): {reason}"
        raise SettingsError(message) from None


def _is_list(adapter: TypeAdapter[object]) -> bool:
    """Tell whether the setting is a list, which text outside a file writes with commas."""
    schema: Mapping[str, object] = adapter.core_schema
    return schema["type"] == "tuple"


def _require_known(name: str, known: Sequence[str], what: str) -> None:
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
        raise SettingsError(f"{what}{'' if what[-1] in '. ' else ' '}{name}: unknown; {hint}")


def list_keys(kind: type[Any]) -> list[str]:
    """Return the names of a section's settings."""
    return [field.name for field in fields(kind)]


def name_variable(section: str, key: str) -> str:
    """Return the environment variable of a setting; the main section needs no name in it."""
    parts = (key,) if section == MAIN else (section, key)
    return PREFIX + "_".join(parts).upper()


def explain(sections: Sections) -> Iterator[str]:
    """Return lines of text that name every setting, its variable, default and meaning."""
    for section, kind in sections.items():
        yield f"[{section}]"
        hints = get_type_hints(kind, include_extras=True)
        for field in fields(kind):
            yield f"  {field.name} = {_render(field)}"
            yield f"      {_describe(hints[field.name])}; {name_variable(section, field.name)}"


def _render(field: Field[Any]) -> str:
    # JSON writes strings, numbers, booleans and lists of them as TOML does.
    return json.dumps(field.default)


def _describe(hint: object) -> str:
    return next(str(part.description) for part in get_args(hint) if isinstance(part, FieldInfo))
