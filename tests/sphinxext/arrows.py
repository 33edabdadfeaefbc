"""Builds trees with arrow fields under whichever release of httpdomain comes first on the path.

Usage: ``python arrows.py FOLDER`` writes a JSON object to standard output: the release, where it
was imported from, and for each tree what its pages rendered, what was read and what was warned
of. Must not know which release it is nor what is right.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import version
from pathlib import Path

import sphinxcontrib.httpdomain

from sphinxext.project import Project, title

LEFT_IS_REQUEST = """.. http:get:: /things

   :<header Authorization: f1
   :>header ETag: f2
   :>json int total: f3
   :>jsonarr string name: f4

.. http:post:: /things

   :<json string name: f5
   :>json string id: f7
"""
UNCLEAR = """.. http:post:: /unclear

   :<json string sent: u1
   :>json string got: u2
   :<header X-Sent: u3
"""
SWAPPED = str.maketrans("<>", "><")
TREES = {
    "request": {"index": LEFT_IS_REQUEST, "other": UNCLEAR},
    "response": {"index": LEFT_IS_REQUEST.translate(SWAPPED), "other": UNCLEAR.translate(SWAPPED)},
    "unclear": {"index": UNCLEAR},
    "set to request": {"index": LEFT_IS_REQUEST.translate(SWAPPED)},
    "set to response": {"index": LEFT_IS_REQUEST},
    "plain": {"index": ".. http:get:: /plain\n\n   :reqheader A: p1\n   :resjson b: p2\n"},
}
_LABEL = re.compile(r"^ {3}([A-Z][\w ]+):$", re.MULTILINE)
_ITEM = re.compile(r"(?:\*\*|\*|\")?([\w-]+)(?:\*\*|\*|\")?(?: \(.*\))? (?:--|–) (\w+)$")


def rendered(text: str) -> dict[str, str]:
    """The label that stands above each field, by the field's description."""
    found: dict[str, str] = {}
    label = ""
    for line in text.split("\n"):
        head = _LABEL.match(line)
        item = _ITEM.search(line)
        if head is not None:
            label = head[1]
        elif item is not None:
            found[item[2]] = label
    return found


def tell(folder: Path, name: str) -> dict[str, object]:
    """What became of one tree."""
    pages = {page: title(page) + text for page, text in TREES[name].items()}
    setting = {"honestdocs_arrows": name.removeprefix("set to ")} if "set" in name else {}
    project = Project(folder=folder / name, settings=setting).write(pages)
    built = project.build("text")
    labels: dict[str, str] = {}
    for page in pages:
        labels |= rendered((built.out / f"{page}.txt").read_text("utf-8"))
    read = [
        f"{parameter.location} {parameter.name}"
        for page in built.pages()
        for operation in page.operations
        for parameter in operation.parameters
    ]
    return {"labels": labels, "read": read, "warnings": built.warnings.splitlines()}


def main() -> None:
    """Build all trees and tell."""
    folder = Path(sys.argv[1])
    told = {
        "release": version("sphinxcontrib-httpdomain"),
        "file": sphinxcontrib.httpdomain.__file__,
        "trees": {name: tell(folder, name) for name in TREES},
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
