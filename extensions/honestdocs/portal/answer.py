"""Assets as HTTP answers.

Owns conditional requests, encodings and how long browsers may keep what they get (RFC 9110,
sections 8 and 13; RFC 9111). Must not know where an asset came from.
"""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from honestdocs.portal.site import Asset

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

_CODING = re.compile(r"^\s*([\w*-]+)\s*(?:;\s*q=([\d.]+))?\s*$")


def send(asset: Asset, request: Request, *, status: int = 200, keep: str = ASK_AGAIN) -> Response:
    """The answer to a request for an asset: whole, compressed, or only that nothing changed."""
    packed = bool(asset.packed) and accepts_gzip(request.headers.get("accept-encoding", ""))
    etag = f'"{asset.etag}{"-gz" if packed else ""}"'
    headers = {"ETag": etag, "Cache-Control": keep, "Vary": "Accept-Encoding"}
    if status == 200 and matches(request.headers.get("if-none-match", ""), etag):  # noqa: PLR2004 - RFC 9110
        return Response(status_code=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    headers["Content-Type"] = asset.type
    return Response(asset.packed if packed else asset.content, status, headers)


def matches(field: str, etag: str) -> bool:
    """Whether ``If-None-Match`` names the validator, compared weakly (RFC 9110, 13.1.2)."""
    given = [one.strip().removeprefix("W/") for one in field.split(",")]
    return etag in given or given == ["*"]


def accepts_gzip(field: str) -> bool:
    """Whether ``Accept-Encoding`` allows gzip (RFC 9110, section 12.5.3)."""
    weights: dict[str, float] = {}
    for part in field.lower().split(","):
        found = _CODING.match(part)
        if found:
            try:
                weights[found[1]] = float(found[2] or 1)
            except ValueError:
                continue
    return weights.get("gzip", weights.get("*", 0.0)) > 0
