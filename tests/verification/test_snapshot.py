"""A snapshot holds pages as they were read, and gives the contract that they make."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

from honestdocs.contract.assembly import assemble
from honestdocs.contract.example import Block
from honestdocs.contract.operation import Operation
from honestdocs.contract.outcome import Kind, Lie, Mismatch
from honestdocs.contract.page import Page
from honestdocs.contract.place import Place
from honestdocs.verification.snapshot import NAME, Snapshot, load_snapshot, save_snapshot


def page(name: str) -> Page:
    place = Place(f"{name}.rst", 3)
    block = Block(text="GET /v1/tea HTTP/1.1\n", language="http", place=place, scope=0)
    operation = Operation(method="GET", path="/tea", place=place, page=name)
    return Page(name=name, operations=(operation,), scopes=((0,),), blocks=(block,))


PAGES = (page("one"), page("two"))
GONE = Mismatch(
    kind=Kind.OPERATION,
    subject="deprecation",
    documented="",
    observed="Sunset",
    place=Place("two.rst", 3),
    fix="say so",
)
PROVEN = Lie(mismatch=GONE, message="GET /tea answers with Sunset", warning=True)
SNAPSHOT = Snapshot(
    pages=tuple(pickle.dumps(page) for page in PAGES),
    bases=("/v1",),
    lies=(PROVEN,),
    services=(),
    folder="/",
    sources="/",
    database="/outcomes.sqlite",
)


def test_the_contract_is_the_one_of_all_pages_with_what_proving_has_found(tmp_path: Path) -> None:
    save_snapshot(SNAPSHOT, tmp_path / NAME)
    found = load_snapshot(tmp_path / NAME)
    whole = assemble(PAGES, ("/v1",))
    assert found.contract == replace(whole, lies=(*whole.lies, PROVEN))
    assert [lie.message for lie in found.contract.lies] == [
        "GET /tea is documented twice: here and at one.rst:3",
        PROVEN.message,
    ]


def test_the_contract_is_assembled_once_and_never_written(tmp_path: Path) -> None:
    snapshot = replace(SNAPSHOT)
    assert snapshot.contract is snapshot.contract
    assert "contract" in vars(snapshot)
    save_snapshot(snapshot, tmp_path / NAME)
    save_snapshot(SNAPSHOT, tmp_path / "other")
    assert (tmp_path / NAME).read_bytes() == (tmp_path / "other").read_bytes()
