"""A browser without scripts that edits a hosted tree, over a real socket.

Owns cookies, forms and reading what an answer says. Must not know what is expected.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urlsplit

SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str]

    def field(self, name: str) -> str:
        """The value of a hidden field."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, self.text
        return unescape(found[1])

    @property
    def source(self) -> str:
        """The text of the editor, as a browser takes it."""
        found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", self.text, re.DOTALL)
        assert found, self.text
        return unescape(found[1])

    @property
    def told(self) -> str:
        """What the notice says, on one line."""
        found = re.search(r'<section class="notice.*?</section>', self.text, re.DOTALL)
        return plain(found[0]) if found else ""

    @property
    def findings(self) -> str:
        """What is told of the text, on one line."""
        found = re.search(r'<section class="findings.*?</section>', self.text, re.DOTALL)
        assert found, self.text
        return plain(found[0])

    @property
    def frames(self) -> list[str]:
        """The addresses of the frames."""
        return [unescape(one) for one in re.findall(r'<iframe[^>]* src="([^"]*)"', self.text)]


def plain(markup: str) -> str:
    """The words of a piece of HTML."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())


@dataclass(slots=True, kw_only=True)
class Reader:
    """Somebody at a browser."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        """Asks for a page."""
        return self.send("GET", path, b"", headers)

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> Answer:
        """Sends a form, with the line ends that browsers send."""
        body = urlencode({k: re.sub("\r?\n", "\r\n", v) for k, v in form.items()}).encode()
        given = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.url}
        return self.send("POST", path, body, given | headers)

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Sends exactly what is given."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=SECONDS)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(
            method, path, body, {**headers, **({"Cookie": cookie} if cookie else {})}
        )
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        for given in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = given.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(status=answer.status, text=text, headers=dict(answer.headers))

    def sign_in(self, name: str, password: str, to: str = "") -> Answer:
        """Signs in."""
        return self.post("/edit/-/login", {"name": name, "password": password, "to": to})


@dataclass(slots=True, kw_only=True)
class Edit:
    """A file that somebody has open in the editor."""

    reader: Reader
    path: str
    token: str
    base: str
    source: str

    @classmethod
    def open(cls, reader: Reader, path: str) -> Edit:
        """Opens it."""
        answer = reader.get(f"/edit/{path}")
        assert answer.status == 200, answer.text
        return cls(
            reader=reader,
            path=path,
            token=answer.field("token"),
            base=answer.field("base"),
            source=answer.source,
        )

    def act(self, action: str, text: str, message: str = "Say it better", **more: str) -> Answer:
        """Presses a button."""
        form = {"token": self.token, "base": self.base, "text": text, "message": message}
        return self.reader.post(f"/edit/{self.path}", {**form, "action": action, **more})
