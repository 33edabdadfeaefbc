"""The pages for people: a new password with a code from a mail, and deleting an account.

Owns their HTML.  Must not know what is done with what people type.
"""

from __future__ import annotations

from html import escape

from fastapi.responses import Response

# The address of the reset page holds the code: it must not be told to anybody, and nothing is
# loaded that could tell it.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 sans-serif; max-width: 26rem; margin: 3rem auto; padding: 0 1rem }}
label {{ display: block; margin-top: 1rem }}
input {{ box-sizing: border-box; width: 100%; padding: .5rem; font: inherit }}
button {{ margin-top: 1.5rem; padding: .5rem 1.5rem; font: inherit }}
[role=alert] {{ border-left: .25rem solid #b00020; padding-left: .75rem }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""
_FIELD = (
    '<label for="{name}">{label}</label>\n'
    '<input id="{name}" name="{name}" type="{kind}" autocomplete="{fill}" value="{value}" required>'
)
RESET = "A new password"
DELETE = "Delete your account"


def render_page(title: str, content: str) -> Response:
    """Return a page; `content` is HTML."""
    text = _PAGE.format(title=escape(title), content=content)
    return Response(text, media_type="text/html", headers=_HEADERS)


def render_notice(title: str, text: str) -> Response:
    """Return a page that says one thing."""
    return render_page(title, f"<p>{escape(text)}</p>")


def render_request(captcha: str, trouble: str = "") -> Response:
    """Return the page that asks whose password is forgotten; `captcha` is HTML."""
    return render_page(
        RESET,
        _render_form(
            trouble,
            _render_field("username", "Your e-mail address or user name", fill="username"),
            captcha,
            button="Send me a code",
        ),
    )


def render_reset(username: str, key: str, trouble: str = "") -> Response:
    """Return the page that asks for a new password."""
    return render_page(
        RESET,
        _render_form(
            trouble,
            _render_field("username", "User name", username, fill="username"),
            _render_field("key", "Code", key, fill="one-time-code"),
            _render_field("password", "New password", kind="password", fill="new-password"),
            _render_field("confirm", "Once more", kind="password", fill="new-password"),
            button="Set the password",
        ),
    )


def render_delete(trouble: str = "") -> Response:
    """Return the page that asks whose account is to be deleted."""
    return render_page(
        DELETE,
        _render_form(
            trouble,
            "<p>The account and everything that is stored for it will be gone for good.</p>",
            _render_field("username", "Your e-mail address or user name", fill="username"),
            _render_field("password", "Password", kind="password", fill="current-password"),
            button="Delete it",
        ),
    )


def _render_form(trouble: str, *parts: str, button: str) -> str:
    alert = [f'<p role="alert">{escape(trouble)}</p>'] if trouble else []
    lines = [*alert, '<form method="post">', *filter(None, parts)]
    return "\n".join([*lines, f'<button type="submit">{escape(button)}</button>', "</form>"])


def _render_field(
    name: str, label: str, value: str = "", *, kind: str = "text", fill: str = "off"
) -> str:
    return _FIELD.format(name=name, label=escape(label), kind=kind, fill=fill, value=escape(value))
