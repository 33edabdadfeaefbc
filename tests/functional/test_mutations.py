"""No lie can hide: every documented part of our own page, changed, is noticed.

The page is run once against the real server and the answers are kept. Then each status, header
name, header value, member name and scalar of each documented response is changed, one at a
time, and the page is judged again by the same answers.
"""

import io
import re
import sys
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from honestdocs.contract.example import Example, Response
from honestdocs.contract.exchange import exchanges
from honestdocs.contract.outcome import Outcome, Result
from honestdocs.contract.preparation import Target
from honestdocs.contract.session import Played, Script, play
from honestdocs.contract.wire import Answer, WireRequest
from honestdocs.sphinxext.proving import Verifier
from honestdocs.sphinxext.tree import find_own, verify
from honestdocs.verification.plan import Options
from honestdocs.verification.server import ServerCommand, serving
from honestdocs.verification.transport import CurlTransport

ROOT = Path(__file__).parents[2]
PAGE = "services/keyexchange"
SCALAR = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?|(?<![\w."])-?\d+(?:\.\d+)?(?![\w."])|true|false')


def drive(session: Generator[WireRequest, Answer, Played], answers: Iterator[Answer]) -> Played:
    """Plays a session with answers that are there already."""
    try:
        next(session)
        while True:
            session.send(next(answers))
    except StopIteration as end:
        return end.value


def judged(script: Script, answers: list[Answer]) -> dict[str, Result]:
    return {r.example: r for r in drive(play(script), iter(answers)).results}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Script, list[Answer]]:
    own = find_own(ROOT)
    assert own is not None
    verifier = Verifier(options=Options(offline=True))
    tree = replace(own, state=tmp_path_factory.mktemp("state"))
    verify(tree, verifier, warnings=io.StringIO())
    assert verifier.verified is not None
    examples = verifier.verified.contract.on_page(PAGE)
    command = ServerCommand(
        command=(sys.executable, "-m", "syncserver", "--port", "{port}"),
        env={"PYTHONPATH": str(ROOT / "reference")},
        ready_path="/__heartbeat__",
    )
    answers: list[Answer] = []

    def keeping(session: Generator[WireRequest, Answer, Played]) -> None:
        def advance(answer: Answer) -> None:
            answers.append(answer)
            try:
                transport.send(session.send(answer), advance)
            except StopIteration:
                return

        transport.send(next(session), advance)
        transport.run()

    with CurlTransport() as transport, serving(command, transport) as server:
        target = Target(origin=server.origin, base="/keyexchange")
        script = Script(page=PAGE, exchanges=exchanges(examples), target=target)
        keeping(play(script))
    return script, answers


def mutations(response: Response) -> Iterator[tuple[str, Response]]:
    yield "status", replace(response, status=299)
    for at, header in enumerate(response.headers):
        for what, changed in (
            ("name", replace(header, name=header.name + "-X")),
            ("value", replace(header, value="lie")),
        ):
            headers = (*response.headers[:at], changed, *response.headers[at + 1 :])
            yield f"header {what} {header.name}", replace(response, headers=headers)
    for found in SCALAR.finditer(response.body):
        for text in changes(found):
            body = response.body[: found.start()] + text + response.body[found.end() :]
            yield f"{found[0]} becomes {text}", replace(response, body=body)


def changes(found: re.Match[str]) -> Iterator[str]:
    text = found[0]
    if found[2]:
        yield f'"{found[1]}XQ"{found[2]}'
    elif text[0] == '"':
        yield '"lie"'
        yield '"' + re.sub("[a-z]", lambda c: chr((ord(c[0]) - 94) % 26 + 97), found[1]) + "!" + '"'
    elif text in ("true", "false"):
        yield "false" if text == "true" else "true"
    else:
        yield str(int(float(text)) + 7)


def mutants(script: Script) -> Iterator[tuple[Example, str, Script]]:
    for at, exchange in enumerate(script.exchanges):
        example = exchange.first
        if example.response is None:
            continue
        for what, response in mutations(example.response):
            changed = replace(exchange, examples=(replace(example, response=response),))
            all_of_them = (*script.exchanges[:at], changed, *script.exchanges[at + 1 :])
            yield example, what, replace(script, exchanges=all_of_them)


def test_the_page_itself_is_proven(recorded: tuple[Script, list[Answer]]) -> None:
    results = judged(*recorded)
    assert len(results) >= 48
    assert {result.outcome for result in results.values()} == {Outcome.PASSED}


def test_every_changed_part_of_a_documented_response_is_noticed(
    recorded: tuple[Script, list[Answer]],
) -> None:
    script, answers = recorded
    tried, hidden = 0, []
    for example, what, mutant in mutants(script):
        tried += 1
        if judged(mutant, answers)[example.id].outcome is not Outcome.FAILED:
            hidden.append(f"{example.id}: {what}")
    assert tried > 400
    assert hidden == []
