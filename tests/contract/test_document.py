"""JSON as authors write it: elisions are understood, mistakes are told and mended."""

from __future__ import annotations

import copy
import json
import math
import pickle

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from honestdocs.contract.document import (
    ELISION,
    Document,
    Lines,
    OpenObject,
    Placeholder,
    locate,
    looks_like_json,
    parse_document,
    render_value,
)
from honestdocs.contract.notation import Flaws
from honestdocs.contract.recovery import recover

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXTS, below, max_size=4),
    max_leaves=20,
)
CONTAINERS = st.lists(VALUES, max_size=4) | st.dictionaries(TEXTS, VALUES, max_size=4)
ELLIPSES = st.sampled_from(
    ["...", "…", "....", ". . .", "// ...\n", "# ...\n", "/* ... */", "<...>", "... 7 more\n"]
)
DEBRIS = st.text(
    st.sampled_from("{}[]:,;\"'“”’<>/\\*#.…=- \n\t\xa0\ufeff01aeEuxNTn()$%_\x00\ud800\u2018"),
    max_size=60,
)


def flaws(document: Document) -> list[tuple[int, int, str]]:
    return [(flaw.line, flaw.column, flaw.message) for flaw in document.flaws]


def is_elision(value: object) -> bool:
    return value is ELISION


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, null, true, "b"]}', {"a": [1, 2.5, None, True, "b"]}),
        (' \n"alone"\n', "alone"),
        ("-0.5e3", -500.0),
        ("[]", []),
    ],
)
def test_plain_json_is_read_without_flaws(text: str, value: object) -> None:
    assert parse_document(text) == Document(value=value, parsed=True)


@pytest.mark.parametrize("text", ["", " ", "\n\n\t\r\n"])
def test_blank_text_says_nothing_and_has_no_flaw(text: str) -> None:
    assert parse_document(text) == Document()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, ..., 9]", [1, ELISION, 9]),
        ("[1, 2 ... 9]", [1, 2, ELISION, 9]),
        ("[1, …]", [1, ELISION]),
        ("[....]", [ELISION]),
        ("[..., ...]", [ELISION]),
        ("[\n  1,\n  // ...\n]", [1, ELISION]),
        ("[1, # ...\n 2]", [1, ELISION, 2]),
        ("[1, /* ... */ 2]", [1, ELISION, 2]),
        ("[1, ... 10 more]", [1, ELISION]),
        ("[1, 2...]", [1, 2, ELISION]),
        ("[1, <...>]", [1, ELISION]),
        ("...", ELISION),
        ('{"a": ...}', {"a": ELISION}),
        ('{"a": …, "b": 1}', {"a": ELISION, "b": 1}),
        ('{"a": ...\n "b": 1}', {"a": ELISION, "b": 1}),
        ('{"id": 12345...}', {"id": ELISION}),
    ],
)
def test_an_elision_is_understood_where_a_value_stands(text: str, value: object) -> None:
    document = parse_document(text)
    assert document == Document(value=value, parsed=True)
    assert not isinstance(document.value, OpenObject)


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("{...}", {}),
        ('{"a": 1, ...}', {"a": 1}),
        ('{"a": 1 ...}', {"a": 1}),
        ('{"a": 1\n  ...\n  "b": 2}', {"a": 1, "b": 2}),
        ('{..., "b": 2}', {"b": 2}),
        ('{"a": 1, ..., }', {"a": 1}),
        ('{"a": 1, // ...\n}', {"a": 1}),
        ('{"a": 1, /* ... */ "b": 2}', {"a": 1, "b": 2}),
        ('{"a": 1, # ... and so on\n}', {"a": 1}),
        ('{"a": 1, ...: ...}', {"a": 1}),
        ('{"a": "x"...}', {"a": "x"}),
        ('{"a": 1, ... other members}', {"a": 1}),
    ],
)
def test_an_elided_member_opens_its_object(text: str, members: dict[str, object]) -> None:
    document = parse_document(text)
    assert isinstance(document.value, OpenObject)
    assert document == Document(value=members, parsed=True)


def test_dots_in_a_string_are_left_for_the_comparison() -> None:
    assert parse_document('{"token": "3f2c...", "...": "..."}').value == {
        "token": "3f2c...",
        "...": "...",
    }


def test_the_elision_is_one_and_the_same_after_a_pickle_and_a_copy() -> None:
    value = parse_document('{"a": [1, ...], ...}').value
    for again in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):  # noqa: S301 - our own
        assert isinstance(again, OpenObject)
        assert again["a"][1] is ELISION
    assert repr(ELISION) == "ELISION"


@pytest.mark.parametrize(
    ("text", "value", "found"),
    [
        ('{"a": 1,}', {"a": 1}, [(0, 7, "a comma stands before the closing bracket")]),
        ("[1, 2,\n]", [1, 2], [(0, 5, "a comma stands before the closing bracket")]),
        ('{"a": 1\n "b": 2}', {"a": 1, "b": 2}, [(0, 7, "a comma is missing")]),
        ('["a" "b"]', ["a", "b"], [(0, 4, "a comma is missing")]),
        ("[{}\n{}]", [{}, {}], [(0, 3, "a comma is missing")]),
        ("[1 2 3]", [1, 2, 3], [(0, 2, "a comma is missing"), (0, 4, "a comma is missing")]),
        ("[1,,2]", [1, 2], [(0, 3, "a comma too many")]),
        ("[,1]", [1], [(0, 1, "a comma too many")]),
        ('{"a": 1; "b": 2}', {"a": 1, "b": 2}, [(0, 7, "a semicolon stands for a comma")]),
        ('{"a" 1}', {"a": 1}, [(0, 4, "a colon is missing")]),
        ('{"a" = 1}', {"a": 1}, [(0, 5, "= stands for a colon")]),
        ('{"a" => 1}', {"a": 1}, [(0, 5, "=> stands for a colon")]),
        ('{"a": "x" | "y", "b": 1}', {"a": "x", "b": 1}, [(0, 10, "this text has no place here")]),
        ('["a" | "b", 1]', ["a", 1], [(0, 5, "this text has no place here")]),
        ('["a": 1]', [{"a": 1}], [(0, 1, "members stand without braces")]),
        ('"a": 1, "b": 2', {"a": 1, "b": 2}, [(0, 0, "members stand without braces")]),
        ("{[1]}", {}, [(0, 1, "a value stands without a name")]),
    ],
)
def test_wrong_punctuation_is_told_once_and_mended(
    text: str, value: object, found: list[tuple[int, int, str]]
) -> None:
    document = parse_document(text)
    assert document.value == value
    assert flaws(document) == found


@pytest.mark.parametrize(
    ("text", "value", "found"),
    [
        ('{"a": {"b": [1, 2', {"a": {"b": [1, 2]}}, [(0, 17, "]}} is missing at the end")]),
        ('{"a": 1,\n', {"a": 1}, [(0, 8, "} is missing at the end")]),
        ('{"a": [1, 2}', {"a": [1, 2]}, [(0, 11, "] is missing before }")]),
        ('[{"a": 1]', [{"a": 1}], [(0, 8, "} is missing before ]")]),
        ('{"a": 1]', {"a": 1}, [(0, 7, "] stands where } should")]),
        ('{"a": 1], "b": 2}', {"a": 1, "b": 2}, [(0, 7, "] closes nothing")]),
        ('{"a": 1} so it is', {"a": 1}, [(0, 9, "more text follows the value")]),
        ("[1]]", [1], [(0, 3, "more text follows the value")]),
        ("{\n}\n{\n}", {}, [(2, 0, "more text follows the value")]),
    ],
)
def test_brackets_that_do_not_match_are_told_once(
    text: str, value: object, found: list[tuple[int, int, str]]
) -> None:
    document = parse_document(text)
    assert document.value == value
    assert flaws(document) == found


@pytest.mark.parametrize(
    ("text", "value", "found"),
    [
        ('{"a": "foo, "b": 2}', {"a": "foo", "b": 2}, [(0, 10, "the closing quote is missing")]),
        ('{"a": "foo,\n "b": 2}', {"a": "foo", "b": 2}, [(0, 10, "the closing quote is missing")]),
        ('{"a": "foo}', {"a": "foo"}, [(0, 10, "the closing quote is missing")]),
        ('{"a": "{x}\n}', {"a": "{x}"}, [(0, 10, "the closing quote is missing")]),
        ('{"a: 1, "b": 2}', {"a": 1, "b": 2}, [(0, 3, "the closing quote is missing")]),
        ('{"a": foo", "b": 2}', {"a": "foo", "b": 2}, [(0, 6, "the opening quote is missing")]),
        ('{a": 1}', {"a": 1}, [(0, 1, "the opening quote is missing")]),
        (
            '{"a": "no "x" here", "b": 2}',
            {"a": 'no "x" here', "b": 2},
            [(0, 10, "a quote inside a string needs a backslash")],
        ),
        ('{"a": "x\ny"}', {"a": "x\ny"}, [(0, 8, "a line break stands inside a string")]),
        ('{"a": "x\ty"}', {"a": "x\ty"}, [(0, 8, "a control character stands inside a string")]),
        (
            r'{"a": "C:\dir"}',
            {"a": r"C:\dir"},
            [(0, 9, "a backslash begins no escape of JSON")],
        ),
        (
            "{'a': 'it\\'s', 'b': 'it's \"x\"'}",
            {"a": "it's", "b": 'it\'s "x"'},
            [(0, 1, "single quotes stand for double quotes (4 times)")],
        ),
        ("{“a”: 1}", {"a": 1}, [(0, 1, "typographic quotes stand for plain ones")]),
        ('{"a": """x\ny"""}', {"a": "x\ny"}, [(0, 6, "three quotes stand for one")]),
        ("{u'a': b'x'}", {"a": "x"}, [(0, 1, "single quotes stand for double quotes (2 times)")]),
    ],
)
def test_a_string_with_a_quote_or_an_escape_amiss_is_recovered(
    text: str, value: object, found: list[tuple[int, int, str]]
) -> None:
    document = parse_document(text)
    assert document.value == value
    assert flaws(document) == found


@pytest.mark.parametrize(
    ("word", "value", "message"),
    [
        ("True", True, "True is written true in JSON"),
        ("False", False, "False is written false in JSON"),
        ("None", None, "None is written null in JSON"),
        ("undefined", None, "undefined is written null in JSON"),
        ("Infinity", math.inf, "Infinity is no number of JSON"),
        ("-Infinity", -math.inf, "-Infinity is no number of JSON"),
        ("0x1F", 31, "0x1F is no number of JSON"),
        ("007", 7, "007 is no number of JSON"),
        ("+1", 1, "+1 is no number of JSON"),
        (".5", 0.5, ".5 is no number of JSON"),
        ("1_000", 1000, "1_000 is no number of JSON"),
        ("<token>", Placeholder("token"), "a placeholder stands without quotes"),
        ("<your token>", Placeholder("your token"), "a placeholder stands without quotes"),
        ("{id}", Placeholder("id"), "a placeholder stands without quotes"),
        ("{{id}}", Placeholder("id"), "a placeholder stands without quotes"),
        ("$TOKEN", Placeholder("TOKEN"), "a placeholder stands without quotes"),
        ("integer", Placeholder("integer"), "a placeholder stands without quotes"),
        (
            'ISODate("2015-06-18")',
            Placeholder('ISODate("2015-06-18")'),
            "a placeholder stands without quotes",
        ),
        ("2015-06-18", "2015-06-18", "a string stands without quotes"),
        ("http://a.example/b", "http://a.example/b", "a string stands without quotes"),
        ("10 items", "10 items", "a string stands without quotes"),
        ("", ELISION, "this name has no value"),
    ],
)
@pytest.mark.parametrize(("before", "after"), [('{"a": ', "}"), ('{"a": ', ', "b": 1}')])
def test_a_bare_word_has_the_value_that_was_meant(
    word: str, value: object, message: str, before: str, after: str
) -> None:
    document = parse_document(before + word + after)
    assert document.value["a"] == value
    assert type(document.value["a"]) is type(value)
    assert [flaw.message for flaw in document.flaws] == [message]


def test_not_a_number_is_told_and_kept() -> None:
    document = parse_document("[NaN]")
    assert math.isnan(document.value[0])
    assert flaws(document) == [(0, 1, "NaN is no number of JSON")]


def test_a_number_of_thousands_of_digits_is_told() -> None:
    document = parse_document(f"[{'9' * 5000}]")
    assert document.value == [math.inf]
    assert flaws(document) == [(0, 1, "a number has more digits than can be read")]


@pytest.mark.parametrize("comment", ["// why\n", "# why\n", "/* why */", "<!-- why -->"])
def test_comments_are_told_once_and_passed_over(comment: str) -> None:
    document = parse_document(f'{{"a": 1, {comment} "b": [2] {comment}}}')
    assert document.value == {"a": 1, "b": [2]}
    assert flaws(document) == [(0, 9, "a comment is not JSON (2 times)")]


def test_a_slash_or_a_hash_in_a_string_begins_no_comment() -> None:
    assert parse_document('{"a": "http://x/#y", ...}').flaws == ()


def test_a_name_that_is_there_twice_is_told_and_its_last_value_kept() -> None:
    document = parse_document('{"a": 1,\n "b": 2,\n "a": 3}')
    assert document.value == {"a": 3, "b": 2}
    assert flaws(document) == [(2, 1, 'the name "a" is there twice')]


def test_names_without_quotes_are_one_flaw_with_their_count() -> None:
    document = parse_document('{name: "x", other-name: {$ref: 1}}')
    assert document.value == {"name": "x", "other-name": {"$ref": 1}}
    assert flaws(document) == [(0, 1, "a member name stands without quotes (3 times)")]


def test_blanks_that_json_does_not_know_are_told() -> None:
    document = parse_document('\ufeff{"a":\xa01}')
    assert document.value == {"a": 1}
    assert flaws(document) == [(0, 0, "a blank is none of JSON's (2 times)")]


def test_several_mistakes_are_told_in_the_order_of_the_text() -> None:
    text = '{\n  "a": 1,\n  "b": \'x\'\n  "c": [1, 2,],\n  d: None\n'
    document = parse_document(text)
    assert document.value == {"a": 1, "b": "x", "c": [1, 2], "d": None}
    assert flaws(document) == [
        (2, 7, "single quotes stand for double quotes"),
        (2, 10, "a comma is missing"),
        (3, 12, "a comma stands before the closing bracket"),
        (4, 2, "a member name stands without quotes"),
        (4, 5, "None is written null in JSON"),
        (4, 9, "} is missing at the end"),
    ]


@pytest.mark.parametrize(
    "text", ["Not found.", "OK", "<html><body></body></html>", "a=1&b=2", "}", "HTTP/1.1 200 OK"]
)
def test_a_text_that_is_no_json_at_all_is_not_parsed(text: str) -> None:
    document = parse_document(text)
    assert not document.parsed
    assert flaws(document) == [(0, 0, "this is not JSON")]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('{"a":1}\n{"a":2}\n', [{"a": 1}, {"a": 2}]),
        ('{"a":1}\n\n{"a":2}', [{"a": 1}, {"a": 2}]),
        ('{"a":1}\r\n{"a":2}\r\n', [{"a": 1}, {"a": 2}]),
        ('{"a":1}\n...\n{"a":9}', [{"a": 1}, ELISION, {"a": 9}]),
        ('{"a":1}\n...', [{"a": 1}, ELISION]),
        ('...\n{"a": 1, ...}', [ELISION, {"a": 1}]),
        ('1\n"two"\nnull', [1, "two", None]),
    ],
)
def test_values_on_lines_of_their_own_are_lines(text: str, values: list[object]) -> None:
    document = parse_document(text)
    assert document == Document(value=values, parsed=True, lines=True)
    assert isinstance(document.value, Lines)


def test_a_mistake_in_one_of_several_lines_is_told_there() -> None:
    document = parse_document('{"a":1}\n{"a":2,}\n{"a":3}')
    assert document.value == [{"a": 1}, {"a": 2}, {"a": 3}]
    assert document.lines
    assert flaws(document) == [(1, 6, "a comma stands before the closing bracket")]


def test_an_ellipsis_under_an_object_of_several_lines_leaves_it_one_value() -> None:
    assert parse_document('{\n  "a": 1\n}\n...') == Document(value={"a": 1}, parsed=True)


@pytest.mark.parametrize("piece", ["[", '{"a":', "[{", "{", "[1,", '[{"a":[...,'])
def test_a_hundred_thousand_brackets_are_a_flaw_and_no_crash(piece: str) -> None:
    document = parse_document(piece * 100_000)
    assert document.parsed
    assert any("nested" in flaw.message for flaw in document.flaws)


def test_valid_json_that_nests_too_deep_to_be_walked_is_a_flaw() -> None:
    document = parse_document("[" * 300 + "1" + "]" * 300)
    assert flaws(document) == [(0, 200, "values are nested more than 200 levels deep")]
    assert parse_document("[" * 200 + "1" + "]" * 200).flaws == ()


def test_hopeless_text_is_read_in_reasonable_steps() -> None:
    for text in ('"a\n' * 30_000, "[}" * 30_000, '"x' * 30_000, "... " * 30_000, "{" * 30_000):
        assert len(parse_document(text).flaws) <= 50


@given(VALUES, st.sampled_from([None, 0, 2]))
def test_valid_json_has_no_flaws_and_its_own_value(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert parse_document(text) == Document(value=json.loads(text), parsed=True)


@given(value=VALUES, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_the_tolerant_reader_agrees_with_the_plain_one(
    *, value: object, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    told = Flaws()
    assert recover(text, told).value == json.loads(text)
    assert told.told(text) == ()


@given(DEBRIS | st.text())
def test_no_text_at_all_makes_the_reader_raise(text: str) -> None:
    document = parse_document(text)
    lines = text.split("\n")
    assert all(0 <= flaw.column <= len(lines[flaw.line]) for flaw in document.flaws)
    assert document.parsed or document.flaws or not text.strip()
    assert isinstance(render_value(document.value), str)
    locate(text, "/0/a")
    looks_like_json(text)


@given(CONTAINERS, DEBRIS, st.integers(0, 10**6), st.integers(0, 4))
def test_no_damage_to_a_document_makes_the_reader_raise(
    value: object, debris: str, at: int, gone: int
) -> None:
    text = json.dumps(value, indent=1)
    at %= len(text) + 1
    damaged = text[:at] + debris + text[at + gone :]
    document = parse_document(damaged)
    assert document.parsed or document.flaws or not damaged.strip()


@st.composite
def elided(draw: st.DrawFn) -> tuple[str, object]:
    """A text with elided members and elements, and the value that it stands for."""
    return draw_elided(draw, draw(CONTAINERS))


def draw_elided(draw: st.DrawFn, value: object) -> tuple[str, object]:
    if not isinstance(value, (dict, list)):
        return json.dumps(value), value
    items = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    place = draw(st.none() | st.integers(0, len(items)))
    parts: list[str] = []
    members: dict[str, object] = {}
    elements: list[object] = []
    for at, (name, item) in enumerate(items):
        if at == place:
            parts.append(draw(ELLIPSES))
            elements.append(ELISION)
        text, expected = draw_elided(draw, item)
        parts.append(f"{json.dumps(name)}: {text}" if isinstance(value, dict) else text)
        members[str(name)] = expected
        elements.append(expected)
    if place == len(items):
        parts.append(draw(ELLIPSES))
        elements.append(ELISION)
    inner = ",\n".join(parts)
    if isinstance(value, list):
        return f"[{inner}]", elements
    return f"{{{inner}}}", OpenObject(members) if place is not None else members


@given(elided())
def test_an_elision_anywhere_keeps_all_the_rest(case: tuple[str, object]) -> None:
    text, value = case
    document = parse_document(text)
    assert document.flaws == ()
    assert document.value == value
    assert openness(document.value) == openness(value)


def openness(value: object) -> object:
    if isinstance(value, dict):
        return isinstance(value, OpenObject), [openness(item) for item in value.values()]
    return [openness(item) for item in value] if isinstance(value, list) else None


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("", (0, 0)),
        ("/data", (1, 2)),
        ("/data/0", (2, 4)),
        ("/data/0/id", (2, 5)),
        ("/data/1/id", (3, 6)),
        ("/a~1b", (4, 2)),
        ("/a~1b/m~0n", (4, 11)),
        ("/data/7", (1, 2)),
        ("/data/0/missing/deeper", (2, 4)),
        ("/missing", (0, 0)),
    ],
)
def test_a_pointer_leads_to_the_name_or_to_what_is_around_it(
    pointer: str, place: tuple[int, int]
) -> None:
    text = '{\n  "data": [\n    {"id": 1},\n    { "id": 2}],\n  "a/b": { "m~n": 3}\n}'
    assert locate(text, pointer) == place


def test_a_pointer_leads_through_a_text_that_is_no_json() -> None:
    text = "{\n  'data': [\n    ...,\n    {id: <id>,\n     \"x\": 1,}\n  ]\n  ..."
    assert locate(text, "/data/0") == (2, 4)
    assert locate(text, "/data/1/x") == (4, 5)
    assert locate(text, "/data/1/id") == (3, 5)


def test_a_pointer_into_lines_begins_with_the_number_of_the_value() -> None:
    assert locate('{"a":1}\n{"a":2}', "/1/a") == (1, 1)


@pytest.mark.parametrize(("text", "pointer"), [("", "/a"), ("Not found.", ""), ("{}", "a")])
def test_there_is_no_place_where_there_is_no_value_or_no_pointer(text: str, pointer: str) -> None:
    assert locate(text, pointer) is None


def spelled(value: object, pointer: str, lines: list[str], places: dict[str, int]) -> None:
    """Writes a value with each member and element on a line of its own."""
    if not isinstance(value, (dict, list)):
        lines[-1] += json.dumps(value)
        return
    items = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    lines[-1] += "{" if isinstance(value, dict) else "["
    for at, (name, item) in enumerate(items):
        below = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
        lines.append(f"{json.dumps(name)}: " if isinstance(value, dict) else "")
        places[below] = len(lines) - 1
        spelled(item, below, lines, places)
        lines[-1] += "," if at < len(items) - 1 else ""
    lines.append("}" if isinstance(value, dict) else "]")


@given(CONTAINERS)
def test_every_member_of_a_pretty_document_is_found_on_its_line(value: object) -> None:
    lines, places = [""], dict[str, int]()
    spelled(value, "", lines, places)
    text = "\n".join(lines)
    assume(json.loads(text) == value)
    for pointer, line in places.items():
        assert locate(text, pointer) == (line, 0)


@pytest.mark.parametrize(
    "text",
    ['{"a": 1}', " \n[1]", "{...}", '"x"', "12", "-1.5e3", "true", "null\n", "[true]", "[a]"],
)
def test_json_is_told_by_its_first_character(text: str) -> None:
    assert looks_like_json(text)


@pytest.mark.parametrize(
    "text", ["", "Not found", "a: 1", "<a/>", '"a" and "b"', "1 2", "[section]\nname = value"]
)
def test_other_texts_do_not_look_like_json(text: str) -> None:
    assert not looks_like_json(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [1, None, True, "é"]}, '{"a": [1, null, true, "é"]}'),
        ([1, ELISION], "[1, ...]"),
        (OpenObject(a=1), '{"a": 1, ...}'),
        (OpenObject(), "{...}"),
        (ELISION, "..."),
        ({"id": Placeholder("id")}, '{"id": <id>}'),
        (Lines([{"a": 1}, ELISION]), '{"a": 1} ...'),
        ("a\nb", '"a\\nb"'),
        ("\ud800", '"\\ud800"'),
    ],
)
def test_a_value_is_shown_as_compact_json(value: object, text: str) -> None:
    assert render_value(value) == text


def test_a_long_value_is_shown_without_its_middle() -> None:
    shown = render_value({"text": "x" * 500, "last": "y" * 20})
    assert len(shown) == 120
    assert shown.startswith('{"text": "xxx')
    assert shown.endswith('yyy"}')
    assert " … " in shown


def test_even_an_endless_value_is_shown() -> None:
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    assert len(render_value(deep)) <= 120
    assert len(render_value(["x" * 10**6] * 1000)) <= 120
    assert render_value(10**5000) == "a number of thousands of digits"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"figs": 3, ...', OpenObject({"figs": 3})),
        ("[1, 2, ...", [1, 2, ELISION]),
        (
            '{"jars": [{"jam": "fig",.....',
            OpenObject({"jars": [OpenObject({"jam": "fig"}), ELISION]}),
        ),
    ],
)
def test_an_ellipsis_that_ends_the_text_stands_for_all_that_is_left(
    text: str, expected: object
) -> None:
    document = parse_document(text)
    assert document.flaws == ()
    assert document.value == expected
