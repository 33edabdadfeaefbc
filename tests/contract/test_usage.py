"""Whether the server made a value up is told by the requests that send it."""

from __future__ import annotations

import pytest

from contract.writing import message
from honestdocs.contract.example import Request
from honestdocs.contract.usage import NOBODY, Uses, holds, request_text
from honestdocs.contract.word import find_word


def uses(*texts: str) -> Uses:
    requests = [message(text) if text else None for text in texts]
    return Uses([request if isinstance(request, Request) else None for request in requests])


PAGE = uses(
    "POST /users HTTP/1.1\n\nmine1",
    "",
    'PUT /b4n7/parts?x=q1w2 HTTP/1.1\nIf-Match: "e4t5"\n\n{"id": "z9y8", "word": 1}',
    "GET /channel/new HTTP/1.1",
)


@pytest.mark.parametrize("text", ["b4n7", "q1w2", "e4t5", '"e4t5"', "z9y8", "channel", "parts"])
def test_what_a_later_request_sends_first_was_made_up_by_the_server(text: str) -> None:
    assert PAGE.at(0).generated(text)
    assert PAGE.at(1).generated(text)


@pytest.mark.parametrize(
    "text", ["mine1", "users", "b4n", "4n7", "1", "x", "12", "word", "unused1", "", "a b4n7", "$x1"]
)
def test_what_a_client_chose_or_nobody_sends_was_not(text: str) -> None:
    assert not PAGE.at(0).generated(text)


def test_what_was_sent_before_is_no_news() -> None:
    assert not PAGE.at(2).generated("b4n7")
    assert not PAGE.at(3).generated("channel")
    assert not NOBODY.generated("b4n7")


def test_a_request_knows_its_own_texts_and_those_before_it() -> None:
    assert PAGE.at(2).sent("b4n7")
    assert PAGE.at(2).sent("e4t5")
    assert not PAGE.at(3).sent("b4n7")
    assert PAGE.at(3).known("b4n7")
    assert not PAGE.at(1).known("b4n7")
    assert not NOBODY.sent("b4n7")


def test_the_text_of_a_request_is_all_that_may_hold_values() -> None:
    request = message("PUT /a?b=c HTTP/1.1\nX: y\n\nbody")
    assert isinstance(request, Request)
    assert request_text(request).split("\n") == ["/a?b=c", "y", "body"]
    assert request_text(None) == ""


@pytest.mark.parametrize(
    ("whole", "word", "at"),
    [
        ("b4n7", "b4n7", 0),
        ("/b4n7/", "b4n7", 1),
        ("xb4n7 b4n7x b4n7", "b4n7", 12),
        ("b4n7-1 b4n7_1 b4n7.1", "b4n7", 14),
        ("üb4n7", "b4n7", -1),
        ("", "b4n7", -1),
    ],
)
def test_a_word_stands_alone(whole: str, word: str, at: int) -> None:
    assert find_word(whole, word) == at
    assert holds(whole, word) is (at >= 0)


def test_a_search_can_begin_further_on() -> None:
    assert find_word("ab ab", "ab", 1) == 3
