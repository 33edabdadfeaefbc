"""The way to a service as plain data, of which any process on any machine makes a transport.

Owns limits, trust and proxies as they are handed to a worker. Must not know what is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from honestdocs.verification.limits import Limits
from honestdocs.verification.transport import CurlTransport, Transport


def never() -> bool:
    """False: nobody asks for an early end."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # nobody compares it
class Reach:
    """How a service is reached.

    ``ca_file`` is the path of certificate authorities on this machine, ``authorities`` their
    text where that file need not exist; both are empty for the system's own. ``environment``
    holds the variables that name proxies, and what secrets those have. ``pinned`` are
    addresses to be used instead of asking the DNS, ``HOST:PORT:ADDRESS`` each.
    """

    limits: Limits
    verify: bool = True
    ca_file: str = ""
    authorities: str = field(default="", repr=False)
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    pinned: tuple[str, ...] = ()

    @contextmanager
    def connect(self, stopped: Callable[[], bool] = never) -> Iterator[Transport]:
        """A transport, closed at the end; it gives up once ``stopped`` says so."""
        with self._trusted() as ca_file:
            transport = CurlTransport(
                self.limits,
                verify=self.verify,
                ca_file=ca_file or None,
                environment=self.environment,
                stopped=stopped,
                pinned=self.pinned,
            )
            with transport:
                yield transport

    def portable(self) -> Reach:
        """The same for another machine: with the text of its authorities, if it can be read."""
        try:
            text = Path(self.ca_file).read_text("ascii") if self.ca_file else ""
        except (OSError, UnicodeDecodeError):
            return self
        return replace(self, authorities=text)

    @contextmanager
    def _trusted(self) -> Iterator[str]:
        """The path of the certificate authorities on this machine, empty for the system's."""
        if not self.authorities:
            yield self.ca_file
            return
        from tempfile import NamedTemporaryFile  # noqa: PLC0415 - takes long to load

        with NamedTemporaryFile("w", suffix=".pem", encoding="ascii") as file:
            file.write(self.authorities)
            file.flush()
            yield file.name


def proxy_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that say which proxies are asked; nothing else has to travel."""
    return {name: value for name, value in environ.items() if name.lower().endswith("_proxy")}
