"""What an operator can set for shutting addresses out, with the value when nothing is said.

Owns names, limits and defaults.  Must not know where a value comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, Field


def _require_network(text: str) -> str:
    ip_network(text, strict=False)
    return text


NetworkList = tuple[Annotated[str, AfterValidator(_require_network)], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistSettings:
    """Settings of the section `blacklist`."""

    flood_requests: Annotated[
        int, Field(ge=0, description="requests of one address that make a flood; 0: never")
    ] = 3500
    flood_window: Annotated[
        int, Field(ge=1, le=86400, description="seconds within which these requests come")
    ] = 360
    flood_block: Annotated[
        int, Field(ge=1, le=31536000, description="seconds for which a flood shuts out")
    ] = 600
    bad_requests: Annotated[
        int, Field(ge=0, description="answers 400 that shut an address out; 0: never")
    ] = 100
    bad_window: Annotated[
        int, Field(ge=1, le=86400, description="seconds within which these answers are given")
    ] = 360
    bad_block: Annotated[
        int, Field(ge=1, le=31536000, description="seconds for which bad requests shut out")
    ] = 3600
    max_addresses: Annotated[
        int, Field(ge=1, le=10000000, description="addresses counted in memory at a time")
    ] = 100000
    never: Annotated[
        NetworkList, Field(description="networks that are never shut out, nor counted")
    ] = ("127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16", "::1/128")
    observe: Annotated[
        bool, Field(description="only log who would be shut out, and serve everybody")
    ] = False
    admin_user: Annotated[str, Field(description="name for the page of operators")] = "admin"
    admin_password: Annotated[
        str, Field(description="password for the page of operators, /__admin__; empty: no page")
    ] = ""
