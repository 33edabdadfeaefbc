"""The page of operators: who is shut out, and letting them in again.

Owns the page and who may see it.  Must not know how the list is kept.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from syncserver.authentication import parse_basic
from syncserver.blacklist.description import describe
from syncserver.blacklist.store import BlacklistStore, Block
from syncserver.body import read_body

PATH = "/__admin__"
MAX_BODY = 1048576
REALM = "Administration"

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Addresses shut out</title>
</head>
<body>
<h1>Addresses shut out</h1>
{content}
</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminPage:
    """The page; without a password there is none."""

    store: BlacklistStore
    user: str
    password: str

    async def show(self, request: Request) -> Response:
        """List who is shut out."""
        self._require_operator(request)
        return self._render(list(await self.store.list_blocks()))

    async def remove(self, request: Request) -> Response:
        """Let the ticked addresses in again."""
        self._require_operator(request)
        body = await read_body(request, MAX_BODY)
        fields = parse_qsl(body.decode(errors="replace"))
        marks = [value for name, value in fields if name == "mark"]
        if not any(hmac.compare_digest(mark.encode(), self._mark.encode()) for mark in marks):
            detail = "The form does not come from this page; open it again."
            raise HTTPException(HTTPStatus.BAD_REQUEST, detail)
        await self.store.remove([value for name, value in fields if name == "address"])
        return RedirectResponse(PATH, HTTPStatus.SEE_OTHER, headers=_HEADERS)

    @property
    def _mark(self) -> str:
        """Show that a form was made here, and not by a page elsewhere that the operator visits."""
        return hmac.digest(self.password.encode(), PATH.encode(), "sha256").hex()

    def _require_operator(self, request: Request) -> None:
        if not self.password:
            raise HTTPException(HTTPStatus.NOT_FOUND, "This server has no page for operators.")
        given = parse_basic(request.headers.get("Authorization", "")) or ("", "")
        wanted = (self.user, self.password)
        same = [
            hmac.compare_digest(one.encode(), other.encode())
            for one, other in zip(given, wanted, strict=True)
        ]
        if not all(same):
            raise HTTPException(
                HTTPStatus.UNAUTHORIZED,
                "This page is for the operators of the server.",
                {"WWW-Authenticate": f'Basic realm="{REALM}"'},
            )

    def _render(self, blocks: list[Block]) -> Response:
        rows = "\n".join(map(_render_block, blocks))
        content = (
            f'<form method="post">\n<input type="hidden" name="mark" value="{self._mark}">\n'
            f"<ul>\n{rows}\n</ul>\n<button>Let in again</button>\n</form>"
        )
        text = _PAGE.format(content=content if blocks else "<p>None.</p>")
        return Response(text, media_type="text/html", headers=_HEADERS)


def _render_block(block: Block) -> str:
    address = escape(block.address)
    return (
        f'<li><label><input type="checkbox" name="address" value="{address}"> '
        f"{address}: {escape(block.reason)}, {block.left:.0f} s left</label></li>"
    )


def create_router(page: AdminPage) -> APIRouter:
    """Return the routes of the page, without prefix."""
    router = APIRouter(tags=["Administration"])
    router.add_api_route("", page.show, methods=["GET"], **describe("show"))
    router.add_api_route("", page.remove, methods=["POST"], **describe("remove"))
    return router
