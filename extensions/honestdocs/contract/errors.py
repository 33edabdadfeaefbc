"""The errors of the contract, one sentence each."""

from __future__ import annotations

from honestdocs.contract.place import Place


class ContractError(Exception):
    """Root of everything the contract refuses; the message names thing, place and value."""


class ConfigurationError(ContractError):
    """A setting that cannot be used; the message names the place, the setting and the value."""


class MarkError(ContractError):
    """A ``.. honestdocs:`` comment that says something unknown at ``place``: ``said`` is what."""

    def __init__(self, place: Place, said: str) -> None:
        super().__init__(f"{place}: {said}")
        self.place = place
        self.said = said
