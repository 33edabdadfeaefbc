"""Lanes are cut into batches that are worth the way, and a batch is safe to hand around."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.writing import example
from honestdocs.contract.configuration import Service
from honestdocs.contract.exchange import exchanges
from honestdocs.contract.outcome import Outcome, Result
from honestdocs.contract.preparation import Target
from honestdocs.contract.secrecy import Secrets
from honestdocs.contract.session import Script
from honestdocs.verification.batch import LEAST, Batch, Lane, cut, run_batch
from honestdocs.verification.duration import ASSUMED, durations
from honestdocs.verification.session import Job
from honestdocs.verification.surroundings import real_surroundings
from servers.certificates import Authority
from servers.items import serving_items
from servers.misbehaving import misbehaving

SECRET = "t0k3n-that-nobody-may-see"


def job(page: str) -> Job:
    return Job(script=Script(page=page, exchanges=(), target=Target(origin="http://localhost")))


@given(st.lists(st.lists(st.floats(0, 0.2), min_size=1, max_size=4), max_size=30))
def test_batches_keep_lanes_whole_and_are_worth_the_way(worth: list[list[float]]) -> None:
    seconds = {f"{a}.{b}": s for a, lane in enumerate(worth) for b, s in enumerate(lane)}
    lanes: list[Lane] = [
        tuple(job(f"{a}.{b}") for b in range(len(lane))) for a, lane in enumerate(worth)
    ]
    batches = cut(lanes, seconds)
    spread = [lane for batch in batches for lane in batch]
    assert sorted(map(repr, spread)) == sorted(map(repr, lanes))
    values = [sum(seconds[j.script.page] for lane in batch for j in lane) for batch in batches]
    assert values == pytest.approx(sorted(values, reverse=True))
    assert len(batches) <= 1 or min(values) >= LEAST * 0.999


def test_a_page_takes_what_it_took_and_else_what_others_did() -> None:
    told = "HTTP/1.1 200 OK"
    pages = {
        "known": [example(told, name="a")],
        "mixed": [example(told, name="b"), example(told, name="c")],
        "skipped": [example(told, name="d", marks="skip it costs money")],
        "empty": [],
    }
    latest = {
        "a": Result(example="a", outcome=Outcome.PASSED, seconds=0.3),
        "b": Result(example="b", outcome=Outcome.FAILED, seconds=0.1),
        "c": Result(example="c", outcome=Outcome.ERROR, seconds=9.0),
    }
    nothing = {"skipped": 0.0, "empty": 0.0}
    assert durations(pages, latest) == pytest.approx({"known": 0.3, "mixed": 0.3, **nothing})
    unknown = {"known": ASSUMED, "mixed": 2 * ASSUMED}
    assert durations(pages, {}) == pytest.approx({**unknown, **nothing})


def test_a_batch_travels_and_what_it_shows_or_brings_back_holds_no_secret(tmp_path: Path) -> None:
    asked = "GET /whoami HTTP/1.1\nAuthorization: Bearer <token>"
    text = 'HTTP/1.1 200 OK\nX-Told: nothing\n\n{"user": "bob", "authorization": "nothing"}'
    told = example(text, asked)
    with serving_items() as server:
        service = Service(name="who", url=server.url)
        around = real_surroundings(tmp_path, now=float, environ={"HTTP_PROXY": f"x:{SECRET}@y"})
        target = Target(origin=server.url, credentials={"Authorization": f"Bearer {SECRET}"})
        script = Script(page="p", exchanges=exchanges([told]), target=target)
        batch = Batch(
            lanes=((Job(script=script),),),
            reach=around.reach(service),
            concurrency=1,
            secrets=Secrets([SECRET]),
        )
        assert SECRET not in repr(batch)
        ran = run_batch(pickle.loads(pickle.dumps(batch)))  # noqa: S301 - our own
        assert SECRET.encode() in server.items.asked[0].raw
    ((page, (result,)),) = ran.pages
    assert (page, result.outcome) == ("p", Outcome.FAILED)
    assert len(result.mismatches) == 3
    assert SECRET not in repr(ran)
    observed = {mismatch.subject: mismatch.observed for mismatch in result.mismatches}
    assert observed["header X-Told"] == "[secret]"
    assert observed["/authorization"] == '"<authorization>"'


def test_certificates_travel_as_text(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    service = Service(name="tls", url="https://localhost", ca_file=str(authority.file))
    here = real_surroundings(tmp_path, now=float, environ={}).reach(service)
    there = pickle.loads(pickle.dumps(here.portable()))  # noqa: S301 - our own
    with misbehaving(authority.context()) as server:
        authority.file.unlink()
        script = Script(
            page="p",
            exchanges=exchanges([example('HTTP/1.1 200 OK\n\n{"ok": true}', "GET /ok HTTP/1.1")]),
            target=Target(origin=server.origin),
        )
        batch = Batch(lanes=((Job(script=script),),), reach=there, concurrency=1, secrets=Secrets())
        ((_, (result,)),) = run_batch(batch).pages
    assert result.outcome is Outcome.PASSED, result.reason
