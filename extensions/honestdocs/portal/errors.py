"""What can go wrong in the portal, other than a request.

Owns the exceptions of this package. Must not know where they are caught.
"""

from __future__ import annotations


class PortalError(Exception):
    """The portal cannot be run as it was asked; the message names the thing and what to do."""
