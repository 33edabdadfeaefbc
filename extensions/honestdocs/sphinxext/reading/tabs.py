"""A documented request in several forms, one at a time.

Owns the node, its HTML, and which blocks become one. Without scripts the forms are switched by
ordinary radio buttons. Must not know how a form spells a request.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from docutils import nodes

from honestdocs.contract.rendition import FORMS, HTTP, Form, Piece, origin_of, render
from honestdocs.sphinxext.fields import POSITION

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

    from honestdocs.contract.example import Example, Request
    from honestdocs.contract.page import Page
    from honestdocs.sphinxext.verified import Verified

FALLBACK = "http://localhost"


class tabs(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """The block as it was written, with ``forms``, a tuple of form and pieces, beside it."""


def visit_html(translator: HTML5Translator, node: tabs) -> None:
    """Everything up to the block itself, which is the form HTTP."""
    number = str(node["number"])
    head = ['<div class="hd-request"><fieldset class="hd-tabs">']
    head.append("<legend>Show this request as</legend>")
    for form in FORMS:
        on = " checked" if form is HTTP else ""
        head.append(
            f'<label><input type="radio" name="hd-{number}" value="{form.name}"{on}>'
            f"<span>{form.title}</span></label>"
        )
    head.append('</fieldset><div class="hd-form" data-hd-form="http">')
    translator.body.append("".join(head))


def depart_html(translator: HTML5Translator, node: tabs) -> None:
    """The other forms."""
    rest = ["</div>"]
    for form, pieces in node["forms"]:
        rest.append(
            f'<div class="hd-form highlight-{form.language} notranslate"'
            f' data-hd-form="{form.name}">'
            f'<div class="highlight"><pre>{"".join(map(_markup, pieces))}\n</pre></div></div>'
        )
    rest.append("</div>\n")
    translator.body.append("".join(rest))


def _markup(piece: Piece) -> str:
    text = escape(piece.text, quote=False)
    return f'<span class="{piece.paint}">{text}</span>' if piece.paint else text


def put_tabs(doctree: nodes.document, docname: str, verified: Verified) -> None:
    """Wraps every block that is the request of an example, and nothing else."""
    page = verified.pages.get(docname)
    if page is None:
        return
    requests = _requests(page, verified.examples.get(docname, ()))
    for block in list(doctree.findall(nodes.literal_block)):
        example = requests.get(block.get(POSITION, -1))
        if example is not None and example.request is not None:
            _wrap(block, example.request)


def _requests(page: Page, examples: tuple[Example, ...]) -> dict[int, Example]:
    """The examples whose request fills a block, by the position of that block."""
    places = {block.place: block.index for block in page.blocks}
    return {
        places[example.request_block]: example
        for example in reversed(examples)
        if example.request is not None
        and not example.from_command
        and example.request_block != example.response_block
        and example.request_block in places
    }


def _wrap(block: nodes.literal_block, request: Request) -> None:
    origin = origin_of(request, FALLBACK)
    forms: list[tuple[Form, tuple[Piece, ...]]] = [
        (form, render(form, request, origin)) for form in FORMS if form is not HTTP
    ]
    whole = tabs(number=block[POSITION], forms=tuple(forms))
    block.replace_self(whole)
    whole += block
