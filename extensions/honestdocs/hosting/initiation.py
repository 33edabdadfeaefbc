"""Making a repository a hosted one, and undoing it.

Owns what is put into a repository and taken out of it again. Must not build anything.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from honestdocs.hosting import durable, heads, hgrc
from honestdocs.hosting.errors import HostError, RepositoryError
from honestdocs.hosting.home import Home
from honestdocs.hosting.mercurial import environment
from honestdocs.hosting.serverfiles import lay, server_files
from honestdocs.hosting.settings import TEMPLATE, load
from honestdocs.hosting.tool import decoded, need_tool, run

_USER = "honestdocs"
_UNGUARDED = tuple(f"--config=hooks.{name}.honestdocs=" for name in ("pretxnclose", "txnclose"))
"""What is there already need not pass the gate."""
_LEFT_OUT = (".git", ".hg", ".venv", "build", "__pycache__", "node_modules")


def initiate(folder: Path, source: Path | None, *, revision: str = "") -> str:
    """Makes a folder a hosted repository; returns the node of its head, empty without any.

    What is there already stays: settings, users, the server's files, releases. Raises HostError
    for what cannot be hosted.
    """
    try:
        fresh = _repository(folder, source)
        home = Home(root=folder.resolve())
        home.folder.mkdir(exist_ok=True)
        home.folder.chmod(0o750)
        if not home.settings.exists():
            durable.write_text(home.settings, TEMPLATE.format(branch='"default"'))
        load(home.settings)
        _write_hgrc(home)
        return _head(home, revision, everything=fresh)
    except RepositoryError as error:
        raise HostError(str(error)) from error


def _repository(folder: Path, source: Path | None) -> bool:
    """Makes sure that there is a repository; whether it was made now."""
    if (folder / ".hg").is_dir():
        return False
    if source is None:
        if not folder.is_dir() or not any(folder.iterdir()):
            raise HostError(
                f"{folder}: nothing to host there; name a tree, repository or bundle with --from"
            )
        _commit_tree(folder)
        return True
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HostError(f"{folder}: is not empty and no repository; name another folder")
    if source.is_file() or (source / ".hg").is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        words = ("clone", "--noupdate", "--pull", str(source.resolve()), str(folder.resolve()))
        _hg(words, folder.parent)
    elif source.is_dir():
        left_out = shutil.ignore_patterns(*_LEFT_OUT)
        shutil.copytree(source, folder, ignore=left_out, dirs_exist_ok=True)
        _commit_tree(folder)
        _empty(folder)
    else:
        raise HostError(f"{source}: no such tree, repository or bundle")
    return True


def _commit_tree(folder: Path) -> None:
    _hg(("init",), folder)
    left_out = [word for name in _LEFT_OUT for word in ("--exclude", f"path:{name}")]
    message = f"Begin with the documentation of {folder.resolve().name}"
    _hg(("commit", "--addremove", *left_out, "--user", _USER, "--message", message), folder)


def _empty(folder: Path) -> None:
    """Leaves only the repository: a copy of the tree beside it would grow old."""
    _hg(("update", "--quiet", "null"), folder)
    for path in folder.iterdir():
        if path.name != ".hg":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _hg(words: Sequence[str], folder: Path) -> str:
    command = (need_tool("hg"), *_UNGUARDED, *words)
    return decoded(run(command, folder=folder, environment=environment()).stdout)


def _write_hgrc(home: Home) -> None:
    durable.write_text(home.hgrc, hgrc.render_server(home, _extensions(home)))
    own = home.root / ".hg" / "hgrc"
    text = hgrc.without_ours(own.read_text("utf-8")) if own.is_file() else ""
    durable.write_text(own, text + hgrc.render_repository(home))


def _extensions(home: Home) -> tuple[str, ...]:
    """The extensions that previews of drafts need, where they are installed."""
    wanted = ("evolve", "topic")
    words = (need_tool("hg"), *(f"--config=extensions.{name}=" for name in wanted), "version", "-v")
    done = run(words, folder=home.root, environment=environment(), fine=(0, 255))
    failed = b"failed to import" in done.stderr
    return () if failed or done.returncode else wanted


def _head(home: Home, revision: str, *, everything: bool) -> str:
    """The node to begin with, public from now on; the server's own files are taken from it."""
    branch = load(home.settings).branch
    if everything:
        _hg(("phase", "--public", "--rev", "all()"), home.root)
    if revision:
        node = _hg(("log", "--rev", revision, "--limit", "1", "-T", "{node}"), home.root)
    else:
        node = heads.public_head(home, branch, "") or heads.newest_head(home, branch)
    if not node:
        return ""
    if not everything:
        _hg(("phase", "--public", "--rev", node), home.root)
    if not home.overlay.is_dir():
        sent = heads.fetch(home, (), node)
        tree = {one.path: one.content for one in sent if one.content is not None}
        lay(server_files(tree, title=home.root.name), home.overlay)
    return node


def undo(home: Home) -> None:
    """Takes hosting out of a repository; its history stays as it is, the site goes."""
    own = home.root / ".hg" / "hgrc"
    if own.is_file():
        text = hgrc.without_ours(own.read_text("utf-8"))
        durable.write_text(own, text)
        if not text:
            own.unlink()
    shutil.rmtree(home.folder)
