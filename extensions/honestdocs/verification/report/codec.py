"""Values as JSON that gives the same values back: what a shard tells to be joined with others.

Owns the spelling: a dataclass is an object without the members that have their default, a tuple
an array. What is read is made by the types of the fields alone, so that a document can make no
other value. Must not know what the values mean.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


class CodecError(ValueError):
    """A document that does not spell the value that was asked for."""


def pack(value: Any) -> Any:  # noqa: ANN401 - any value of ours, as JSON has it
    """A value of dataclasses, tuples, mappings and plain values as JSON's own."""
    if is_dataclass(value):
        return {
            each.name: pack(found)
            for each in fields(value)
            if (found := getattr(value, each.name)) != _default(each)
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): pack(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [pack(each) for each in value]
    return value


def unpack(kind: type[T], value: Any) -> T:  # noqa: ANN401 - whatever a document holds
    """The value of a type that ``pack`` spelt; raises CodecError for anything else."""
    try:
        return cast("T", _reader(cast("Hashable", kind))(value))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise CodecError(str(error)) from error


def _default(each: Field[Any]) -> Any:  # noqa: ANN401 - of any field
    return each.default_factory() if each.default_factory is not MISSING else each.default


@lru_cache(maxsize=256)
def _reader(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - any type of a field
    """What makes a value of a type."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in (int, str, float, bool, types.NoneType):
        return lambda value: _plain(kind, value)
    if origin is not None:
        return _generic(origin, inner)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if isinstance(kind, type) and issubclass(kind, tuple):
        return _named(kind)
    if is_dataclass(kind):
        return _record(kind)
    raise TypeError(f"{kind} cannot be read")


def _generic(origin: Any, inner: tuple[Any, ...]) -> Callable[[Any], Any]:  # noqa: ANN401 - a type
    if origin in (Union, types.UnionType):
        return _either(inner)
    if origin is tuple:
        return _sequence(inner)
    if issubclass(origin, Mapping):
        key, each = (_reader(one) for one in inner)
        return lambda value: {key(k): each(v) for k, v in dict(value).items()}
    raise TypeError(f"{origin} cannot be read")


def _plain(kind: Any, value: Any) -> Any:  # noqa: ANN401 - a plain value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{str(value)[:60]!r} is no {kind.__name__}")
    return value


def _either(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    readers = [_reader(kind) for kind in kinds if kind is not types.NoneType]
    if len(readers) != 1:
        raise TypeError(f"one of {kinds} cannot be told apart")
    return lambda value: None if value is None else readers[0](value)


def _sequence(inner: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(inner) == 2 and inner[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
        each = _reader(inner[0])
        return lambda value: tuple([each(one) for one in value])
    readers = [_reader(kind) for kind in inner]
    return lambda value: tuple(r(one) for r, one in zip(readers, value, strict=True))


def _named(kind: type) -> Callable[[Any], Any]:
    readers = [_reader(one) for one in get_type_hints(kind).values()]
    return lambda value: kind(*(r(one) for r, one in zip(readers, value, strict=True)))


def _record(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - a dataclass
    hints = get_type_hints(kind)
    readers = {each.name: hints[each.name] for each in fields(kind) if each.init}

    def read(value: Any) -> Any:  # noqa: ANN401 - an object of the document
        return kind(**{name: _reader(readers[name])(found) for name, found in value.items()})

    return read
