"""What is asked of whom, how politely, and what counts.

Owns the settings of the link check: Sphinx's own ``linkcheck_*`` values, and ``honestdocs_links``.
Must not know how they are acted on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from honestdocs.contract.errors import ConfigurationError
from honestdocs.links.address import host_of

USER_AGENT = (
    "honestdocs-links/0.1 (link check of documentation; +https://pypi.org/project/honestdocs)"
)
_DAY = 86400.0
_KEYS = frozenset(
    "ignore auth per_host rate burst fresh fresh_broken user_agent in_flight max_wait".split()
)
_WHERE = "conf.py: honestdocs_links"


class Ignore(NamedTuple):
    """Addresses that are not asked for: why, and until which day (ISO 8601), if any."""

    pattern: re.Pattern[str]
    reason: str = ""
    until: str = ""

    def holds(self, target: str, today: str) -> bool:
        """Whether a target is left alone today."""
        return self.pattern.match(target) is not None and not self.expired(today)

    def expired(self, today: str) -> bool:
        """Whether its day has passed."""
        return bool(self.until) and today > self.until


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # nobody compares it
class Policy:
    """Times are in seconds. ``rate`` is requests a second to one host after a ``burst``;
    ``max_wait`` the longest time that a host may ask us to wait; ``fresh`` how long an answer
    holds, ``fresh_broken`` how long one does that was bad. ``auth`` are values of
    ``Authorization`` by pattern of address, and secret.
    """

    ignore: tuple[Ignore, ...] = ()
    excluded: tuple[re.Pattern[str], ...] = ()
    allowed_redirects: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] | None = None
    auth: tuple[tuple[re.Pattern[str], str], ...] = field(default=(), repr=False)
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    retries: int = 1
    timeout: float = 30.0
    anchors: bool = True
    anchors_ignore: tuple[re.Pattern[str], ...] = ()
    anchors_ignore_for: tuple[re.Pattern[str], ...] = ()
    allow_unauthorized: bool = False
    timeouts_are_broken: bool = False
    per_host: int = 4
    in_flight: int = 64
    rate: float = 20.0
    burst: int = 10
    max_wait: float = 120.0
    fresh: float = 7 * _DAY
    fresh_broken: float = 300.0
    user_agent: str = USER_AGENT
    any_case: tuple[re.Pattern[str], ...] = ()
    verify_tls: bool = True
    ca_file: str = ""

    def ignored(self, target: str, today: str) -> Ignore | None:
        """Why a target is left alone, if it is."""
        for one in self.ignore:
            if one.holds(target, today):
                return one
        return None

    def excludes(self, page: str) -> bool:
        """Whether the links of a page are left alone."""
        return any(pattern.match(page) for pattern in self.excluded)

    def looks_for(self, target: str) -> bool:
        """Whether the fragment of a target is looked for in the page. Patterns see both as they
        are written, as those of Sphinx do.
        """
        url, _, fragment = target.partition("#")
        if not self.anchors or not fragment:
            return False
        if any(pattern.match(fragment) for pattern in self.anchors_ignore):
            return False
        return not any(pattern.match(url) for pattern in self.anchors_ignore_for)

    def allows_redirect(self, source: str, location: str) -> bool:
        """Whether the author expects this redirect (``linkcheck_allowed_redirects``), or Sphinx
        sees none in it: a slash at the end, or another case where case does not count.
        """
        before, after = source.rstrip("/"), location.rstrip("/")
        if any(pattern.match(source) for pattern in self.any_case):
            before, after = before.casefold(), after.casefold()
        if before == after:
            return True
        pairs = self.allowed_redirects or ()
        return any(a.match(source) and b.match(location) for a, b in pairs)

    def headers_for(self, url: str) -> tuple[tuple[str, str], ...]:
        """The header fields of a request: our name, those configured, credentials of the host."""
        if not self.headers and not self.auth:
            return _own_fields(self.user_agent)
        fields = dict(_own_fields(self.user_agent))
        host = host_of(url)
        for key in (host, host + "/", url, "*"):
            if key in self.headers:
                fields.update(self.headers[key])
                break
        credentials = next((value for pattern, value in self.auth if pattern.match(url)), "")
        if credentials:
            fields["Authorization"] = credentials
        return tuple(fields.items())


@cache
def _own_fields(user_agent: str) -> tuple[tuple[str, str], ...]:
    return (("User-Agent", user_agent), ("Accept", "text/html,*/*;q=0.8"))


def read_policy(values: Mapping[str, object], environ: Mapping[str, str]) -> Policy:
    """The policy that a configuration asks for; ``values`` are its ``linkcheck_*`` values and
    ``honestdocs_links``. Raises ConfigurationError.
    """
    own = _own(values.get("honestdocs_links") or {})
    allowed = values.get("linkcheck_allowed_redirects")
    return Policy(
        ignore=(*_plain(values.get("linkcheck_ignore")), *_ignores(own.get("ignore", ()))),
        excluded=_patterns(values, "linkcheck_exclude_documents"),
        allowed_redirects=_redirects(allowed) if isinstance(allowed, dict) else None,
        auth=(*_sphinx_auth(values.get("linkcheck_auth")), *_auth(own.get("auth", {}), environ)),
        headers=_headers(values.get("linkcheck_request_headers")),
        retries=max(int(_as_number(values.get("linkcheck_retries"), 1)), 0),
        timeout=_as_number(values.get("linkcheck_timeout"), 30.0) or 30.0,
        anchors=bool(values.get("linkcheck_anchors", True)),
        anchors_ignore=_patterns(values, "linkcheck_anchors_ignore"),
        anchors_ignore_for=_patterns(values, "linkcheck_anchors_ignore_for_url"),
        allow_unauthorized=bool(values.get("linkcheck_allow_unauthorized", False)),
        timeouts_are_broken=bool(values.get("linkcheck_report_timeouts_as_broken", False)),
        user_agent=str(own.get("user_agent") or values.get("user_agent") or USER_AGENT),
        per_host=int(_number(own, "per_host", 4)),
        in_flight=int(_number(own, "in_flight", _told(values, "linkcheck_workers", 5) or 64)),
        rate=_number(own, "rate", 20.0),
        burst=int(_number(own, "burst", 10)),
        max_wait=_number(own, "max_wait", 120.0) if "max_wait" in own else _max_wait(values),
        fresh=_age(own, "fresh", 7 * _DAY),
        fresh_broken=_age(own, "fresh_broken", 300.0),
        any_case=_patterns(values, "linkcheck_case_insensitive_urls"),
        verify_tls=bool(values.get("tls_verify", True)),
        ca_file=_ca_file(values.get("tls_cacerts")),
    )


def _told(values: Mapping[str, object], name: str, default: float) -> float:
    """A number that the author gave, 0 where it is Sphinx's own."""
    value = values.get(name)
    return float(value) if isinstance(value, (int, float)) and value != default else 0.0


def _max_wait(values: Mapping[str, object]) -> float:
    """What ``linkcheck_rate_limit_timeout`` says, where that is not Sphinx's own: 0 for no wait."""
    value = _as_number(values.get("linkcheck_rate_limit_timeout"), 300.0)
    return 120.0 if value == 300.0 else max(value, 0.0)  # noqa: PLR2004 - the default of Sphinx


def _ca_file(found: object) -> str:
    if isinstance(found, Mapping):
        raise ConfigurationError(
            "conf.py: tls_cacerts: certificates by host are not known here; name one file for all"
        )
    return str(found) if found else ""


def _own(found: object) -> Mapping[str, object]:
    if not isinstance(found, Mapping):
        raise ConfigurationError(f"{_WHERE}: is {found!r}; it must be a dictionary")
    for key in found:
        if key not in _KEYS:
            known = ", ".join(sorted(_KEYS))
            raise ConfigurationError(f"{_WHERE}: unknown setting {key!r}; known are {known}")
    return found


def _plain(found: object) -> Iterable[Ignore]:
    for text in found if isinstance(found, (list, tuple)) else ():
        yield Ignore(pattern=_pattern(str(text), "conf.py: linkcheck_ignore"))


def _ignores(found: object) -> Iterable[Ignore]:
    where = f"{_WHERE}: ignore"
    if not isinstance(found, (list, tuple)):
        raise ConfigurationError(f"{where}: is {found!r}; it must be a list")
    for one in found:
        if not isinstance(one, Mapping) or not one.get("pattern") or not one.get("reason"):
            raise ConfigurationError(
                f'{where}: {one!r} must be {{"pattern": …, "reason": …}}, and may have "until"'
            )
        until = str(one.get("until", ""))
        yield Ignore(
            pattern=_pattern(str(one["pattern"]), where),
            reason=str(one["reason"]),
            until=_day(until, where) if until else "",
        )


def _day(text: str, where: str) -> str:
    from datetime import date  # noqa: PLC0415 - few reasons to leave an address alone end

    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ConfigurationError(f"{where}: until {text!r} is no day, as in 2027-01-31") from None


def _auth(found: object, environ: Mapping[str, str]) -> Iterable[tuple[re.Pattern[str], str]]:
    """Credentials by the name of the variable that holds them: ``user:password``, or all that
    ``Authorization`` is to say.
    """
    where = f"{_WHERE}: auth"
    if not isinstance(found, Mapping):
        raise ConfigurationError(f"{where}: is {found!r}; it must be a dictionary")
    for pattern, name in found.items():
        value = environ.get(str(name), "")
        if value:
            scheme, space, _ = value.partition(" ")
            ready = space and scheme.isalpha()
            yield _pattern(str(pattern), where), value if ready else _basic(value)


def _sphinx_auth(found: object) -> Iterable[tuple[re.Pattern[str], str]]:
    where = "conf.py: linkcheck_auth"
    for pattern, value in found if isinstance(found, (list, tuple)) else ():
        if not isinstance(value, (list, tuple)) or len(value) != 2:  # noqa: PLR2004 - user and password
            raise ConfigurationError(f"{where}: {pattern!r} needs a pair of user and password")
        yield _pattern(str(pattern), where), _basic(f"{value[0]}:{value[1]}")


def _basic(pair: str) -> str:
    from base64 import b64encode  # noqa: PLC0415 - few trees have credentials

    return "Basic " + b64encode(pair.encode()).decode("ascii")


def _redirects(
    found: Mapping[object, object],
) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    where = "conf.py: linkcheck_allowed_redirects"
    return tuple((_pattern(str(a), where), _pattern(str(b), where)) for a, b in found.items())


def _headers(found: object) -> Mapping[str, Mapping[str, str]]:
    if not isinstance(found, Mapping):
        return {}
    return {
        str(url): {str(name): str(value) for name, value in fields.items()}
        for url, fields in found.items()
    }


def _patterns(values: Mapping[str, object], name: str) -> tuple[re.Pattern[str], ...]:
    found = values.get(name)
    texts = found if isinstance(found, (list, tuple, set, frozenset)) else ()
    return tuple(_pattern(str(text), f"conf.py: {name}") for text in texts)


def _pattern(text: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise ConfigurationError(f"{where}: {text!r} is no pattern: {error}") from None


def _age(own: Mapping[str, object], key: str, default: float) -> float:
    value = own.get(key, default)
    if isinstance(value, (int, float)):
        return float(value)
    from honestdocs.contract.age import AgeError, parse_age  # noqa: PLC0415 - few trees set one

    try:
        return parse_age(str(value))
    except AgeError as error:
        raise ConfigurationError(f"{_WHERE}: {key}: {error}") from None


def _number(own: Mapping[str, object], key: str, default: float) -> float:
    value = own.get(key, default)
    if not isinstance(value, (int, float)) or value <= 0:
        raise ConfigurationError(f"{_WHERE}: {key} is {value!r}; it must be a number above 0")
    return float(value)


def _as_number(value: object, default: float) -> float:
    return float(value) if isinstance(value, (int, float)) else default
