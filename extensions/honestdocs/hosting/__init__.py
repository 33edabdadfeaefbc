"""Documentation that lives in a version control system: its history, and changes to it.

Owns the port to Mercurial and to git, and what is built on it. Must not know Sphinx or HTTP.
"""
