"""What the builder of a host builds with: Sphinx, our extension and the prover, imported once.

Owns the joining of a recipe with the build of a candidate. Must not hold rules of the product.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import unquote

from honestdocs.contract.flaw import Built
from honestdocs.hosting.home import MAIN, Home
from honestdocs.hosting.published import BESIDE, EDITOR, MERCURIAL
from honestdocs.hosting.recipe import Recipe
from honestdocs.hosting.settings import load
from honestdocs.sphinxext.addresses import hgweb
from honestdocs.sphinxext.candidate import build_candidate
from honestdocs.sphinxext.edition import EditionNote
from honestdocs.sphinxext.editlink import EditLink
from honestdocs.sphinxext.garbage import tune_collector
from honestdocs.sphinxext.origin import Hosted, Origin
from honestdocs.sphinxext.proving import Verifier
from honestdocs.verification.plan import Options

_DIFFERENCE = {"difference": EDITOR + "/-/difference/{path}?to={node}"}
"""Where the editor shows what changed."""


def build_recipe(recipe: Recipe) -> Built:
    """Builds in this process, which ends with it."""
    tune_collector()
    if recipe.pending:
        os.environ["HG_PENDING"] = str(recipe.root)
    verifier = Verifier(
        options=Options(offline=not recipe.proves), asked=recipe.proves, changeset=recipe.node[:12]
    )
    return build_candidate(
        recipe.tree, recipe.state, recipe.site, verifier, tuple(_notes(recipe)), page=recipe.page
    )


def _notes(recipe: Recipe) -> Iterator[EditionNote | EditLink | Hosted]:
    """What the pages of an edition say of it; those of the site lead to the editor."""
    settings = load(Home(root=recipe.root).settings)
    yield _note(recipe)
    if recipe.edition == MAIN and settings.edit_links:
        yield EditLink(root=recipe.tree, base=EDITOR)
    if settings.history or not recipe.proves:
        origin = Origin(repository=str(recipe.root), head=recipe.node, folder=str(recipe.tree))
        addresses = hgweb(MERCURIAL) | (_DIFFERENCE if settings.edit_links else {})
        yield Hosted(origin=origin, addresses=addresses, shows=recipe.proves)


def _note(recipe: Recipe) -> EditionNote:
    current = Home(root=recipe.root).current
    beside = recipe.edition.partition("/")[0] in BESIDE
    name = unquote(recipe.edition.partition("/")[2]) if beside else ""
    return EditionNote(
        edition=recipe.edition if name else "",
        name=name,
        exists=lambda uri: (current / uri).is_file(),
    )
