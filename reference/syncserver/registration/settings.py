"""What an operator can set for the registration, with the value it has when nothing is said.

Owns names, limits and defaults.  Must not know where a value comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

SIX_HOURS = 21600


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationSettings:
    """Settings of the section `registration`."""

    prefix: Annotated[
        str,
        Field(
            pattern=r"^(/[A-Za-z0-9._~-]+)*$",
            description="path before /user, /misc and the pages for people; may be empty",
        ),
    ] = ""
    strict_names: Annotated[
        bool, Field(description="whether a name must be the one derived from the address")
    ] = True
    secret: Annotated[
        str,
        Field(description="X-Weave-Secret that replaces a captcha at creation; empty for none"),
    ] = ""
    captcha: Annotated[
        Literal["none", "sum"],
        Field(description="what tells people from programs: none, or a sum to be worked out"),
    ] = "none"
    node: Annotated[
        str,
        Field(
            pattern=r"^$|^none$|^https?://[!-~]+/$",
            description="URL of the storage, with a slash at its end; none: there is none; empty: "
            "the address under which this server was asked",
        ),
    ] = ""
    url: Annotated[
        str,
        Field(
            pattern=r"^https?://[!-~]+[^/]$",
            description="URL of the pages for people, without prefix, as mails have it",
        ),
    ] = "https://account.services.example.com"
    reset_ttl: Annotated[
        int, Field(ge=60, le=2592000, description="life of a reset code in seconds")
    ] = SIX_HOURS
    max_body: Annotated[
        int, Field(ge=1, le=16777216, description="largest request body in bytes")
    ] = 16384
