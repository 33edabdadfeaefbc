"""Examples that share a request are one exchange."""

from __future__ import annotations

import pytest

from contract.writing import contract_of
from honestdocs.contract.exchange import by_page, exchanges

TEXT = "GET /a HTTP/1.1\n----\nHTTP/1.1 200 OK\n----\nHTTP/1.1 404 No\n----\nGET /b HTTP/1.1"


def test_alternatives_are_sent_once() -> None:
    examples = contract_of(TEXT).examples
    first, second = exchanges(examples)
    assert first.examples == examples[:2]
    assert first.first is examples[0]
    assert first.request is not None
    assert first.request.target == "/a"
    assert second.examples == examples[2:]
    assert exchanges([]) == ()


@pytest.mark.parametrize(
    ("text", "marks", "reason"),
    [
        ("GET /a HTTP/1.1", "", ""),
        ("GET /a HTTP/1.1", "strict\n skip it needs a phone", "it needs a phone"),
        ("HTTP/1.1 200 OK", "", "no documented request goes with this response"),
    ],
)
def test_an_exchange_knows_why_it_is_not_run(text: str, marks: str, reason: str) -> None:
    (exchange,) = exchanges(contract_of(text, marks=marks).examples)
    assert exchange.skip == reason


def test_examples_are_told_apart_by_page() -> None:
    examples = contract_of(TEXT).examples
    assert by_page(examples) == {"page": examples}
