"""Requests written as command lines of curl and HTTPie.

Owns the reading of a shell command into the words of a tool, and into the request that the
tool would send. Must not run it, nor know the options of a tool.
"""

from __future__ import annotations

import re
import shlex

from honestdocs.contract.curl import read_curl
from honestdocs.contract.draft import Draft, Stdin, UnreadableError
from honestdocs.contract.example import Request
from honestdocs.contract.httpie import read_httpie

_PROMPT = re.compile(
    r"^\s*(?:\$|#|%|>|\(\w+\)\s*\$|[\w.@-]*[:~]\S*\$|\[[^\]]*\][#$]|[A-Z]:\\\S*>)\s+(?=\S)"
)
_BEFORE = r"(?:(?:[A-Za-z_]\w*=\S*|sudo|time)\s+)*"
_TOOL = re.compile(rf"(?:^|[|;&]\s*){_BEFORE}(?:curl|https?)\s")
_WRITER = re.compile(r"\s*(?:echo|printf)\s")
_PREFIX = re.compile(r"[A-Za-z_]\w*=.*|sudo|time", re.DOTALL)
_TOOLS = frozenset(("curl", "http", "https"))
_LITERAL = re.compile(r"\\.|'[^']*'|\"(?:\\.|[^\"\\])*\"|<[A-Za-z_](?:[\w. -]*[\w.-])?>", re.DOTALL)
"""What a shell takes as it stands; a placeholder is meant to be, though it is not."""
_SPECIAL = "<> |;&`$"
_HIDDEN = str.maketrans(_SPECIAL, "".join(chr(0xE000 + at) for at in range(len(_SPECIAL))))
_SHOWN = {hidden: plain for plain, hidden in _HIDDEN.items()}
_DOUBLE_HIDDEN = {plain: hidden for plain, hidden in _HIDDEN.items() if chr(plain) not in "`$"}
_QUOTING = re.compile(r"\\.|'|\"", re.DOTALL)


def is_command(text: str) -> bool:
    """Whether a block holds a curl or HTTPie command line."""
    lines = text.split("\n", 40)
    return any(_command_at(lines, at) is not None for at in range(len(lines)))


def _command_at(lines: list[str], start: int) -> tuple[str, int] | None:
    """The whole command that begins on a line, and the offset of the line after it."""
    plain = _PROMPT.sub("", lines[start])
    if not _TOOL.search(plain) and not _WRITER.match(plain):
        return None
    command, end = _joined(lines, start, plain)
    return (command, end) if _TOOL.search(command) else None


def parse_command(text: str) -> tuple[Request, int] | None:
    """The request of the first curl or HTTPie command, and the offset of the line after it.

    None when there is no command, or when it cannot be told without a shell what it would
    send (file uploads, command substitution).
    """
    lines = text.split("\n")
    for start in range(len(lines)):
        found = _command_at(lines, start)
        if found is not None:
            command, end = found
            request = _parse(command, start)
            return None if request is None else (request, end)
    return None


def _joined(lines: list[str], start: int, first: str) -> tuple[str, int]:
    """A command over its continuation lines and open quotes, and the offset after it."""
    parts, end = [first], start + 1
    quote = _quote_after(first, "")
    while end < len(lines) and (quote or parts[-1].endswith("\\")):
        if quote != "'" and parts[-1].endswith("\\"):
            parts[-1] = parts[-1][:-1]
        else:
            parts.append("\n")
        parts.append(lines[end].removeprefix("> "))
        quote = _quote_after(parts[-1], quote)
        end += 1
    return "".join(parts), end


def _quote_after(text: str, quote: str) -> str:
    """The quote that is open after a text, given the one that is open before it."""
    for found in _QUOTING.finditer(text):
        mark = found[0]
        if mark == quote or (quote == "'" and mark.endswith("'")):
            quote = ""
        elif not quote and mark in ("'", '"'):
            quote = mark
    return quote


def _parse(command: str, line: int) -> Request | None:
    hidden = _LITERAL.sub(_hide, command)
    if "$(" in hidden or "`" in hidden:
        return None
    try:
        draft = _read(_words(hidden))
    except (ValueError, UnreadableError):
        return None
    return draft.request(line) if draft is not None and draft.url else None


def _hide(found: re.Match[str]) -> str:
    text = found[0]
    if text[0] == "\\":
        return text
    return text.translate(_DOUBLE_HIDDEN if text[0] == '"' else _HIDDEN)


def _words(hidden: str) -> list[str]:
    """The words of a line as a shell splits it, with what was hidden in them.

    Raises ValueError if a quote is left open.
    """
    lexer = shlex.shlex(hidden, posix=True, punctuation_chars="|;<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)


def _read(words: list[str]) -> Draft | None:
    """The request of the first tool in a list of commands; None if there is none."""
    stdin = Stdin()
    current: list[str] = []
    for word in [*words, ";"]:
        if not word or not set(word) <= set("|;&"):
            current += [word] if current or not _PREFIX.fullmatch(word) else []
            continue
        if current and current[0] in _TOOLS:
            own, stdin = _without_redirections(current, stdin)
            return read_curl(own[1:], stdin) if own[0] == "curl" else read_httpie(own, stdin)
        stdin = _written(current) if word == "|" else Stdin()
        current = []
    return None


def _written(words: list[str]) -> Stdin:
    """What a command writes."""
    if not words or words[0] not in ("echo", "printf"):
        return Stdin(piped=True, known=False)
    text = " ".join(word for word in words[1:] if word not in ("-n", "-e")).translate(_SHOWN)
    return Stdin(text=text, piped=True, known=words[0] == "echo" or "%" not in text)


def _without_redirections(words: list[str], stdin: Stdin) -> tuple[list[str], Stdin]:
    """The words of a command's own, and what it reads."""
    own: list[str] = []
    rest = iter(words)
    for word in rest:
        if not word or not set(word) <= set("<>"):
            own.append(word.translate(_SHOWN))
            continue
        source = next(rest, "").translate(_SHOWN)
        if word == "<<<":
            stdin = Stdin(text=source, piped=True)
        elif word[0] == "<":
            stdin = Stdin(piped=True, known=False)
        elif own[-1] in ("1", "2"):
            own.pop()
    return own, stdin
