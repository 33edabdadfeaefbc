"""What was observed becomes what is documented, and nothing else changes."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.writing import answer, example
from honestdocs.contract.binding import Bindings
from honestdocs.contract.edit import apply_edits
from honestdocs.contract.example import Example
from honestdocs.contract.judgement import judge
from honestdocs.contract.mending import Mended, mend
from honestdocs.contract.outcome import Result
from honestdocs.contract.passage import split_lines
from honestdocs.contract.place import Place
from honestdocs.contract.usage import NOBODY
from honestdocs.contract.wire import WireResponse

ABOVE = ["Title\t", "=====", "", "Wörds.", "", ".. code-block:: http", ""]
BELOW = ["", "After ▲.", ""]


@dataclass(frozen=True)
class Source:
    """A page with one response, as it is written: its line ends and what indents the block."""

    block: str
    ending: str = "\n"
    indent: str = "   "

    @property
    def text(self) -> str:
        rows = [f"{self.indent}{row}" if row else "" for row in self.block.split("\n")]
        return self.ending.join([*ABOVE, *rows, *BELOW])

    def read(self, text: str) -> Example:
        """The example as docutils shows it of a text of the page."""
        rows = [line.expandtabs(8).rstrip() for line in text.split(self.ending)]
        assert [*rows[: len(ABOVE)]] == [row.rstrip() for row in ABOVE]
        end = len(rows) - len(BELOW)
        shown = rows[len(ABOVE) : end]
        width = min(len(row) - len(row.lstrip()) for row in shown if row)
        place = Place("page.rst", len(ABOVE) + 1)
        found = example("\n".join(row[width:] for row in shown))
        return replace(found, response_place=place, response_block=place)


def result_of(found: Example, observed: WireResponse, **facts: Any) -> Result:
    given = {"bindings": Bindings(), "usage": NOBODY, "lies": {}} | facts
    (result,) = judge([found], observed, **given).results
    return result


def mended(source: Source, observed: WireResponse, **facts: Any) -> tuple[str, Mended]:
    """The page once what was observed is accepted, and what was left."""
    found = source.read(source.text)
    result = result_of(found, observed, **facts)
    lines = split_lines(source.text)
    made = mend(lines, found, result.mismatches, further=result.further)
    return apply_edits(lines, made.edits), made


def accepted(documented: str, observed: str, **facts: Any) -> str:
    """The block of a page once what was observed is accepted whole, checked to be clean."""
    source = Source(documented)
    text, made = mended(source, answer(observed), **facts)
    assert not made.left
    assert not result_of(source.read(text), answer(observed), **facts).mismatches
    rows = text.split("\n")[len(ABOVE) : -len(BELOW)]
    return "\n".join(row.removeprefix("   ") for row in rows)


def reasons(documented: str, observed: str | WireResponse, **facts: Any) -> list[str]:
    source = Source(documented)
    came = answer(observed) if isinstance(observed, str) else observed
    text, made = mended(source, came, **facts)
    assert text == source.text
    return [left.reason for left in made.left]


def body(documented: str, observed: str, **facts: Any) -> str:
    """The documented body once the observed one is accepted."""
    head = "HTTP/1.1 200 OK\n\n"
    return accepted(head + documented, head + observed, **facts).removeprefix(head)


@pytest.mark.parametrize(
    ("documented", "observed", "expected"),
    [
        ('{"a": 1}', '{"a": 2}', '{"a": 2}'),
        ('{"a":1,"b":true}', '{"a":1,"b":false}', '{"a":1,"b":false}'),
        ('{"a": 1}', '{"a": "one"}', '{"a": "one"}'),
        ('{"a": 1, "b": 2}', '{"a": 1}', '{"a": 1}'),
        ('{"a": 1, "b": 2}', '{"b": 2}', '{"b": 2}'),
        ('{"a": 1}', "{}", "{}"),
        ("{}", '{"a": 1}', '{"a": 1}'),
        ('{"a": 1, "c": 3}', '{"a": 1, "b": 2, "c": 3}', '{"a": 1, "b": 2, "c": 3}'),
        ('{"c": 3}', '{"a": 1, "b": 2, "c": 3}', '{"a": 1, "b": 2, "c": 3}'),
        ('{"a": 1, "d": 4}', '{"d": 4, "b": 2, "a": 1}', '{"a": 1, "b": 2, "d": 4}'),
        ('{\n  "a": 1\n}', '{"a": 1, "b": [1, {"c": 2}]}',
         '{\n  "a": 1,\n  "b": [\n    1,\n    {\n      "c": 2\n    }\n  ]\n}'),
        ('{\n\t"a": 1,\n\t"c": 3\n}', '{"a": 1, "b": 2, "c": 3}',
         '{\n\t"a": 1,\n\t"b": 2,\n\t"c": 3\n}'),
        ('{"a": [1, 2]}', '{"a": [1, 2, 3]}', '{"a": [1, 2, 3]}'),
        ('{"a": [1, 2]}', '{"a": []}', '{"a": []}'),
        ('{"a": []}', '{"a": [1]}', '{"a": [1]}'),
        ("[\n  1,\n  2\n]", "[1]", "[\n  1\n]"),
        ("[[1, 2], [3]]", "[[1, 2], [3, 4], [5]]", "[[1, 2], [3, 4], [5]]"),
        ('{"a": "\\u00e9"}', '{"a": "\\u00e8"}', '{"a": "\\u00e8"}'),
        ('{"a": "é"}', '{"a": "\\u00e8"}', '{"a": "è"}'),
        ('{"a": "x"}', '{"a": "\\u2028\\t\\ud83d\\ude00"}', '{"a": "\\u2028\\t😀"}'),
        ('{"n": 1.50, "m": 1e3, "a": 1}', '{"n": 1.5, "m": 1000, "a": 2}',
         '{"n": 1.50, "m": 1e3, "a": 2}'),
        ('{"a": 0, "a": 1}', '{"a": 2}', '{"a": 0, "a": 2}'),
        ('{"a": 0, "b": 1, "a": 1}', '{"b": 1}', '{"b": 1}'),
        ('{"a": 1, ...}', '{"a": 2, "b": 3}', '{"a": 2, ...}'),
        ('{"a": 1, "b": 2, ...}', '{"a": 1, "c": 3}', '{"a": 1, ...}'),
        ('[{"a": 1}, ...]', '[{"a": 2}, {"a": 3}]', '[{"a": 2}, ...]'),
        ('[..., {"a": 1}]', '[{"a": 3}, {"a": 2}]', '[..., {"a": 2}]'),
        ("[1, 2, ..., 3]", "[1]", "[1, ...]"),
        ('{"id": "<id>", "a": 1}', '{"id": "4", "a": 2}', '{"id": "<id>", "a": 2}'),
        ('{"a": "abc..."}', '{"a": "xyzuvw"}', '{"a": "xyz..."}'),
        ('{"a": 1,\n "b": 2}', '{"a": 1, "b": 2, "c": 3}', '{"a": 1,\n "b": 2,\n "c": 3}'),
        ('{\n "a": 1, // one\n "b": 2}', '{"a": 3, "c": 4, "b": 2}',
         '{\n "a": 3, // one\n "c": 4,\n "b": 2}'),
        ('{"a": 1}\n{"a": 2}', '{"a": 1}\n{"a": 3}', '{"a": 1}\n{"a": 3}'),
        ("old words\nand more", "new words\nand more", "new words\nand more"),
        ('{"a/b": {"c~d": 1}}', '{"a/b": {"c~d": 2}}', '{"a/b": {"c~d": 2}}'),
        ('{"a": {}}', '{"a": null}', '{"a": null}'),
    ],
)  # fmt: skip
def test_a_body_says_what_was_observed(documented: str, observed: str, expected: str) -> None:
    assert body(documented, observed) == expected


def test_a_status_line_keeps_its_spelling() -> None:
    assert accepted("HTTP/1.1 404 Not Found", "HTTP/1.1 201 Created") == "HTTP/1.1 201 Created"
    assert accepted("HTTP/1.1 404", "HTTP/1.1 201 Created") == "HTTP/1.1 201"
    assert accepted("HTTP/2 404 Not Found", "HTTP/2 201") == "HTTP/2 201 Created"


def test_what_a_wrong_status_hides_is_accepted_with_it() -> None:
    old = 'HTTP/1.1 201 Created\nX-Old: 1\n\n{"a": 1}'
    new = 'HTTP/1.1 200 OK\n\n{"a": 2}'
    assert accepted(old, new) == new


def test_header_fields_change_or_go() -> None:
    old = "HTTP/1.1 200 OK\nContent-Type:  text/plain\nX-Gone: 1\nAllow: GET,  PUT"
    new = "HTTP/1.1 200 OK\nContent-Type: text/html\nAllow: GET"
    assert accepted(old, new) == "HTTP/1.1 200 OK\nContent-Type:  text/html\nAllow: GET"


def test_a_body_that_did_not_come_goes() -> None:
    assert accepted("HTTP/1.1 200 OK\nA: b\n\ngone", "HTTP/1.1 200 OK\nA: b") == (
        "HTTP/1.1 200 OK\nA: b"
    )


def test_what_is_bound_is_written_as_the_page_has_it() -> None:
    bindings = Bindings()
    bindings.bind("b4n7-xyz", "x8k2-abc")
    head = "HTTP/1.1 200 OK\n\n"
    source = Source(head + '{"old": "word"}')
    observed = answer(head + '{"old": "word", "ref": "/items/x8k2-abc", "it": "x8k2-abc"}')
    text, _ = mended(source, observed, bindings=bindings)
    assert '{"old": "word", "ref": "/items/b4n7-xyz", "it": "b4n7-xyz"}' in text


def test_the_origin_of_the_service_is_written_as_the_page_has_it() -> None:
    origins = ("http://127.0.0.1:4711", "http://api.example")
    text = body("{}", '{"next": "http://127.0.0.1:4711/a?b"}', origins=origins)
    assert text == '{"next": "http://api.example/a?b"}'


@pytest.mark.parametrize(
    ("member", "shown"),
    [
        ('"password": "hunter2"', '"password": "<password>"'),
        ('"access_token": "s3cr3t-words"', '"access_token": "<access_token>"'),
        ('"sessionKey": "abcdefgh"', '"sessionKey": "<sessionKey>"'),
        ('"credentials": {"user": "bobby"}', '"credentials": {"user": "<user>"}'),
        ('"note": "Bearer abcdefgh"', '"note": "<note>"'),
        ('"url": "http://bob:pw@host/"', '"url": "<url>"'),
        ('"token_ttl": 3600', '"token_ttl": 3600'),
        ('"key": "colour"', '"key": "colour"'),
        ('"author": "Ann"', '"author": "Ann"'),
    ],
)
def test_a_placeholder_is_written_for_a_secret(member: str, shown: str) -> None:
    assert body("{}", f"{{{member}}}") == f"{{{shown}}}"


HEAD = "HTTP/1.1 200 OK\n\n"


@pytest.mark.parametrize(
    ("documented", "observed", "reason"),
    [
        ("HTTP/1.1 200 OK", "HTTP/1.1 500 Oh", "the service failed"),
        (f'{HEAD}{{"a": "<a>"}}', f'{HEAD}{{"a": 1}}', "a placeholder"),
        (f'{HEAD}{{"a": "/x/<a>"}}', f'{HEAD}{{"a": "other"}}', "a placeholder"),
        (f'{HEAD}{{"a": {{"b": 1, ...}}}}', f'{HEAD}{{"a": 1}}', "a placeholder or an elision"),
        (f"{HEAD}some ... words", f"{HEAD}none", "elided"),
        (f"{HEAD}words", f"{HEAD}words  \nmore", "cannot be shown"),
        (f"{HEAD}words", f"{HEAD}\tmore", "cannot be shown"),
        ("HTTP/1.1 200 OK\nX-Token: 1", "HTTP/1.1 200 OK\nX-Token: abcdefgh", "a secret"),
        (f"{HEAD}words", f"{HEAD}the password=hunter2", "a secret"),
        (f"{HEAD}words", f"{HEAD}{'x' * 20_000}", "not known in full"),
        ("HTTP/1.1 200 OK\nLocation: /<id>/x", "HTTP/1.1 200 OK\nLocation: /", "a placeholder"),
        ("HTTP/1.1 200 OK\nA: b\n  c", "HTTP/1.1 200 OK\nA: d", "folded"),
    ],
)
def test_what_cannot_be_rewritten_is_left_with_its_reason(
    documented: str, observed: str, reason: str
) -> None:
    (said,) = reasons(documented, observed)
    assert reason in said


def test_what_somebody_calls_secret_is_not_written() -> None:
    source = Source(f'{HEAD}{{"a": "x", "b": 1}}')
    found = source.read(source.text)
    result = result_of(found, answer(f'{HEAD}{{"a": "from-the-environment", "b": 2}}'))
    lines = split_lines(source.text)
    made = mend(lines, found, result.mismatches, is_secret=lambda text: "environment" in text)
    assert '{"a": "x", "b": 2}' in apply_edits(lines, made.edits)
    assert [left.reason for left in made.left] == ["the observed value holds a secret"]


def test_a_file_that_holds_other_text_is_not_touched() -> None:
    source = Source(f'{HEAD}{{"a": 1}}')
    found = source.read(source.text)
    result = result_of(found, answer(f'{HEAD}{{"a": 2}}'))
    lines = split_lines(source.text.replace('{"a": 1}', '{"a":  1}'))
    made = mend(lines, found, result.mismatches)
    assert not made.edits
    assert "other text" in made.left[0].reason


def test_a_text_without_a_line_of_its_own_is_left() -> None:
    found = example(f'{HEAD}{{"a": 1}}')
    nowhere = replace(found, response_block=Place("module.py", None))
    result = result_of(nowhere, answer(f'{HEAD}{{"a": 2}}'))
    made = mend(["anything\n"], nowhere, result.mismatches)
    assert not made.edits
    assert "no line of its own" in made.left[0].reason


NAMES = st.text(st.sampled_from("abcxyzäß漢_-/~ '\"\\"), max_size=6) | st.sampled_from(
    ["id", "password", "api_key", "token", "state", "url"]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "<a>",
        "...",
        "a...b",
        "Bearer abcdefgh",
        "\\u0041",
        "2024-01-02T03:04:05Z",
        "/a/b",
        "http://x/",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(NAMES, below, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=5)


def altered(value: Any, chance: random.Random) -> Any:
    """A value as somebody who remembers it badly would document it."""
    if chance.random() < 0.1:
        return chance.choice([None, True, 7, -0.5, "words", [], {}, [1, "two"], {"a": {"b": 1}}])
    if isinstance(value, dict):
        kept = [name for name in value if chance.random() < 0.8]
        found = {name: altered(value[name], chance) for name in kept}
        if chance.random() < 0.3:
            found[chance.choice(["old", "mäd", "a b"])] = 1
        return found
    if isinstance(value, list):
        kept = [altered(one, chance) for one in value if chance.random() < 0.8]
        return kept + [1] * (chance.random() < 0.2)
    return value


@st.composite
def cases(draw: st.DrawFn) -> tuple[Source, WireResponse]:
    observed = draw(OBJECTS | st.lists(OBJECTS, max_size=3))
    chance = draw(st.randoms(use_true_random=False))
    told = altered(observed, chance) if draw(st.booleans()) else altered(draw(OBJECTS), chance)
    indent = draw(st.sampled_from([None, 0, 1, 2, 4, 13]))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (",", " : "), (" , ", ":")]))
    text = json.dumps(
        told,
        indent=indent,
        separators=separators,
        ensure_ascii=True if draw(st.booleans()) else not str(told).isprintable(),
    )
    text = "\n".join(row.rstrip() for row in text.split("\n"))
    source = Source(
        f"HTTP/1.1 200 OK\nContent-Type: application/json\n\n{text}",
        ending=draw(st.sampled_from(["\n", "\r\n"])),
        indent=draw(st.sampled_from(["   ", "\t", " " * 40, " \t  "])),
    )
    sent = json.dumps(observed, ensure_ascii=draw(st.booleans())).encode()
    headers = (("Content-Type", "application/json"),)
    return source, WireResponse(status=200, reason="OK", headers=headers, body=sent)


def is_untouched(before: Sequence[str], after: Sequence[str]) -> bool:
    top, bottom = len(ABOVE), len(BELOW) - 1
    return before[: top + 3] == after[: top + 3] and before[-bottom:] == after[-bottom:]


@settings(max_examples=300)
@given(cases())
def test_accepting_then_checking_is_clean_and_twice_changes_nothing(
    case: tuple[Source, WireResponse],
) -> None:
    source, observed = case
    found = source.read(source.text)
    result = result_of(found, observed)
    lines = split_lines(source.text)
    made = mend(lines, found, result.mismatches)
    text = apply_edits(lines, made.edits)
    assert is_untouched(lines, split_lines(text))
    assert text.count("\r") == (text.count("\n") if source.ending == "\r\n" else 0)
    after = result_of(source.read(text), observed)
    if not made.left:
        assert not after.mismatches
    assert len(after.mismatches) <= len(made.left)
    again = mend(split_lines(text), source.read(text), after.mismatches)
    assert not again.edits


@settings(max_examples=150)
@given(
    st.sampled_from(["password", "clientSecret", "token", "Set-Cookie", "api-key"]),
    st.text(st.sampled_from('abcdefgh0123456789-é"\\'), min_size=8, max_size=20),
    OBJECTS,
    st.randoms(use_true_random=False),
)
def test_a_secret_is_never_written(
    name: str, secret: str, rest: dict[str, Any], chance: random.Random
) -> None:
    observed = rest | {name: secret, "deep": [{name: [secret]}]}
    told = altered(rest, chance)
    source = Source(f"HTTP/1.1 200 OK\n{name}: old\n\n{json.dumps(told)}")
    headers = (
        ("Content-Type", "application/json"),
        (name, secret.encode("ascii", "replace").decode()),
    )
    came = WireResponse(status=200, headers=headers, body=json.dumps(observed).encode())
    text, _ = mended(source, came)
    before = source.text
    for form in (secret, json.dumps(secret)[1:-1], headers[1][1]):
        assert form not in text or form in before
