"""A page knows which operations a block belongs to."""

from __future__ import annotations

from contract.writing import operation, page
from honestdocs.contract.operation import Location


def test_a_scope_names_the_operations_that_share_a_body() -> None:
    one, two, three = (operation("GET", f"/{name}") for name in "abc")
    found = page(operations=[one, two, three], scopes=((0, 2), (1,)))
    assert found.in_scope(0) == (one, three)
    assert found.in_scope(1) == (two,)
    assert found.in_scope(None) == ()


def test_an_operation_is_known_by_method_and_path_and_lists_its_fields() -> None:
    documented = operation("GET", "/a", statuses=["200", "404"], members=["id"])
    assert documented.key == "GET /a"
    assert [p.name for p in documented.named(Location.STATUS)] == ["200", "404"]
    assert [p.name for p in documented.named(Location.RESPONSE_JSON)] == ["id"]
    assert documented.named(Location.QUERY) == ()
