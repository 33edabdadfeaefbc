"""What a failed example leaves unbound is not blamed on those that need it."""

from __future__ import annotations

import pytest

from contract.writing import answer, example, message
from honestdocs.contract.example import Request
from honestdocs.contract.memory import Memory
from honestdocs.contract.place import Place
from honestdocs.contract.usage import Uses

UUID, OTHER = "89881454-e4e9-4ef0-99a9-404d95900352", "fec930f1-4e30-4b1c-8a63-0fafbe508d48"
DOCUMENTED = (
    'HTTP/1.1 201 Created\nDate: Thu, 18 Jun 2015 17:02:23 GMT\nETag: "1434646943915"\n\n'
    f'{{"id": "{UUID}", "channel": "b4n7", "name": "bob", "count": 1}}'
)
PLACE = Place("response.rst", 1)


def request(text: str) -> Request:
    found = message(text)
    assert isinstance(found, Request)
    return found


def forgetful(*later: str, seen: str | None = None, sent: str = "POST /a HTTP/1.1") -> Memory:
    """A memory after an example failed that later requests may need."""
    memory = Memory()
    failed = example(DOCUMENTED, sent)
    uses = Uses([failed.request, *map(request, later)])
    memory.forget([failed], uses.at(0), None if seen is None else answer(seen))
    return memory


@pytest.mark.parametrize(
    "later",
    [
        f"GET /a/{UUID} HTTP/1.1",
        f'PUT /a HTTP/1.1\n\n{{"parent": "{UUID}"}}',
        'PUT /a HTTP/1.1\nIf-Match: "1434646943915"',
        "GET /a?since=1434646943915 HTTP/1.1",
        "GET /b4n7 HTTP/1.1",
    ],
)
def test_a_request_that_sends_a_lost_value_needs_its_example(later: str) -> None:
    assert forgetful(later).needs(request(later)) == PLACE


@pytest.mark.parametrize(
    "later",
    [
        "GET /a HTTP/1.1",
        "GET /users/bob HTTP/1.1",
        "GET /a?page=1 HTTP/1.1",
        "GET /a HTTP/1.1\nIf-Modified-Since: Thu, 18 Jun 2015 17:02:23 GMT",
        f"GET /a/{UUID}x HTTP/1.1",
    ],
)
def test_any_other_request_does_not(later: str) -> None:
    assert forgetful(later).needs(request(later)) is None


def test_nothing_is_lost_at_first() -> None:
    assert Memory().needs(request(f"GET /a/{UUID} HTTP/1.1")) is None


def test_what_came_as_documented_is_not_lost() -> None:
    later = request(f"GET /a/{UUID} HTTP/1.1")
    seen = f'HTTP/1.1 201 X\n\n{{"id": "{UUID}"}}'
    assert forgetful("GET /b4n7 HTTP/1.1", seen=seen).needs(later) is None
    assert forgetful("GET /b4n7 HTTP/1.1", seen="HTTP/1.1 500 X").needs(later) == PLACE


def test_what_the_failed_request_sent_itself_is_not_lost() -> None:
    sent = f"PUT /a/{UUID} HTTP/1.1"
    assert forgetful(sent, sent=sent).needs(request(sent)) is None


def test_what_is_learnt_afterwards_is_found_again() -> None:
    memory = forgetful()
    memory.learn([(UUID, OTHER)], [("name", "value")])
    assert memory.needs(request(f"GET /a/{UUID} HTTP/1.1")) is None
    assert memory.bindings.in_target(f"/a/{UUID}/{{name}}") == f"/a/{OTHER}/value"
