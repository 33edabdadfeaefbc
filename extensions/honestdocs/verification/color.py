"""Whether what we print is coloured: one rule for all commands.

Sources: no-color.org; `FORCE_COLOR` as in Sphinx, pytest and npm.
"""

from collections.abc import Mapping


def use_color(choice: str, *, terminal: bool, environ: Mapping[str, str]) -> bool:
    """Whether to colour: an explicit choice, then NO_COLOR, then FORCE_COLOR, then the stream."""
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    return bool(environ.get("FORCE_COLOR")) or (terminal and environ.get("TERM") != "dumb")
