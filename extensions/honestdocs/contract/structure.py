"""Comparing JSON values, documented with observed.

Owns the walk over two values, and when two scalars that differ are the same all the same. Must
not know headers, nor how a body became a value.
"""

from __future__ import annotations

import json
import marshal
import re
from collections.abc import Iterator
from typing import Any

from honestdocs.contract.comparison import ABSENT, MOST, Context
from honestdocs.contract.discretion import discreet_at
from honestdocs.contract.document import ELISION, OpenObject, Placeholder
from honestdocs.contract.headers import elided_equal, is_handle, refers_alike
from honestdocs.contract.outcome import Kind, bound_text
from honestdocs.contract.pointer import escape
from honestdocs.contract.volatile import VolatileKind, common_kind, kind_of

_CHOSEN = frozenset(
    (
        VolatileKind.UUID,
        VolatileKind.HEX,
        VolatileKind.BASE64,
        VolatileKind.NUMBER,
        VolatileKind.IDENTIFIER,
        VolatileKind.ULID,
    )
)
"""Kinds that a client may choose as well: one that it has just sent must come back."""
_PLACEHOLDER = re.compile(r"<[^<]+>")
_PLAIN = 2
"""The last version of the form in which equal values look equal."""
_NESTED = (dict, list)
_DEEPEST_MEMBER = 20
"""Field lists name no members below that."""
_DEPTH = 200
"""Deeper values are compared as a whole: recursion stays far from the interpreter's limit."""


def same_value(documented: Any, observed: Any) -> bool:  # noqa: ANN401 - any JSON value is one
    """Whether two JSON values are the same to the letter, names in the same order.

    Python's own form of values tells, at the speed of C: unlike equality it tells ``true`` from
    ``1``. What differs in it may be the same all the same, and an elision has none.
    """
    try:
        return marshal.dumps(documented, _PLAIN) == marshal.dumps(observed, _PLAIN)
    except ValueError:
        return False


def compare_value(
    context: Context, documented: object, observed: object, pointer: str, name: str = ""
) -> None:
    """Tells how two JSON values differ; ``pointer`` is where they stand (RFC 6901)."""
    if documented is ELISION or pointer.count("/") > _DEPTH:
        return
    if context.allows(pointer, observed, name) or isinstance(documented, Placeholder):
        _learn(context, documented, observed, name)
        return
    if isinstance(documented, dict):
        if isinstance(observed, dict):
            _compare_objects(context, documented, observed, pointer)
            return
    elif isinstance(documented, list):
        if isinstance(observed, list):
            _compare_arrays(context, documented, observed, pointer, name)
            return
    elif _same_scalar(documented, observed):
        return
    elif json_type(documented) == json_type(observed):
        _compare_scalars(context, documented, observed, pointer, name)
        return
    _tell_type(context, documented, observed, pointer)


def _learn(context: Context, documented: object, observed: object, name: str) -> None:
    """Binds what stands where anything may, unless it is a number that names nothing."""
    if not isinstance(observed, (str, int, float)) or isinstance(observed, bool):
        return
    named = isinstance(documented, str) or kind_of(documented, name=name) is not None
    if isinstance(documented, Placeholder):
        context.found.append((str(documented), _text(observed)))
    elif named and documented != observed:
        context.found.append((_text(documented), _text(observed)))


def _tell_type(context: Context, documented: object, observed: object, pointer: str) -> None:
    ours, theirs = json_type(documented), json_type(observed)
    fix = f"document {theirs} instead of {ours}"
    context.tell_member(Kind.TYPE, pointer, documented, observed, fix)


def _same_scalar(documented: object, observed: object) -> bool:
    return documented == observed and isinstance(documented, bool) is isinstance(observed, bool)


def json_type(value: object) -> str:
    """The JSON type of a value, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "an object" if isinstance(value, dict) else "an array"


def _compare_objects(
    context: Context, documented: dict[str, object], observed: dict[str, object], pointer: str
) -> None:
    for name, value in documented.items():
        below = f"{pointer}/{escape(name)}"
        if name in observed:
            compare_value(context, value, observed[name], below, name)
        else:
            fix = f"remove {name!r}, or have the service send it"
            context.tell_member(Kind.MISSING_MEMBER, below, value, ABSENT, fix)
    if isinstance(documented, OpenObject):
        return
    for name, value in observed.items():
        if name not in documented and len(context.mismatches) < MOST:
            fix = f"document {name!r}, or elide the rest with ..."
            below = f"{pointer}/{escape(name)}"
            after = _predecessor(documented, observed, name)
            context.tell_member(Kind.UNDOCUMENTED_MEMBER, below, ABSENT, value, fix, after=after)


def _predecessor(
    documented: dict[str, object], observed: dict[str, object], name: str
) -> str | None:
    """The documented member behind which an undocumented one belongs: as sent, unless the page
    has its members by the alphabet and the service has not.
    """
    common = [key for key in observed if key in documented]
    written = [key for key in documented if key in observed]
    if common != written and len(written) > 1 and list(documented) == sorted(documented):
        return max((key for key in documented if key < name), default=None)
    before = None
    for key in observed:
        if key == name:
            break
        before = key if key in documented else before
    return before


def _compare_arrays(
    context: Context, documented: list[object], observed: list[object], pointer: str, name: str
) -> None:
    for written, at in _aligned(documented, len(observed)):
        if at < len(observed):
            if written != at:
                context.moved[f"{pointer}/{at}"] = f"{context.written(pointer)}/{written}"
            compare_value(context, documented[written], observed[at], f"{pointer}/{at}", name)
    fixed = sum(value is not ELISION for value in documented)
    opened = fixed < len(documented)
    if len(observed) < fixed or (len(observed) > fixed and not opened):
        fix = "document as many elements as there are, or elide the rest with ..."
        line = "element" if fixed == 1 else "elements"
        sides = Count(f"{fixed} {line}"), Count(f"{len(observed)} elements")
        context.tell_member(Kind.LENGTH, pointer, *sides, fix, whole=observed)


class Count(str):
    """A text that is shown as it is, not as a JSON string."""

    __slots__ = ()


def _aligned(documented: list[object], length: int) -> Iterator[tuple[int, int]]:
    """Positions of documented elements with those they stand for: before the first elision
    counted from the front, after the last one from the back.
    """
    elisions = [at for at, value in enumerate(documented) if value is ELISION]
    if not elisions:
        yield from ((at, at) for at in range(len(documented)))
        return
    first, last = elisions[0], elisions[-1]
    yield from ((at, at) for at in range(first))
    shift = length - len(documented)
    for written in range(last + 1, len(documented)):
        if written + shift >= first:
            yield written, written + shift


def _compare_scalars(
    context: Context, documented: object, observed: object, pointer: str, name: str
) -> None:
    ours, theirs = _text(documented), _text(observed)
    if context.bindings.get(ours) == theirs:
        return
    if isinstance(documented, str) and _stands_for(ours, theirs):
        context.found.append((ours, theirs))
        return
    if not context.strict and same_sort(context, documented, observed, pointer or "body", name):
        return
    bound = context.bindings.get(ours)
    shown = documented if bound is None else Count(bound_text(ours, bound))
    fix = f"document {json.dumps(discreet_at(observed, pointer), ensure_ascii=False)[:200]}"
    context.tell_member(Kind.VALUE, pointer, shown, observed, fix)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _stands_for(documented: str, observed: str) -> bool:
    """Whether a text is a placeholder, or elided so that it covers the observed one."""
    if "..." in documented or "…" in documented:
        return elided_equal(documented, observed)
    return _placeholder(documented)


def _placeholder(text: str) -> bool:
    return _PLACEHOLDER.fullmatch(text) is not None


def same_sort(
    context: Context, documented: object, observed: object, subject: str, name: str
) -> bool:
    """Whether two different scalars are generated values of one kind; binds them then."""
    if not isinstance(documented, (str, int, float)) or isinstance(documented, bool):
        return False
    if not isinstance(observed, (str, int, float)) or isinstance(observed, bool):
        return False
    kind = common_kind(documented, observed, name=name, origins=context.origins)
    ours, theirs = _text(documented), _text(observed)
    if kind is None:
        kind = _kind_by_use(context, ours, theirs, name)
        if kind is not None:
            context.match(subject, kind, ours, theirs)
        return kind is not None
    if kind in _CHOSEN and _is_settled(context, ours, theirs):
        return False
    context.match(subject, kind, ours, theirs)
    return True


def _kind_by_use(
    context: Context, documented: str, observed: str, name: str
) -> VolatileKind | None:
    """The kind of two values that do not show it, by how the page uses the documented one; a
    plain word under a name of its own has none.
    """
    if refers_alike(context, documented, observed):
        return VolatileKind.URL
    if name and documented.isalpha():
        return None
    made = is_handle(documented, observed) and context.usage.generated(documented)
    return VolatileKind.IDENTIFIER if made else None


def _is_settled(context: Context, documented: str, observed: str) -> bool:
    """Whether it is known what an identifier stands for, so that another one is wrong.

    The client has just sent the documented one, or what came back is its own: as it stands,
    or bound to a value in the request. Or an earlier response bound the documented one, and
    nothing new was made.
    """
    usage, bindings = context.usage, context.bindings
    if usage.sent(documented) or usage.known(observed):
        return True
    if any(usage.sent(name) for name in bindings.standing_for(observed)):
        return True
    return documented in bindings and not context.creates


def members(value: object) -> tuple[str, ...]:
    """The paths of all members of a JSON value, each once (``data.id``); the elements of an
    array have the path of their array.
    """
    found: dict[str, None] = {}
    _add_members(value, "", found, 0)
    return tuple(found)


def _add_members(value: object, prefix: str, found: dict[str, None], depth: int) -> None:
    if depth > _DEEPEST_MEMBER:
        return
    if isinstance(value, dict):
        for name, below in value.items():
            path = prefix + name
            found[path] = None
            if isinstance(below, _NESTED):
                _add_members(below, path + ".", found, depth + 1)
    elif isinstance(value, list):
        for below in value:
            if isinstance(below, _NESTED):
                _add_members(below, prefix, found, depth + 1)
