"""Documented JSON against observed JSON, in both directions and at every level."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.writing import answer, compared, mismatches
from honestdocs.contract.binding import Bindings
from honestdocs.contract.judgement import Judgement
from honestdocs.contract.structure import json_type, members, same_value

HEAD = "HTTP/1.1 200 OK\nContent-Type: application/json\n\n"
BODY_LINE = 4
UUID, OTHER = "89881454-e4e9-4ef0-99a9-404d95900352", "fec930f1-4e30-4b1c-8a63-0fafbe508d48"


def judged(documented: str, observed: str, **settings: Any) -> Judgement:
    return compared(HEAD + documented, HEAD + observed, **settings)


def told(documented: str, observed: str, **settings: Any) -> list[tuple[str, str, int | None]]:
    return mismatches(judged(documented, observed, **settings))


@pytest.mark.parametrize(
    ("documented", "observed"),
    [
        ('{"a": 1, "b": 2}', '{"b":2,"a":1}'),
        ('{"a": 1}', '{"a": 1.0}'),
        ('{"a": "\\u00fc"}', '{"a": "ü"}'),
        ("[1, ...]", "[1]"),
        ("[1, ...]", "[1, 2, 3]"),
        ("[..., 3]", "[1, 2, 3]"),
        ("[1, ..., 3]", "[1, 2, 3]"),
        ("[1, ..., 3]", "[1, 3]"),
        ("[...]", "[]"),
        ("...", "[1]"),
        ('{"a": 1, ...}', '{"a": 1, "b": 2}'),
        ("{...}", '{"a": 1}'),
        ('{"a": ...}', '{"a": {"b": [1]}}'),
        ('{"a": …, "b": 1}', '{"a": null, "b": 1}'),
        ('{"a": "abc..."}', '{"a": "abcdef"}'),
        ('{"a": "<token>"}', '{"a": "anything"}'),
        ('{"a": "<token>"}', '{"a": ""}'),
        (f'{{"a": "{UUID}"}}', f'{{"a": "{OTHER}"}}'),
        ('{"last_modified": 1434646943915}', '{"last_modified": 1767225600123}'),
        ('{"at": "2015-06-18T15:19:10Z"}', '{"at": "2026-01-02T00:00:00Z"}'),
        ('{"id": 1}', '{"id": 57}'),
        ('{"took": 5}', '{"took": 7}'),
        ('{"etag": "\\"1434646943915\\""}', '{"etag": "\\"1767225600123\\""}'),
    ],
)
def test_these_documents_agree(documented: str, observed: str) -> None:
    assert told(documented, observed) == []


@pytest.mark.parametrize(
    ("documented", "observed", "expected"),
    [
        ('{"a": 1}', "{}", ("missing member", "/a")),
        ("{}", '{"a": 1}', ("undocumented member", "/a")),
        ('{"a": {"b": 1}}', '{"a": {}}', ("missing member", "/a/b")),
        ('{"a": {}}', '{"a": {"b": 1}}', ("undocumented member", "/a/b")),
        ('{"a": 1, ...}', '{"b": 1}', ("missing member", "/a")),
        ('{"a~b/c": 1}', "{}", ("missing member", "/a~0b~1c")),
        ('{"a": 1}', '{"a": "1"}', ("type", "/a")),
        ('{"a": 1}', '{"a": true}', ("type", "/a")),
        ('{"a": false}', '{"a": 0}', ("type", "/a")),
        ('{"a": null}', '{"a": 0}', ("type", "/a")),
        ('{"a": "b"}', '{"a": null}', ("type", "/a")),
        ('{"a": {}}', '{"a": []}', ("type", "/a")),
        ('{"a": [1]}', '{"a": {"0": 1}}', ("type", "/a")),
        ('{"a": "b"}', '{"a": ["b"]}', ("type", "/a")),
        ("{}", "[]", ("type", "body")),
        ("[1, 2]", "[1]", ("length", "body")),
        ("[1]", "[1, 2]", ("length", "body")),
        ("[]", "[1]", ("length", "body")),
        ("[1, ..., 3]", "[1]", ("length", "body")),
        ('{"a": 1}', '{"a": 2}', ("value", "/a")),
        ('{"a": true}', '{"a": false}', ("value", "/a")),
        ('{"a": "b"}', '{"a": "c"}', ("value", "/a")),
        ('{"a": "abc..."}', '{"a": "def"}', ("value", "/a")),
        ("[1, 2]", "[1, 3]", ("value", "/1")),
        ("[..., 3]", "[1, 2, 4]", ("value", "/2")),
        ('{"size": 1434646943915}', '{"size": 1767225600123}', ("value", "/size")),
        (f'{{"a": "{UUID}"}}', '{"a": "word"}', ("value", "/a")),
        ('{"id": "1"}', '{"id": 57}', ("type", "/id")),
    ],
)
def test_a_difference_is_told_with_its_pointer(
    documented: str, observed: str, expected: tuple[str, str]
) -> None:
    assert told(documented, observed) == [(*expected, BODY_LINE)]


@pytest.mark.parametrize("observed", ["5", '"text"', "null", "true", "[1]", '{"b": 1}'])
def test_a_placeholder_without_quotes_stands_for_anything(observed: str) -> None:
    assert told('{"a": <it>}', f'{{"a": {observed}}}') == []


def test_values_are_told_as_json_and_a_missing_one_as_nothing() -> None:
    judgement = judged('{"a": "x", "b": [1, null]}', '{"a": "y", "c": {"d": true}}')
    found = {m.subject: (m.documented, m.observed) for m in judgement.results[0].mismatches}
    assert found == {
        "/a": ('"x"', '"y"'),
        "/b": ("[1, null]", ""),
        "/c": ("", '{"d": true}'),
    }


PRETTY = """\
{
  "a": 1,

  "b": {
    "c": "d", "e": [
      1,
      2
    ]
  }
}"""


@pytest.mark.parametrize(
    ("observed", "line"),
    [
        ('{"a": 2, "b": {"c": "d", "e": [1, 2]}}', 5),
        ('{"a": 1, "b": {"c": "x", "e": [1, 2]}}', 8),
        ('{"a": 1, "b": {"c": "d", "e": [1, 3]}}', 10),
        ('{"a": 1, "b": {"c": "d", "e": [1]}}', 8),
        ('{"a": 1, "b": {"c": "d", "e": [1, 2], "f": 1}}', 7),
        ('{"a": 1, "b": {"c": "d", "e": [1, 2]}, "f": 1}', 4),
        ('{"b": {"c": "d", "e": [1, 2]}}', 5),
    ],
)
def test_a_difference_is_told_at_the_line_of_the_documented_value(observed: str, line: int) -> None:
    ((_, _, found),) = told(PRETTY, observed)
    assert found == line


def test_numbers_of_thousands_of_digits_are_compared_too() -> None:
    for number in ("0x" + "f" * 5000, "9" * 5000, "0x" + "f" * 100):
        told(f'{{"a": {number}}}', '{"a": 1}')
        told('{"a": 1}', f'{{"a": {number}}}')


def test_behind_an_elision_the_documented_line_is_told() -> None:
    documented = '[\n  {"n": 1},\n  ...,\n  {\n    "n": 9\n  }\n]'
    observed = '[{"n": 1}, {"n": 2}, {"n": 3}, {"n": 8}]'
    assert told(documented, observed) == [("value", "/3/n", 8)]


def test_generated_values_are_bound_and_noted() -> None:
    judgement = judged(f'{{"data": {{"id": "{UUID}"}}}}', f'{{"data": {{"id": "{OTHER}"}}}}')
    assert judgement.bound == ((UUID, OTHER),)
    assert judgement.results[0].matched == ("/data/id: uuid",)
    assert judgement.results[0].observed_members == ("data", "data.id")


def test_a_placeholder_is_bound_to_what_stands_there() -> None:
    judgement = judged('{"a": "<token>", "b": <n>}', '{"a": "t0ken", "b": 57}')
    assert judgement.bound == (("<token>", "t0ken"), ("<n>", "57"))


def test_a_bound_value_has_to_stay_what_it_is_bound_to() -> None:
    bindings = Bindings()
    bindings.bind("here", "there")
    assert told('{"a": "here"}', '{"a": "there"}', bindings=bindings) == []
    judgement = judged('{"a": "here"}', '{"a": "nowhere"}', bindings=bindings)
    (mismatch,) = judgement.results[0].mismatches
    assert mismatch.documented == "here (bound to there)"


def test_a_value_that_the_request_sends_has_to_come_back() -> None:
    request = f"PUT /users/{UUID} HTTP/1.1"
    documented, observed = f'{{"id": "{UUID}"}}', f'{{"id": "{OTHER}"}}'
    assert told(documented, observed, request=request) == [("value", "/id", BODY_LINE)]
    assert told(documented, observed, request="POST /users HTTP/1.1") == []


def test_an_identifier_is_told_by_its_use_in_a_later_request() -> None:
    later = ["GET /c/b4n7 HTTP/1.1"]
    judgement = judged('{"channel": "b4n7"}', '{"channel": "x8k2"}', later=later)
    assert mismatches(judgement) == []
    assert judgement.bound == (("b4n7", "x8k2"),)
    assert told('{"colour": "b4n7"}', '{"colour": "x8k2"}') == [("value", "/colour", BODY_LINE)]


def test_references_of_the_service_agree_whatever_its_origin() -> None:
    documented = f'{{"next": "http://localhost:8888/v1/a/{UUID}?limit=2"}}'
    observed = f'{{"next": "http://127.0.0.1:4321/v1/a/{OTHER}?limit=2"}}'
    assert told(documented, observed, origins=("http://127.0.0.1:4321",)) == []
    foreign = observed.replace("127.0.0.1:4321", "elsewhere.net")
    assert told(documented, foreign, origins=("http://127.0.0.1:4321",)) != []


def test_deep_documents_are_compared_without_end_of_stack() -> None:
    deep = "[" * 150 + "1" + "]" * 150
    assert told(deep, deep.replace("1", "2")) == [("value", "/0" * 150, BODY_LINE)]
    deeper = "[" * 5000 + "]" * 5000
    told(deeper, "[]")
    told("[]", deeper)


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (None, "null"),
        (True, "a boolean"),
        (0, "a number"),
        (0.5, "a number"),
        ("", "a string"),
        ({}, "an object"),
        ([], "an array"),
    ],
)
def test_json_types_have_names(value: object, named: str) -> None:
    assert json_type(value) == named


def test_members_are_listed_by_their_paths_once() -> None:
    value = {"data": [{"id": 1, "x": {"y": 1}}, {"id": 2, "z": []}], "n": None}
    assert members(value) == ("data", "data.id", "data.x", "data.x.y", "data.z", "n")
    assert members(1) == ()


WORDS = st.sampled_from(["red", "green", "blue", "a longer text", ""])
NAMES = st.sampled_from(["alpha", "beta", "gamma", "delta", "a/b", "m~n", "", "ünicode", "0"])
SCALARS = WORDS | st.integers(-50, 50) | st.booleans() | st.none() | st.floats(-9, 9, width=16)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(NAMES, below, max_size=3),
    max_leaves=12,
)
CONTAINERS = st.lists(DOCUMENTS, min_size=1, max_size=3) | st.dictionaries(
    NAMES, DOCUMENTS, min_size=1, max_size=4
)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6),
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=4), below, max_size=3)
    ),
    max_leaves=10,
)


@given(ANYTHING, st.sampled_from([None, 1, 4]), st.booleans())
def test_a_document_agrees_with_itself_however_it_is_spelled(
    value: object,
    indent: int | None,
    plain: bool,  # noqa: FBT001 - drawn
) -> None:
    documented = json.dumps(value, indent=indent, ensure_ascii=plain)
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    observed = answer(HEAD.strip())._replace(body=text)
    if "..." not in documented and "…" not in documented and "\0" not in documented:
        assert mismatches(compared(HEAD + documented, observed)) == []


@given(ANYTHING, ANYTHING)
def test_any_two_documents_can_be_compared(one: object, other: object) -> None:
    first = judged(json.dumps(one), json.dumps(other))
    assert first == judged(json.dumps(one), json.dumps(other))
    if same_value(one, other):
        assert mismatches(first) == []


class Written:
    """A document as an author writes it, with the line of every place in it."""

    def __init__(self, document: object) -> None:
        self.lines: list[str] = [""]
        self.at: dict[str, int] = {}
        self._write(document, "", 0)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def _write(self, value: object, pointer: str, depth: int) -> None:
        self.at.setdefault(pointer, len(self.lines) - 1)
        if not isinstance(value, (dict, list)) or not value:
            self.lines[-1] += json.dumps(value)
            return
        named = isinstance(value, dict)
        items = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
        self.lines[-1] += "{" if named else "["
        for position, (name, below) in enumerate(items):
            self.lines.append("  " * (depth + 1))
            here = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
            self.at[here] = len(self.lines) - 1
            self.lines[-1] += f"{json.dumps(name)}: " if named else ""
            self._write(below, here, depth + 1)
            self.lines[-1] += "," if position < len(items) - 1 else ""
        self.lines.append("  " * depth + ("}" if named else "]"))


def places(value: object, pointer: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Pointer, container and key of everything in a document."""
    if not isinstance(value, (dict, list)):
        return
    for key, below in value.items() if isinstance(value, dict) else enumerate(value):
        here = f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
        yield here, value, key
        yield from places(below, here)


@settings(max_examples=150)
@given(CONTAINERS, st.data())
def test_any_single_change_of_a_document_is_told_at_its_line(
    document: Any, data: st.DataObject
) -> None:
    written = Written(document)
    changed = copy.deepcopy(document)
    pointer, container, key = data.draw(st.sampled_from(list(places(changed))))
    parent = pointer.rpartition("/")[0]
    change = data.draw(st.sampled_from(["remove", "add", "type", "value"]))
    if change == "remove":
        del container[key]
        where = pointer if isinstance(container, dict) else parent
        expected = ("missing member" if isinstance(container, dict) else "length", where)
    elif change == "add" and isinstance(container, dict):
        container["new"] = 1
        expected, where = ("undocumented member", f"{parent}/new"), parent
    elif change == "add":
        container.append(1)
        expected, where = ("length", parent), parent
    elif change == "type":
        container[key] = {"new": 1} if not isinstance(container[key], dict) else []
        expected, where = ("type", pointer), pointer
    else:
        container[key], kind = other_value(container[key])
        expected, where = (kind, pointer), pointer
    found = told(written.text, json.dumps(changed))
    line = BODY_LINE + written.at[where]
    assert (expected[0], expected[1] or "body", line) in found
    assert change == "remove" or len(found) == 1


def other_value(value: object) -> tuple[object, str]:
    """Another value of the same type that no server makes up, and how that is told."""
    if isinstance(value, bool):
        return not value, "value"
    if isinstance(value, (int, float)):
        return value + 1, "value"
    if isinstance(value, str):
        return f"{value} other", "value"
    return "other", "type"
