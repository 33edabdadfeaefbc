"""What the builder of a host builds with: Sphinx, our extension and the prover, imported once.

Owns the joining of a recipe with the build of a candidate. Must not hold rules of the product.
"""

from __future__ import annotations

import os
from urllib.parse import unquote

from honestdocs.contract.flaw import Built
from honestdocs.hosting.home import Home
from honestdocs.hosting.recipe import Recipe
from honestdocs.sphinxext.candidate import build_candidate
from honestdocs.sphinxext.edition import EditionNote
from honestdocs.sphinxext.proving import Verifier
from honestdocs.sphinxext.tree import tune_collector
from honestdocs.verification.plan import Options


def build_recipe(recipe: Recipe) -> Built:
    """Builds in this process, which ends with it."""
    tune_collector()
    if recipe.pending:
        os.environ["HG_PENDING"] = str(recipe.root)
    verifier = Verifier(options=Options(), changeset=recipe.node[:12])
    return build_candidate(recipe.tree, recipe.state, recipe.site, verifier, _note(recipe))


def _note(recipe: Recipe) -> EditionNote:
    """What the pages of an edition say of it."""
    current = Home(root=recipe.root).current
    name = unquote(recipe.edition.partition("/")[2])
    return EditionNote(
        edition=recipe.edition if name else "",
        name=name,
        exists=lambda uri: (current / uri).is_file(),
    )
