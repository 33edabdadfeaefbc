"""Path templates in every spelling, and the targets that belong to them."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from honestdocs.contract.path import (
    local_target,
    origin_of,
    parse_template,
    path_of,
    without_base,
)

UUID = "89881454-e4e9-4ef0-99a9-404d95900352"


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("/users/(id)", ("id",)),
        ("/users/(int:id)", ("id",)),
        ("/users/{id}", ("id",)),
        ("/users/{int:id}", ("id",)),
        ("/users/<id>", ("id",)),
        ("/users/<int:id>", ("id",)),
        ("/users/:id", ("id",)),
        ("/users/( id )", ("id",)),
        ("/{db}/_design/{ddoc}", ("db", "ddoc")),
        ("/(a)-{b}.<c>", ("a", "b", "c")),
        ("/users", ()),
        ("/", ()),
        ("", ()),
    ],
)
def test_parameters_are_known_in_every_spelling(template: str, names: tuple[str, ...]) -> None:
    assert parse_template(template).names == names


@pytest.mark.parametrize(
    ("template", "path", "parameters"),
    [
        ("/users/(id)", "/users/bob", {"id": "bob"}),
        ("/users/(id)", "/users/bob/", {"id": "bob"}),
        ("/users/(id)/", "/users/bob", {"id": "bob"}),
        ("/users/{id}", "/users/a%20b", {"id": "a b"}),
        ("/users/(id)", "/users/{id}", {"id": "{id}"}),
        ("/users/(int:id)", "/users/42", {"id": "42"}),
        ("/users/(int:id)", "/users/-1", {"id": "-1"}),
        ("/users/(int:id)", "/users/<id>", {"id": "<id>"}),
        ("/users/(int:id)", "/users/{id}", {"id": "{id}"}),
        ("/x/(float:n)", "/x/1.5", {"n": "1.5"}),
        ("/f/(path:p)", "/f/a/b/c.txt", {"p": "a/b/c.txt"}),
        ("/u/(uuid:u)", f"/u/{UUID}", {"u": UUID}),
        ("/a/(string:b)", "/a/b", {"b": "b"}),
        ("/(a)-{b}.<c>", "/x-y.z", {"a": "x", "b": "y", "c": "z"}),
        ("/v1.5/(x)", "/v1.5/y", {"x": "y"}),
        ("/", "/", {}),
        ("/$metadata", "/$metadata", {}),
    ],
)
def test_a_path_that_fits_gives_its_parameters(
    template: str, path: str, parameters: dict[str, str]
) -> None:
    assert parse_template(template).match(path) == parameters


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("/users/(id)", "/users"),
        ("/users/(id)", "/users/"),
        ("/users/(id)", "/users/a/b"),
        ("/users/(int:id)", "/users/bob"),
        ("/x/(float:n)", "/x/one"),
        ("/u/(uuid:u)", "/u/42"),
        ("/v1.5/x", "/v1x5/x"),
        ("/users", "/USERS"),
        ("/", "/users"),
        ("/users", "/"),
    ],
)
def test_another_path_does_not_fit(template: str, path: str) -> None:
    assert parse_template(template).match(path) is None


@pytest.mark.parametrize(
    "template",
    ["/buckets/(any path below)", "/(path:rest)", "/files/{file*}", "/{+path}", "/<path:rest>"],
)
def test_a_wildcard_takes_slashes(template: str) -> None:
    assert parse_template(template).match(re.sub(r"[({<].*", "a/b/c", template)) is not None


@pytest.mark.parametrize(
    ("template", "query"),
    [
        ("/users?name", ("name",)),
        ("/users?name=(name)&age=(int:age)", ("name", "age")),
        ("/users?name={name}", ("name",)),
        ("/users{?name,age}", ("name", "age")),
        ("/users{?name*}", ("name",)),
        ("/users/{id}{&name}", ("name",)),
        ("/users", ()),
    ],
)
def test_the_query_of_a_template_is_no_part_of_its_path(
    template: str, query: tuple[str, ...]
) -> None:
    parsed = parse_template(template)
    assert parsed.query == query
    assert parsed.match("/users/1" if "{id}" in template else "/users") is not None


def test_the_origin_of_a_template_is_left_out() -> None:
    assert parse_template("https://api.example.org/users/(id)").match("/users/1") == {"id": "1"}


def test_the_more_literal_of_two_templates_that_fit_has_more_literal_characters() -> None:
    order = ["/{a}/{b}", "/users/{b}", "/users/me"]
    counts = [parse_template(text).literals for text in order]
    assert counts == sorted(counts)
    assert len(set(counts)) == len(counts)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/a/b?c=d", "/a/b"),
        ("/a#b", "/a"),
        ("http://h:1/a?b", "/a"),
        ("https://h", "/"),
        ("?a=b", "/"),
        ("", "/"),
        ("*", "*"),
        ("/a?next=http://h/b", "/a"),
    ],
)
def test_the_path_of_a_target_stands_alone(target: str, path: str) -> None:
    assert path_of(target) == path


@pytest.mark.parametrize(
    ("target", "local", "origin"),
    [
        ("/a?b#c", "/a?b#c", ""),
        ("http://h:1/a?b", "/a?b", "http://h:1"),
        ("https://u:p@h", "/", "https://u:p@h"),
        ("http://h?a=b", "/?a=b", "http://h"),
        ("*", "*", ""),
        ("", "/", ""),
    ],
)
def test_a_target_has_a_local_form_and_perhaps_an_origin(
    target: str, local: str, origin: str
) -> None:
    assert local_target(target) == local
    assert origin_of(target) == origin


@pytest.mark.parametrize(
    ("path", "base", "rest"),
    [
        ("/v1/a", "/v1", "/a"),
        ("/v1", "/v1", "/"),
        ("/v1/", "/v1/", "/"),
        ("/a", "", "/a"),
        ("/a", "/", "/a"),
        ("/v10/a", "/v1", None),
        ("/a", "/v1", None),
    ],
)
def test_a_base_path_is_cut_off_whole_or_not_at_all(path: str, base: str, rest: str | None) -> None:
    assert without_base(path, base) == rest


LITERAL = st.text("abcdefgXYZ0189_.-~!$", min_size=1, max_size=6)
NAME = st.from_regex(r"[a-z][a-z_]{0,6}", fullmatch=True)
SEGMENT_VALUE = st.text(
    st.characters(exclude_characters="/", exclude_categories=("Cs",)), min_size=1, max_size=8
)
VALUES = {
    "": SEGMENT_VALUE.map(lambda value: quote(value, safe="")),
    "string": SEGMENT_VALUE.map(lambda value: quote(value, safe="")),
    "int": st.integers().map(str),
    "float": st.decimals(allow_nan=False, allow_infinity=False, places=2).map(lambda d: f"{d:f}"),
    "uuid": st.uuids().map(str),
    "path": st.lists(LITERAL, min_size=1, max_size=3).map("/".join),
}


@st.composite
def expansions(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    """A template, one of its expansions, and the names of its parameters."""
    template, path, names = "", "", []
    for _ in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            literal = draw(LITERAL)
            template, path = f"{template}/{literal}", f"{path}/{literal}"
            continue
        type_ = draw(st.sampled_from(sorted(VALUES)))
        spelled = f"{type_}:{(name := draw(NAME))}" if type_ else (name := draw(NAME))
        opener, closer = draw(st.sampled_from(["()", "{}", "<>"]))
        template = f"{template}/{opener}{spelled}{closer}"
        path = f"{path}/{draw(VALUES[type_])}"
        names.append(name)
    return template, path + draw(st.sampled_from(["", "/"])), names


@given(expansions())
def test_an_expansion_of_a_template_always_fits_it(expansion: tuple[str, str, list[str]]) -> None:
    template, path, names = expansion
    parsed = parse_template(template)
    assert list(parsed.names) == names
    assert parsed.match(path) is not None
    assert parsed.match(path_of(f"http://h:80{path}?a=b#c")) is not None


@example("/\0", "/a")
@example("/\1/(a)", "/a")
@given(st.text("/(){}<>:?&=*+ ab1.\\[]^$|\n") | st.text(), st.text(max_size=20))
def test_any_text_is_a_template_and_a_target(template: str, target: str) -> None:
    parsed = parse_template(template)
    found = parsed.match(path_of(target))
    assert found is None or set(found) == set(parsed.names)
    assert path_of(local_target(target)) == path_of(target) or path_of(target) == "/"
    assert without_base(target, template) is None or target.startswith(template.rstrip("/"))


@pytest.mark.parametrize(
    ("template", "path", "expected"),
    [
        ("(context)/@words", "/site/folder/@words", {"context": "/site/folder"}),
        ("{base}/words/{id}", "/v1/words/7", {"base": "/v1", "id": "7"}),
        ("(context)/@words", "/@words", None),
        ("words/{id}", "/words/7", {"id": "7"}),
        ("words", "/words", {}),
        ("*", "*", {}),
        ("*", "/words", None),
    ],
)
def test_a_template_may_leave_out_its_first_slash(
    template: str, path: str, expected: dict[str, str] | None
) -> None:
    assert parse_template(template).match(path) == expected
