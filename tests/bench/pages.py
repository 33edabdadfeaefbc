"""Documented examples as the pages that Sphinx hands over after reading.

Owns their notation in reStructuredText's literal blocks. Must not know who verifies them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby

from corpus import Documented

from honestdocs.contract.example import Block
from honestdocs.contract.operation import Location, Operation, Parameter
from honestdocs.contract.page import Page
from honestdocs.contract.place import Place


def request_text(example: Documented) -> str:
    """The request as an author writes it."""
    lines = [f"{example.method} {example.path} HTTP/1.1", "Host: notes.example.com"]
    lines += [f"{name}: {value}" for name, value in example.headers.items()]
    lines += ["", example.body] if example.body else []
    return "\n".join(lines)


def response_text(example: Documented) -> str:
    """The response as an author writes it: spread over lines, which servers do not do."""
    lines = [f"HTTP/1.1 {example.status} {example.reason}"]
    lines += ["Content-Type: application/json", f"ETag: {example.tag}", ""]
    return "\n".join([*lines, json.dumps(example.answer, indent=2)])


def pages(examples: Iterable[Documented]) -> Iterator[Page]:
    """The pages, each with its two operations and the examples below them."""
    for number, group in groupby(examples, key=lambda example: example.page):
        yield _page(f"books/{number}", tuple(group))


def _page(name: str, examples: tuple[Documented, ...]) -> Page:
    templates = list(dict.fromkeys((e.method, e.template) for e in examples))
    texts = [
        (templates.index((e.method, e.template)), text(e))
        for e in examples
        for text in (request_text, response_text)
    ]
    return Page(
        name=name,
        operations=tuple(
            _operation(name, method, path, 10 + 400 * at)
            for at, (method, path) in enumerate(templates)
        ),
        scopes=tuple((at,) for at in range(len(templates))),
        blocks=tuple(
            Block(
                text=text,
                language="http",
                place=Place(f"{name}.rst", 20 + 20 * at),
                index=at,
                scope=scope,
                section="notes",
                label="Example response" if at % 2 else "Example request",
            )
            for at, (scope, text) in enumerate(texts)
        ),
    )


def _operation(name: str, method: str, path: str, line: int) -> Operation:
    place = Place(f"{name}.rst", line)
    made = method == "POST"
    fields = [(Location.STATUS, "201" if made else "200"), (Location.RESPONSE_HEADER, "ETag")]
    fields += [(Location.RESPONSE_JSON, member) for member in ("id", "title", "text", "tags")]
    return Operation(
        method=method,
        path=path,
        place=place,
        page=name,
        anchor="",
        synopsis="Make a note." if made else "Read a note.",
        parameters=tuple(Parameter(name=n, location=where, place=place) for where, n in fields),
    )
