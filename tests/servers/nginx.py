"""A local nginx that answers everything with one small JSON document, or as it is told.

Owns its configuration, its folder and its end. Must not know who asks it.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

BODY = '{"ok": true, "items": [1, 2, 3]}'

_CONFIGURATION = """\
daemon off;
master_process off;
pid nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 75s;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
{http}
    server {{
{listen}{certificates}
        default_type application/json;
        add_header ETag '"0123456789abcdef"';
{locations}
    }}
}}
"""

_EVERYWHERE = f"        location / {{ return 200 '{BODY}'; }}"

_LISTEN = "        listen {address}:{port}{tls};"
_CERTIFICATES = """
        ssl_certificate {certificate};
        ssl_certificate_key {key};"""


def find_nginx() -> str | None:
    """The nginx of this machine, or ``None``."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def configure(  # noqa: PLR0913 - what a configuration says
    port: int,
    certificate: Path | None = None,
    key: Path | None = None,
    locations: str = _EVERYWHERE,
    *,
    addresses: Sequence[str] = ("127.0.0.1",),
    http: str = "",
) -> str:
    """The text of a configuration; with a certificate it speaks TLS and HTTP/2."""
    tls = " ssl http2" if certificate else ""
    lines = [_LISTEN.format(address=address, port=port, tls=tls) for address in addresses]
    shown = _CERTIFICATES.format(certificate=certificate, key=key or certificate)
    return _CONFIGURATION.format(
        http=http,
        listen="\n".join(lines),
        certificates=shown if certificate else "",
        locations=locations,
    )


@contextmanager
def nginx(
    certificate: Path | None = None,
    key: Path | None = None,
    *,
    locations: str = _EVERYWHERE,
    addresses: Sequence[str] = ("127.0.0.1",),
    http: str = "",
) -> Iterator[str]:
    """Yield the origin of a running nginx; raises ``RuntimeError`` where it does not start.

    ``locations`` replaces the one answer by others, in nginx's own notation, and ``http`` adds
    what all hosts share. It listens on all ``addresses``; the origin names the first.
    """
    program = find_nginx()
    if program is None:
        raise RuntimeError("no nginx on this machine: apt-get install nginx-light")
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="nginx-") as folder:
        file = Path(folder, "nginx.conf")
        text = configure(port, certificate, key, locations, addresses=addresses, http=http)
        file.write_text(text, encoding="utf-8")
        process = subprocess.Popen([program, "-p", folder, "-c", str(file)])
        try:
            _wait_for(addresses[0], port, process)
            yield f"{'https' if certificate else 'http'}://{addresses[0]}:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection((address, port), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise RuntimeError("nginx did not start listening")
