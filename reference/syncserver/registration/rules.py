"""Which names, addresses and passwords may be.

Pure.  Owns these rules, and the name that is derived from an address.  Must not know accounts.
"""

from __future__ import annotations

import base64
import hashlib
import re

MAX_NAME = 64
MAX_ADDRESS = 64
MIN_PASSWORD = 8
NAME = r"[A-Za-z0-9._-]+"

_ADDRESS = re.compile(
    r"(?P<local>[^\x00-\x20\x7f<>()\[\],;:@\s]+)@"
    r"(?P<domain>(?:[\w-]+\.)+[^\W\d_]{2,}|(?:[0-9]{1,3}\.){3}[0-9]{1,3})"
)
_BYTE = 255


def is_address(text: str) -> bool:
    """Tell whether mail could be sent to `text`."""
    found = _ADDRESS.fullmatch(text)
    if found is None or len(text) > MAX_ADDRESS:
        return False
    parts = found["domain"].split(".")
    return not parts[-1].isdigit() or all(int(part) <= _BYTE for part in parts)


def derive_name(address: str) -> str:
    """Return the name of whoever has this address: 32 characters that do not tell it.

    It is the SHA-1 of the address in lower case, its domain in ASCII, in base32: a name, not a
    protection.
    """
    local, at, domain = address.lower().rpartition("@")
    plain = f"{local}{at}{_to_ascii(domain)}"
    digest = hashlib.sha1(plain.encode(), usedforsecurity=False).digest()
    return base64.b32encode(digest).decode().lower()


def _to_ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def read_name(text: str) -> str:
    """Return the name that a person typed, who may have typed the address instead."""
    typed = text.strip()
    return derive_name(typed) if "@" in typed else typed


def is_strong(password: str, name: str) -> bool:
    """Tell whether the password is long enough and not just the name."""
    plain = password.strip().lower()
    return len(password.encode()) >= MIN_PASSWORD and plain != name.lower()
