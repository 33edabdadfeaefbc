"""Arrow fields render and read with the meaning that their author had, on every httpdomain.

Releases up to 2.0.0 read ``<`` as the request, 2.1.0 to 2.2.1 as the response.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sphinxext.project import Project, title

ROOT = Path(__file__).parents[2]
SECONDS = 120
LEFT_IS_REQUEST = {
    "f1": "Request Headers",
    "f2": "Response Headers",
    "f3": "Response JSON Object",
    "f4": "Response JSON Array of Objects",
    "f5": "Request JSON Object",
    "f7": "Response JSON Object",
}
READ = [
    "header Authorization",
    "response header ETag",
    "response json total",
    "response json name",
    "request json name",
    "response json id",
]
UNCLEAR = ["request json sent", "response json got", "header X-Sent"]


def install(release: str) -> Path:
    """A folder with one release of httpdomain, kept between runs; skips where it is not to
    be had.
    """
    folder = ROOT / "build" / "test" / f"httpdomain-{release}"
    if (folder / "sphinxcontrib" / "httpdomain").is_dir():
        return folder
    words = ["install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"]
    wanted = f"sphinxcontrib-httpdomain=={release}"
    done = subprocess.run(
        [sys.executable, "-m", "pip", *words, "--target", str(folder), wanted],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"{wanted} cannot be installed: {done.stderr.strip().splitlines()[-1]}")
    return folder


@pytest.fixture(scope="module", params=["2.0.0", "2.2.1"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What became of all trees under one release."""
    folder = install(request.param)
    path = os.pathsep.join(map(str, (folder, ROOT / "tests", ROOT / "extensions")))
    done = subprocess.run(
        [sys.executable, "-m", "sphinxext.arrows", str(tmp_path_factory.mktemp("arrows"))],
        env={**os.environ, "PYTHONPATH": path},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["release"] == request.param
    assert found["file"].startswith(str(folder))
    return found


def arrow_warnings(tree: dict[str, Any]) -> list[str]:
    return [line for line in tree["warnings"] if line.endswith("[honestdocs.arrows]")]


@pytest.mark.parametrize("meaning", ["request", "response"])
def test_a_tree_renders_and_reads_as_its_author_meant(meaning: str, told: Any) -> None:
    tree = told["trees"][meaning]
    assert {field: tree["labels"][field] for field in LEFT_IS_REQUEST} == LEFT_IS_REQUEST
    assert tree["read"][: len(READ)] == READ


@pytest.mark.parametrize("meaning", ["request", "response"])
def test_what_one_page_tells_holds_for_the_whole_tree(meaning: str, told: Any) -> None:
    tree = told["trees"][meaning]
    assert tree["read"][len(READ) :] == UNCLEAR
    labels = [tree["labels"][field] for field in ("u1", "u2", "u3")]
    assert labels == ["Request JSON Object", "Response JSON Object", "Request Headers"]


@pytest.mark.parametrize("meaning", ["request", "response"])
def test_a_tree_is_warned_of_its_arrows_once(meaning: str, told: Any) -> None:
    (warning,) = arrow_warnings(told["trees"][meaning])
    assert f"are read with < for the {meaning}" in warning
    assert "index.rst" in warning


def test_a_tree_that_does_not_tell_follows_the_installed_release(told: Any) -> None:
    tree = told["trees"]["unclear"]
    if told["release"] == "2.0.0":
        assert tree["read"] == UNCLEAR
        assert tree["labels"]["u1"] == "Request JSON Object"
    else:
        assert tree["read"] == ["response json sent", "request json got", "response header X-Sent"]
        assert tree["labels"]["u1"] == "Response JSON Object"
    assert len(arrow_warnings(tree)) == 1


@pytest.mark.parametrize("setting", ["request", "response"])
def test_the_setting_decides_against_all_evidence_and_warns_of_nothing(
    setting: str, told: Any
) -> None:
    tree = told["trees"][f"set to {setting}"]
    other = {
        field: label.replace("Request", "X").replace("Response", "Request").replace("X", "Response")
        for field, label in LEFT_IS_REQUEST.items()
    }
    assert tree["labels"] == other
    assert tree["read"][0] == "response header Authorization"
    assert arrow_warnings(tree) == []


def test_a_tree_without_arrows_is_warned_of_nothing(told: Any) -> None:
    tree = told["trees"]["plain"]
    assert tree["read"] == ["header A", "response json b"]
    assert tree["warnings"] == []


def test_pages_are_read_again_when_their_arrows_turn(project: Project) -> None:
    unclear = title("U") + ".. http:post:: /u\n\n   :<json sent: p\n"
    project.write({"index": unclear, "plain": title("P") + "Words.\n"})
    (operation,) = project.build().page("index").operations
    assert operation.parameters[0].location == "response json"
    clear = title("C") + ".. http:get:: /c\n\n   :>json got: p\n   :<header Accept: p\n"
    project.write({"clear": clear})
    again = project.build()
    assert again.read == ("clear", "index")
    (operation,) = again.page("index").operations
    assert operation.parameters[0].location == "request json"
