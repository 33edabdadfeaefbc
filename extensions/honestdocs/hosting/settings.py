"""What a host's administrator decides, as ``host.toml`` holds it.

Owns the settings, their defaults and their errors. Must not know what follows from them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path

from honestdocs.hosting.errors import HostError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of a host; times are in seconds.

    ``branch`` is the named branch that the site is made of. ``protected`` are the patterns of
    files that only the server's own folder provides; ``protected_policy`` says whether a push
    that changes one is refused or only not built. ``unchecked`` says the same of examples whose
    service cannot be asked: ``accept`` warns. ``write`` are patterns of paths with the users
    who may change them; a path that no pattern means may be changed by everyone who may push.
    ``versions`` are patterns of tags, ``branches`` of named branches that are built beside it.
    ``editors`` are the users who may push in others' names. ``edit_links`` tells whether each
    page leads to the editor, which ``host serve`` serves, ``history`` whether it shows who
    changed it.
    """

    branch: str = "default"
    protected: tuple[str, ...] = ("*.py", "_templates/", "**/_templates/")
    protected_policy: str = "refuse"
    unchecked: str = "accept"
    time_limit: float = 120.0
    keep: int = 10
    versions: tuple[str, ...] = ("v[0-9]*", "[0-9]*")
    branches: tuple[str, ...] = ("*",)
    previews: bool = True
    editors: tuple[str, ...] = ()
    edit_links: bool = True
    history: bool = True
    write: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_CHOICES = {"protected_policy": ("refuse", "ignore"), "unchecked": ("accept", "refuse")}
_NAMES = tuple(one.name for one in fields(Settings))

TEMPLATE = """\
# The settings of this host; `honestdocs host status` says when one of them is wrong.

# The named branch that the site is made of.
branch = {branch}

# Files that only the server's own folder (server/, beside this file) provides, since they run
# on the server. What a push that changes one of them meets: "refuse" or "ignore".
# protected = ["*.py", "_templates/", "**/_templates/"]
# protected_policy = "refuse"

# What is done with a push whose examples cannot be run because their service is down:
# "accept" with a warning, or "refuse".
# unchecked = "accept"

# Seconds that a check may take, and releases that are kept to go back to.
# time_limit = 120
# keep = 10

# Tags and named branches that are built as versions beside the site, and previews of drafts.
# versions = ["v[0-9]*", "[0-9]*"]
# branches = ["*"]
# previews = true

# Accounts that may push in the name of others, for a web application of your own.
# editors = ["robot"]

# Whether each page leads to the editor below /edit/, which `host serve` serves.
# edit_links = true

# Whether pages show who changed them last, and lead to their history below /hg.
# history = true

# Who may change what; what is not named here may be changed by everyone who may push.
# [write]
# "source/legal/" = ["alice", "bob"]
"""


def load(path: Path) -> Settings:
    """The settings of a file. Raises HostError with the place, the value and what is allowed."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise HostError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HostError(f"{path}: is no TOML: {error}") from error
    return Settings(**{key: _value(path, key, value) for key, value in data.items()})  # type: ignore[arg-type] # each reader checks its type


def _value(path: Path, key: str, value: object) -> object:
    if key not in _NAMES:
        close = get_close_matches(key, _NAMES, 1)
        hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(_NAMES)}"
        raise HostError(f"{path}: unknown setting {key!r}; {hint}")
    default = next(one for one in fields(Settings) if one.name == key).default
    reader = _READERS[type(default)] if key != "write" else _table
    try:
        found = reader(value)
    except TypeError as error:
        raise HostError(f"{path}: {key} must be {error}, not {value!r}") from None
    if key in _CHOICES and found not in _CHOICES[key]:
        raise HostError(f"{path}: {key} must be one of {', '.join(_CHOICES[key])}, not {value!r}")
    return found


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("a text")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false")
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise TypeError("a whole number above 0")
    return value


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        raise TypeError("a number of seconds above 0")
    return float(value)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise TypeError("a list of texts")
    return tuple(value)


def _table(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TypeError("a table of patterns, each with a list of users")
    return {pattern: _texts(users) for pattern, users in value.items()}


_READERS: Mapping[type, Callable[[object], object]] = {
    str: _text,
    bool: _flag,
    int: _count,
    float: _seconds,
    tuple: _texts,
}
