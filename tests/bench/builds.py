"""What the extension adds to a Sphinx build, and what ``make html`` takes.

Owns a generated tree of httpdomain pages and the pairs of builds. No service is declared: this
is the price of reading and marking alone.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from cost import Cost, run
from table import show, verdict

ROOT = Path(__file__).resolve().parents[2]
PAGES, OPERATIONS = 500, 6
CLEAN, UNCHANGED, WALL = 1.10, 1.25, 0.90
PLAIN = 'project = "bench"\nextensions = ["sphinxcontrib.httpdomain"]\n'
OURS = 'project = "bench"\nextensions = ["sphinxcontrib.httpdomain", "honestdocs"]\n'
_OPERATION = """
.. http:{method}:: /v1/books/{page}/notes{at}/(int:id)

   Something about note {at} of book {page}, in a sentence that is long enough to be one.

   :param int id: the number of the note
   :query string lang: a language
   :reqheader Accept: what the client understands
   :resjson int id: the number of the note
   :resjson string title: what it is called
   :resheader ETag: the tag of the note
   :statuscode 200: here it is
   :statuscode 404: there is none

   **Example request**:

   .. sourcecode:: http

      {upper} /v1/books/{page}/notes{at}/7 HTTP/1.1
      Host: notes.example.com
      Accept: application/json

   **Example response**:

   .. sourcecode:: http

      HTTP/1.1 200 OK
      Content-Type: application/json
      ETag: "0123456789abcdef"

      {{
        "id": 7,
        "title": "Groceries"
      }}
"""


def bench(*, quick: bool) -> None:
    """Prints the ratios of CPU with and without the extension, and of wall time."""
    pages = 40 if quick else PAGES
    rounds = 1 if quick else 3
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        plain, ours = (
            write_pages(place / "plain", pages, PLAIN),
            write_pages(place / "ours", pages, OURS),
        )
        clean, unchanged, wall = [], [], []
        for _ in range(rounds):
            pair = [_sphinx(tree, fresh=True) for tree in (plain, ours)]
            clean.append(pair[1].cpu / pair[0].cpu)
            again = [_sphinx(tree, fresh=False) for tree in (plain, ours)]
            unchanged.append(again[1].cpu / again[0].cpu)
            wall.append(_made(ours).wall / pair[0].wall)
    rows = [
        _row("CPU of a clean build, with the extension / without", clean, CLEAN),
        _row("CPU of an unchanged build, with / without", unchanged, UNCHANGED),
        _row("wall time of make html, clean / plain sphinx-build", wall, WALL),
    ]
    title = f"Sphinx builds of {pages} pages with {OPERATIONS} operations each ({rounds} pairs)"
    show(title, ("ratio (median, least, most)", "median", "least", "most", "at most", ""), rows)


def _row(name: str, ratios: list[float], target: float) -> list[str]:
    middle = statistics.median(ratios)
    figures = [f"{figure:.2f}" for figure in (middle, min(ratios), max(ratios), target)]
    return [name, *figures, verdict(middle, target, most=True)]


def write_pages(folder: Path, pages: int, configuration: str) -> Path:
    """A tree of so many pages with a configuration; returns its folder."""
    folder.mkdir()
    (folder / "conf.py").write_text(configuration)
    names = [f"page{number}" for number in range(pages)]
    entries = "\n".join(f"   {name}" for name in names)
    (folder / "index.rst").write_text(f"Index\n=====\n\n.. toctree::\n\n{entries}\n")
    for number, name in enumerate(names):
        (folder / f"{name}.rst").write_text(_page(number))
    return folder


def _page(number: int) -> str:
    title = f"Book {number}"
    methods = ("get", "get", "get", "put", "post", "delete")
    operations = [
        _OPERATION.format(method=method, upper=method.upper(), page=number, at=at)
        for at, method in zip(range(OPERATIONS), methods, strict=True)
    ]
    return f"{title}\n{'=' * len(title)}\n" + "\n".join(operations)


def _sphinx(tree: Path, *, fresh: bool) -> Cost:
    if fresh:
        shutil.rmtree(tree / "build", ignore_errors=True)
    command = (sys.executable, "-m", "sphinx", "-q", "-b", "html", tree, tree / "build" / "html")
    return run(command, cwd=tree, env={"PYTHONPATH": str(ROOT / "extensions")})


def _made(tree: Path) -> Cost:
    """The build as ``make html`` does it, on a clean tree."""
    shutil.rmtree(tree / "build", ignore_errors=True)
    env = {"PYTHONPATH": os.pathsep.join((str(ROOT / "extensions"),))}
    return run((sys.executable, "-m", "honestdocs", "build"), cwd=tree, env=env)
