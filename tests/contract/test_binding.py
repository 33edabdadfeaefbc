"""A documented value that the server made up stands for the observed one, wherever it is sent."""

from __future__ import annotations

import json
from urllib.parse import quote, unquote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from honestdocs.contract.binding import Bindings, placeholder_in
from honestdocs.contract.credentials import basic, basic_parts

UUID, OTHER = "89881454-e4e9-4ef0-99a9-404d95900352", "fec930f1-4e30-4b1c-8a63-0fafbe508d48"


def binding(*pairs: tuple[str, str]) -> Bindings:
    made = Bindings()
    for documented, observed in pairs:
        made.bind(documented, observed)
    return made


def test_nothing_is_bound_at_first() -> None:
    made = Bindings()
    assert not made
    assert "a" not in made
    assert made.get("a") is None
    assert made.in_target("/a?b=<c>#d") == "/a?b=<c>#d"
    assert made.in_json('{"a": 1}') == '{"a": 1}'
    assert made.in_header("X", "a") == "a"


def test_a_pair_is_known_in_both_directions() -> None:
    made = binding(("a", "x"), ("b", "x"))
    assert made
    assert "a" in made
    assert made.get("a") == "x"
    assert made.standing_for("x") == ("a", "b")
    assert dict(made.items()) == {"a": "x", "b": "x"}


def test_a_later_pair_takes_the_place_of_an_earlier_one() -> None:
    assert binding((UUID, "x"), (UUID, OTHER)).in_target(f"/{UUID}") == f"/{OTHER}"


@pytest.mark.parametrize(
    ("documented", "observed", "target", "sent"),
    [
        ("b4n7", "x8k2", "/b4n7", "/x8k2"),
        ("b4n7", "x8k2", "/b4n7/parts?from=b4n7", "/x8k2/parts?from=x8k2"),
        ("b4n7", "x8k2", "/b4n7x/xb4n7?from=b4n7x", "/b4n7x/xb4n7?from=b4n7x"),
        ("b4n7", "x8k2", "/b4n7.json", "/b4n7.json"),
        ("b4n7", "x8k2", "/a?ids=b4n7,c", "/a?ids=x8k2,c"),
        (UUID, OTHER, f"/users/{UUID}.json", f"/users/{OTHER}.json"),
        (UUID, OTHER, f"/users/{UUID}a", f"/users/{UUID}a"),
        ("1", "57", "/1.0/users/1", "/1.0/users/57"),
        ("1", "57", "/v1/users/1/posts/11", "/v1/users/57/posts/11"),
        ("1", "57", "/users?limit=1&id=1&userId=1", "/users?limit=1&id=57&userId=57"),
        ("1", "57", "/users?_page=1", "/users?_page=1"),
        ("1400000000123", "1500000000456", "/a?_since=1400000000123", "/a?_since=1500000000456"),
        ('"140"', '"150"', '/a?_since="140"', '/a?_since="150"'),
        ('"140"', '"150"', "/a?_since=%22140%22", "/a?_since=%22150%22"),
        ('W/"abcdef"', 'W/"fedcba"', "/a?tag=abcdef", "/a?tag=fedcba"),
        ("a b/c", "x y/z", "/n/a%20b%2Fc", "/n/x%20y%2Fz"),
        ("abcdefg", "a/b+c?d#e&f%g", "/n/abcdefg", "/n/a%2Fb%2Bc%3Fd%23e%26f%25g"),
        ("abcdefg", "ü", "/abcdefg", "/%C3%BC"),
        ("/a/abcdef", "/a/x%20y", "/a/abcdef", "/a/x%20y"),
        ("/a?t=abc", "/a?t=x%2By&u=1", "/a?t=abc", "/a?t=x%2By&u=1"),
        ("<id>", "57", "/users/<id>", "/users/57"),
        ("<id>", "", "/users/<id>/a", "/users//a"),
    ],
)
def test_bound_values_are_sent_in_a_target(
    documented: str, observed: str, target: str, sent: str
) -> None:
    assert binding((documented, observed)).in_target(target) == sent


def test_the_longest_of_several_values_is_meant() -> None:
    made = binding(("abcdef", "x"), ("abcdef.ghi", "y"), ("/users/abcdef", "/people/z"))
    assert made.in_target("/groups/abcdef.ghi/abcdef") == "/groups/y/x"
    assert made.in_target("/users/abcdef/abcdef") == "/people/z/x"


def test_what_was_put_in_is_not_replaced_again() -> None:
    made = binding(("abcdef", "ghijkl"), ("ghijkl", "abcdef"))
    assert made.in_target("/abcdef/ghijkl") == "/ghijkl/abcdef"
    assert made.in_json('["abcdef", "ghijkl"]') == '["ghijkl", "abcdef"]'


@pytest.mark.parametrize(
    ("documented", "observed", "name", "value", "sent"),
    [
        ('"140"', '"150"', "If-Match", '"140"', '"150"'),
        ('"140abc"', '"150abc"', "If-Match", '"140abc", "x"', '"150abc", "x"'),
        ("140", "150", "X-Id", "140", "150"),
        ("140", "150", "X-Id", "140 of 200", "140 of 200"),
        (UUID, OTHER, "X-Ids", f"a={UUID}; b", f"a={OTHER}; b"),
        ("t0ken1", "n3kot1", "Authorization", "Bearer t0ken1", "Bearer n3kot1"),
        ("s3c", "t4d", "Authorization", basic("bob:s3c"), basic("bob:t4d")),
        ("bob", "eve", "Authorization", basic("bob:s3c"), basic("eve:s3c")),
        ("s3c", "t4d", "authorization", basic("bob:s3c"), basic("bob:t4d")),
        ("s3cr3t", "t4dt4d", "Authorization", basic("bob:other"), basic("bob:other")),
        ("s3cr3t", "t4dt4d", "Authorization", "Basic s3cr3t", "Basic t4dt4d"),
        ("abcdef", "x\r\nEvil: y", "X-Own", "abcdef", "x Evil: y"),
    ],
)
def test_bound_values_are_sent_in_a_header_field(
    documented: str, observed: str, name: str, value: str, sent: str
) -> None:
    assert binding((documented, observed)).in_header(name, value) == sent


@pytest.mark.parametrize(
    ("documented", "observed", "text", "sent"),
    [
        (UUID, OTHER, f'{{"a": "{UUID}"}}', f'{{"a": "{OTHER}"}}'),
        (UUID, OTHER, f'{{"a": "see {UUID}."}}', f'{{"a": "see {OTHER}."}}'),
        ("1400000000", "1500000000", '{"at": 1400000000}', '{"at": 1500000000}'),
        ("1", "57", '{"id": 1, "n": 1, "userId": 1}', '{"id": 57, "n": 1, "userId": 57}'),
        ("1", "57", '{"id": "1"}', '{"id": "57"}'),
        ("1", "57", '{"id": 10}', '{"id": 10}'),
        ("b4n7", "x8k2", '{"channel": "b4n7", "text": "b4n7"}', None),
        ("abcdef", 'x"y\\z\n', '{"a": "abcdef"}', '{"a": "x\\"y\\\\z\\n"}'),
        ('"abcdef"', '"fedcba"', '{"etag": "\\"abcdef\\""}', '{"etag": "\\"fedcba\\""}'),
        ('"abcdef"', '"fedcba"', '{"etag": "abcdef"}', '{"etag": "fedcba"}'),
        ("abcdef", "ü", '{"a": "abcdef"}', '{"a": "ü"}'),
    ],
)
def test_bound_values_are_sent_in_json(
    documented: str, observed: str, text: str, sent: str | None
) -> None:
    expected = sent or text.replace('"channel": "b4n7"', '"channel": "x8k2"')
    found = binding((documented, observed)).in_json(text)
    assert found == expected
    json.loads(found)


@pytest.mark.parametrize(
    ("documented", "observed", "text", "sent"),
    [
        ("abcdef", "x y", "token=abcdef", "token=x y"),
        ("ab cd/ef", "x y/z", "token=ab%20cd%2Fef", "token=x%20y%2Fz"),
        ("b4n7", "x8k2", "channel b4n7", "channel b4n7"),
        ("abcdef", "x", "abcdefg abc-def", "abcdefg abc-def"),
    ],
)
def test_bound_values_are_sent_in_a_text(
    documented: str, observed: str, text: str, sent: str
) -> None:
    assert binding((documented, observed)).in_text(text) == sent


@pytest.mark.parametrize("form", ["<id>", "{id}", "${id}", "$id"])
def test_a_captured_value_stands_for_its_name_in_every_form(form: str) -> None:
    made = Bindings()
    made.capture("id", "57")
    made.capture("identity", "bob")
    assert made
    assert made.in_target(f"/users/{form}") == "/users/57"
    assert made.in_header("X-Id", form) == "57"
    assert made.in_header("X-Id", f'"{form}"') == '"57"'
    assert made.in_json(f'{{"id": {form}}}') == '{"id": 57}'
    assert made.in_text(f"id={form}") == "id=57"


def test_a_name_that_begins_with_another_is_another() -> None:
    made = Bindings()
    made.capture("id", "57")
    assert made.in_target("/$identity/<identity>") == "/$identity/<identity>"
    made.capture("a.b", "x")
    assert made.in_target("/{a.b}/{acb}") == "/x/{acb}"


@pytest.mark.parametrize(
    ("target", "sent"),
    [
        ("{it}", "http://h/a+b?c=d"),
        ("/see/{it}", "/see/http://h/a%2Bb%3Fc=d"),
        ("/see?it={it}", "/see?it=http:%2F%2Fh%2Fa%2Bb%3Fc=d"),
    ],
)
def test_a_captured_value_is_encoded_for_its_place(target: str, sent: str) -> None:
    made = Bindings()
    made.capture("it", "http://h/a+b?c=d")
    assert made.in_target(target) == sent


def test_a_captured_value_is_escaped_in_json() -> None:
    made = Bindings()
    made.capture("it", 'a"b\\')
    assert json.loads(made.in_json('{"it": "{it}"}')) == {"it": 'a"b\\'}


def test_what_no_request_can_carry_is_not_bound() -> None:
    made = binding(("abcdef", "\ud800"), ("", "x"))
    made.capture("it", "\udfff")
    assert not made


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/users/<id>", "<id>"),
        ("/users/{user_id}/x", "{user_id}"),
        ("Bearer $TOKEN", "$TOKEN"),
        ("${HOST_1}", "${HOST_1}"),
        ("<your token>", "<your token>"),
        ('<http://h/a>; rel="next"', ""),
        ('{"a": 1}', ""),
        ("$5", ""),
        ("a < b > c", ""),
        ("", ""),
    ],
)
def test_placeholders_are_told_from_other_text(text: str, found: str) -> None:
    assert placeholder_in(text) == found


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
WORDS = st.text("abcdef0123456789", min_size=6, max_size=12)
PAIRS = st.lists(st.tuples(WORDS | TEXTS, WORDS | TEXTS), max_size=5)


@given(PAIRS, st.lists(st.tuples(WORDS | TEXTS, TEXTS), max_size=2), TEXTS | st.text("/?=<>{}$a1"))
def test_any_text_can_be_bound_in_any_other(
    pairs: list[tuple[str, str]], captures: list[tuple[str, str]], text: str
) -> None:
    made = binding(*pairs)
    for name, observed in captures:
        made.capture(name, observed)
    for _ in range(2):
        assert made.in_target(text) == made.in_target(text)
        made.in_text(text).encode()
        made.in_json(text).encode()
        assert "\n" not in made.in_header("X", text.replace("\n", " "))
        made.in_header("Authorization", basic(text))


@given(st.dictionaries(WORDS, TEXTS, max_size=4), WORDS)
def test_a_value_in_its_place_is_sent_as_the_observed_one(
    pairs: dict[str, str], unbound: str
) -> None:
    assume(unbound not in pairs)
    made = binding(*pairs.items())
    for documented, observed in [*pairs.items(), (unbound, unbound)]:
        path, _, query = made.in_target(f"/a/{documented}/b?c={documented}").partition("?")
        assert [unquote(part) for part in path.split("/")] == ["", "a", observed, "b"]
        assert unquote(query) == f"c={observed}"
        assert json.loads(made.in_json(json.dumps({"a": documented}))) == {"a": observed}
        name, password = basic_parts(made.in_header("Authorization", basic(f"bob:{documented}")))
        assert (name, password) == ("bob", observed)
        encoded = made.in_target(f"/a/{quote(documented, safe='')}")
        assert unquote(encoded) == f"/a/{observed}"
