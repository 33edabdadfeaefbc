"""Addresses asked of a hostile web, and how politely."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from honestdocs.contract.link import LinkKind, LinkReport, LinkState
from honestdocs.links.audit import Choice, audit
from honestdocs.links.cache import Cache
from honestdocs.links.checker import Checker
from honestdocs.links.index import LinkIndex, gather
from honestdocs.links.policy import Policy, read_policy
from honestdocs.links.raw import Raw
from honestdocs.links.surroundings import Clock, Progress
from honestdocs.verification.limits import Limits
from honestdocs.verification.transport import CurlTransport
from servers.certificates import Authority
from servers.misbehaving import misbehaving
from servers.web import Web, serve_web

QUICK = {"rate": 1000, "burst": 1000}


@pytest.fixture
def web() -> Iterator[Web]:
    with serve_web() as running:
        yield running


def check(
    *targets: str,
    cache: Path | None = None,
    again: bool = False,
    environ: dict[str, str] | None = None,
    now: float = 0.0,
    ca_file: str | None = None,
    **values: object,
) -> LinkReport:
    own = {**QUICK, **values.pop("own", {})}  # type: ignore[dict-item]
    policy = read_policy({**values, "honestdocs_links": own}, environ or {})
    rows = gather(("index", Raw(LinkKind.EXTERNAL, target, "", "", 0), None) for target in targets)
    limits = Limits(total_timeout=1.0, connect_timeout=1.0, max_body=200_000, max_in_flight=32)
    clock = Clock(monotonic=time.monotonic, now=lambda: now or time.time())
    with (
        Cache(cache, policy) as kept,
        CurlTransport(limits, environment={}, ca_file=ca_file) as carrier,
    ):
        checker = Checker(policy, carrier, clock, Progress())
        index = LinkIndex(srcdir="", targets=rows.targets)
        return audit(index, policy, checker, kept, Choice(again=again, today="2026-11-24"))


def state(report: LinkReport) -> tuple[LinkState, str]:
    (found,) = report.findings
    return found.verdict.state, found.verdict.message


@pytest.mark.parametrize(
    ("target", "expected", "said"),
    [
        ("/page", LinkState.WORKING, ""),
        ("/page#first", LinkState.WORKING, ""),
        ("/page#old", LinkState.WORKING, ""),
        ("/page#top", LinkState.WORKING, ""),
        ("/page#", LinkState.WORKING, ""),
        ("/page#:~:text=First", LinkState.WORKING, ""),
        ("/page#readme", LinkState.WORKING, ""),
        ("/page#caf%C3%A9", LinkState.WORKING, ""),
        ("/page#a+b", LinkState.WORKING, ""),
        ("/page#!route", LinkState.WORKING, ""),
        ("/page#firs", LinkState.BROKEN, "the page has no anchor 'firs'"),
        ("/page#hidden", LinkState.BROKEN, "the page has no anchor 'hidden'"),
        ("/scripted#made", LinkState.UNCHECKED, "a script of the page may make the anchor 'made'"),
        ("/scripted#nowhere", LinkState.BROKEN, "the page has no anchor 'nowhere'"),
        ("/latin#caf%C3%A9", LinkState.WORKING, ""),
        ("/text#L10", LinkState.WORKING, ""),
        ("/nothing", LinkState.BROKEN, "404 Not Found"),
        ("/gone", LinkState.BROKEN, "410 Gone"),
        ("/moved", LinkState.REDIRECTED, ""),
        ("/moved#first", LinkState.REDIRECTED, ""),
        ("/moved#nowhere", LinkState.BROKEN, "the page has no anchor 'nowhere'"),
        ("/moved-to-anchor", LinkState.REDIRECTED, ""),
        ("/found", LinkState.REDIRECTED, ""),
        ("/moved-twice", LinkState.REDIRECTED, ""),
        ("/moved-to-nothing", LinkState.BROKEN, "redirects to {url}/nothing: 404 Not Found"),
        ("/circle", LinkState.BROKEN, "redirects to {url}/circle-back: redirects in a circle"),
        ("/no-head", LinkState.WORKING, ""),
        ("/head-lies", LinkState.WORKING, ""),
        ("/head-drops", LinkState.WORKING, ""),
        ("/flaky", LinkState.WORKING, ""),
        ("/down", LinkState.BROKEN, "503 Service Unavailable"),
        ("/busy", LinkState.WORKING, ""),
        ("/huge", LinkState.WORKING, ""),
        ("/huge#first", LinkState.UNCHECKED, "too large to look for anchors"),
        ("/cookie-wall", LinkState.WORKING, ""),
        ("/cookie-wall#first", LinkState.WORKING, ""),
        ("/slash", LinkState.WORKING, ""),
        ("/gzip#first", LinkState.WORKING, ""),
        ("/gzip#firs", LinkState.BROKEN, "the page has no anchor 'firs'"),
        ("/utf16#first", LinkState.WORKING, ""),
        ("/utf16#firs", LinkState.BROKEN, "the page has no anchor 'firs'"),
        ("/no-type#first", LinkState.WORKING, ""),
        ("/pdf#page=3", LinkState.WORKING, ""),
        ("/bare#Bare", LinkState.WORKING, ""),
        ("/bare#single", LinkState.WORKING, ""),
        ("/bare#link", LinkState.WORKING, ""),
        ("/bare#bare", LinkState.BROKEN, "the page has no anchor 'bare'"),
        ("/no-method", LinkState.WORKING, ""),
        ("/no-access", LinkState.WORKING, ""),
        ("/reset-at-first", LinkState.WORKING, ""),
        ("/away", LinkState.REDIRECTED, ""),
        ("/beside", LinkState.REDIRECTED, ""),
        ("/spaced", LinkState.REDIRECTED, ""),
        ("/busy-date", LinkState.WORKING, ""),
        ("/busy-silent", LinkState.WORKING, ""),
        ("/closed-for-a-moment", LinkState.WORKING, ""),
        ("/drip", LinkState.WORKING, ""),
        ("/drip#first", LinkState.TIMEOUT, None),
        ("/secret", LinkState.BROKEN, "401 Unauthorized"),
        ("/choice", LinkState.WORKING, ""),
        (
            "/nowhere",
            LinkState.BROKEN,
            "redirects to http://[nowhere: The URL has a host or a port that cannot be read",
        ),
    ],
)
def test_what_a_link_can_meet(web: Web, target: str, expected: LinkState, said: str | None) -> None:
    values = {"linkcheck_anchors_ignore": ["^!"]}
    found, message = state(check(web.url + target, **values))
    assert found is expected, message
    assert said is None or message == said.format(url=web.url)


def test_redirects_without_end_are_given_up(web: Web) -> None:
    found, said = state(check(f"{web.url}/endless/1"))
    assert found is LinkState.BROKEN
    assert said.endswith("redirects more than 10 times")
    assert len(web.asked) <= 12


def test_a_permanent_redirect_suggests_where_it_ends(web: Web) -> None:
    report = check(*(web.url + path for path in ("/found", "/moved", "/moved-twice")))
    facts = {f.link.target.removeprefix(web.url): f.verdict for f in report.findings}
    assert {path: verdict.permanent for path, verdict in facts.items()} == {
        "/found": False,
        "/moved": True,
        "/moved-twice": True,
    }
    assert facts["/moved-twice"].suggestion == facts["/moved"].location == f"{web.url}/page"
    assert facts["/found"].suggestion == ""
    assert web.methods("/page") == ["HEAD"]


def test_a_permanent_redirect_keeps_the_anchor_unless_it_brings_its_own(web: Web) -> None:
    report = check(f"{web.url}/moved#caf%C3%A9", f"{web.url}/moved-to-anchor#first")
    suggested = [f.verdict.suggestion.removeprefix(web.url) for f in report.findings]
    assert suggested == ["/page#caf%C3%A9", "/page#old"]


def test_a_missing_anchor_suggests_the_one_that_is_spelt_most_alike(web: Web) -> None:
    (found,) = check(f"{web.url}/page#frist").findings
    assert found.verdict.suggestion == f"{web.url}/page#first"


def test_a_page_is_asked_once_for_all_of_its_anchors(web: Web) -> None:
    report = check(*(f"{web.url}/page{end}" for end in ("", "#first", "#old", "#none", "#first")))
    assert [f.verdict.state for f in report.findings].count(LinkState.BROKEN) == 1
    assert web.methods("/page") == ["GET"]


def test_time_that_ran_out_is_no_broken_link_unless_wanted(web: Web) -> None:
    values = {"linkcheck_retries": 0}
    assert state(check(f"{web.url}/slow", **values))[0] is LinkState.TIMEOUT
    values["linkcheck_report_timeouts_as_broken"] = True
    assert state(check(f"{web.url}/slow", **values))[0] is LinkState.BROKEN


def test_a_host_that_asks_to_wait_is_left_alone_for_so_long(web: Web) -> None:
    targets = [f"{web.url}/busy", *(f"{web.url}/page?{n}" for n in range(5))]
    report = check(*targets, own={"per_host": 1})
    assert {f.verdict.state for f in report.findings} == {LinkState.WORKING}
    first, *rest = [moment for _, _, moment in web.asked]
    assert rest[0] - first >= 1.0


def test_a_host_that_asks_for_an_hour_is_told_apart(web: Web) -> None:
    found, said = state(check(f"{web.url}/always-busy"))
    assert (found, said) == (
        LinkState.RATE_LIMITED,
        "429 Too Many Requests: asks to wait 3600 s",
    )


def test_a_host_that_asks_for_restraint_is_not_said_to_tell_for_how_long(web: Web) -> None:
    found, said = state(check(f"{web.url}/busy-silent", own={"max_wait": 0.5}))
    assert (found, said) == (LinkState.RATE_LIMITED, "429 Too Many Requests: asks to wait")


def test_a_host_gets_no_more_than_its_rate(web: Web) -> None:
    check(*(f"{web.url}/page?{n}" for n in range(30)), own={"rate": 50, "burst": 10})
    times = [moment for _, _, moment in web.asked]
    assert len(times) == 30
    assert times[-1] - times[0] >= (30 - 10 - 1) / 50


def test_nobody_there_and_no_such_host_are_told_apart() -> None:
    assert state(check("http://127.0.0.1:9/")) == (LinkState.BROKEN, "nothing answers there")
    assert state(check("http://nowhere.invalid/")) == (
        LinkState.BROKEN,
        "its host has no address",
    )


def test_what_needs_no_asking_is_not_asked(web: Web, tmp_path: Path) -> None:
    cache = tmp_path / "links.sqlite"
    targets = [f"{web.url}{path}" for path in ("/page#first", "/moved", "/nothing", "/page#none")]
    first = check(*targets, cache=cache)
    asked = len(web.asked)
    second = check(*targets, cache=cache)
    assert len(web.asked) == asked
    assert all(f.verdict.cached for f in second.findings)
    plain = [(f.verdict.state, f.verdict.message) for f in first.findings]
    assert [(f.verdict.state, f.verdict.message) for f in second.findings] == plain
    check(*targets, cache=cache, again=True)
    assert len(web.asked) == 2 * asked


def test_bad_answers_hold_shorter_than_good_ones_and_keep_since_when(
    web: Web, tmp_path: Path
) -> None:
    cache, day = tmp_path / "links.sqlite", 86400
    targets = [f"{web.url}{path}" for path in ("/page", "/nothing")]
    check(*targets, cache=cache, now=1e9)
    (bad,) = check(*targets, cache=cache, now=1e9 + day).of(LinkState.BROKEN)
    assert bad.verdict.since == 1e9
    assert (web.seen["/page"], web.methods("/nothing")) == (1, ["HEAD", "GET"] * 2)
    check(*targets, cache=cache, now=1e9 + 30 * day)
    assert web.seen["/page"] == 2


def test_a_page_that_did_not_change_is_not_sent_again(web: Web, tmp_path: Path) -> None:
    cache, later = tmp_path / "links.sqlite", 1e9 + 30 * 86400
    target = f"{web.url}/tagged#first"
    check(target, cache=cache, now=1e9)
    assert state(check(target, cache=cache, now=later))[0] is LinkState.WORKING
    assert web.headers[-1]["if-none-match"] == '"one"'
    web.changed = True
    assert state(check(target, cache=cache, now=2 * later))[0] is LinkState.WORKING


def test_a_cache_that_cannot_be_read_is_begun_anew(web: Web, tmp_path: Path) -> None:
    cache = tmp_path / "links.sqlite"
    cache.write_bytes(b"no database, and long enough to be taken for one" * 50)
    with Cache(cache, Policy()) as kept:
        assert "could not be read" in kept.notice
    assert state(check(f"{web.url}/page", cache=cache))[0] is LinkState.WORKING


def test_credentials_come_from_the_environment_and_go_to_their_host_only(web: Web) -> None:
    own = {"auth": {f"{web.url}/": "DOCS_AUTH"}}
    report = check(f"{web.url}/secret", own=own, environ={"DOCS_AUTH": "ann:pw"})
    assert state(report)[0] is LinkState.WORKING
    assert "YW5uOnB3" not in repr(report)
    with serve_web() as other:
        check(f"{other.url}/secret", own=own, environ={"DOCS_AUTH": "ann:pw"})
        assert all("authorization" not in headers for headers in other.headers)


def test_we_say_who_we_are(web: Web) -> None:
    check(f"{web.url}/page")
    assert web.headers[0]["user-agent"].startswith("honestdocs-links/")


def test_links_are_left_alone_for_a_reason_and_until_a_day(web: Web) -> None:
    ignore = [{"pattern": r".*/nothing", "reason": "is being made", "until": "2026-12-31"}]
    report = check(f"{web.url}/nothing", own={"ignore": ignore})
    assert state(report) == (LinkState.IGNORED, "is being made")
    assert not web.asked
    ignore[0]["until"] = "2026-11-23"
    report = check(f"{web.url}/nothing", own={"ignore": ignore})
    assert state(report)[0] is LinkState.BROKEN
    assert report.notes == (
        "the reason to leave '.*/nothing' alone (is being made) ended on 2026-11-23",
    )


@pytest.mark.parametrize("target", ["http://[x/", "http://", "http:x", "http://127.0.0.1:99999/"])
def test_what_is_no_address_is_told_beside_the_others(web: Web, target: str) -> None:
    report = check(target, f"{web.url}/page")
    assert len(report.of(LinkState.WORKING)) == 1
    (broken,) = report.of(LinkState.BROKEN)
    assert broken.verdict.message.startswith("The URL ")


def test_what_has_another_scheme_is_not_asked() -> None:
    assert state(check("ftp://127.0.0.1/x")) == (LinkState.UNCHECKED, "ftp is not asked")


def test_nobody_else_is_asked_of_a_host_that_asks_for_an_hour(web: Web) -> None:
    targets = [f"{web.url}/always-busy?{number}" for number in range(12)]
    report = check(*targets, own={"per_host": 2})
    assert {f.verdict.state for f in report.findings} == {LinkState.RATE_LIMITED}
    assert len(web.asked) <= 2


def test_a_redirect_to_what_is_left_alone_is_left_alone(web: Web) -> None:
    values = {"linkcheck_ignore": [f"{web.url}/page"]}
    found, said = state(check(f"{web.url}/moved", **values))
    assert (found, said) == (
        LinkState.IGNORED,
        f"redirects to {web.url}/page, which is left alone",
    )
    assert web.methods("/page") == []


def test_another_case_is_no_redirect_where_case_does_not_count(web: Web) -> None:
    assert state(check(f"{web.url}/shout"))[0] is LinkState.REDIRECTED
    values = {"linkcheck_case_insensitive_urls": [f"{web.url}/shout"]}
    assert state(check(f"{web.url}/shout", **values))[0] is LinkState.WORKING


def test_certificates_that_do_not_hold_are_told_apart(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    told = {
        "has expired": authority.expired(),
        "is self-signed": authority.self_signed(),
        "is for another host": authority.context("example.org"),
        "comes from an authority that is not trusted here": authority.context(),
    }
    for wrong, context in told.items():
        trusted = None if wrong.endswith("here") else str(authority.file)
        with misbehaving(context) as server:
            port = server.port
            found, said = state(check(f"{server.origin}/ok", ca_file=trusted))
        assert found is LinkState.BROKEN
        assert said == f"The TLS certificate of 127.0.0.1:{port} {wrong}"
