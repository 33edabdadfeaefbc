"""What a tree says of its services, in ``conf.py`` or a TOML file.

Owns the settings of a service, their defaults and their errors. Must not know where settings
are read from: it is given a mapping, the environment and a word for the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from fnmatch import fnmatchcase
from math import isfinite
from typing import NoReturn
from urllib.parse import urlsplit

from honestdocs.contract.errors import ConfigurationError
from honestdocs.contract.service import without_credentials

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One API with its base URL or the command that serves it.

    ``contact`` is an address or URL of its owner, ``links`` are further URLs by their titles.
    ``path`` is the base path below the origin (``/v1``). ``heartbeat`` and ``version`` are
    paths too, looked for below the base path and then at the origin. ``credentials`` and
    ``passwords`` hold ``${VARIABLE}`` references, never secrets. ``setup`` runs before a page,
    ``page_setup`` before the pages that match its patterns. ``freshness`` is the age in
    seconds from which a proven example is run again; 0 means never for age alone.
    ``concurrency`` bounds how many pages run side by side.
    """

    name: str
    title: str = ""
    owner: str = ""
    contact: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    command: str | tuple[str, ...] = ""
    cwd: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    heartbeat: str = "/__heartbeat__"
    version: str = "/__version__"
    ready: str = ""
    credentials: Mapping[str, str] = field(default_factory=dict)
    passwords: Mapping[str, str] = field(default_factory=dict)
    setup: str = ""
    page_setup: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    skip_pages: tuple[str, ...] = ()
    concurrency: int = 16
    timeout: float = 10.0
    ready_timeout: float = 30.0
    freshness: float = 0.0
    verify_tls: bool = True
    ca_file: str = ""

    @property
    def served(self) -> bool:
        """Whether there is anything to reach: a URL, or a command that serves."""
        return bool(self.url or self.command)

    def owns(self, page: str) -> bool:
        """Whether the examples of a page are this service's."""
        if any(fnmatchcase(page, pattern) for pattern in self.skip_pages):
            return False
        return not self.pages or any(fnmatchcase(page, pattern) for pattern in self.pages)

    def identity(self) -> str:
        """What of the settings an outcome depends on; a command's random port is not."""
        parts = [self.name, self.path, self.setup, *sorted(map(str, self.page_setup.items()))]
        parts += [*sorted(map(str, self.credentials.items())), *sorted(map(str, self.env.items()))]
        parts += [*sorted(self.passwords), str(self.command or self.url), self.cwd]
        return "\n".join(parts)


_SECRET = frozenset(("env", "credentials", "passwords"))
"""Settings of which only the type is shown, whatever is wrong with them."""
_NAMES = tuple(f.name for f in fields(Service) if f.name != "name")


def parse_services(value: object, place: str) -> tuple[Service, ...]:
    """The services of a mapping from name to settings.

    Raises ConfigurationError for an unknown setting, a value of the wrong type, a URL that is
    none, or both ``url`` and ``command``.
    """
    if not isinstance(value, Mapping):
        raise ConfigurationError(
            f"{place}: services must be a mapping from name to settings, not {_shown(value)}"
        )
    return tuple(_parse(str(name), settings, place) for name, settings in value.items())


def _shown(value: object) -> str:
    return f"{type(value).__name__} {str(value)[:60]!r}"


def _parse(name: str, settings: object, place: str) -> Service:
    where = f"{place}: service {name!r}"
    if not isinstance(settings, Mapping):
        raise ConfigurationError(f"{where} must be a mapping of settings, not {_shown(settings)}")
    for key in settings:
        if key not in _NAMES:
            raise ConfigurationError(f"{where}: unknown setting {key!r}{_hint(str(key), _NAMES)}")
    values = {key: _READERS[key](where, key, value) for key, value in settings.items()}
    service = Service(name=name, **values)  # type: ignore[arg-type] # each reader checks its type
    return _checked(service, where)


def _hint(word: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = get_close_matches(word, names, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(names)}"


def _refuse(where: str, key: str, value: object, wanted: str) -> NoReturn:
    shown = type(value).__name__ if key in _SECRET else _shown(value)
    raise ConfigurationError(f"{where}: {key} must be {wanted}, not {shown}")


def _string(where: str, key: str, value: object) -> str:
    return value if isinstance(value, str) else _refuse(where, key, value, "a string")


def _seconds(where: str, key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        _refuse(where, key, value, "a number of seconds")
    return float(value)


def _positive(where: str, key: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        _refuse(where, key, value, "a whole number above 0")
    return value


def _flag(where: str, key: str, value: object) -> bool:
    return value if isinstance(value, bool) else _refuse(where, key, value, "true or false")


def _mapping(where: str, key: str, value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        _refuse(where, key, value, "a mapping of strings")
    return {str(name): _string(where, key, text) for name, text in value.items()}


def _patterns(where: str, key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return _strings(where, key, value, "a list of patterns")


def _command(where: str, key: str, value: object) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return value
    return _strings(where, key, value, "a string or a list of strings")


def _strings(where: str, key: str, value: object, wanted: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        _refuse(where, key, value, wanted)
    return tuple(value)


_READERS: dict[str, Callable[[str, str, object], object]] = {
    **dict.fromkeys(
        "title owner contact url path heartbeat version ready setup cwd ca_file".split(), _string
    ),
    **dict.fromkeys(("timeout", "ready_timeout", "freshness"), _seconds),
    **dict.fromkeys(("env", "credentials", "passwords", "page_setup", "links"), _mapping),
    **dict.fromkeys(("pages", "skip_pages"), _patterns),
    "command": _command,
    "concurrency": _positive,
    "verify_tls": _flag,
}


def _checked(service: Service, where: str) -> Service:
    if service.url and service.command:
        raise ConfigurationError(f"{where}: give either url or command, not both")
    if service.url:
        check_url(service.url, f"{where}: url")
    for key in ("path", "heartbeat", "version", "ready"):
        value = getattr(service, key)
        if value and not value.startswith("/"):
            raise ConfigurationError(f"{where}: {key} must begin with a slash: {value!r} does not")
    for key in ("timeout", "ready_timeout"):
        if getattr(service, key) <= 0:
            _refuse(where, key, getattr(service, key), "above 0 seconds")
    if service.freshness < 0:
        _refuse(where, "freshness", service.freshness, "0 or more seconds")
    return service


def check_url(url: str, where: str) -> None:
    """Raises ConfigurationError unless ``url`` is an absolute http or https URL, and one without
    credentials.
    """
    shown = without_credentials(url)
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ConfigurationError(f"{where} {shown!r} is no URL: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(
            f"{where} {shown!r} is no http or https URL; write it as in http://localhost:8000/v1"
        )
    if parts.query or parts.fragment:
        raise ConfigurationError(f"{where} {shown!r} must end with its path")
    if parts.username is not None:
        raise ConfigurationError(
            f"{where} {shown!r} must not hold credentials, where everybody can read them; name "
            "them in the service's credentials or passwords, as in ${TOKEN}"
        )


def expand(values: Mapping[str, str], environ: Mapping[str, str], where: str) -> dict[str, str]:
    """Values with ``${VARIABLE}`` taken from the environment.

    Raises ConfigurationError naming a variable that is not set.
    """
    return {key: _expand(value, environ, f"{where} {key!r}") for key, value in values.items()}


def _expand(value: str, environ: Mapping[str, str], where: str) -> str:
    def put(found: re.Match[str]) -> str:
        try:
            return environ[found[1]]
        except KeyError:
            raise ConfigurationError(
                f"{where} needs the environment variable {found[1]}, which is not set"
            ) from None

    return _VARIABLE.sub(put, value)


def service_of(page: str, services: Iterable[Service]) -> Service | None:
    """The first service that owns a page: those that name their pages are asked first."""
    ordered = sorted(services, key=lambda service: not service.pages)
    return next((service for service in ordered if service.owns(page)), None)
