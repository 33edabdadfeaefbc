"""Claims as evidence: what is documented of an operation and never seen, and the reverse.

Owns the comparison of field lists with verified responses. Must not know how either is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

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
    shapes = dict.fromkeys(r.observed_headers for r in seen)
    headers = {h.lower(): h for names in shapes for h in names}
    members = sorted({m for names in {r.observed_members for r in seen} for m in names})
    statuses = [p.name for p in operation.named(Location.STATUS)]
    wanted = [p.name for p in operation.named(Location.RESPONSE_HEADER)]
    fields = [p.name for p in operation.named(Location.RESPONSE_JSON)]
    known = {name.lower() for name in wanted}
    return OperationCoverage(
        operation=operation,
        examples=len(results),
        proven=sum(r.outcome is Outcome.PASSED for r in results),
        unseen_statuses=tuple(s for s in statuses if not any(covers(s, c) for c in codes)),
        unseen_members=tuple(f for f in fields if not any(_same(f, m) for m in members)),
        unseen_headers=tuple(name for name in wanted if name.lower() not in headers),
        undocumented_statuses=tuple(
            c for c in codes if statuses and not any(covers(s, c) for s in statuses)
        ),
        undocumented_members=tuple(
            m for m in members if fields and not any(_same(f, m) for f in fields)
        ),
        undocumented_headers=tuple(
            name
            for lower, name in sorted(headers.items())
            if wanted and lower not in known and lower not in COMMON_HEADERS
        ),
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
