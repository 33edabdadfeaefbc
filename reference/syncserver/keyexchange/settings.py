"""What an operator can set for the key exchange, with the value it has when nothing is said.

Owns names, limits and defaults.  Must not know where a value comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyExchangeSettings:
    """Settings of the section `keyexchange`."""

    prefix: Annotated[
        str,
        Field(
            pattern=r"^(/[A-Za-z0-9._~-]+)*$", description="path before every path; may be empty"
        ),
    ] = "/keyexchange"
    own_host: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9.-]*$",
            description="host name on which the service is served without prefix; empty for none",
        ),
    ] = "setup.services.example.com"
    root_redirect: Annotated[
        str, Field(pattern=r"^https?://[!-~]+$", description="where GET / sends people")
    ] = "https://services.example.com/"
    ttl: Annotated[int, Field(ge=1, le=86400, description="life of a channel in seconds")] = 300
    max_gets: Annotated[
        int, Field(ge=1, le=1000, description="reads after which a channel is closed")
    ] = 6
    cid_len: Annotated[
        int, Field(ge=1, le=32, description="characters of a channel identifier")
    ] = 4
    max_body: Annotated[
        int, Field(ge=1, le=16777216, description="largest request body in bytes")
    ] = 65536
    max_channels: Annotated[
        int, Field(ge=1, le=1048576, description="channels kept in memory at a time")
    ] = 100000
