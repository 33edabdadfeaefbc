"""Field lists in all spellings of the domain, whichever release renders them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honestdocs.contract.fieldlist import (
    Arrows,
    RawField,
    arrow_evidence,
    has_arrow,
    parse_fields,
    plain_spelling,
)
from honestdocs.contract.operation import Location, Parameter
from honestdocs.contract.place import Place

PLACE = Place("page.rst", 7)


def read(name: str, arrows: Arrows = Arrows.REQUEST) -> list[tuple[Location, str, str, bool]]:
    found = parse_fields([RawField(name, PLACE)], arrows)
    assert all(parameter.place == PLACE for parameter in found)
    return [(p.location, p.name, p.type, p.array) for p in found]


@pytest.mark.parametrize(
    ("spelling", "location"),
    [
        ("param", Location.PATH),
        ("parameter", Location.PATH),
        ("arg", Location.PATH),
        ("argument", Location.PATH),
        ("query", Location.QUERY),
        ("queryparameter", Location.QUERY),
        ("queryparam", Location.QUERY),
        ("qparam", Location.QUERY),
        ("form", Location.FORM),
        ("formparameter", Location.FORM),
        ("formparam", Location.FORM),
        ("fparam", Location.FORM),
        ("reqheader", Location.HEADER),
        ("requestheader", Location.HEADER),
        ("resheader", Location.RESPONSE_HEADER),
        ("responseheader", Location.RESPONSE_HEADER),
        ("statuscode", Location.STATUS),
        ("status", Location.STATUS),
        ("code", Location.STATUS),
        ("json", Location.REQUEST_JSON),
        ("jsonparam", Location.REQUEST_JSON),
        ("jsonparameter", Location.REQUEST_JSON),
        ("reqjson", Location.REQUEST_JSON),
        ("reqjsonobj", Location.REQUEST_JSON),
        ("resjson", Location.RESPONSE_JSON),
        ("resjsonobj", Location.RESPONSE_JSON),
    ],
)
def test_every_spelling_has_its_location(spelling: str, location: Location) -> None:
    assert read(f"{spelling} 200") == [(location, "200", "", False)]


@pytest.mark.parametrize(
    ("spelling", "location"),
    [("reqjsonarr", Location.REQUEST_JSON), ("resjsonarr", Location.RESPONSE_JSON)],
)
def test_a_field_of_each_object_in_an_array_says_so(spelling: str, location: Location) -> None:
    assert read(f"{spelling} int id") == [(location, "id", "int", True)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("param id", ("id", "")),
        ("param int id", ("id", "int")),
        ("resjson array of string tags", ("tags", "array of string")),
        ("resjson string `name`", ("name", "string")),
        ("resjson data.id", ("data.id", "")),
        ("resjson   string\tname ", ("name", "string")),
    ],
)
def test_a_type_may_stand_before_the_name(name: str, expected: tuple[str, str]) -> None:
    ((_, found, type_, _),) = read(name)
    assert (found, type_) == expected


@pytest.mark.parametrize("status", ["200", "200 OK", "200, 304", "4xx", "400-404"])
def test_a_status_is_kept_as_it_is_written(status: str) -> None:
    assert read(f"statuscode {status}") == [(Location.STATUS, status, "", False)]


@pytest.mark.parametrize("name", ["", " ", "param", "returns", "rtype int", "<json", "synopsis a"])
def test_other_fields_are_left_out(name: str) -> None:
    assert read(name) == []


def test_the_fields_of_a_list_keep_their_order() -> None:
    names = ["resjson b", "nothing here", "statuscode 200", "resjson a"]
    found = parse_fields([RawField(name, PLACE) for name in names], Arrows.REQUEST)
    assert found == (
        Parameter(location=Location.RESPONSE_JSON, name="b", place=PLACE),
        Parameter(location=Location.STATUS, name="200", place=PLACE),
        Parameter(location=Location.RESPONSE_JSON, name="a", place=PLACE),
    )


@pytest.mark.parametrize(
    ("kind", "request_location", "response_location", "array"),
    [
        ("json", Location.REQUEST_JSON, Location.RESPONSE_JSON, False),
        ("jsonobj", Location.REQUEST_JSON, Location.RESPONSE_JSON, False),
        ("jsonarr", Location.REQUEST_JSON, Location.RESPONSE_JSON, True),
        ("header", Location.HEADER, Location.RESPONSE_HEADER, False),
    ],
)
def test_an_arrow_means_what_the_author_meant(
    kind: str,
    request_location: Location,
    response_location: Location,
    array: bool,  # noqa: FBT001 - a column of the table
) -> None:
    for arrows, arrow in [(Arrows.REQUEST, "<"), (Arrows.RESPONSE, ">")]:
        other = "<" if arrow == ">" else ">"
        assert read(f"{arrow}{kind} int a", arrows) == [(request_location, "a", "int", array)]
        assert read(f"{other}{kind} int a", arrows) == [(response_location, "a", "int", array)]


@pytest.mark.parametrize(
    ("name", "arrows", "plain"),
    [
        ("<json string a", Arrows.REQUEST, "reqjson string a"),
        ("<json string a", Arrows.RESPONSE, "resjson string a"),
        (">header X", Arrows.REQUEST, "resheader X"),
        (">header X", Arrows.RESPONSE, "reqheader X"),
        ("<jsonarr a", Arrows.REQUEST, "reqjsonarr a"),
        (">jsonobj a", Arrows.REQUEST, "resjsonobj a"),
        ("param a", Arrows.REQUEST, "param a"),
        ("<other a", Arrows.REQUEST, "<other a"),
    ],
)
def test_an_arrow_has_a_plain_spelling(name: str, arrows: Arrows, plain: str) -> None:
    assert plain_spelling(name, arrows) == plain
    assert has_arrow(name) is (name != plain)


def directive(method: str, *fields: str) -> str:
    return f".. http:{method}:: /a\n\n" + "".join(f"   :{field}: said\n" for field in fields)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        (directive("get", ">json string a"), 1),
        (directive("head", ">json a"), 1),
        (directive("get", "<json string a"), -1),
        (directive("post", "<json string a", ">json b"), 0),
        (directive("post", "<header Authorization"), 1),
        (directive("post", ">header Authorization"), -1),
        (directive("post", ">header ETag"), 1),
        (directive("post", "<header Location"), -1),
        (directive("post", "<header X-Own"), 0),
        (directive("post", "<json a") + directive("get", ">json b"), 1),
        (directive("get", "<json a") * 2 + directive("get", ">json b"), -1),
        (directive("get", "resjson a"), 0),
        ("   :<json a: no directive above", 0),
        ("", 0),
    ],
)
def test_a_page_tells_what_its_arrows_mean(text: str, sign: int) -> None:
    evidence = arrow_evidence(text)
    assert (evidence > 0) - (evidence < 0) == sign


@given(
    st.lists(
        st.text(max_size=20)
        | st.text("<>json headrqsbi:`* \t", max_size=20)
        | st.sampled_from(["<json", ">header a", "status", "code 1 2 3", "param *"]),
        max_size=5,
    ),
    st.sampled_from(Arrows),
)
def test_any_field_list_is_read(names: list[str], arrows: Arrows) -> None:
    fields = [RawField(name, PLACE) for name in names]
    found = parse_fields(fields, arrows)
    assert found == parse_fields(fields, arrows)
    assert len(found) <= len(names)
    assert isinstance(arrow_evidence("\n".join(f"   :{name}:" for name in names)), int)
    for name in names:
        plain = plain_spelling(name, arrows)
        assert has_arrow(name) is (plain != name)
        assert plain_spelling(plain, arrows) == plain
