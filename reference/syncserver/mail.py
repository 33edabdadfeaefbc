"""Mail: messages to users, by SMTP or into a folder.

Owns handing a message over.  Must not know what messages are about.
"""

from __future__ import annotations

import asyncio
import os
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Literal, Protocol

from pydantic import Field

from syncserver.service import UnavailableError


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """Settings of the section `mail`."""

    host: Annotated[
        str,
        Field(description="SMTP server; empty: messages are put into the folder mail of the data"),
    ] = ""
    port: Annotated[int, Field(ge=1, le=65535, description="port of the SMTP server")] = 25
    security: Annotated[
        Literal["none", "starttls", "tls"],
        Field(description="none, starttls or tls: how the connection is protected"),
    ] = "none"
    username: Annotated[str, Field(description="user on the SMTP server; empty for none")] = ""
    password: Annotated[str, Field(description="password on the SMTP server")] = ""
    sender: Annotated[
        str, Field(pattern=r"^[^@\s]+@[^@\s]+$", description="address of the sender")
    ] = "accounts@services.example.com"
    timeout: Annotated[
        int, Field(ge=1, le=300, description="seconds that the SMTP server may take")
    ] = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message in plain text."""

    recipient: str
    subject: str
    text: str

    def render(self, sender: str, moment: datetime) -> EmailMessage:
        """Return the message as it is sent."""
        message = EmailMessage()
        message["From"] = sender
        message["To"] = self.recipient
        message["Subject"] = self.subject
        message["Date"] = format_datetime(moment)
        message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self.text)
        return message


class Mailer(Protocol):
    """Hands messages over."""

    async def send(self, mail: Mail) -> None:
        """Return when somebody else answers for the message; else raise `UnavailableError`."""

    async def check(self) -> None:
        """Return when a message could be handed over now; else raise `UnavailableError`."""


class SmtpMailer:
    """Hands messages to an SMTP server, each on a connection of its own."""

    def __init__(self, settings: MailSettings) -> None:
        """Use the server that the settings name."""
        self._settings = settings

    async def send(self, mail: Mail) -> None:
        """Send the message."""
        message = mail.render(self._settings.sender, datetime.now(UTC))

        def work(server: smtplib.SMTP) -> None:
            server.send_message(message, self._settings.sender, [mail.recipient])

        await asyncio.to_thread(self._do, work)

    async def check(self) -> None:
        """Greet the server."""
        await asyncio.to_thread(self._do, smtplib.SMTP.noop)

    def _do(self, work: Callable[[smtplib.SMTP], object]) -> None:
        try:
            with self._connect() as server:
                work(server)
        except (OSError, ValueError, smtplib.SMTPException):
            raise UnavailableError("The mail server does not take messages now.") from None

    @contextmanager
    def _connect(self) -> Iterator[smtplib.SMTP]:
        settings = self._settings
        context = ssl.create_default_context()
        address = (settings.host, settings.port)
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                *address, timeout=settings.timeout, context=context
            )
        else:
            server = smtplib.SMTP(*address, timeout=settings.timeout)
        with server:
            if settings.security == "starttls":
                server.starttls(context=context)
            if settings.username:
                server.login(settings.username, settings.password)
            yield server


class FolderMailer:
    """Puts messages into a folder, each a file, for whoever has no mail server at hand."""

    def __init__(self, folder: Path, sender: str) -> None:
        """Use `folder`, which is made when it is missing."""
        self._folder = folder
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        """Write the message; only the server's own account may read it."""
        content = bytes(mail.render(self._sender, datetime.now(UTC)))
        await asyncio.to_thread(self._write, content)

    async def check(self) -> None:
        """Make sure that there is a folder that can be written to."""
        await asyncio.to_thread(self._prepare)

    def _write(self, content: bytes) -> None:
        self._prepare()
        try:
            with NamedTemporaryFile(
                dir=self._folder,
                prefix=f"{datetime.now(UTC):%Y%m%dT%H%M%S}-",
                suffix=".eml",
                delete=False,
            ) as file:
                file.write(content)
        except OSError:
            raise UnavailableError("The folder of messages cannot be written to.") from None

    def _prepare(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            raise UnavailableError("The folder of messages cannot be made.") from None
        if not os.access(self._folder, os.W_OK):
            raise UnavailableError("The folder of messages cannot be written to.")


def create_mailer(settings: MailSettings, folder: Path) -> Mailer:
    """Return the mailer that the settings ask for; `folder` is that of the data."""
    if settings.host:
        return SmtpMailer(settings)
    return FolderMailer(folder / "mail", settings.sender)
