"""The setup of a page: which files prepare it, and what they hold.

Owns the choice of setup files by page and by section. Must not know how requests are sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from honestdocs.contract.cause import digest
from honestdocs.contract.configuration import Service
from honestdocs.contract.secrecy import named_secrets
from honestdocs.contract.setupfile import SetupRequest, parse_setup


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSetup:
    """What is sent before a page, and before sections of it by their ids. ``text`` is a
    digest of the files: an outcome depends on them. ``secrets`` are what the files take from
    the environment and must not be told.
    """

    steps: tuple[SetupRequest, ...] = ()
    sections: Mapping[str, tuple[SetupRequest, ...]] = field(default_factory=dict)
    text: str = ""
    secrets: tuple[str, ...] = ()


class _Files:
    """Setup files, each read and parsed once."""

    def __init__(self, read: Callable[[str], str], environ: Mapping[str, str]) -> None:
        self._read = read
        self._environ = environ
        self._known: dict[str, tuple[str, tuple[SetupRequest, ...]]] = {}
        self.secrets: tuple[str, ...] = ()

    def get(self, name: str) -> tuple[str, tuple[SetupRequest, ...]]:
        """The digest of a file and its requests."""
        if name not in self._known:
            text = self._read(name)
            self.secrets += named_secrets(text, self._environ)
            self._known[name] = (digest(text), parse_setup(text, name, self._environ))
        return self._known[name]


def read_setups(
    service: Service,
    pages: Iterable[str],
    read: Callable[[str], str],
    environ: Mapping[str, str],
) -> dict[str, PageSetup]:
    """The setup of each page of a service.

    A key ``PAGE#SECTION`` of ``page_setup`` prepares a section. Raises SetupError and
    ConfigurationError.
    """
    files = _Files(read, environ)
    return {page: _setup_of(page, service, files) for page in pages}


def _setup_of(page: str, service: Service, files: _Files) -> PageSetup:
    steps: list[SetupRequest] = []
    sections: dict[str, tuple[SetupRequest, ...]] = {}
    texts: list[str] = []
    chosen = [("", service.setup)] if service.setup else []
    for pattern, name in service.page_setup.items():
        pages, _, section = pattern.partition("#")
        if fnmatchcase(page, pages):
            chosen.append((section, name))
    for section, name in chosen:
        text, found = files.get(name)
        texts += [section, text]
        if section:
            sections[section] = (*sections.get(section, ()), *found)
        else:
            steps.extend(found)
    return PageSetup(
        steps=tuple(steps),
        sections=sections,
        text=digest(*texts) if texts else "",
        secrets=files.secrets,
    )
