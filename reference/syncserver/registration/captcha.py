"""Captchas: questions that tell people from programs.

Owns the protocol that every kind fulfils, and the one kind that needs nobody else's service.  Must
not know where they are asked.
"""

from __future__ import annotations

import hmac
import random
from collections import OrderedDict
from collections.abc import Callable
from html import escape
from typing import Protocol

LIFE = 600
"""Seconds within which a captcha has to be solved."""

MAX_SOLVED = 100000


class Captcha(Protocol):
    """A way to tell people from programs."""

    async def check(self, challenge: str, response: str) -> bool:
        """Tell whether `response` solves `challenge`; each challenge can be solved once."""

    def render(self) -> str:
        """Return HTML that asks for the answer, in the fields that a client sends on."""


class SumCaptcha:
    """Asks for the sum of two numbers.

    The challenge holds the question, its end and a mark that only this process can make, so that
    nothing is kept until somebody solves it.  It stops programs that were not written for it, no
    others.
    """

    def __init__(
        self, *, key: bytes, clock: Callable[[], float], randomness: random.Random
    ) -> None:
        """Mark challenges with `key`; `clock` counts seconds."""
        self._key = key
        self._clock = clock
        self._randomness = randomness
        self._solved: OrderedDict[str, None] = OrderedDict()

    async def check(self, challenge: str, response: str) -> bool:
        """Tell whether the answer is right, in time and the first one."""
        question, _, mark = challenge.rpartition("-")
        if not hmac.compare_digest(mark.encode(), self._mark(question).encode()):
            return False
        first, second, end = (int(part) for part in question.split("-")[:3])
        if end < self._clock() or challenge in self._solved:
            return False
        if response.strip() != str(first + second):
            return False
        self._solved[challenge] = None
        while len(self._solved) > MAX_SOLVED:
            self._solved.popitem(last=False)
        return True

    def render(self) -> str:
        """Return a new question."""
        first, second = self._randomness.randint(1, 20), self._randomness.randint(1, 20)
        noise = f"{self._randomness.getrandbits(64):016x}"
        question = f"{first}-{second}-{int(self._clock()) + LIFE}-{noise}"
        challenge = escape(f"{question}-{self._mark(question)}")
        return (
            f'<p><label for="captcha-response">How much is {first} and {second}?</label>\n'
            f'<input type="hidden" name="captcha-challenge" value="{challenge}">\n'
            '<input id="captcha-response" name="captcha-response" inputmode="numeric" required></p>'
        )

    def _mark(self, question: str) -> str:
        return hmac.digest(self._key, question.encode(), "sha256").hex()
