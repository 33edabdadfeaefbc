"""Mercurial's web server in a process of its own, kept alive.

Owns starting it, mending what an earlier end has left, starting it again and ending it. Must
not know what it answers.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from honestdocs.hosting.errors import HostError
from honestdocs.hosting.home import Home
from honestdocs.hosting.mercurial import environment
from honestdocs.hosting.tool import need_tool, run

_GLUE = Path(__file__).parent / "glue"
_THREADS = 8
_START_SECONDS = 30.0
_GRACE = 5.0
_PAUSE = 0.5


class HgServer:
    """For the length of a ``with`` block: gunicorn with one process of threads.

    Its ``sync`` workers would kill a push that takes long; threads do not.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._name = f"hgweb.{os.getpid()}.sock"
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self._home.folder / self._name

    def __enter__(self) -> Self:
        recover(self._home)
        self._start()
        end = time.monotonic() + _START_SECONDS
        while not self.socket.exists():
            if time.monotonic() > end or (self._process and self._process.poll() is not None):
                self._end()
                raise HostError(f"Mercurial's web server does not start: see {self._log}")
            time.sleep(0.02)
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._keeper.join()
        self._end()
        self.socket.unlink(missing_ok=True)

    @property
    def _log(self) -> Path:
        return self._home.folder / "hgweb.log"

    def _start(self) -> None:
        self.socket.unlink(missing_ok=True)
        own = {"HONESTDOCS_REPOSITORY": str(self._home.root)}
        options = ("--worker-class", "gthread", "--threads", str(_THREADS), "--workers", "1")
        where = ("--chdir", str(self._home.folder), "--pythonpath", str(_GLUE))
        words = (sys.executable, "-m", "gunicorn", *options, *where, "--umask", "077")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                (*words, "--no-control-socket", "--bind", f"unix:{self._name}", "web:application"),
                cwd=self._home.folder,
                env={**environment(str(self._home.hgrc)), **own},
                stdin=subprocess.PIPE,  # its end tells that of this process, however it ends
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _keep(self) -> None:
        """Starts it again when it has died: a transaction that it left is rolled back first."""
        while not self._ending.wait(_PAUSE):
            if self._process is not None and self._process.poll() is not None:
                self._process.communicate()
                recover(self._home)
                self._start()

    def _end(self) -> None:
        process = self._process
        if process is None:
            return
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.communicate()


def recover(home: Home) -> None:
    """Rolls back a transaction that a killed process has left; waits for one that lives."""
    if (home.root / ".hg" / "store" / "journal").exists():
        words = (need_tool("hg"), "recover", "--quiet")
        settings = environment(str(home.hgrc))
        run(words, folder=home.root, environment=settings, fine=(0, 1, 255))
