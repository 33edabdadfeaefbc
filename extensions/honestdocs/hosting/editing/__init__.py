"""Editing in the browser: a page's source, its true preview, its differences, and its commit.

Owns a web application below ``/edit/`` and the resident process that builds its previews. Must
not know Sphinx, nor let anything into the repository but by its gate.
"""
