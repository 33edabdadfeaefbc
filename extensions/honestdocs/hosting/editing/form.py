"""The forms of the editor, as a browser sends them.

Owns reading them within bounds, and whether they come from our own pages. Must not know what
they are for.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from honestdocs.hosting.editing.errors import EditError
from honestdocs.hosting.editing.text import MOST

_LONGEST_BODY = 3 * MOST + 64 * 1024
"""Each byte of a text may take three in a form."""
_TYPE = "application/x-www-form-urlencoded"
_MOST_FIELDS = 32


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields of a form. Raises EditError for what is none, is too long or no UTF-8."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise EditError(415, f"A form is expected: {_TYPE}.")
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > _LONGEST_BODY:
            raise EditError(413, f"The form is too long: a text has at most {MOST} bytes.")
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except UnicodeDecodeError as error:
        raise EditError(400, "The form holds bytes that are no UTF-8.") from error
    except ValueError as error:
        raise EditError(400, "The form holds more fields than it has.") from error
    return dict(pairs)


def is_ours(request: Request) -> bool:
    """Whether a form comes from a page of this host, as far as its browser tells it.

    ``Sec-Fetch-Site`` and ``Origin`` are set by browsers and by no page. The first is enough: it
    is right behind a proxy that names another host, too. What is no browser sends neither, and
    carries no cookie that it was not given.
    """
    site = request.headers.get("sec-fetch-site", "")
    if site:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    return origin in ("", f"{request.url.scheme}://{request.headers.get('host', '')}")
