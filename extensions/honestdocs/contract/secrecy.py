"""Texts that must never be shown, and how they are blotted out.

Owns the spellings of a secret in what people read: as it is, in JSON, in a URL, and cut by an
ellipsis. Must not know where secrets come from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus

SHOWN = "[secret]"
"""What stands in the place of a secret."""

_SHORTEST = 3
"""Texts below this length are not looked for: they would be found everywhere."""

_SURE = 8
"""So much of a secret at the end of a text is the beginning of one that was cut."""

_ELLIPSIS = "…"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NAMED = re.compile(r"pass|secret|token|key|credential|auth", re.IGNORECASE)


class Secrets:
    """A set of secrets.

    >>> Secrets(["hunter22"]).hide('the password is "hunter22"')
    'the password is "[secret]"'
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        found = {form for text in texts for form in _spellings(text) if len(form) >= _SHORTEST}
        self._forms = tuple(sorted(found, key=lambda form: (-len(form), form)))
        self._pattern = re.compile("|".join(map(re.escape, self._forms)))

    def __bool__(self) -> bool:
        return bool(self._forms)

    def hide(self, text: str) -> str:
        """A text with every secret in it blotted out, also one that an ellipsis or the end of
        the text has cut.
        """
        if not self._forms or not text:
            return text
        parts = self._pattern.sub(SHOWN, text).split(_ELLIPSIS)
        last = len(parts) - 1
        whole = _ELLIPSIS.join(
            self._hide_cut(part, left=at > 0, right=at < last) for at, part in enumerate(parts)
        )
        return _without_head(whole, self._forms, _SURE)

    def _hide_cut(self, part: str, *, left: bool, right: bool) -> str:
        """A piece of a text without the rests of secrets at the ends where it was cut."""
        core = part.strip()
        if left and right and core and any(core in form for form in self._forms):
            return f" {SHOWN} "
        if left:
            part = _without_tail(part, self._forms)
        if right:
            part = _without_head(part, self._forms, _SHORTEST)
        return part


def _without_tail(part: str, forms: Iterable[str]) -> str:
    """A piece that does not begin with the end of a secret."""
    text = part.lstrip()
    ends = (form[at:] for form in forms for at in range(1, len(form) - _SHORTEST + 1))
    longest = max((end for end in ends if text.startswith(end)), key=len, default="")
    return f"{part[: -len(text)]}{SHOWN}{text[len(longest) :]}" if longest else part


def _without_head(part: str, forms: Iterable[str], least: int) -> str:
    """A piece that does not end with ``least`` or more characters that begin a secret."""
    text = part.rstrip()
    starts = (form[:at] for form in forms for at in range(least, len(form)))
    longest = max((start for start in starts if text.endswith(start)), key=len, default="")
    return f"{text[: -len(longest)]}{SHOWN}{part[len(text) :]}" if longest else part


def _spellings(text: str) -> set[str]:
    """A text as it may stand in a header field, a JSON string or a URL."""
    forms = {text, " ".join(text.split()), quote(text), quote(text, safe=""), quote_plus(text)}
    return forms | {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}


def named_secrets(text: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The values of the environment variables that a text names and that sound secret."""
    names = {word for word in _WORD.findall(text) if _NAMED.search(word)}
    return tuple(environ[name] for name in sorted(names) if name in environ)
