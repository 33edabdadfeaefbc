"""What a session has learnt: values bound, and values that a failure left without one.

Owns both. Must not know how exchanges are run or judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from honestdocs.contract.binding import Bindings
from honestdocs.contract.example import Example, Request
from honestdocs.contract.place import Place
from honestdocs.contract.usage import Usage, holds, request_text
from honestdocs.contract.volatile import kind_of
from honestdocs.contract.wire import WireResponse

_WORD = re.compile(r"[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)*")
_SCALAR = re.compile(r'"((?:[^"\\\s]|\\.){1,200})"')


class Memory:
    """The bindings of a session, and which documented values have none because their example
    failed: what needs them cannot be checked, and is no lie of its own.
    """

    def __init__(self) -> None:
        self.bindings = Bindings()
        self._unbound: dict[str, Place] = {}

    def learn(self, bound: Iterable[tuple[str, str]], captured: Iterable[tuple[str, str]]) -> None:
        """Takes what a judgement taught."""
        for documented, observed in bound:
            self.bindings.bind(documented, observed)
            self._unbound.pop(documented, None)
        for name, observed in captured:
            self.bindings.capture(name, observed)

    def forget(
        self, examples: Sequence[Example], usage: Usage, seen: WireResponse | None = None
    ) -> None:
        """Remembers which generated values failed examples leave without a counterpart.

        Those that the response shows as documented need none.
        """
        observed = _observed_text(seen) if seen is not None else ""
        for example in examples:
            for value in _texts(example):
                known = value in self.bindings or (observed and holds(observed, value))
                if not known and _is_made_up(value, example, usage):
                    self._unbound.setdefault(value, example.place)

    def needs(self, request: Request) -> Place | None:
        """The example whose failure left a value unbound that the request sends, if any."""
        if not self._unbound:
            return None
        text = request_text(request)
        for value, place in self._unbound.items():
            if value not in self.bindings and holds(text, value):
                return place
        return None


def _observed_text(answer: WireResponse) -> str:
    headers = "\n".join(value for _, value in answer.headers)
    return f"{headers}\n{answer.body.decode('utf-8', 'replace')}"


def _is_made_up(value: str, example: Example, usage: Usage) -> bool:
    """Whether only a server can have made up a documented text; a plain word is nobody's."""
    if not any(char.isdigit() for char in value):
        return False
    if kind_of(value) is not None and not holds(request_text(example.request), value):
        return True
    return usage.generated(value)


def _texts(example: Example) -> Iterable[str]:
    """The single values of a documented response, each once."""
    response = example.response
    if response is None:
        return ()
    found: dict[str, None] = {}
    for header in response.headers:
        if header.name.lower() != "date":
            found.update(dict.fromkeys((header.value, *_WORD.findall(header.value))))
    found.update(dict.fromkeys(_WORD.findall(response.body)))
    found.update(dict.fromkeys(m[1] for m in _SCALAR.finditer(response.body)))
    return found
