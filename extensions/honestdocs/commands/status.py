"""The exit statuses of the command, and how its help tells them.

Owns the numbers that scripts and CI rely on. Must not know what led to them.
"""

from __future__ import annotations

PROVEN, LIES, USAGE, UNCHECKED, INTERRUPTED = 0, 1, 2, 3, 130
EPILOG = """\
exit status:
  0  everything is proven
  1  the documentation lies: it and the server disagree, or it contradicts itself
  2  the command, the configuration or the tree's notation is wrong
  3  something could not be checked: a service was unreachable or unhealthy
"""
