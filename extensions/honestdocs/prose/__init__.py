"""Spelling and style of the sources, as the tools that people know find them.

Owns how codespell and sphinx-lint are run and read. Must not know Sphinx, nor how a finding is
shown.
"""
