"""What an author says of an example in a comment: ``.. honestdocs: skip needs a phone``.

Owns the reading of such comments. A comment renders as nothing, so the message stays clean
HTTP that a reader can copy. Must not know what the words lead to.
"""

from __future__ import annotations

import re

from honestdocs.contract.errors import MarkError
from honestdocs.contract.example import Mark, MarkVerb
from honestdocs.contract.place import Place
from honestdocs.contract.volatile import VolatileKind, kind_of

_PREFIX = re.compile(r"^\s*honestdocs:[ \t]*(.*)$", re.DOTALL)
_SUBJECT = re.compile(r"^(status|body|header\s+\S+|/\S*)(?:\s+(.*))?$", re.DOTALL)
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "object": (dict,),
    "array": (list,),
}
_KINDS = (*_TYPES, *VolatileKind)
_USAGE = {
    MarkVerb.SKIP: "skip REASON",
    MarkVerb.STRICT: "strict",
    MarkVerb.ANY: "any SUBJECT [KIND]",
    MarkVerb.IGNORE: "ignore SUBJECT [REASON]",
    MarkVerb.CAPTURE: "capture NAME SUBJECT",
}


def is_mark(comment: str) -> bool:
    """Whether a comment speaks to us."""
    return _PREFIX.match(comment) is not None


def is_subject(text: str) -> bool:
    """Whether a text names a part of a response, and nothing else."""
    found = _SUBJECT.match(text)
    return found is not None and not found[2]


def is_of(kind: str, value: object, name: str = "") -> bool:
    """Whether a value is of a kind that an author named: one of JSON's types, or one that a
    server makes up. ``name`` is the member that holds it.
    """
    types = _TYPES.get(kind)
    if types is None:
        return kind_of(value, name=name) == kind
    return isinstance(value, types) and (kind == "boolean" or not isinstance(value, bool))


def parse_marks(comment: str, place: Place) -> tuple[Mark, ...]:
    """The marks of one comment, a line each.

    A subject is ``status``, ``body``, ``header NAME`` or a JSON Pointer (RFC 6901) in which
    ``*`` stands for any member or element. Raises MarkError, naming line and value, for an
    unknown word or a missing part.
    """
    found = _PREFIX.match(comment)
    if found is None:
        return ()
    lines = [line.strip() for line in found[1].split("\n")]
    return tuple(_parse(line, place.below(at)) for at, line in enumerate(lines) if line)


def _parse(line: str, place: Place) -> Mark:
    word, _, rest = line.partition(" ")
    try:
        verb = MarkVerb(word)
    except ValueError:
        known = ", ".join(_USAGE.values())
        raise MarkError(place, f"unknown mark {word!r}; known are: {known}") from None
    rest = rest.strip()
    if verb is MarkVerb.STRICT:
        return Mark(verb=verb, place=place)
    if verb is MarkVerb.SKIP:
        if not rest:
            raise MarkError(place, f"a skip needs its reason: {_USAGE[verb]}")
        return Mark(verb=verb, argument=rest, place=place)
    name = ""
    if verb is MarkVerb.CAPTURE:
        name, _, rest = rest.partition(" ")
    subject = _SUBJECT.match(rest.strip())
    if subject is None:
        message = f"no subject in {line!r}: {_USAGE[verb]}, where SUBJECT is status, body,"
        raise MarkError(place, f"{message} header NAME, or a JSON Pointer such as /data/id")
    argument = name or " ".join((subject[2] or "").split())
    if verb is MarkVerb.ANY and argument and argument not in _KINDS:
        raise MarkError(place, f"unknown kind {argument!r}; known are: {', '.join(_KINDS)}")
    return Mark(verb=verb, subject=" ".join(subject[1].split()), argument=argument, place=place)
