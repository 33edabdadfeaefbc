"""The built pages as the portal serves them, over a real socket."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from honestdocs.portal.application import make_application
from honestdocs.portal.guard import hosts_for
from honestdocs.portal.site import Site
from portal.served import Served, serving

PAGE = """<!doctype html><html><head><title>T</title></head><body>
<script>document.title = "moved"</script>
<script src="_static/a.js"></script>
<script type="application/json">{"a": 1}</script>
<p>Words</p></body></html>"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site") / "html"
    (root / "_static").mkdir(parents=True)
    (root / "guide").mkdir()
    (root / "index.html").write_text(PAGE + "x" * 2000, "utf-8")
    (root / "guide" / "index.html").write_text("<p>guide", "utf-8")
    (root / "guide" / "deep.html").write_text("<p>deep", "utf-8")
    (root / "404.html").write_text("<p>Not here; did you mean the guide?", "utf-8")
    (root / "_static" / "a.js").write_text("let a = 1;\n" * 100, "utf-8")
    (root / "_static" / "s.wasm").write_bytes(b"\0asm" * 100)
    (root / ".buildinfo").write_text("hidden", "utf-8")
    (root.parent / "secret.txt").write_text("outside", "utf-8")
    (root / "way-out.txt").symlink_to(root.parent / "secret.txt")
    return root


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[Served]:
    app = make_application(Site(site), hosts=hosts_for("127.0.0.1", ()))
    with serving(app) as found:
        yield found


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/guide/deep.html", "text/html; charset=utf-8"),
        ("/guide/deep", "text/html; charset=utf-8"),
        ("/_static/a.js", "text/javascript; charset=utf-8"),
        ("/_static/s.wasm", "application/wasm"),
    ],
)
def test_each_file_has_its_type(served: Served, path: str, type_: str) -> None:
    got = served.ask(path)
    assert (got.status, got.headers["content-type"]) == (200, type_)


def test_a_folder_is_answered_at_its_slash(served: Served) -> None:
    got = served.ask("/guide?a=1")
    assert (got.status, got.headers["location"]) == (308, "guide/?a=1")
    assert served.ask("/guide/").text == "<p>guide"


def test_what_has_not_changed_is_not_sent_again(served: Served) -> None:
    first = served.ask("/")
    again = served.ask("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    other = served.ask("/", headers={"If-None-Match": '"something else"'})
    assert other.status == 200


def test_a_changed_file_is_sent_anew(served: Served, site: Path) -> None:
    page = site / "guide" / "new.html"
    page.write_text("<p>one", "utf-8")
    first = served.ask("/guide/new.html")
    page.write_text("<p>three", "utf-8")
    again = served.ask("/guide/new.html", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.text) == (200, "<p>three")


def test_text_is_compressed_for_those_who_accept_it(served: Served) -> None:
    packed = served.ask("/", headers={"Accept-Encoding": "gzip, br"})
    plain = served.ask("/", headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == "Accept-Encoding"


def test_versioned_files_are_kept_and_pages_are_asked_for_again(served: Served) -> None:
    assert "immutable" in served.ask("/_static/a.js?v=1").headers["cache-control"]
    assert served.ask("/_static/a.js").headers["cache-control"] == "no-cache"
    assert served.ask("/").headers["cache-control"] == "no-cache"


def test_head_has_no_body(served: Served) -> None:
    got = served.ask("/", "HEAD")
    assert (got.status, got.body) == (200, b"")


def test_what_is_not_there_gets_the_page_of_the_site(served: Served) -> None:
    got = served.ask("/guide/no-such-page.html")
    assert got.status == 404
    assert "did you mean" in got.text


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/guide/../../secret.txt",
        "//etc/passwd",
        "/..\\secret.txt",
        "/%2fetc%2fpasswd",
        "/way-out.txt",
        "/.buildinfo",
        "/guide/%00",
        "/_portal/static/../../secret.txt",
    ],
)
def test_nothing_outside_the_site_and_nothing_hidden_is_given(served: Served, path: str) -> None:
    got = served.ask(path)
    assert got.status == 404
    assert "outside" not in got.text
    assert "hidden" not in got.text


def test_other_methods_are_refused(served: Served) -> None:
    assert served.ask("/", "POST", body=b"a=1").status == 405


def test_no_script_stands_in_a_page_and_each_is_still_there(served: Served) -> None:
    got = served.ask("/")
    assert "script-src 'self' 'wasm-unsafe-eval';" in got.headers["content-security-policy"]
    assert 'document.title = "moved"' not in got.text
    moved = re.findall(r'<script src="(/_portal/inline/[0-9a-f]+\.js)"></script>', got.text)
    assert len(moved) == 1
    assert served.ask(moved[0]).text == 'document.title = "moved"'
    assert '<script type="application/json">{"a": 1}</script>' in got.text


@pytest.mark.parametrize("path", ["/", "/nothing", "/_portal/inline/a.js", "/guide"])
def test_every_answer_carries_the_policy(served: Served, path: str) -> None:
    headers = served.ask(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_a_foreign_name_that_points_here_is_refused(served: Served) -> None:
    assert served.ask("/", headers={"Host": f"evil.example:{served.port}"}).status == 421
    assert served.ask("/", headers={"Host": f"localhost:{served.port}"}).status == 200
    assert hosts_for("0.0.0.0", ()) == ()  # noqa: S104 - nothing is bound
    assert "docs.example" in hosts_for("127.0.0.1", ("docs.example",))
