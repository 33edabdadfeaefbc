"""The reference server of the Sync services, which the documentation is proven against.

Owns the public name of the package and its release number, nothing else.  Each service is a
sub-package that hands a `Service` to the application factory and knows no other service.
"""

from __future__ import annotations

__version__ = "0.1.0"
