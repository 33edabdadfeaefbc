"""Source files are rewritten as they are, in one step, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from honestdocs.contract.edit import Edit
from honestdocs.verification.rewriting import RewriteError, SourceFile, digest_of

EDIT = Edit(line=2, column=1, end_line=2, end_column=2, text="ö")


def test_a_file_keeps_its_bytes_its_permissions_and_its_links(tmp_path: Path) -> None:
    path, link = tmp_path / "page.rst", tmp_path / "link.rst"
    path.write_bytes("\ufeffone\r\ntwo\rthree\n\ttail".encode())
    path.chmod(0o640)
    link.symlink_to(path)
    digest = SourceFile.read(link).write([EDIT])
    assert path.read_bytes() == "\ufeffone\r\ntöo\rthree\n\ttail".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert digest == digest_of(path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link.rst", "page.rst"]


def test_a_file_that_changed_meanwhile_is_left(tmp_path: Path) -> None:
    path = tmp_path / "page.rst"
    path.write_text("one\ntwo\n", "utf-8")
    read = SourceFile.read(path)
    path.write_text("one\nthree\n", "utf-8")
    with pytest.raises(RewriteError, match=r"page\.rst: changed meanwhile"):
        read.write([EDIT])
    assert path.read_text("utf-8") == "one\nthree\n"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "page.rst"
    with pytest.raises(RewriteError, match=r"page\.rst: cannot be read: No such file"):
        SourceFile.read(path)
    path.write_bytes(b"caf\xe9")
    with pytest.raises(RewriteError, match=r"page\.rst: is not UTF-8 \(byte 3\)"):
        SourceFile.read(path)
    assert not digest_of(tmp_path / "none")
