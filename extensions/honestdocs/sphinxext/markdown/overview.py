"""``llms.txt`` and ``llms-full.txt``: all pages at one glance, and all in one file.

Owns what they say, after the proposal of llmstxt.org. Must not write files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from docutils import nodes

from honestdocs.contract.outcome import tally

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from honestdocs.sphinxext.proving import Verifier

OVERVIEW = "llms.txt"
FULL = "llms-full.txt"
_LONGEST = 240
"""Characters of a description."""
_LINK = re.compile(r"!?\[([^\]]*)\]\((?:<[^>]*>|[^)]*)\)")
_ANCHOR = re.compile(r"<a id=[^>]*></a>")
_OTHER = ("#", ">", "-", "|", "```", "![", "<", "**", "1.")
Read = Callable[[str], str]
Address = Callable[[str], str]


def render_overview(app: Sphinx, read: Read, address: Address, verifier: Verifier) -> str:
    """The overview: each page with a sentence, in the order and the groups of the tree."""
    root = str(app.config.root_doc)
    found = [f"# {app.config.html_title or app.config.project}"]
    told = description(read(root))
    found += [f"> {told}"] if told else []
    found.append(
        "Every page is there as Markdown too, at the addresses below. Examples of requests and"
        " responses say whether, when and against which version of the service they were proven."
    )
    for title, names in groups(app.env, root):
        lines = [_entry(app.env, name, read, address, verifier) for name in names]
        found.append("\n".join([f"## {title}", "", *lines]))
    return "\n\n".join(found) + "\n"


def render_full(app: Sphinx, read: Read, address: Address) -> str:
    """All pages one after another, each below its address, to which its links are relative."""
    root = str(app.config.root_doc)
    names = [root, *(name for _, group in groups(app.env, root) for name in group)]
    parts = (f"<!-- {address(name)} -->\n\n{read(name)}" for name in dict.fromkeys(names))
    return "\n".join(parts)


def groups(env: BuildEnvironment, root: str) -> list[tuple[str, list[str]]]:
    """The pages below each entry of the root page that has some, the others before them, and
    last those that no table of contents names.
    """
    seen = {root}
    first: list[str] = []
    found: list[tuple[str, list[str]]] = []
    for name in env.toctree_includes.get(root, ()):
        names = list(_below(env, name, seen))
        if len(names) > 1:
            found.append((_title(env, name), names))
        else:
            first += names
    rest = sorted(env.found_docs - seen)
    head = [("Pages", first)] if first else []
    return [*head, *found, *([("Optional", rest)] if rest else [])]


def _below(env: BuildEnvironment, name: str, seen: set[str]) -> Iterable[str]:
    if name in seen or name not in env.found_docs:
        return
    seen.add(name)
    yield name
    for child in env.toctree_includes.get(name, ()):
        yield from _below(env, child, seen)


def _title(env: BuildEnvironment, name: str) -> str:
    title = env.titles.get(name)
    return title.astext() if isinstance(title, nodes.Element) else name


def _entry(
    env: BuildEnvironment, name: str, read: Read, address: Address, verifier: Verifier
) -> str:
    parts = [description(read(name)), _proven(name, verifier)]
    told = " ".join(part for part in parts if part)
    title = _title(env, name).replace("]", "\\]")
    return f"- [{title}]({address(name)})" + (f": {told}" if told else "")


def _proven(name: str, verifier: Verifier) -> str:
    results = verifier.verified.page_results(name) if verifier.verified is not None else ()
    counts = tally(results)
    if counts.skipped == counts.total:
        return ""
    return f"{counts.passed} of {counts.total} examples proven."


def description(markdown: str) -> str:
    """The first paragraph of prose of a page, shortened, without links."""
    for block in markdown.split("\n\n"):
        if block and not block.startswith(_OTHER):
            text = _LINK.sub(r"\1", _ANCHOR.sub("", block))
            return text if len(text) <= _LONGEST else _shortened(text)
    return ""


def _shortened(text: str) -> str:
    """The whole sentences that fit, or the words where not even one does."""
    stop = text.rfind(". ", 0, _LONGEST)
    return text[: stop + 1] if stop > 0 else f"{text[: text.rfind(' ', 0, _LONGEST)]} ..."
