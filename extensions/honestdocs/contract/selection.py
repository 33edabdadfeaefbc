"""Which examples a person means by ``page``, ``page.rst:42`` or an example's id.

Owns that reading. Must not know files or what is done with the examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from honestdocs.contract.example import Example
from honestdocs.contract.place import Place

_NAME = re.compile(r"(?P<page>.+?)(?::(?P<line>\d+))?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """A name with the line that may follow it. ``pages`` are what it may stand for: as it is,
    and without the folder of the sources before it.
    """

    name: str
    pages: frozenset[str]
    line: int | None = None

    @classmethod
    def parse(cls, name: str, roots: Sequence[str] = ()) -> Selector:
        """What a text stands for; ``roots`` are folders that a file's name may begin with."""
        found = _NAME.fullmatch(name.removeprefix("./"))
        page = found["page"] if found else name
        shorter = (page.removeprefix(f"{root}/") for root in roots)
        line = int(found["line"]) if found and found["line"] else None
        return cls(name=name, pages=frozenset((page, *shorter)), line=line)

    def names(self, example: Example) -> bool:
        """Whether the example's page or one of its files has the name."""
        places = (example.request_block, example.response_block or example.request_block)
        return example.page in self.pages or any(place.file in self.pages for place in places)


def select(examples: Iterable[Example], selector: Selector) -> tuple[Example, ...]:
    """The examples that a selector means: one by its id, those of a page, or of a line that one
    whose response stands there, else whose request does.
    """
    every = tuple(examples)
    by_id = tuple(example for example in every if example.id == selector.name)
    if by_id:
        return by_id
    there = tuple(example for example in every if selector.names(example))
    if selector.line is None:
        return there
    for closely in (True, False):
        found = tuple(one for one in there if _covers(one, selector, closely=closely))
        if found:
            return found
    return ()


def _covers(example: Example, selector: Selector, *, closely: bool) -> bool:
    """Whether the line is one of the example's: ``closely`` of its response alone."""
    line = selector.line or 0
    end = _end(example)
    starts = [example.response_place or example.request_place]
    starts += [] if closely else [example.request_place]
    named = [one for one in starts if one.file in selector.pages or example.page in selector.pages]
    return any(
        start.line is not None and start.file == end.file and start.line <= line <= (end.line or 0)
        for start in named
    )


def _end(example: Example) -> Place:
    """The last line of an example."""
    message = example.response or example.request
    block = example.response_block or example.request_block
    if message is None:
        return block
    rows = message.body.count("\n") + message.body_line if message.body else message.line
    last = max([rows, message.line, *(header.line for header in message.headers)])
    return block.below(last)
