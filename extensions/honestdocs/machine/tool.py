"""Where a tool is: Mercurial, git and whatever else is run as a command.

Owns the order in which places are looked at. Must not run anything.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def find_tool(name: str) -> str:
    """The absolute path of a tool: beside the interpreter, since that is the one installed with
    us, else on the PATH; empty where it is in neither.
    """
    beside = Path(sys.executable).parent / name
    if os.access(beside, os.X_OK):
        return str(beside)
    return shutil.which(name) or ""
