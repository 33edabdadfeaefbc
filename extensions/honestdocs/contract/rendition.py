"""A documented request in the forms that readers paste: HTTP, curl, HTTPie, Python, JavaScript.

Owns how each form spells a request, in coloured pieces. All are made of the one documented
message, and add nothing to what it claims. Must not know how they are shown or run.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from honestdocs.contract.credentials import basic, basic_parts
from honestdocs.contract.example import Request
from honestdocs.contract.path import local_target

FRAMING = frozenset(("host", "content-length", "transfer-encoding"))
"""Fields that every client writes itself."""
_PLAIN = frozenset(("GET", "HEAD"))


class Paint(StrEnum):
    """What a piece of code is, for its colour."""

    PLAIN = ""
    NAME = "nf"
    KEYWORD = "k"
    STRING = "s"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a form with one colour."""

    text: str
    paint: Paint = Paint.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to write a request: ``name`` for machines, ``title`` for readers, ``language``
    as highlighters call it.
    """

    name: str
    title: str
    language: str


HTTP = Form(name="http", title="HTTP", language="http")
CURL = Form(name="curl", title="curl", language="bash")
HTTPIE = Form(name="httpie", title="HTTPie", language="bash")
PYTHON = Form(name="python", title="Python", language="python")
JAVASCRIPT = Form(name="javascript", title="JavaScript", language="javascript")
FORMS = (HTTP, CURL, HTTPIE, PYTHON, JAVASCRIPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """A request as clients think of it; ``login`` is user and password, if that says it all."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    login: tuple[str, str] | None
    body: str


def origin_of(request: Request, fallback: str) -> str:
    """The origin that a request shows: that of an absolute target, or https and its ``Host``,
    or http where the host is this machine; ``fallback`` where it shows none.
    """
    local = local_target(request.target)
    if local != request.target and "://" in request.target:
        scheme, _, rest = request.target.partition("://")
        return f"{scheme}://{rest.partition('/')[0].partition('?')[0]}"
    host = (request.header("Host") or "").strip()
    if not host:
        return fallback
    here = host.partition(":")[0] in ("localhost", "127.0.0.1") or host.startswith("[::1]")
    return f"{'http' if here else 'https'}://{host}"


def render(form: Form, request: Request, origin: str) -> tuple[Piece, ...]:
    """The request, sent to an origin, in a form that is not HTTP itself."""
    return _WRITERS[form.name](_parts(request, origin))


def text_of(pieces: tuple[Piece, ...]) -> str:
    """A form as plain text, ready to be pasted."""
    return "".join(piece.text for piece in pieces)


def _parts(request: Request, origin: str) -> _Parts:
    headers: list[tuple[str, str]] = []
    login: tuple[str, str] | None = None
    for header in request.headers:
        if header.name.lower() in FRAMING:
            continue
        found = _login(header.value) if header.name.lower() == "authorization" else None
        if found is not None and login is None:
            login = found
        else:
            headers.append((header.name, header.value))
    local = local_target(request.target)
    url = origin.rstrip("/") + (local if local.startswith("/") else f"/{local}")
    return _Parts(
        method=request.method, url=url, headers=tuple(headers), login=login, body=request.body
    )


def _login(value: str) -> tuple[str, str] | None:
    """User and password, where every client makes the same field of them again."""
    user, password = basic_parts(value)
    if not user or not (user + password).isascii() or basic(f"{user}:{password}") != value:
        return None
    return user, password


def _quote(text: str) -> Piece:
    quoted = shlex.quote(text)
    return Piece(quoted, Paint.STRING if quoted[:1] == "'" else Paint.PLAIN)


def _command(words: list[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """A command with a word, or an option with its value, on each line."""
    pieces: list[Piece] = []
    for number, word in enumerate(words):
        pieces.extend(((Piece(" \\\n  "),) if number else ()) + word)
    return tuple(pieces)


def _option(name: str, value: str) -> tuple[Piece, ...]:
    return Piece(name, Paint.KEYWORD), Piece(" "), _quote(value)


def _curl(parts: _Parts) -> tuple[Piece, ...]:
    first: tuple[Piece, ...] = (Piece("curl", Paint.NAME), Piece(" "))
    if parts.method == "HEAD":
        first += (Piece("--head", Paint.KEYWORD), Piece(" "))
    elif parts.method != "GET" or parts.body:
        first += (*_option("--request", parts.method), Piece(" "))
    if any(mark in parts.url for mark in "[]{}"):
        first += (Piece("--globoff", Paint.KEYWORD), Piece(" "))
    words = [(*first, _quote(parts.url))]
    if parts.login is not None:
        words.append(_option("--user", ":".join(parts.login)))
    words += [
        _option("--header", f"{name}: {value}" if value else f"{name};")
        for name, value in parts.headers
    ]
    if parts.body:
        if not any(name.lower() == "content-type" for name, _ in parts.headers):
            words.append(_option("--header", "Content-Type:"))
        words.append(_option("--data-raw", parts.body))
    return _command(words)


def _httpie(parts: _Parts) -> tuple[Piece, ...]:
    first: tuple[Piece, ...] = (Piece("http", Paint.NAME), Piece(" "))
    if parts.login is not None:
        first += (*_option("--auth", ":".join(parts.login)), Piece(" "))
    words = [(*first, Piece(f"{parts.method} "), _quote(parts.url))]
    words += [
        (_quote(f"{name}:{value}" if value else f"{name};"),) for name, value in parts.headers
    ]
    if parts.body:
        words.append(_option("--raw", parts.body))
    return _command(words)


def _python(parts: _Parts) -> tuple[Piece, ...]:
    lines: list[tuple[Piece, ...]] = [(Piece(f"{parts.method!r}", Paint.STRING),)]
    lines.append((_literal(parts.url),))
    if parts.login is not None:
        user, password = map(_literal, parts.login)
        lines.append((Piece("auth=("), user, Piece(", "), password, Piece(")")))
    if parts.headers:
        inner: list[Piece] = [Piece("headers={\n")]
        for name, value in parts.headers:
            inner += [Piece("        "), _literal(name), Piece(": "), _literal(value), Piece(",\n")]
        lines.append((*inner, Piece("    }")))
    if parts.body:
        lines.append((Piece("data="), _python_text(parts.body), Piece(".encode()")))
    call: list[Piece] = [
        Piece("import", Paint.KEYWORD),
        Piece(" requests\n\nresponse = requests."),
        Piece("request", Paint.NAME),
        Piece("(\n"),
    ]
    for line in lines:
        call += [Piece("    "), *line, Piece(",\n")]
    call += [
        Piece(")\n"),
        Piece("print", Paint.NAME),
        Piece("(response.status_code, response.text)"),
    ]
    return tuple(call)


def _literal(text: str) -> Piece:
    return Piece(json.dumps(text, ensure_ascii=False), Paint.STRING)


def _python_text(text: str) -> Piece:
    """A string literal that looks like the text, where Python can say it so."""
    tame = '"""' not in text and "\r" not in text and text[-1] not in '"\\'
    if "\n" not in text:
        raw = "'" not in text and text[-1] != "\\" and text.isprintable()
        return Piece(f"r'{text}'" if raw and "\\" in text else repr(text), Paint.STRING)
    if not tame:
        return Piece(repr(text), Paint.STRING)
    return Piece(f'{"r" if chr(92) in text else ""}"""{text}"""', Paint.STRING)


def _javascript(parts: _Parts) -> tuple[Piece, ...]:
    call: list[Piece] = [
        *(Piece("const", Paint.KEYWORD), Piece(" response = "), Piece("await", Paint.KEYWORD)),
        *(Piece(" "), Piece("fetch", Paint.NAME), Piece("("), _literal(parts.url)),
    ]
    options: list[tuple[Piece, ...]] = []
    if parts.method != "GET" or parts.body:
        options.append((Piece("method: "), _literal(parts.method)))
    named = [(name, (_literal(value),)) for name, value in parts.headers]
    if parts.login is not None:
        word = (_literal("Basic "), Piece(" + btoa("), _literal(":".join(parts.login)), Piece(")"))
        named.insert(0, ("Authorization", word))  # type: ignore[arg-type] # one piece or several
    if named:
        inner: list[Piece] = [Piece("headers: {\n")]
        for name, value in named:
            inner += [Piece("    "), _literal(name), Piece(": "), *value, Piece(",\n")]
        options.append((*inner, Piece("  }")))
    if parts.body:
        options.append((Piece("body: "), _template(parts.body)))
    if options:
        call.append(Piece(", {\n"))
        for option in options:
            call += [Piece("  "), *option, Piece(",\n")]
        call.append(Piece("}"))
    call += [Piece(");\nconsole."), Piece("log", Paint.NAME), Piece("(response.status, ")]
    call += [Piece("await", Paint.KEYWORD), Piece(" response.text());")]
    return tuple(call)


def _template(text: str) -> Piece:
    if "\n" not in text:
        return _literal(text)
    safe = text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return Piece(f"`{safe}`", Paint.STRING)


_WRITERS: dict[str, Callable[[_Parts], tuple[Piece, ...]]] = {
    CURL.name: _curl,
    HTTPIE.name: _httpie,
    PYTHON.name: _python,
    JAVASCRIPT.name: _javascript,
}
