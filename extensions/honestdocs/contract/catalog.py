"""All documented operations, and which of them a request belongs to.

Owns the search for the operation of a method and path. Must not know pages or servers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from honestdocs.contract.operation import Operation
from honestdocs.contract.path import parse_template, path_of, without_base


class Catalog:
    """Operations by method, ready to be searched; ``bases`` are base paths such as ``/v1``
    that examples may show and templates leave out (or the reverse).
    """

    def __init__(self, operations: Iterable[Operation], bases: Iterable[str] = ()) -> None:
        self.operations = tuple(operations)
        self.bases = tuple(dict.fromkeys(["", *(base.rstrip("/") for base in bases)]))
        self._by_method: dict[str, list[Operation]] = {}
        for operation in self.operations:
            self._by_method.setdefault(operation.method, []).append(operation)
        self._found: dict[tuple[str, str], tuple[Operation, ...]] = {}

    def find(self, method: str, target: str) -> tuple[Operation, ...]:
        """All operations that the request may belong to, the most literal template first."""
        key = (method, path_of(target))
        if key not in self._found:
            candidates = (*self._by_method.get(method, ()), *self._by_method.get("ANY", ()))
            fitting = [op for op in candidates if self.fits(op, method, target)]
            fitting.sort(key=lambda op: -parse_template(op.path).literals)
            self._found[key] = tuple(op for op in fitting if parse_template(op.path).literals)
        return nearest(self._found[key], target)

    def fits(self, operation: Operation, method: str, target: str) -> bool:
        """Whether a request can be one of an operation, base paths considered."""
        if operation.method not in (method, "ANY"):
            return False
        return fits_path(operation.path, path_of(target), self.bases)


def nearest(operations: Sequence[Operation], target: str) -> tuple[Operation, ...]:
    """Operations that a target fits, in their order, but those first of which the target has
    the documented query: ``/users?name=(name)`` and ``/users?id=(id)`` are told apart by it.
    """
    if len(operations) < 2 or not any("?" in op.path for op in operations):  # noqa: PLR2004 - one is the nearest
        return tuple(operations)
    given = frozenset(parse_template(target).query)
    return tuple(sorted(operations, key=lambda op: -_agreement(op, given)))


def _agreement(operation: Operation, given: frozenset[str]) -> int:
    wanted = frozenset(parse_template(operation.path).query)
    return len(wanted & given) - len(wanted - given)


def fits_path(template: str, path: str, bases: Sequence[str]) -> bool:
    """Whether a path fits a template when a base path is cut off either of them."""
    parsed = parse_template(template)
    for base in bases:
        rest = without_base(path, base)
        if rest is not None and parsed.fits(rest):
            return True
        if base and parsed.fits(base + path):
            return True
    return False


def infer_bases(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Base paths that documented targets share and their own templates leave out.

    ``pairs`` holds (template, target) of examples that stand inside an operation. A prefix
    counts when it makes at least half of the otherwise unfitting pairs fit, and two at least
    or all of them.
    """
    counts: Counter[str] = Counter()
    unfit = 0
    for template, target in pairs:
        path = path_of(target)
        parsed = parse_template(template)
        if parsed.fits(path):
            continue
        unfit += 1
        counts.update(_prefixes(parsed.fits, path))
    return tuple(base for base, n in counts.most_common(3) if n * 2 >= unfit and n >= min(2, unfit))


def _prefixes(fits: Callable[[str], bool], path: str) -> Iterable[str]:
    parts = path.split("/")
    for cut in range(2, min(len(parts), 5) + 1):
        rest = "/" + "/".join(parts[cut:])
        if fits(rest):
            yield "/".join(parts[:cut])
            return
