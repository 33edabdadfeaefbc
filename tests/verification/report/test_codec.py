"""What is packed as JSON comes back as it was, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

import pytest

from honestdocs.verification.report.codec import CodecError, pack, unpack


class Colour(StrEnum):
    RED = "red"


class Spot(NamedTuple):
    file: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    spot: Spot
    size: float = 0.0
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    name: str
    leaves: tuple[Leaf, ...] = ()
    pair: tuple[str, int] = ("", 0)
    best: Leaf | None = None
    known: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    tall: bool = False


FULL = Tree(
    name="oak …",
    leaves=(Leaf(spot=Spot("a.rst", 3), size=2), Leaf(spot=Spot("b.rst"))),
    pair=("x", 1),
    best=Leaf(spot=Spot("c.rst", 1)),
    known={"a": (1, 2), "b": ()},
    tall=True,
)


@pytest.mark.parametrize("tree", [FULL, Tree(name="")])
def test_a_value_comes_back_as_it_was(tree: Tree) -> None:
    assert unpack(Tree, json.loads(json.dumps(pack(tree)))) == tree


def test_what_has_its_default_takes_no_room() -> None:
    assert pack(Tree(name="elm")) == {"name": "elm"}


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"name": 1},
        {"name": "a", "unknown": 1},
        {"name": "a", "pair": ["x"]},
        {"name": "a", "tall": 1},
        {"name": "a", "leaves": [{"spot": ["f", "1"]}]},
        {"name": "a", "leaves": [{"spot": ["f", 1], "colour": "blue"}]},
        {"name": "a", "known": {"a": 1}},
        {"name": "a", "best": "leaf"},
    ],
)
def test_a_document_that_spells_no_such_value_is_refused(document: Any) -> None:
    with pytest.raises(CodecError):
        unpack(Tree, document)
