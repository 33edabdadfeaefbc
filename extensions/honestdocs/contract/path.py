"""Path templates: ``/users/(int:id)``, ``/users/{id}``, ``/users/<id>``.

Owns the reading of a template and whether a request's target belongs to it.
Must not know operations or pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

_PARAMETER = re.compile(
    r"\((?:(?P<round_type>[^():]+):)?(?P<round>[^():]+)\)"
    r"|\{(?:(?P<curly_type>[^{}:]+):)?(?P<curly>[^{}:]+)\}"
    r"|<(?:(?P<angle_type>[^<>:]+):)?(?P<angle>[^<>:]+)>"
    r"|(?<=/):(?P<colon>[A-Za-z_]\w*)"
)
_ORIGIN = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_TYPES = {
    "int": r"[+-]?\d+",
    "integer": r"[+-]?\d+",
    "long": r"[+-]?\d+",
    "float": r"[+-]?\d+(?:\.\d+)?",
    "path": r".+",
    "uuid": r"[0-9A-Fa-f-]{32,36}",
}
_WORD = r"[^/?#]+?"
_ANYTHING = r".+"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathTemplate:
    """A template ready to be matched.

    ``names`` are its parameters in order, ``query`` the names in its documented query,
    ``literals`` the number of literal characters: of two templates that match, the one with
    more of them is meant. ``pattern`` is what it says as a regular expression; ``segments``
    says the same where each segment is a literal or one parameter, given by its expression.
    """

    text: str
    pattern: str
    names: tuple[str, ...]
    query: tuple[str, ...]
    literals: int
    segments: tuple[str | re.Pattern[str], ...] | None = None

    def match(self, path: str) -> dict[str, str] | None:
        """The parameters of a path that fits the template, None if it does not fit.

        A path with a placeholder in a parameter's place, such as ``/users/{id}``, fits.
        """
        values = self._values(path)
        if values is None:
            return None
        return {name: unquote(value) for name, value in zip(self.names, values, strict=True)}

    def fits(self, path: str) -> bool:
        """Whether a path fits the template."""
        return self._values(path) is not None

    def _values(self, path: str) -> tuple[str, ...] | None:
        if self.segments is not None and "?" not in path and "#" not in path:
            return _fill(self.segments, path)
        found = _compiled(self.pattern).match(path)
        return None if found is None else tuple(found[f"p{at}"] for at in range(len(self.names)))


def _fill(segments: tuple[str | re.Pattern[str], ...], path: str) -> tuple[str, ...] | None:
    """The values of parameters; to compile a pattern would cost more than all its matches."""
    given = path.split("/")
    if not given[-1] and len(given) == len(segments) + 1:
        given.pop()
    if len(given) != len(segments):
        return None
    values: list[str] = []
    for wanted, segment in zip(segments, given, strict=True):
        if isinstance(wanted, str):
            if wanted != segment:
                return None
        elif wanted.fullmatch(segment):
            values.append(segment)
        else:
            return None
    return tuple(values)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


@lru_cache(maxsize=8192)
def parse_template(text: str) -> PathTemplate:
    """The template written as ``text``; what follows ``?`` or ``{?`` is its query.

    A parameter of type int or float takes numbers only, one of type path takes slashes too,
    and a name that holds blanks stands for any path, since it is prose. So does a parameter
    that the template begins with, as in ``(context)/@types``; any other template without its
    first slash is read as with it.
    """
    whole = _ORIGIN.sub("", text.strip())
    path, query = _split_query(whole)
    if path[:1] not in "/*" and _PARAMETER.match(path) is None:
        path = f"/{path}"
    pattern: list[str] = []
    names: list[str] = []
    literals = offset = 0
    for found in _PARAMETER.finditer(path):
        literal = path[offset : found.start()]
        pattern.append(re.escape(literal))
        literals += len(literal)
        type_, name = _named(found)
        expression = _expression(type_, name) if found.start() else _ANYTHING
        pattern.append(f"(?P<p{len(names)}>{expression})")
        names.append(name)
        offset = found.end()
    rest = path[offset:]
    pattern.append(re.escape(rest.rstrip("/")) if len(path) > 1 else re.escape(rest))
    return PathTemplate(
        text=text,
        pattern=f"^{''.join(pattern)}/?$",
        names=tuple(names),
        query=query,
        literals=literals + len(rest),
        segments=_segments(path),
    )


def _segments(path: str) -> tuple[str | re.Pattern[str], ...] | None:
    """The segments of a template, None if one is neither a literal nor a single parameter."""
    expressions = [_expression(*_named(found)) for found in _PARAMETER.finditer(path)]
    parts = _PARAMETER.sub(_HOLE, path).rstrip("/").split("/")
    whole = all(part == _HOLE or _HOLE not in part for part in parts)
    if len(parts) == 1 or parts[0] or not whole or _HOLE in path or _ANYTHING in expressions:
        return None
    rest = iter(expressions)
    return tuple(_compiled(next(rest)) if part == _HOLE else part for part in parts)


_HOLE = "\0"


def _named(found: re.Match[str]) -> tuple[str, str]:
    for style in ("round", "curly", "angle"):
        if found[style] is not None:
            return (found[f"{style}_type"] or "").strip(), found[style].strip()
    return "", found["colon"]


def _expression(type_: str, name: str) -> str:
    if " " in name or name.endswith(("*", "+")) or name.startswith("+"):
        return _ANYTHING
    typed = _TYPES.get(type_.lower())
    if typed is None or typed == _ANYTHING:
        return typed or _WORD
    return f"(?:{typed}|[({{<][^/]+[)}}>])"


def _split_query(path: str) -> tuple[str, tuple[str, ...]]:
    cut = re.search(r"\{[?&]([^}]*)\}|\?", path)
    if cut is None:
        return path, ()
    if cut[1] is not None:
        return path[: cut.start()], tuple(n.strip("* ") for n in cut[1].split(",") if n.strip())
    names = re.findall(r"(?:^|[?&])([^=&()\[\]{}<>]+)", path[cut.end() :])
    return path[: cut.start()], tuple(name.strip() for name in names if name.strip())


def path_of(target: str) -> str:
    """The path of a request target in any form, without origin, query and fragment."""
    local = target if target.startswith("/") else _ORIGIN.sub("", target)
    return local.partition("?")[0].partition("#")[0] or "/"


def origin_of(target: str) -> str:
    """``scheme://host:port`` of an absolute target, or the empty text."""
    found = _ORIGIN.match(target)
    return found[0] if found else ""


def local_target(target: str) -> str:
    """A target in origin form (RFC 9112, section 3.2.1): the path and what follows it."""
    if target.startswith("/"):
        return target
    local = _ORIGIN.sub("", target)
    if local.startswith(("?", "#")) or not local:
        return "/" + local
    return local


def without_base(path: str, base: str) -> str | None:
    """A path below a base path such as ``/v1``, None when it does not begin with it."""
    base = base.rstrip("/")
    if not base:
        return path
    if path == base or path.startswith(base + "/"):
        return path[len(base) :] or "/"
    return None
