"""Certificates made on the spot, and server contexts that show them.

Owns a certificate authority that lives as long as a test run. Must not know who trusts it.
"""

from __future__ import annotations

import datetime as dt
import ssl
from ipaddress import ip_address
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PAST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
FUTURE = dt.datetime(2090, 1, 1, tzinfo=dt.UTC)
YEAR = dt.timedelta(days=365)


class Authority:
    """A certificate authority whose own certificate is in ``file``."""

    def __init__(self, folder: Path) -> None:
        self._authority = trustme.CA()
        self._folder = folder
        self.file = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(self.file))

    def context(
        self,
        name: str = "127.0.0.1",
        *,
        ends: dt.datetime | None = None,
        starts: dt.datetime | None = None,
    ) -> ssl.SSLContext:
        """A server's context with a certificate for a name, perhaps expired or not valid yet."""
        certificate = self._authority.issue_cert(name, not_after=ends, not_before=starts)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return context

    def expired(self) -> ssl.SSLContext:
        """A context whose certificate has expired."""
        return self.context(starts=PAST - YEAR, ends=PAST)

    def not_yet_valid(self) -> ssl.SSLContext:
        """A context whose certificate is for later."""
        return self.context(starts=FUTURE, ends=FUTURE + YEAR)

    def self_signed(self, address: str = "127.0.0.1") -> ssl.SSLContext:
        """A context whose certificate vouches for itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
        names = [x509.IPAddress(ip_address(address))]
        now = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder(subject, subject, key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - YEAR)
            .not_valid_after(now + YEAR)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(key, hashes.SHA256())
        )
        file = self._folder / "self-signed.pem"
        encodings = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        file.write_bytes(key.private_bytes(*encodings) + certificate.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def bundle(self, name: str = "127.0.0.1") -> Path:
        """A file with a key and its certificate, for servers that read them themselves."""
        file = self._folder / "server.pem"
        self._authority.issue_cert(name).private_key_and_cert_chain_pem.write_to_path(str(file))
        return file
