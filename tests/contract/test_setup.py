"""Setup requests are sent in order, and their answers are captured, not compared."""

from __future__ import annotations

import pytest

from contract.writing import answer
from honestdocs.contract.binding import Bindings
from honestdocs.contract.preparation import Target
from honestdocs.contract.setup import SetUp, set_up
from honestdocs.contract.setupfile import parse_setup
from honestdocs.contract.wire import Answer, Fault, WireFault, WireRequest

TARGET = Target(origin="http://127.0.0.1:1", base="/v1")
TEXT = """\
# @capture id /id
# @capture none /none
PUT /users
###
PUT /users/{{id}}
"""


def run(text: str, *answers: Answer) -> tuple[SetUp, list[WireRequest], Bindings]:
    bindings, sent = Bindings(), []
    running = set_up(parse_setup(text, "setup.http", {}), TARGET, bindings)
    waiting = list(answers)
    try:
        wire = next(running)
        while True:
            sent.append(wire)
            wire = running.send(waiting.pop(0))
    except StopIteration as end:
        left: SetUp = end.value
    return left, sent, bindings


CREATED = answer('HTTP/1.1 201 Created\n\n{"id": 57}')


def test_captured_values_are_sent_on_and_kept() -> None:
    left, sent, bindings = run(TEXT, CREATED, CREATED)
    assert [wire.url for wire in sent] == [
        "http://127.0.0.1:1/v1/users",
        "http://127.0.0.1:1/v1/users/57",
    ]
    assert left == SetUp(captures=(("id", "57"),))
    assert bindings.in_target("/{id}") == "/57"


def test_without_requests_there_is_nothing_to_do() -> None:
    assert run("")[0] == SetUp()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (WireFault(fault=Fault.TIMEOUT, message="no answer in 10 s"), ": no answer in 10 s"),
        (answer("HTTP/1.1 503 Busy"), " was answered 503"),
    ],
)
def test_what_does_not_get_through_ends_the_setup(fault: Answer, said: str) -> None:
    left, sent, _ = run(TEXT, fault)
    assert left.fault == f"setup request PUT /users at setup.http:3{said}"
    assert len(sent) == 1


def test_a_refusal_is_noted_and_the_setup_goes_on() -> None:
    left, sent, _ = run(TEXT.replace("{{id}}", "1"), answer("HTTP/1.1 409 There"), CREATED)
    assert left.fault == ""
    assert left.notes == ("setup request PUT /users at setup.http:3 was answered 409",)
    assert len(sent) == 2


def test_a_value_that_nothing_gave_ends_the_setup() -> None:
    left, sent, _ = run(TEXT, answer("HTTP/1.1 201 Created\n\n{}"))
    assert left.fault == (
        "setup request PUT /users/{id} at setup.http:5: "
        "the request target holds the placeholder {id}"
    )
    assert len(sent) == 1
