"""A request finds the operation that it belongs to, base paths considered."""

from __future__ import annotations

import pytest

from contract.writing import operation
from honestdocs.contract.catalog import Catalog, fits_path, infer_bases


def keys(catalog: Catalog, method: str, target: str) -> list[str]:
    return [found.key for found in catalog.find(method, target)]


def test_the_most_literal_template_comes_first() -> None:
    paths = ["/{a}/{b}", "/users/{id}", "/users/me", "/other"]
    catalog = Catalog(operation("GET", path) for path in paths)
    expected = ["GET /users/me", "GET /users/{id}", "GET /{a}/{b}"]
    assert keys(catalog, "GET", "/users/me") == expected
    assert keys(catalog, "GET", "http://localhost:5984/users/me?a=b") == expected
    assert keys(catalog, "GET", "/users/me?other=query") == expected


def test_the_method_must_be_the_operations_own_unless_it_takes_any() -> None:
    catalog = Catalog([operation("GET", "/a"), operation("ANY", "/a")])
    assert keys(catalog, "GET", "/a") == ["GET /a", "ANY /a"]
    assert keys(catalog, "PUT", "/a") == ["ANY /a"]


@pytest.mark.parametrize(
    ("template", "target"),
    [
        ("/users/{id}", "/v1/users/1"),
        ("/users/{id}", "/users/1"),
        ("/v1/users/{id}", "/users/1"),
        ("/v1/users/{id}", "/v1/users/1"),
        ("/", "/v1"),
        ("/", "/v1/"),
    ],
)
def test_a_base_path_may_be_in_either_of_template_and_target(template: str, target: str) -> None:
    catalog = Catalog([operation("GET", template)], ["/v1/"])
    assert keys(catalog, "GET", target) == [f"GET {template}"]


def test_an_unknown_base_path_is_no_excuse() -> None:
    assert keys(Catalog([operation("GET", "/users")], ["/v1"]), "GET", "/v2/users") == []
    assert not fits_path("/users", "/v1/users", [""])


def test_bases_are_kept_once_after_the_empty_one() -> None:
    assert Catalog([], ["/v1", "/v1/", ""]).bases == ("", "/v1")


@pytest.mark.parametrize(
    ("pairs", "bases"),
    [
        ([("/users", "/v1/users")], ("/v1",)),
        ([("/users", "/api/v1/users"), ("/users/{id}", "/api/v1/users/1")], ("/api/v1",)),
        ([("/users", "http://h:1/v1/users?a=b"), ("/a", "/v1/a")], ("/v1",)),
        ([("/users", "/users"), ("/a", "/a")], ()),
        ([("/users", "/v1/users"), ("/a", "/v2/a"), ("/b", "/v3/b")], ()),
        ([("/users", "/v1/users"), ("/a", "/v1/a"), ("/b", "/c")], ("/v1",)),
        ([("/users", "/groups")], ()),
        ([], ()),
    ],
)
def test_base_paths_that_examples_share_are_found(
    pairs: list[tuple[str, str]], bases: tuple[str, ...]
) -> None:
    assert infer_bases(pairs) == bases


def test_of_templates_that_differ_in_their_query_the_one_that_the_target_has_is_nearest() -> None:
    paths = ["/words", "/words?name=(name)", "/words?code=(code)"]
    catalog = Catalog(operation("GET", path) for path in paths)
    assert keys(catalog, "GET", "/words?code=x")[0] == "GET /words?code=(code)"
    assert keys(catalog, "GET", "/words?name=x&page=2")[0] == "GET /words?name=(name)"
    assert keys(catalog, "GET", "/words?page=2")[0] == "GET /words"


def test_a_template_without_any_literal_claims_nothing_outside_its_directive() -> None:
    catch_all = operation("ANY", "(string:endpoint)")
    catalog = Catalog([catch_all])
    assert keys(catalog, "GET", "/words") == []
    assert catalog.fits(catch_all, "GET", "/words")
