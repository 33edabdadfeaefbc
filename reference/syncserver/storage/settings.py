"""What an operator can set for the storage, with the value it has when nothing is said.

Owns names, limits and defaults.  Must not know where a value comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from syncserver.storage.batch import BatchLimits
from syncserver.storage.node import STATUS_PATTERN, NodeStatus, parse_status

KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageSettings:
    """Settings of the section `storage`."""

    prefix: Annotated[
        str,
        Field(
            pattern=r"^(/[A-Za-z0-9._~-]+)*$",
            description="path before the version in every path; may be empty",
        ),
    ] = ""
    quota: Annotated[
        int, Field(ge=0, description="KiB of payloads that a user may store; 0 for no limit")
    ] = 0
    max_records: Annotated[
        int, Field(ge=1, le=10000, description="records that one request may hold")
    ] = 100
    max_bytes: Annotated[
        int, Field(ge=1, description="bytes that the payloads of one request stay below")
    ] = 1048576
    max_payload: Annotated[
        int, Field(ge=1, description="largest payload of a record in bytes of UTF-8")
    ] = 262144
    purge_interval: Annotated[
        int,
        Field(ge=1, description="seconds between looks for records whose life has ended"),
    ] = 3600

    status: Annotated[
        str,
        Field(
            pattern=STATUS_PATTERN,
            description="working; down, draining or unhealthy: 503; backoff: served, and clients "
            "are asked to hold back; seconds may follow, as in backoff:600",
        ),
    ] = "working"

    @property
    def limits(self) -> BatchLimits:
        """What one request may hold."""
        return BatchLimits(
            max_records=self.max_records, max_bytes=self.max_bytes, max_payload=self.max_payload
        )

    @property
    def node_status(self) -> NodeStatus:
        """The status of the node while nobody sets another."""
        return parse_status(self.status)

    @property
    def quota_bytes(self) -> int | None:
        """Bytes that a user may store; None for no limit."""
        return self.quota * KIB or None
