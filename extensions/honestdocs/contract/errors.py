"""The errors of the contract, one sentence each."""

from __future__ import annotations


class ContractError(Exception):
    """Root of everything the contract refuses; the message names thing, place and value."""


class PathError(ContractError):
    """A path template that cannot be understood."""


class MarkError(ContractError):
    """A ``.. honestdocs:`` comment that says something unknown."""
