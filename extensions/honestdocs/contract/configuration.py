"""What a tree says of its services, in ``conf.py`` or a TOML file.

Owns the settings of a service, their defaults and their errors. Must not know where settings
are read from: it is given a mapping, the environment and a word for the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from honestdocs.contract.errors import ContractError

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class ConfigurationError(ContractError):
    """A setting that cannot be used; the message names the place, the setting and the value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One API with its base URL or the command that serves it.

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
    concurrency: int = 8
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


_STRINGS = frozenset(
    "title owner url path heartbeat version ready setup cwd ca_file".split()
)
_NUMBERS = frozenset(("timeout", "ready_timeout", "freshness"))
_MAPPINGS = frozenset(("env", "credentials", "passwords", "page_setup"))
_LISTS = frozenset(("pages", "skip_pages"))
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
    values = {key: _typed(where, key, value) for key, value in settings.items()}
    service = Service(name=name, **values)  # type: ignore[arg-type] # _typed checked each
    return _checked(service, where)


def _hint(word: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = get_close_matches(word, names, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(names)}"


def _typed(where: str, key: str, value: object) -> object:
    if key == "command":
        return _command(where, value)
    if key in _STRINGS:
        return _expect(where, key, value, str, "a string")
    if key in _NUMBERS:
        number = _expect(where, key, value, (int, float), "a number of seconds")
        return float(number)  # type: ignore[arg-type] # checked above
    if key == "concurrency":
        return _positive(where, key, value)
    if key == "verify_tls":
        return _expect(where, key, value, bool, "true or false")
    if key in _MAPPINGS:
        mapping = _expect(where, key, value, Mapping, "a mapping of strings")
        return {str(k): str(v) for k, v in mapping.items()}  # type: ignore[attr-defined] # a Mapping
    if isinstance(value, str):
        return (value,)
    items = _expect(where, key, value, (list, tuple), "a list of patterns")
    return tuple(str(item) for item in items)  # type: ignore[attr-defined] # a list


def _expect(
    where: str, key: str, value: object, kind: type | tuple[type, ...], words: str
) -> object:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ConfigurationError(f"{where}: {key} must be {words}, not {_shown(value)}")
    return value


def _positive(where: str, key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ConfigurationError(f"{where}: {key} must be a whole number above 0, not {value!r}")
    return value


def _command(where: str, value: object) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value):
        return tuple(value)
    raise ConfigurationError(
        f"{where}: command must be a string or a list of strings, not {_shown(value)}"
    )


def _checked(service: Service, where: str) -> Service:
    if service.url and service.command:
        raise ConfigurationError(f"{where}: give either url or command, not both")
    if service.url:
        check_url(service.url, f"{where}: url")
    for key in ("path", "heartbeat", "version", "ready"):
        value = getattr(service, key)
        if value and not value.startswith("/"):
            raise ConfigurationError(f"{where}: {key} must begin with a slash, not {value!r}")
    for key in ("timeout", "ready_timeout"):
        if getattr(service, key) <= 0:
            raise ConfigurationError(f"{where}: {key} must be above 0 seconds")
    return service


def check_url(url: str, where: str) -> None:
    """Raises ConfigurationError unless ``url`` is an absolute http or https URL."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ConfigurationError(f"{where} {url!r} is no URL: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(
            f"{where} {url!r} is no http or https URL; write it as in http://localhost:8000/v1"
        )
    if parts.query or parts.fragment:
        raise ConfigurationError(f"{where} {url!r} must end with its path")


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
