"""The command line of HTTPie.

Owns the meaning of its options and request items. Must not know shells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from honestdocs.contract.credentials import basic
from honestdocs.contract.draft import Draft, Stdin, UnreadableError

_VALUED = frozenset(
    "-o --output -p --print --style -s --pretty --session --session-read-only --timeout "
    "--verify --ssl --ciphers --cert --cert-key --cert-key-pass --proxy --max-redirects "
    "--default-scheme --format-options --boundary --max-headers --response-charset "
    "--response-mime -a --auth -A --auth-type --raw".split()
)
_NAMES = {
    "-a": "--auth",
    "-A": "--auth-type",
    "-f": "--form",
    "-j": "--json",
    "-I": "--ignore-stdin",
}
_UNREADABLE = frozenset(("--multipart", "--offline", "--session", "--session-read-only"))
_ITEM = re.compile(r"^([^:=@\s][^:=@]*?)(:=@|=@|==|:=|=|:|@)(.*)$", re.DOTALL)
_ESCAPED = re.compile(r"\\([:=@\\])")
_SHIFT = 0xE100
"""Escaped separators wait among the characters for private use until an item is split."""


@dataclass(slots=True)
class _Options:
    """The options that change the request, flags with an empty value; then all else."""

    given: dict[str, str] = field(default_factory=dict)
    positional: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Items:
    """What the request items say."""

    fields: dict[str, object] = field(default_factory=dict)
    query: list[tuple[str, str]] = field(default_factory=list)


def read_httpie(words: Sequence[str], stdin: Stdin) -> Draft:
    """The request of a command, ``words`` being all of it.

    Raises UnreadableError if a file or a dialogue decides what is sent.
    """
    options = _read_options(words[1:])
    positional = options.positional
    draft = Draft(stdin=stdin)
    if len(positional) > 1 and re.fullmatch(r"[A-Za-z]+", positional[0]):
        draft.method = positional.pop(0).upper()
    draft.url = _url(positional.pop(0), secure=words[0] == "https") if positional else ""
    items = _Items()
    for item in positional:
        _read_item(draft, items, item, nested="--form" not in options.given)
    return _finished(draft, items, options.given)


def _read_options(words: Sequence[str]) -> _Options:
    options = _Options()
    rest = iter(words)
    for word in rest:
        if len(word) < 2 or word[0] != "-":  # noqa: PLR2004 - a dash alone is no option
            options.positional.append(word)
        elif word.startswith("--"):
            name, eq, inline = word.partition("=")
            _take(options, name, inline if eq else None, rest)
        else:
            _read_bundle(options, word, rest)
    return options


def _read_bundle(options: _Options, word: str, rest: Iterator[str]) -> None:
    """Short flags, of which the last may have a value, such as ``-fa user:pass``."""
    for at, letter in enumerate(word[1:], 1):
        if f"-{letter}" in _VALUED:
            _take(options, f"-{letter}", word[at + 1 :] or None, rest)
            return
        _take(options, f"-{letter}", None, rest)


def _take(options: _Options, name: str, inline: str | None, rest: Iterator[str]) -> None:
    long = _NAMES.get(name, name)
    if long in _UNREADABLE:
        raise UnreadableError(f"{name} sends what the command does not show")
    value = "" if name not in _VALUED else next(rest, "") if inline is None else inline
    options.given[long] = value


def _url(url: str, *, secure: bool) -> str:
    scheme = "https" if secure else "http"
    shorthand = re.match(r":(\d*)(?!//)", url)
    if url.startswith("://"):
        return scheme + url
    if shorthand is not None:
        port = f":{shorthand[1]}" if shorthand[1] else ""
        return f"{scheme}://localhost{port}{url[shorthand.end() :]}"
    return url if "://" in url else f"{scheme}://{url}"


def _read_item(draft: Draft, items: _Items, item: str, *, nested: bool) -> None:
    found = _ITEM.match(_ESCAPED.sub(lambda escaped: chr(_SHIFT + ord(escaped[1])), item))
    if found is None:
        if item.endswith(";"):
            draft.add(item[:-1], "")
        return
    name, separator, value = (_unescaped(part) for part in found.groups())
    if separator == ":":
        _read_header(draft, name, value)
    elif separator == "==":
        items.query.append((name, value))
    elif separator not in ("=", ":="):
        raise UnreadableError(f"{item} sends a file")
    elif nested and "[" in name:
        raise UnreadableError(f"{item} nests, which releases of HTTPie do in their own ways")
    else:
        items.fields[name] = value if separator == "=" else _json(value)


def _unescaped(text: str) -> str:
    return "".join(chr(ord(c) - _SHIFT) if _SHIFT <= ord(c) < _SHIFT + 128 else c for c in text)


def _read_header(draft: Draft, name: str, value: str) -> None:
    if value:
        draft.add(name, value)
    else:
        draft.remove(name)


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{text} is no JSON") from error


def _finished(draft: Draft, items: _Items, given: dict[str, str]) -> Draft:
    if items.query:
        draft.add_query(_encoded(items.query))
    if "--auth" in given:
        draft.add("Authorization", _authorization(given["--auth"], given.get("--auth-type", "")))
    _add_body(draft, items, given)
    draft.method = draft.method or ("POST" if draft.data else "GET")
    return draft


def _encoded(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in pairs)


def _authorization(value: str, kind: str) -> str:
    if kind == "bearer":
        return f"Bearer {value}"
    if kind not in ("", "basic"):
        raise UnreadableError(f"--auth-type {kind} needs a dialogue")
    return basic(value)


def _add_body(draft: Draft, items: _Items, given: dict[str, str]) -> None:
    if items.fields and "--form" in given:
        draft.data = [_encoded((name, str(value)) for name, value in items.fields.items())]
        draft.default("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        return
    text = json.dumps(items.fields) if items.fields else _raw(draft, given)
    draft.data = [text] if text else []
    if text or "--json" in given:
        draft.default("Accept", "application/json, */*;q=0.5")
        draft.default("Content-Type", "application/json")


def _raw(draft: Draft, given: dict[str, str]) -> str:
    if "--raw" in given:
        return given["--raw"]
    return "" if "--ignore-stdin" in given else draft.stdin.read()
