"""What was observed, spelled for a page: without secrets, and in the words that the page has.

Owns which values are secret by their name or looks, and what a page shows in their place. Must
not know the credentials of a service, nor where in a page a value goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from http import HTTPStatus
from itertools import pairwise

from honestdocs.contract.binding import Bindings
from honestdocs.contract.kind import JWT
from honestdocs.contract.pointer import unescape
from honestdocs.contract.secrecy import SHOWN

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SECRET = frozenset(
    "auth authorization bearer cookie cookies credential credentials csrf jwt otp pass passcode "
    "passphrase passwd password passwords pwd secret secrets session sessionid token tokens "
    "apikey accesskey secretkey privatekey".split()
)
_KEYED = frozenset(("access", "api", "encryption", "private", "secret", "session", "signing"))
"""A key with one of these words before it is none of a table."""
_CRYPT = r"\$(?:2[abxy]|argon2\w*|scrypt|pbkdf2[\w-]*|[156])\$\S{20,}"
_LOOKS = re.compile(
    rf"(?:Basic|Bearer|Digest|Hawk|Token)\s+\S{{6,}}.*|{JWT}|{_CRYPT}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*|[a-z][\w+.-]*://[^/\s:@]+:[^/\s@]+@.*",
    re.DOTALL,
)
_TOLD = re.compile(
    rf"{JWT}|{_CRYPT}|PRIVATE KEY-----|\b(?:Bearer|Basic) [\w+/=.~-]{{8,}}"
    r"|(?:passw(?:or)?d|secret|token|credential|api_?key|session_?id)\w*[\"']?\s*[=:>]\s*[\"']?\w",
    re.IGNORECASE,
)
"""A secret inside a longer text."""
_CHALLENGES = frozenset(("www-authenticate", "proxy-authenticate"))
_OPEN = re.compile(r"true|false|\d{1,5}|", re.IGNORECASE)
"""What no secret is, whatever its name."""
_ODD = re.compile(r"[^\w.-]+")
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_SURE = 6
"""Shorter values stand for themselves by chance."""


def is_secret_name(name: str) -> bool:
    """Whether a member or header field of that name holds a secret, to tell by its words."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if any(word in _SECRET for word in words):
        return True
    return any(b == "key" and a in _KEYED for a, b in pairwise(words))


def discreet(value: object, name: str = "", *, hidden: bool = False) -> object:
    """A JSON value without the secrets in it: a placeholder stands for each.

    ``name`` is that of the member that holds it; ``hidden`` tells that all in it is secret.
    """
    hidden = hidden or is_secret_name(name)
    if isinstance(value, dict):
        return {key: discreet(below, key, hidden=hidden) for key, below in value.items()}
    if isinstance(value, list):
        return [discreet(below, name, hidden=hidden) for below in value]
    if isinstance(value, str) and _is_secret(value, hidden=hidden):
        return f"<{_ODD.sub('-', name) or 'secret'}>"
    return value


def _is_secret(value: str, *, hidden: bool) -> bool:
    return (hidden and not _OPEN.fullmatch(value)) or _LOOKS.fullmatch(value) is not None


def discreet_at(value: object, pointer: str) -> object:
    """The value at a JSON Pointer without the secrets in it: all that stands in a member whose name
    is one's is secret.
    """
    names = [token for token in map(unescape, pointer.split("/")[1:]) if not token.isdigit()]
    return discreet(value, names[-1] if names else "", hidden=any(map(is_secret_name, names)))


def exact_json(value: object, reword: Callable[[str], str]) -> str | None:
    """A JSON value in ASCII, in the words of the page; None where JSON has no spelling for it."""
    try:
        return json.dumps(_reworded(value, reword), allow_nan=False)
    except (ValueError, RecursionError):
        return None


def _reworded(value: object, reword: Callable[[str], str]) -> object:
    if isinstance(value, dict):
        return {key: _reworded(below, reword) for key, below in value.items()}
    if isinstance(value, list):
        return [_reworded(below, reword) for below in value]
    return reword(value) if isinstance(value, str) else value


def exact_field(name: str, value: str, reword: Callable[[str], str]) -> str:
    """The value of a header field in the words of the page; ``SHOWN`` for a secret."""
    if name.lower() not in _CHALLENGES and _is_secret(value, hidden=is_secret_name(name)):
        return SHOWN
    return reword(value)


def exact_text(text: str) -> str:
    """A text that is no JSON; ``SHOWN`` for one in which a secret seems to stand."""
    return SHOWN if _TOLD.search(text) else text


def documented_text(observed: str, bindings: Bindings, origins: tuple[str, ...]) -> str:
    """An observed text as the page would have it: a bound value by its documented name, also
    inside a URL, and the origin of the service by the first one that the page shows.
    """
    if len(observed) < _SURE:
        return observed
    names = bindings.standing_for(observed)
    if names:
        return names[0]
    if origins and observed.startswith(origins[0]) and len(origins) > 1:
        observed = origins[1] + observed[len(origins[0]) :]
    if observed.startswith("/") or "://" in observed:
        for documented, value in bindings.items():
            if len(value) >= _SURE:
                observed = _replaced(observed, value, documented)
    return observed


def _replaced(text: str, word: str, by: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _: by, text)


def phrase_of(status: int) -> str:
    """The reason phrase of a status code (RFC 9110, section 15), empty for an unknown one."""
    return _PHRASES.get(status, "")
