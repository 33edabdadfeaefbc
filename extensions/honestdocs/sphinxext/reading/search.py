"""The search index of the built pages.

Owns the making of the index, by Pagefind, and of the list of routes beside it. What has not
changed is not made again. Must not know what a record says.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging
from sphinx.util.display import progress_message

from honestdocs.sphinxext.reading.records import ROUTES, records_of, save

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

    from honestdocs.sphinxext.verified import Verified

logger = logging.getLogger(__name__)
FOLDER = "pagefind"
"""Where the index is, below the output folder."""
_SPARE = ("pagefind-ui", "pagefind-modular", "pagefind-component", "pagefind-highlight")
"""Files of Pagefind's own look, which our dialog has no use for."""


def gather(app: Sphinx, doctree: nodes.document, docname: str, verified: Verified) -> None:
    """Keeps what can be found on a page that is being written."""
    records = records_of(doctree, docname, verified)
    save(_records(app), docname, app.builder.get_target_uri(docname), records)


def _records(app: Sphinx) -> Path:
    return Path(app.doctreedir) / "honestdocs-records"


def make_index(app: Sphinx, failure: Exception | None) -> None:
    """Sphinx's ``build-finished``: the index of all pages, unless it is there already."""
    if failure is not None or not _records(app).is_dir():
        return
    if find_spec("pagefind") is None:
        said = "the pages cannot be searched without Pagefind: pip install 'pagefind[bin]'"
        logger.warning(said, type="honestdocs", subtype="search")
        return
    _forget_gone(app)
    made, kept = digest(_records(app)), _records(app) / "indexed"
    output = Path(app.outdir) / FOLDER
    if (output / "pagefind.js").is_file() and kept.is_file() and kept.read_text("utf-8") == made:
        return
    with progress_message("indexing for the search"):
        asyncio.run(_write(_records(app), output))
        _write_pages(app, output)
    kept.write_text(made, "utf-8")


def _forget_gone(app: Sphinx) -> None:
    present = {name.replace("/", "~") for name in app.env.found_docs}
    for folder in _records(app).iterdir():
        if folder.is_dir() and folder.name not in present:
            shutil.rmtree(folder)


def digest(folder: Path) -> str:
    """A text that is another one as soon as any record is."""
    whole = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.glob("*/*")):
        whole.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


async def _write(records: Path, output: Path) -> None:
    from pagefind.service import PagefindService

    async with PagefindService() as service:
        index = await service.create_index()
        await index.add_directory(str(records), glob="*/*.html")
        files = await index.get_files()
    shutil.rmtree(output, ignore_errors=True)
    for file in files:
        if not file["path"].startswith(_SPARE):
            path = output / file["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file["content"])
    (output / ROUTES).write_text(json.dumps(_routes(records)), "utf-8")


def _write_pages(app: Sphinx, output: Path) -> None:
    """The address and title of every page, for suggestions where there is none."""
    pages = [
        {"url": app.builder.get_target_uri(name), "title": title.astext()}
        for name, title in sorted(app.env.titles.items())
    ]
    (output / "pages.json").write_text(json.dumps(pages), "utf-8")


def _routes(records: Path) -> list[dict[str, str]]:
    return [
        route
        for path in sorted(records.glob(f"*/{ROUTES}"))
        for route in json.loads(path.read_text("utf-8"))
    ]
