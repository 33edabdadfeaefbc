"""What a built page tells scripts, and what a build leaves for those who serve it."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from honestdocs.verification.snapshot import NAME, SnapshotError, load_snapshot
from servers.items import ItemServer
from sphinxext.project import Project, title

PAGE = (
    title("Tea")
    + ".. heartbeat:: items\n\n.. code-block:: http\n\n   GET /slow/tea HTTP/1.1\n\n"
    + '.. code-block:: http\n\n   HTTP/1.1 200 OK\n\n   {"word": "tea"}\n'
)


def told(html: str) -> list[dict[str, str]]:
    tags = re.findall(r"<div [^>]*data-honestdocs-[^>]*>", html)
    return [dict(re.findall(r'data-honestdocs-(\w+)="([^"]*)"', tag)) for tag in tags]


@pytest.fixture
def project(tmp_path: Path, service: ItemServer) -> Project:
    services = {"items": {"url": service.url, "title": "The Items"}}
    project = Project(folder=tmp_path, settings={"honestdocs_services": services})
    return project.write({"index": PAGE})


def test_marks_summaries_and_heartbeats_tell_what_they_show(project: Project) -> None:
    built = project.build("html")
    (example,) = built.outcomes()
    assert told(built.html()) == [
        {"page": "index", "state": "passed"},
        {"service": "items", "state": "passed"},
        {"example": example, "state": "passed"},
    ]


def test_other_builders_take_them_for_containers(project: Project) -> None:
    built = project.build("text")
    assert "✓ Proven" in (built.out / "index.txt").read_text("utf-8")
    assert built.warnings == ""


def test_a_build_leaves_what_it_read_beside_its_output(project: Project) -> None:
    built = project.build("html")
    snapshot = load_snapshot(built.out.parent / NAME)
    assert [example.page for example in snapshot.contract.examples] == ["index"]
    assert [service.name for service in snapshot.services] == ["items"]
    assert snapshot.titles["index"] == "Tea"
    assert Path(snapshot.database).is_file()


def test_a_tree_that_declares_no_service_any_more_leaves_nothing(project: Project) -> None:
    left = project.build("html").out.parent / NAME
    assert left.is_file()
    project.build("html", honestdocs_services={})
    assert not left.exists()


def test_what_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / NAME
    for content in (None, b"nothing of ours", pickle.dumps(("0.0.1", "old"))):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(SnapshotError, match=r"honestdocs\.contract.*honestdocs build"):
            load_snapshot(path)
