"""Claims as evidence: what is documented of an operation and never seen, and the reverse.

Owns the comparison of field lists with verified responses. Must not know how either is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from honestdocs.contract.example import Example
from honestdocs.contract.operation import Location, Operation
from honestdocs.contract.outcome import Outcome, Result
from honestdocs.contract.status import covers

COMMON_HEADERS = frozenset(
    """accept-ranges access-control-allow-credentials access-control-allow-headers
    access-control-allow-methods access-control-allow-origin access-control-expose-headers
    access-control-max-age age allow alt-svc cache-control connection content-disposition
    content-encoding content-language content-length content-location content-range
    content-security-policy content-type cross-origin-opener-policy
    cross-origin-resource-policy date etag expires keep-alive last-modified link location
    pragma referrer-policy server set-cookie strict-transport-security trailer
    transfer-encoding upgrade vary via warning www-authenticate x-content-type-options
    x-frame-options x-xss-protection""".split()
)
"""Headers of HTTP itself, in lower case: only a service's own are asked for in field lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationCoverage:
    """What the verified responses of one operation prove of its fields.

    ``examples`` counts its examples, ``proven`` those that passed. The other members list
    names: documented and never seen (``unseen``), seen and never documented.
    """

    operation: Operation
    examples: int = 0
    proven: int = 0
    unseen_statuses: tuple[str, ...] = ()
    unseen_members: tuple[str, ...] = ()
    unseen_headers: tuple[str, ...] = ()
    undocumented_statuses: tuple[str, ...] = ()
    undocumented_members: tuple[str, ...] = ()
    undocumented_headers: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every claim was seen and everything seen is claimed."""
        return self.proven > 0 and not any(
            (
                self.unseen_statuses,
                self.unseen_members,
                self.unseen_headers,
                self.undocumented_statuses,
                self.undocumented_members,
                self.undocumented_headers,
            )
        )


def measure(
    operations: Iterable[Operation],
    examples: Iterable[Example],
    results: Mapping[str, Result],
) -> tuple[OperationCoverage, ...]:
    """The coverage of each operation, in the order given."""
    by_operation: dict[str, list[Result]] = {}
    for example in examples:
        result = results.get(example.id)
        if result is not None:
            by_operation.setdefault(example.operation, []).append(result)
    return tuple(_cover(op, by_operation.get(op.key, [])) for op in operations)


def _cover(operation: Operation, results: list[Result]) -> OperationCoverage:
    seen = [r for r in results if r.outcome in (Outcome.PASSED, Outcome.FAILED)]
    codes = sorted({str(r.status) for r in seen if r.status is not None})
    headers = {h: None for names in dict.fromkeys(r.observed_headers for r in seen) for h in names}
    members = sorted({m for names in {r.observed_members for r in seen} for m in names})
    named: dict[Location, list[str]] = {location: [] for location in _COVERED}
    for parameter in operation.parameters:
        if parameter.location in named:
            named[parameter.location].append(parameter.name)
    statuses, wanted, fields = (tuple(names) for names in named.values())
    unseen_statuses, undocumented_statuses = _statuses(statuses, tuple(codes))
    unseen_members, undocumented_members = _members(fields, tuple(members))
    unseen_headers, undocumented_headers = _headers(wanted, tuple(headers))
    return OperationCoverage(
        operation=operation,
        examples=len(results),
        proven=sum([r.outcome is Outcome.PASSED for r in results]),
        unseen_statuses=unseen_statuses,
        unseen_members=unseen_members,
        unseen_headers=unseen_headers,
        undocumented_statuses=undocumented_statuses,
        undocumented_members=undocumented_members,
        undocumented_headers=undocumented_headers,
    )


_COVERED = (Location.STATUS, Location.RESPONSE_HEADER, Location.RESPONSE_JSON)
_Names: TypeAlias = tuple[str, ...]

# Operations of one service document and answer much the same: equal lists are compared once.


@lru_cache(maxsize=1024)
def _statuses(documented: _Names, seen: _Names) -> tuple[_Names, _Names]:
    """The codes that were never seen, and those that were never documented."""
    return (
        tuple(status for status in documented if not any(covers(status, c) for c in seen)),
        tuple(c for c in seen if documented and not any(covers(s, c) for s in documented)),
    )


@lru_cache(maxsize=1024)
def _members(documented: _Names, seen: _Names) -> tuple[_Names, _Names]:
    """The fields that were never seen, and the members that were never documented."""
    return (
        tuple(field for field in documented if not any(_same(field, m) for m in seen)),
        tuple(m for m in seen if documented and not any(_same(f, m) for f in documented)),
    )


@lru_cache(maxsize=1024)
def _headers(documented: _Names, seen: _Names) -> tuple[_Names, _Names]:
    """The header fields that were never seen, and those of the service that nobody documents."""
    found = {name.lower(): name for name in seen}
    known = {*COMMON_HEADERS, *(name.lower() for name in documented)}
    return (
        tuple(name for name in documented if name.lower() not in found),
        tuple(n for lower, n in sorted(found.items()) if documented and lower not in known),
    )


@lru_cache(maxsize=4096)
def _same(field: str, member: str) -> bool:
    """Whether a documented JSON field (``data.id``, ``id``, ``items[].id``) names a member
    path as observed (``data.id``): by whole path, by its last name alone, or as the value
    that holds it, since a field documented as a whole needs no list of its members.
    """
    name = field.replace("[]", "").replace("/", ".").strip(".")
    if member == name or member.rpartition(".")[2] == name or name.startswith(member + "."):
        return True
    return member.startswith(name + ".") or f".{name}." in f".{member}"
