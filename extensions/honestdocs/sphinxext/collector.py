"""The contract of every page, kept in Sphinx's environment.

Owns the environment collector: storing, purging and merging. Pages are stored packed, so
that an unchanged build loads them without unpacking. Must not know how they are read.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sphinx.environment.collectors import EnvironmentCollector

from honestdocs.contract.fieldlist import Arrows, arrow_evidence, uses_arrows
from honestdocs.contract.outcome import Kind, Lie, Mismatch
from honestdocs.contract.place import Place
from honestdocs.sphinxext.fields import ARROWS, installed_arrows
from honestdocs.sphinxext.panels import panel
from honestdocs.sphinxext.settings import services
from honestdocs.sphinxext.source import Sources

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from honestdocs.contract.page import Page
    from honestdocs.sphinxext.reader import Reader

_PAGES = "honestdocs_pages"
_USERS = "honestdocs_arrow_users"
_PANELS = "honestdocs_panels"


def packed_pages(env: BuildEnvironment) -> dict[str, bytes]:
    """All stored pages by name; those that document nothing are left out."""
    if not hasattr(env, _PAGES):
        setattr(env, _PAGES, {})
    return cast("dict[str, bytes]", getattr(env, _PAGES))


def pages(env: BuildEnvironment) -> Iterator[Page]:
    """The contract of every page, in the order of their names."""
    stored = packed_pages(env)
    for name in sorted(stored):
        yield cast("Page", pickle.loads(stored[name]))  # noqa: S301 - written by this class below


def panel_pages(env: BuildEnvironment) -> dict[str, tuple[str, ...]]:
    """The services that the panels of each page name."""
    if not hasattr(env, _PANELS):
        setattr(env, _PANELS, {})
    return cast("dict[str, tuple[str, ...]]", getattr(env, _PANELS))


class ContractCollector(EnvironmentCollector):
    """Reads each page after Sphinx did, and keeps what it documents."""

    def clear_doc(self, _app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forgets a page."""
        packed_pages(env).pop(docname, None)
        panel_pages(env).pop(docname, None)

    def merge_other(
        self,
        _app: Sphinx,
        env: BuildEnvironment,
        docnames: Iterable[str],
        other: BuildEnvironment,
    ) -> None:
        """Takes over what another process has read."""
        read, shown = packed_pages(other), panel_pages(other)
        packed_pages(env).update({name: read[name] for name in docnames if name in read})
        panel_pages(env).update({name: shown[name] for name in docnames if name in shown})

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Reads the page that Sphinx has just read."""
        from honestdocs.sphinxext.reader import Reader

        env = app.env
        name = env.docname
        arrows = getattr(env, ARROWS, None) or installed_arrows()
        reader = Reader(
            name,
            Sources(app.srcdir),
            arrows=arrows,
            synopsis=lambda method, path: _synopsis_of(env, method, path),
        )
        found = reader.read(doctree)
        panels = tuple(doctree.findall(panel))
        if panels:
            panel_pages(env)[name] = tuple(str(node["service"]) for node in panels)
            found = replace(found, flaws=found.flaws + _unknown_services(app, panels, reader))
        if found.operations or found.blocks or found.flaws:
            packed_pages(env)[name] = pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL)


def _unknown_services(app: Sphinx, panels: tuple[panel, ...], reader: Reader) -> tuple[Lie, ...]:
    """Panels of services that nobody declared, each with its place."""
    known = [service.name for service in services(app.config, Path(app.confdir))]
    return tuple(
        _unknown_service(
            str(node["service"]), known, reader.sources.place(node.source or "", node.line)
        )
        for node in panels
        if node["service"] and node["service"] not in known
    )


def _unknown_service(name: str, known: list[str], place: Place) -> Lie:
    said = f"unknown service {name!r}; declared are: {', '.join(known) or 'none'}"
    mismatch = Mismatch(
        kind=Kind.OPERATION,
        subject="service",
        documented=name,
        observed="",
        place=place,
        fix="declare it in honestdocs_services, or correct its name",
    )
    return Lie(mismatch=mismatch, message=said, warning=True, usage=True)


def _synopsis_of(env: BuildEnvironment, method: str, path: str) -> tuple[str, bool]:
    """What httpdomain kept of a directive's options: synopsis, and whether deprecated."""
    entry = env.domaindata.get("http", {}).get(method, {}).get(path)
    if not entry or entry[0] != env.docname:
        return "", False
    return str(entry[1]), bool(entry[2])


def decide_arrows(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Settles what the arrows of this tree mean before any page is read.

    The setting decides; else the tree's own evidence; else what the installed release of
    httpdomain renders. Pages are read again when the meaning changes.
    """
    setting = str(app.config.honestdocs_arrows)
    if not docnames and setting == "auto":
        return
    users, evidence = _arrow_pages(env)
    installed = installed_arrows()
    if setting != "auto":
        arrows = Arrows(setting)
    elif evidence:
        arrows = Arrows.REQUEST if evidence > 0 else Arrows.RESPONSE
    else:
        arrows = installed
    before = getattr(env, ARROWS, None)
    setattr(env, ARROWS, arrows)
    setattr(env, _USERS, tuple(users))
    if before is not None and before is not arrows:
        docnames.extend(name for name in users if name not in docnames)
        docnames.sort()


def arrow_users(env: BuildEnvironment) -> tuple[str, ...]:
    """The pages that spell fields with arrows."""
    return cast("tuple[str, ...]", getattr(env, _USERS, ()))


def _arrow_pages(env: BuildEnvironment) -> tuple[list[str], int]:
    users: list[str] = []
    evidence = 0
    for name in sorted(env.found_docs):
        text = "\n".join(Sources(env.srcdir).lines(str(env.doc2path(name))))
        if uses_arrows(text):
            users.append(name)
            evidence += arrow_evidence(text)
    return users, evidence
