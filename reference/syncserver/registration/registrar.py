"""What can be done with accounts: making, changing, deleting, and getting back in.

Owns the order of checks.  Must not know HTTP; accounts, mail, clock and randomness are arguments.
"""

from __future__ import annotations

import hmac
import random
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from syncserver.accounts import Account, Accounts
from syncserver.authentication import UserId
from syncserver.credentials import PasswordAuthenticator
from syncserver.mail import Mail, Mailer
from syncserver.password import Hasher
from syncserver.registration.captcha import Captcha
from syncserver.registration.refusal import Code, RefusalError, UnknownUserError
from syncserver.registration.rules import MAX_NAME, derive_name, is_address, is_strong
from syncserver.registration.settings import RegistrationSettings

_ALPHABET = string.ascii_uppercase + string.digits
_MAIL = """\
Somebody, most likely you, wants to set a new password for your Sync account.

To do so, open this page:

{link}

or, where a program asks for a reset code, type this one:

{code}

The code is valid for {hours} hours and for one new password. If you did not ask
for it, do nothing: your password stays as it is.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """What a client sent to show that a person sits there."""

    challenge: str = ""
    response: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrar:
    """Does what users ask for; every method raises `UnavailableError` when it cannot be done now.

    `clock` counts seconds since 1970.  Without a `captcha` nobody is asked for a solution.
    """

    accounts: Accounts
    authenticator: PasswordAuthenticator
    hasher: Hasher
    mailer: Mailer
    settings: RegistrationSettings
    clock: Callable[[], float]
    randomness: random.Random
    captcha: Captcha | None

    async def is_taken(self, name: str) -> bool:
        """Tell whether there is a user of this name."""
        return await self.accounts.find(name) is not None

    async def create(
        self, name: str, draft: Mapping[str, object] | None, solution: Solution
    ) -> None:
        """Make an account.  Raises `RefusalError`, for the first thing that is wrong.

        `draft` is what the client's JSON says, None when it says nothing.
        """
        if await self.is_taken(name):
            raise RefusalError(Code.TAKEN)
        if len(name) > MAX_NAME:
            raise RefusalError(Code.NAME)
        if draft is None:
            raise RefusalError(Code.JSON)
        email = draft.get("email", draft.get("e-mail"))
        if not isinstance(email, str) or not is_address(email):
            raise RefusalError(Code.ADDRESS)
        if self.settings.strict_names and name != derive_name(email):
            raise RefusalError(Code.FOREIGN_ADDRESS)
        password = draft.get("password")
        if not isinstance(password, str) or not password:
            raise RefusalError(Code.NO_PASSWORD)
        _require_strong(password, name)
        if not self._knows_secret(solution):
            await self._require_person(solution)
        if not await self.accounts.add(name, email, await self.hasher.hash(password)):
            raise RefusalError(Code.TAKEN)

    async def delete(self, name: str, user: UserId) -> None:
        """Remove the account with everything that is stored for it."""
        await self.accounts.remove(user)
        self.authenticator.forget(name)

    async def send_code(self, name: str, solution: Solution) -> None:
        """Mail a reset code, the one that was mailed already if it is still valid.

        Raises `RefusalError`.
        """
        account = await self.accounts.find(name)
        if account is None:
            raise RefusalError(Code.NAME)
        if not account.email:
            raise RefusalError(Code.ADDRESS)
        await self._require_person(solution)
        now = int(self.clock())
        expires = now + self.settings.reset_ttl
        code = await self.accounts.offer_code(account, self._create_code(), now, expires)
        await self.mailer.send(self._write_mail(account, code))

    async def void_code(self, user: UserId, solution: Solution) -> None:
        """Make a code that was mailed worthless.  Raises `RefusalError`."""
        await self._require_person(solution)
        await self.accounts.void_code(user)

    async def require_known(self, name: str) -> None:
        """Raise `UnknownUserError` when there is no user of this name."""
        if not await self.is_taken(name):
            raise UnknownUserError

    async def change_password(self, name: str, user: UserId, password: str) -> None:
        """Set a new password.  Raises `RefusalError`."""
        _require_strong(password, name)
        await self.accounts.set_password(user, await self.hasher.hash(password))
        self.authenticator.forget(name)

    async def recover(self, name: str, code: str, password: str) -> None:
        """Set a new password by way of a reset code, which is void then.

        Raises `UnknownUserError` and `RefusalError`; a refused password leaves the code as it was.
        """
        account = await self.accounts.find(name)
        if account is None:
            raise UnknownUserError
        if not account.accepts(code, self.clock()):
            raise RefusalError(Code.RESET_CODE)
        _require_strong(password, name)
        hashed = await self.hasher.hash(password)
        if not await self.accounts.set_password(account.user, hashed, code):
            raise RefusalError(Code.RESET_CODE)
        self.authenticator.forget(name)

    async def change_email(self, user: UserId, email: str) -> None:
        """Set a new address.  Raises `RefusalError`."""
        if not is_address(email):
            raise RefusalError(Code.ADDRESS)
        await self.accounts.set_email(user, email)

    def _knows_secret(self, solution: Solution) -> bool:
        known = self.settings.secret.encode()
        return bool(known) and hmac.compare_digest(known, solution.secret.encode())

    async def _require_person(self, solution: Solution) -> None:
        if self.captcha is None:
            return
        if not await self.captcha.check(solution.challenge, solution.response):
            raise RefusalError(Code.CAPTCHA)

    def _create_code(self) -> str:
        groups = ("".join(self.randomness.choices(_ALPHABET, k=4)) for _ in range(4))
        return "-".join(groups)

    def _write_mail(self, account: Account, code: str) -> Mail:
        query = urlencode({"username": account.name, "key": code})
        base = self.settings.url + self.settings.prefix
        text = _MAIL.format(
            link=f"{base}/weave-password-reset?{query}",
            code=code,
            hours=f"{self.settings.reset_ttl / 3600:g}",
        )
        return Mail(recipient=account.email or "", subject="A new password for Sync", text=text)


def _require_strong(password: str, name: str) -> None:
    if not password:
        raise RefusalError(Code.NO_PASSWORD)
    if not is_strong(password, name):
        raise RefusalError(Code.WEAK_PASSWORD)
