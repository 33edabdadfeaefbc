"""The command line of curl.

Owns the meaning of its options. Must not know shells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from honestdocs.contract.credentials import basic
from honestdocs.contract.draft import Draft, Stdin, UnreadableError

_VALUED = frozenset(
    "-c --cookie-jar -E --cert --cert-type --key --key-type --pass -m --max-time -o --output "
    "-w --write-out -x --proxy -U --proxy-user --noproxy --cacert --capath --connect-timeout "
    "--retry --retry-delay --retry-max-time --resolve --connect-to --limit-rate --ciphers "
    "--interface --max-redirs --max-filesize --proto --tls-max -C --continue-at -D "
    "--dump-header --stderr --trace --trace-ascii --unix-socket --keepalive-time "
    "--dns-servers -y -Y --speed-time --speed-limit".split()
)
"""Options with a value that does not change the request."""
_UNREADABLE = frozenset(
    "-F --form --form-string -T --upload-file -K --config -z --time-cond --url-query "
    "--aws-sigv4 --digest --ntlm --negotiate --anyauth".split()
)
"""Options that send a file, several parts, or what only a dialogue can tell."""


def read_curl(words: Sequence[str], stdin: Stdin) -> Draft:
    """The request of a command, of which ``words`` follow the name of the tool.

    Raises UnreadableError if a file or a dialogue decides what is sent.
    """
    draft = Draft(stdin=stdin)
    flags: set[str] = set()
    rest = iter(words)
    for word in rest:
        if word in ("-:", "--next"):
            break
        if len(word) < 2 or word[0] != "-":  # noqa: PLR2004 - a dash alone is no option
            draft.url = draft.url or word
        elif word.startswith("--"):
            name, eq, inline = word.partition("=")
            _read_option(draft, flags, name, inline if eq else None, rest)
        else:
            _read_bundle(draft, flags, word, rest)
    return _finished(draft, flags)


def _read_bundle(draft: Draft, flags: set[str], word: str, rest: Iterator[str]) -> None:
    """Short options in one word, of which the last may have a value: ``-sXPOST``."""
    for at, letter in enumerate(word[1:], 1):
        name = f"-{letter}"
        if name in _READERS or name in _VALUED or name in _UNREADABLE:
            _read_option(draft, flags, name, word[at + 1 :] or None, rest)
            return
        flags.add(name)


def _read_option(
    draft: Draft, flags: set[str], name: str, inline: str | None, rest: Iterator[str]
) -> None:
    if name in _UNREADABLE:
        raise UnreadableError(f"{name} sends what the command does not show")
    if name not in _READERS and name not in _VALUED:
        flags.add(name)
        return
    value = next(rest, "") if inline is None else inline
    if name in _READERS:
        _READERS[name](draft, value)
    if name == "--json":
        flags.add(name)


def _finished(draft: Draft, flags: set[str]) -> Draft:
    if flags & {"-G", "--get"} and draft.data:
        draft.add_query("&".join(draft.data))
        draft.data = []
    if "--json" in flags:
        draft.default("Content-Type", "application/json")
        draft.default("Accept", "application/json")
    if draft.data:
        draft.default("Content-Type", "application/x-www-form-urlencoded")
    implied = "HEAD" if flags & {"-I", "--head"} else "POST" if draft.data else "GET"
    draft.method = draft.method or implied
    return draft


def _set_method(draft: Draft, value: str) -> None:
    draft.method = value.upper()


def _set_url(draft: Draft, value: str) -> None:
    draft.url = value


def _add_header(draft: Draft, value: str) -> None:
    """``Name: value``; nothing after the colon takes a field out, ``Name;`` sends it empty."""
    name, colon, text = value.partition(":")
    if value.startswith("@"):
        raise UnreadableError("header fields are in a file")
    if text.strip():
        draft.add(name, text)
    elif colon:
        draft.remove(name)
    elif name.endswith(";"):
        draft.add(name[:-1], "")


def _add_data(draft: Draft, value: str) -> None:
    draft.data.append(_content(draft, value))


def _content(draft: Draft, value: str) -> str:
    if value == "@-" and draft.stdin.piped:
        return draft.stdin.read()
    if not value.startswith("@"):
        return value
    if value == "@-" or draft.data:
        raise UnreadableError("the body is written elsewhere")
    draft.file = value[1:]
    return ""


def _add_raw(draft: Draft, value: str) -> None:
    draft.data.append(value)


def _add_encoded(draft: Draft, value: str) -> None:
    """``content``, ``=content`` or ``name=content``, of which the content is encoded."""
    name, eq, text = value.partition("=")
    if not eq and "@" in value:
        raise UnreadableError("the body is in a file")
    encoded = quote(text if eq else value, safe="")
    draft.data.append(f"{name}={encoded}" if name and eq else encoded)


def _add_json(draft: Draft, value: str) -> None:
    """Data of several ``--json`` follow each other as they are."""
    draft.data = ["".join((*draft.data, _content(draft, value)))]


def _add_user(draft: Draft, value: str) -> None:
    draft.add("Authorization", basic(value))


def _add_bearer(draft: Draft, value: str) -> None:
    draft.add("Authorization", f"Bearer {value}")


def _add_agent(draft: Draft, value: str) -> None:
    draft.add("User-Agent", value)


def _add_referer(draft: Draft, value: str) -> None:
    draft.add("Referer", value)


def _add_range(draft: Draft, value: str) -> None:
    draft.add("Range", f"bytes={value}")


def _add_cookie(draft: Draft, value: str) -> None:
    """A cookie; a value without ``=`` is a file, of which nothing can be told."""
    if "=" in value:
        draft.add("Cookie", value)


_READERS: dict[str, Callable[[Draft, str], None]] = {
    "-X": _set_method,
    "--request": _set_method,
    "--url": _set_url,
    "-H": _add_header,
    "--header": _add_header,
    "-d": _add_data,
    "--data": _add_data,
    "--data-ascii": _add_data,
    "--data-binary": _add_data,
    "--data-raw": _add_raw,
    "--data-urlencode": _add_encoded,
    "--json": _add_json,
    "-u": _add_user,
    "--user": _add_user,
    "--oauth2-bearer": _add_bearer,
    "-A": _add_agent,
    "--user-agent": _add_agent,
    "-e": _add_referer,
    "--referer": _add_referer,
    "-r": _add_range,
    "--range": _add_range,
    "-b": _add_cookie,
    "--cookie": _add_cookie,
}
"""Options with a value that changes the request."""
