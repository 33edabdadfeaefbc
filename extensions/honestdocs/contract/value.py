"""Values that are kept in bulk, as Sphinx's environment keeps pages.

Owns how they are pickled. Must not know what they mean.
"""

from __future__ import annotations

from typing import Any, TypeVar

_T = TypeVar("_T")


class Value:
    """A frozen dataclass with slots that is pickled as its fields in order.

    What the standard library does for such classes takes five times as long to load.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """How pickle makes the value again."""
        return _restore, (type(self), *(getattr(self, name) for name in self.__slots__))


def _restore(cls: type[_T], *values: object) -> _T:
    return cls(**dict(zip(cls.__slots__, values, strict=True)))  # type: ignore[attr-defined] # slots
