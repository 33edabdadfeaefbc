"""The parts of the ``honestdocs`` command that more than one of its subcommands needs.

Owns what is asked of a check and where its report goes. Must not hold rules of the product:
those are in the packages that are joined here.
"""
