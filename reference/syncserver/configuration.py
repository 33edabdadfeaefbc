"""What an operator can set for the server as a whole, and the sections of all services.

Owns names, limits and defaults of the section `server`, and the list of sections.  Must not know
where a value comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from syncserver.blacklist.settings import BlacklistSettings, NetworkList
from syncserver.database import DatabaseSettings
from syncserver.keyexchange import KeyExchangeSettings
from syncserver.mail import MailSettings
from syncserver.password import PasswordSettings
from syncserver.registration import RegistrationSettings
from syncserver.storage import StorageSettings

ServiceName = Literal["registration", "storage", "keyexchange"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Settings of the section `server`: the process, whatever it serves."""

    host: Annotated[str, Field(min_length=1, description="address to listen on")] = "127.0.0.1"
    port: Annotated[
        int, Field(ge=0, le=65535, description="port to listen on, 0 for a free one; also PORT")
    ] = 8000
    services: Annotated[
        tuple[ServiceName, ...], Field(min_length=1, description="what is served")
    ] = ("registration", "storage", "keyexchange")
    data: Annotated[
        str,
        Field(description="folder that keeps what must last; empty: nothing outlives the server"),
    ] = ""
    database: Annotated[
        str,
        Field(
            pattern=r"^$|^(sqlite|postgresql)(\+\w+)?:",
            description="URL of the database; empty: an SQLite file in the data folder",
        ),
    ] = ""
    redis: Annotated[
        str,
        Field(
            pattern=r"^$|^rediss?://",
            description="URL of the Redis that several servers share for channels and blacklists; "
            "empty: kept in memory",
        ),
    ] = ""
    trusted_proxies: Annotated[
        NetworkList,
        Field(description="networks of the proxies whose X-Forwarded-For is believed"),
    ] = ()
    log_level: Annotated[
        Literal["debug", "info", "warning", "error", "critical"],
        Field(description="least level that is logged: debug, info, warning, error or critical"),
    ] = "info"
    log_requests: Annotated[bool, Field(description="whether each request gets a line")] = True
    max_head: Annotated[
        int, Field(ge=1024, le=1048576, description="largest head of a request in bytes")
    ] = 16384
    max_body: Annotated[
        int, Field(ge=1, le=1073741824, description="largest body of a request in bytes")
    ] = 16777216
    head_timeout: Annotated[
        int, Field(ge=1, le=3600, description="seconds that the head of a request may take")
    ] = 30
    body_timeout: Annotated[
        int, Field(ge=1, le=3600, description="seconds that the body of a request may take")
    ] = 60
    retry_after: Annotated[
        int, Field(ge=0, le=86400, description="seconds that a 503 tells to wait, 0 for none")
    ] = 1800
    shutdown_grace: Annotated[
        float,
        Field(
            ge=0,
            le=3600,
            description="seconds after SIGTERM in which all is served and the heartbeat is 503",
        ),
    ] = 1.0
    shutdown_timeout: Annotated[
        int, Field(ge=0, le=3600, description="seconds that open requests get at the end")
    ] = 5
    source: Annotated[str, Field(description="where the source is kept, told by /__version__")] = (
        "reference/syncserver"
    )
    commit: Annotated[str, Field(description="commit that is running, told by /__version__")] = (
        "unknown"
    )


SECTIONS: dict[str, type[Any]] = {
    "server": ServerSettings,
    "database": DatabaseSettings,
    "password": PasswordSettings,
    "mail": MailSettings,
    "registration": RegistrationSettings,
    "storage": StorageSettings,
    "keyexchange": KeyExchangeSettings,
    "blacklist": BlacklistSettings,
}
