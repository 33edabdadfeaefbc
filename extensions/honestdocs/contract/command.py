"""Requests written as command lines of curl and HTTPie.

Owns the reading of one shell command into the request that it would send. Must not run it.
"""

from __future__ import annotations

import base64
import json
import re
import shlex
from dataclasses import dataclass, field
from urllib.parse import quote

from honestdocs.contract.example import Header, Request

_PROMPT = re.compile(r"^\s*(?:\$|#|%|>|\(\w+\)\s*\$|[\w.@-]+[:~]\S*\$)\s+(?=\S)")
_TOOL = re.compile(r"(?:^|[|;&]\s*)(?:curl|https?)\s")
_WRITER = re.compile(r"\s*(?:echo|printf)\s")
_ITEM = re.compile(r"^([^:=@\s][^:=@]*?)(:=@|=@|==|:=|=|:|@)(.*)$", re.DOTALL)
_CURL_VALUED = frozenset(
    "-A --user-agent -b --cookie -c --cookie-jar -e --referer -E --cert -m --max-time "
    "-o --output -w --write-out -x --proxy --cacert --capath --key --connect-timeout "
    "--retry --resolve --limit-rate -r --range -T --upload-file -K --config --ciphers "
    "--interface --max-redirs --proto --tls-max -C --continue-at -D --dump-header".split()
)
_HTTPIE_VALUED = frozenset(
    "-o --output -p --print --style -s --pretty --session --session-read-only --timeout "
    "--verify --cert --cert-key --proxy --max-redirects -A --auth-type --default-scheme "
    "--format-options --boundary --max-headers --response-charset --response-mime".split()
)


@dataclass(slots=True)
class _Draft:
    """A request under construction."""

    method: str = ""
    url: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    fields: dict[str, object] = field(default_factory=dict)
    query: list[tuple[str, str]] = field(default_factory=list)
    form: bool = False
    readable: bool = True

    def has(self, name: str) -> bool:
        return any(header.lower() == name.lower() for header, _ in self.headers)


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
    command, end = first, start + 1
    while end < len(lines) and (command.endswith("\\") or _open_quote(command)):
        command = command[:-1] if command.endswith("\\") else command + "\n"
        command += lines[end].removeprefix("> ")
        end += 1
    return command, end


def _open_quote(command: str) -> bool:
    try:
        shlex.split(command)
    except ValueError:
        return True
    return False


def _parse(command: str, line: int) -> Request | None:
    if "$(" in command or "`" in command:
        return None
    try:
        lexer = shlex.shlex(command, posix=True, punctuation_chars="|;<>")
        lexer.whitespace_split = True
        lexer.commenters = ""
        words = list(lexer)
    except ValueError:
        return None
    stdin, words = _pipeline(words)
    if not words:
        return None
    draft = _curl(words[1:]) if words[0] == "curl" else _httpie(words, stdin)
    if draft is None or not draft.readable or not draft.url:
        return None
    return _request(draft, line)


def _pipeline(words: list[str]) -> tuple[str | None, list[str]]:
    """What ``echo`` writes into the tool, and the words of the tool's own command."""
    stdin: str | None = None
    current: list[str] = []
    for word in [*words, ";"]:
        if set(word) <= set("|;&") and word:
            if current and current[0] in ("curl", "http", "https"):
                return stdin, _without_redirection(current)
            if current and current[0] in ("echo", "printf") and word == "|":
                stdin = " ".join(w for w in current[1:] if w not in ("-n", "-e"))
            current = []
        elif current or "=" not in word or word.startswith("-"):
            current.append(word)
    return stdin, []


def _without_redirection(words: list[str]) -> list[str]:
    for at, word in enumerate(words):
        if word and set(word) <= set("<>"):
            return words[:at]
    return words


def _curl(words: list[str]) -> _Draft | None:
    draft = _Draft()
    get = head = False
    rest = iter(_unbundled(words))
    for word in rest:
        name, eq, inline = word.partition("=") if word.startswith("--") else (word, "", "")
        if name in ("-G", "--get"):
            get = True
        elif name in ("-I", "--head"):
            head = True
        elif name in ("-F", "--form", "-T", "--upload-file"):
            return None
        elif name in _CURL_READERS:
            _CURL_READERS[name](draft, inline if eq else next(rest, ""))
        elif name in _CURL_VALUED:
            _ = inline if eq else next(rest, "")
        elif not name.startswith("-") and not draft.url:
            draft.url = word
    return _finished_curl(draft, get=get, head=head)


def _finished_curl(draft: _Draft, *, get: bool, head: bool) -> _Draft:
    if get and draft.data:
        draft.url += ("&" if "?" in draft.url else "?") + "&".join(draft.data)
        draft.data = []
    if head:
        draft.method = draft.method or "HEAD"
    if draft.data and not draft.has("Content-Type"):
        draft.headers.append(("Content-Type", "application/x-www-form-urlencoded"))
    draft.method = draft.method or ("POST" if draft.data else "GET")
    return draft


def _unbundled(words: list[str]) -> list[str]:
    """curl's words with short options split from each other and from their value."""
    result: list[str] = []
    valued = {name[1] for name in (*_CURL_VALUED, *_CURL_READERS) if len(name) == 2}
    for word in words:
        if len(word) > 2 and word[0] == "-" and word[1] != "-":
            for at, letter in enumerate(word[1:], 1):
                result.append("-" + letter)
                if letter in valued:
                    result.extend([word[at + 1 :]] if word[at + 1 :] else [])
                    break
        else:
            result.append(word)
    return result


def _set_method(draft: _Draft, value: str) -> None:
    draft.method = value.upper()


def _add_header(draft: _Draft, value: str) -> None:
    name, _, text = value.partition(":")
    draft.headers.append((name.strip(), text.strip()))


def _add_data(draft: _Draft, value: str) -> None:
    draft.readable = draft.readable and not value.startswith("@")
    draft.data.append(value)


def _add_encoded(draft: _Draft, value: str) -> None:
    name, eq, text = value.partition("=")
    draft.data.append(f"{name}={quote(text)}" if eq else quote(value))


def _add_json(draft: _Draft, value: str) -> None:
    for name in ("Content-Type", "Accept"):
        if not draft.has(name):
            draft.headers.append((name, "application/json"))
    _add_data(draft, value)


def _add_user(draft: _Draft, value: str) -> None:
    draft.headers.append(("Authorization", basic(value)))


def _set_url(draft: _Draft, value: str) -> None:
    draft.url = value


def _add_agent(draft: _Draft, value: str) -> None:
    draft.headers.append(("User-Agent", value))


def _add_cookie(draft: _Draft, value: str) -> None:
    draft.headers.append(("Cookie", value))


_CURL_READERS = {
    "-X": _set_method,
    "--request": _set_method,
    "-H": _add_header,
    "--header": _add_header,
    "-d": _add_data,
    "--data": _add_data,
    "--data-ascii": _add_data,
    "--data-raw": _add_data,
    "--data-binary": _add_data,
    "--data-urlencode": _add_encoded,
    "--json": _add_json,
    "-u": _add_user,
    "--user": _add_user,
    "--url": _set_url,
    "-A": _add_agent,
    "--user-agent": _add_agent,
    "-b": _add_cookie,
    "--cookie": _add_cookie,
}


def basic(credentials: str) -> str:
    """The value of ``Authorization`` for ``user:password`` (RFC 7617)."""
    user, colon, password = credentials.partition(":")
    return "Basic " + base64.b64encode(f"{user}{colon or ':'}{password}".encode()).decode()


def _httpie(words: list[str], stdin: str | None) -> _Draft | None:
    draft = _Draft()
    positional: list[str] = []
    rest = iter(words[1:])
    for word in rest:
        name, eq, inline = word.partition("=") if word.startswith("--") else (word, "", "")
        if name in ("--auth", "-a"):
            _add_user(draft, inline if eq else next(rest, ""))
        elif word.startswith("-a") and len(word) > 2:
            _add_user(draft, word[2:])
        elif name in ("--form", "-f"):
            draft.form = True
        elif name == "--raw":
            stdin = inline if eq else next(rest, "")
        elif name in _HTTPIE_VALUED:
            _ = inline if eq else next(rest, "")
        elif not word.startswith("-"):
            positional.append(word)
    if not positional:
        return None
    if re.fullmatch(r"[A-Za-z]+", positional[0]) and len(positional) > 1:
        draft.method = positional.pop(0).upper()
    draft.url = _httpie_url(positional.pop(0), secure=words[0] == "https")
    for item in positional:
        _add_item(draft, item)
    return _finished_httpie(draft, stdin)


def _httpie_url(url: str, *, secure: bool) -> str:
    scheme = "https" if secure else "http"
    if url.startswith("://"):
        return scheme + url
    if url.startswith(":"):
        port = re.match(r":(\d*)", url)
        assert port is not None  # noqa: S101 - the text begins with a colon
        return f"{scheme}://localhost{':' + port[1] if port[1] else ''}{url[port.end() :]}"
    return url if "://" in url else f"{scheme}://{url}"


def _add_item(draft: _Draft, item: str) -> None:
    found = _ITEM.match(item.replace("\\:", "\0"))
    if found is None:
        return
    name, separator, value = (part.replace("\0", ":") for part in found.groups())
    if separator == ":":
        draft.headers.append((name, value))
    elif separator == "==":
        draft.query.append((name, value))
    elif separator == "=":
        draft.fields[name] = value
    elif separator == ":=":
        _add_raw_field(draft, name, value)
    else:
        draft.readable = False


def _add_raw_field(draft: _Draft, name: str, value: str) -> None:
    try:
        draft.fields[name] = json.loads(value)
    except ValueError:
        draft.readable = False


def _finished_httpie(draft: _Draft, stdin: str | None) -> _Draft:
    if draft.query:
        pairs = "&".join(f"{quote(name, safe='')}={quote(v, safe='')}" for name, v in draft.query)
        draft.url += ("&" if "?" in draft.url else "?") + pairs
    if draft.fields and draft.form:
        pairs = "&".join(f"{quote(n)}={quote(str(v))}" for n, v in draft.fields.items())
        draft.data = [pairs]
        media = "application/x-www-form-urlencoded; charset=utf-8"
    else:
        draft.data = [json.dumps(draft.fields)] if draft.fields else [stdin] if stdin else []
        media = "application/json"
        if draft.data and not draft.has("Accept"):
            draft.headers.append(("Accept", "application/json, */*;q=0.5"))
    if draft.data and not draft.has("Content-Type"):
        draft.headers.append(("Content-Type", media))
    draft.method = draft.method or ("POST" if draft.data else "GET")
    return draft


def _request(draft: _Draft, line: int) -> Request:
    if not draft.has("Accept"):
        draft.headers.append(("Accept", "*/*"))
    url = draft.url if "://" in draft.url or draft.url.startswith("/") else "http://" + draft.url
    return Request(
        method=draft.method,
        target=url,
        headers=tuple(Header(name=n, value=v, line=line) for n, v in draft.headers),
        body="&".join(draft.data),
        line=line,
        body_line=line,
    )
