"""Documented examples in any number, and the server that answers as they say.

Owns what the examples are. Each page documents ten of one small API of books and notes: nine
notes that are read and one that is made. Must not know who verifies them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

PER_PAGE = 10

TAG = '"0123456789abcdef"'
"""The ETag of every answer, but of those whose values are generated."""

LOCATIONS = """\
        location ~ "^/v1/books/(?<book>\\d+)/notes/(?<note>\\d+)$" {
            return 200 '{"id":$note,"title":"Groceries","text":"Milk, bread and apples","tags":["home","shopping"],"pinned":false,"author":{"name":"Ada","mail":"ada@example.com"},"links":{"self":"/v1/books/$book/notes/$note"}}';
        }
        location ~ "^/v1/books/(?<book>\\d+)/notes$" {
            return 201 '{"id":10,"title":"Groceries","text":"Milk, bread and apples","tags":["home","shopping"],"pinned":false,"author":{"name":"Ada","mail":"ada@example.com"},"links":{"self":"/v1/books/$book/notes/10"}}';
        }
        location ~ "^/v1/diaries/(?<book>\\d+)/notes/(?<note>\\d+)$" {
            add_header ETag '"$request_id"';
            return 200 '{"id":$note,"title":"Groceries","text":"Milk, bread and apples","tags":["home","shopping"],"digest":"$request_id","modified":"$time_iso8601","links":{"self":"/v1/diaries/$book/notes/$note"}}';
        }
        location ~ "^/v1/diaries/(?<book>\\d+)/notes$" {
            add_header ETag '"$request_id"';
            return 201 '{"id":10,"title":"Groceries","text":"Milk, bread and apples","tags":["home","shopping"],"digest":"$request_id","modified":"$time_iso8601","links":{"self":"/v1/diaries/$book/notes/10"}}';
        }
        location /__version__ { return 200 '{"version":"1.0.0"}'; }
        location /__heartbeat__ { return 200 '{"status":"ok"}'; }"""  # noqa: E501 - JSON as a server sends it
"""The server in nginx's own notation: ``diaries`` are books whose answers hold new values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Documented:
    """One example: what is sent and what is said to come back."""

    page: int
    method: str
    path: str
    template: str
    headers: dict[str, str]
    body: str
    status: int
    reason: str
    tag: str
    answer: dict[str, object]


def documented(count: int, *, generated: bool = False) -> Iterator[Documented]:
    """So many examples; ``generated`` has a digest, a moment and an ETag in each that the
    server makes up anew for every answer.
    """
    for number in range(count):
        page, at = divmod(number, PER_PAGE)
        yield _note(page, at + 1, generated=generated)


def _note(page: int, note: int, *, generated: bool) -> Documented:
    shelf = "diaries" if generated else "books"
    made = note == PER_PAGE
    notes = f"/v1/{shelf}/{page}/notes"
    answer = _answer(f"{notes}/{note}", note, page, generated=generated)
    return Documented(
        page=page,
        method="POST" if made else "GET",
        path=notes if made else f"{notes}/{note}",
        template=notes if made else f"{notes}/{{note}}",
        headers=_headers(page, note, generated=generated, made=made),
        body='{"title": "Groceries", "text": "Milk, bread and apples"}' if made else "",
        status=201 if made else 200,
        reason="Created" if made else "OK",
        tag=f'"{answer["digest"]}"' if generated else TAG,
        answer=answer,
    )


def _headers(page: int, note: int, *, generated: bool, made: bool) -> dict[str, str]:
    """What is sent; where values are generated, each request names the one before it saw."""
    headers = {"Accept": "application/json"}
    if made:
        headers["Content-Type"] = "application/json"
    if generated and note > 1:
        headers["If-None-Match"] = f'"{_digest(page, note - 1)}"'
    return headers


def _digest(page: int, note: int) -> str:
    """32 digits as only a server makes up, other ones for each note."""
    return hashlib.blake2b(f"{page} {note}".encode(), digest_size=16).hexdigest()


def _answer(link: str, note: int, page: int, *, generated: bool) -> dict[str, object]:
    common = {
        "id": note,
        "title": "Groceries",
        "text": "Milk, bread and apples",
        "tags": ["home", "shopping"],
    }
    if generated:
        digest = _digest(page, note)
        own: dict[str, object] = {"digest": digest, "modified": "2026-03-01T09:30:00+00:00"}
    else:
        own = {"pinned": False, "author": {"name": "Ada", "mail": "ada@example.com"}}
    return {**common, **own, "links": {"self": link}}


def as_json(examples: Iterator[Documented]) -> str:
    """Examples for any other tool."""
    return json.dumps([
        {
            "method": each.method,
            "path": each.path,
            "sent": each.headers,
            "body": each.body,
            "status": each.status,
            "headers": {"Content-Type": "application/json", "ETag": each.tag},
            "answer": each.answer,
        }
        for each in examples
    ])  # fmt: skip
