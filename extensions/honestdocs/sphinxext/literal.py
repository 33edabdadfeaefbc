"""What a ``conf.py`` says in plain values, read without running it.

Owns the reading of assignments of constants. Whatever is computed is left out: a tree that is not
ours is read, not executed. Must not know what the values mean.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def read_literals(conf: Path, names: Iterable[str]) -> dict[str, object]:
    """The values that a file assigns to some names; none where it is no Python or is not there."""
    wanted = frozenset(names)
    try:
        module = ast.parse(conf.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return {}
    found: dict[str, object] = {}
    for statement in module.body:
        for name in wanted.intersection(_targets(statement)):
            assert isinstance(statement, (ast.Assign, ast.AnnAssign))  # noqa: S101 - it has targets
            if statement.value is not None:
                with suppress(ValueError):
                    found[name] = ast.literal_eval(statement.value)
    return found


def _targets(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    else:
        return []
    return [target.id for target in targets if isinstance(target, ast.Name)]
