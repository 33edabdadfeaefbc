"""What programs find: Markdown twins of this project's own pages and an overview of them."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from sphinxext.markdownlinks import broken_links


def test_every_page_has_its_twin_and_every_link_in_it_leads_somewhere(folder: Path) -> None:
    sources = Path(__file__).parents[3] / "source"
    pages = [path.relative_to(sources).with_suffix(".md") for path in sources.rglob("*.rst")]
    assert [str(page) for page in pages if not (folder / page).is_file()] == []
    assert broken_links(folder) == []


@pytest.mark.parametrize(
    ("path", "type_"),
    [("services/index.md", "text/markdown"), ("llms.txt", "text/plain")],
)
def test_they_are_served_as_text(site: str, path: str, type_: str) -> None:
    with urllib.request.urlopen(f"{site}{path}", timeout=10) as answer:  # noqa: S310 - our own server
        assert answer.headers["Content-Type"] == f"{type_}; charset=utf-8"
        assert answer.read().startswith(b"# ")
