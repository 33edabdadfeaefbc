"""A shorter way into a pickle, and out of it, for values of which a tree has many thousands.

Owns the decorator. A frozen dataclass with slots looks its fields up anew for every value that is
pickled or made again; here they are looked up once. Must not know what the values mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")


def packed(kind: type[T]) -> type[T]:
    """The same class, a frozen dataclass with two slots or more; its values are pickled as the
    sequence of what their fields hold, as dataclasses do it themselves.
    """
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type] # told to be one
    take = attrgetter(*names)
    put = [getattr(kind, name).__set__ for name in names]

    def state_of(self: object) -> object:
        return take(self)

    def restore(self: T, state: Sequence[Any]) -> None:
        for set_value, value in zip(put, state, strict=True):
            set_value(self, value)

    kind.__getstate__ = state_of  # type: ignore[method-assign] # pickle's name
    kind.__setstate__ = restore  # type: ignore[attr-defined] # pickle's name
    return kind
