"""One example of a tree as it was once, found and checked in a process of its own.

Owns that process: a ``conf.py`` and what it imports are those of one changeset, and end with it.
Must not know which changeset it is, or what the outcome is wanted for.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.tree import Tree

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where the tree lies at each changeset: ``values`` are None for one with a ``conf.py``."""

    folder: Path
    state: Path
    values: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An example by its id, with its page."""

    id: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An outcome by its name, empty where there is none; and why it is no better."""

    outcome: str
    reason: str = ""


def find(site: Site, name: str, roots: tuple[str, ...]) -> tuple[Wanted, ...]:
    """The examples that a name stands for; raises TreeError or ContractError."""
    return _apart(_find, site, name, roots)


def judge(site: Site, wanted: Wanted) -> Judged:
    """What becomes of the example when its page is checked."""
    return _apart(_judge, site, wanted)


def _apart(work: Callable[..., _Found], *words: object) -> _Found:
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *words).result()


def _find(site: Site, name: str, roots: tuple[str, ...]) -> tuple[Wanted, ...]:
    from honestdocs.contract.selection import Selector, select
    from honestdocs.verification.plan import Options

    verifier = _verified(site, options=Options(offline=True))
    every = verifier.verified.contract.examples if verifier.verified else ()
    found = select(every, Selector.parse(name, roots))
    return tuple(Wanted(id=one.id, page=one.page) for one in found)


def _judge(site: Site, wanted: Wanted) -> Judged:
    from honestdocs.contract.errors import ContractError
    from honestdocs.sphinxext.tree import TreeError

    try:
        verifier = _verified(site, page=wanted.page)
    except (TreeError, ContractError) as error:
        return Judged(outcome="", reason=str(error))
    results = verifier.verified.proof.results if verifier.verified else {}
    result = results.get(wanted.id)
    if result is None:
        return Judged(outcome="", reason="the example is not there")
    return Judged(outcome=result.outcome.value, reason=result.reason)


def _verified(site: Site, **choice: Any) -> Verifier:  # noqa: ANN401 - the verifier's own fields
    from honestdocs.sphinxext.proving import Verifier
    from honestdocs.sphinxext.tree import verify

    verifier = Verifier(**choice)
    verify(_tree(site), verifier, warnings=io.StringIO())
    return verifier


def _tree(site: Site) -> Tree:
    """The tree as it is now in the folder; its outcomes never go where its settings say."""
    from honestdocs.sphinxext.tree import TreeError, find_own, foreign

    if site.values is not None:
        return foreign(site.folder, site.state, site.values)
    own = find_own(site.folder)
    if own is None:
        raise TreeError(f"{site.folder.name}: has no conf.py")
    return replace(own, state=site.state, overrides={"honestdocs_database": ""})
