# SPDX-License-Identifier: GPL-2.0-or-later
"""Mercurial's web server for one repository, behind our own front on a private socket.

Owns who Mercurial takes a request to come from: whom the front names, since nobody else can
reach the socket. Must not decide who may push, and imports nothing of ours.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from mercurial.hgweb import common
from mercurial.hgweb import hgweb as make_hgweb

PREFIX = "/hg"
_PUSHING = (b"push", b"upload")


def _named_only(_hgweb: Any, request: Any, operation: bytes | None) -> None:
    """A check of Mercurial's own kind: whoever writes has a name."""
    if operation in _PUSHING and not request.remoteuser:
        raise common.ErrorResponse(common.HTTP_UNAUTHORIZED, b"push not authorized")


common.permhooks.append(_named_only)
_answer = make_hgweb(os.fsencode(os.environ["HONESTDOCS_REPOSITORY"]))


def _follow() -> None:
    """Ends the server once standard input is at its end: whoever started it is gone."""
    sys.stdin.buffer.read()
    os.kill(os.getppid(), signal.SIGTERM)


threading.Thread(target=_follow, daemon=True).start()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI's call (PEP 3333)."""
    user = environ.pop("HTTP_X_HONESTDOCS_USER", "")
    scheme = environ.pop("HTTP_X_HONESTDOCS_SCHEME", "http")
    address = environ.pop("HTTP_X_HONESTDOCS_ADDRESS", "")
    for name in ("REMOTE_USER", "HTTP_AUTHORIZATION"):
        environ.pop(name, None)
    if user:
        environ["REMOTE_USER"] = user
    environ["REMOTE_ADDR"] = environ["REMOTE_HOST"] = address
    environ["wsgi.url_scheme"] = scheme
    environ["SCRIPT_NAME"] = PREFIX
    answer: Iterable[bytes] = _answer(environ, start)
    return answer
