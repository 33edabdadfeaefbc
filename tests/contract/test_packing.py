"""What is packed comes out equal, and the way dataclasses pack themselves is still read."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, fields

import pytest

from honestdocs.contract.example import Block, Example, Header, Mark, MarkVerb, Request, Response
from honestdocs.contract.operation import Location, Operation, Parameter
from honestdocs.contract.outcome import Kind, Lie, Mismatch
from honestdocs.contract.page import Page
from honestdocs.contract.place import Place

HERE = Place("index.rst", 7)
MARK = Mark(verb=MarkVerb.ANY, subject="id", place=HERE)
BLOCK = Block(text="GET / HTTP/1.1", language="http", place=HERE, scope=0, marks=(MARK,))
REQUEST = Request(method="GET", target="/", headers=(Header(name="Host", value="a", line=1),))
EXAMPLE = Example(
    id="index::GET /",
    page="index",
    request=REQUEST,
    response=Response(status=None, body="{}"),
    request_place=HERE,
    request_block=HERE,
)
FIELD = Parameter(location=Location.QUERY, name="lang", place=HERE)
OPERATION = Operation(method="GET", path="/", place=HERE, page="index", parameters=(FIELD,))
MISMATCH = Mismatch(
    kind=Kind.STATUS, subject="status", documented="200", observed="404", place=HERE, fix="mend it"
)
LIE = Lie(mismatch=MISMATCH, message="it is another", example="index::GET /")
PAGE = Page(name="index", operations=(OPERATION,), scopes=((0,),), blocks=(BLOCK,), flaws=(LIE,))


def unpacked(data: bytes) -> object:
    return pickle.loads(data)  # noqa: S301 - made by the test itself


@pytest.mark.parametrize("value", [PAGE, EXAMPLE], ids=["page", "example"])
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_value_comes_out_of_a_pickle_as_it_went_in(value: object, protocol: int) -> None:
    assert unpacked(pickle.dumps(value, protocol)) == value


def test_a_value_that_was_packed_field_by_field_is_read() -> None:
    made = object.__new__(Request)
    made.__setstate__([getattr(REQUEST, field.name) for field in fields(Request)])  # type: ignore[attr-defined] # pickle's name
    assert made == REQUEST


def test_a_value_that_was_packed_with_other_fields_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        object.__new__(Request).__setstate__(["GET"])  # type: ignore[attr-defined] # pickle's name


def test_a_packed_value_cannot_be_changed() -> None:
    found = unpacked(pickle.dumps(REQUEST))
    with pytest.raises(FrozenInstanceError):
        setattr(found, "method", "PUT")  # noqa: B010 - the type checker would not let us
