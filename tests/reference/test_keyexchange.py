"""The key exchange over the wire: a real server, real sockets, every rule of its page."""

from __future__ import annotations

import hashlib
import http.client
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

MOBILE = "a1" * 128
DESKTOP = "b2" * 128
STRANGER = "c3" * 128
ALPHABET = set("23456789abcdefghijkmnpqrstuvwxyz")
NEW_TAG = '"99914b932bd37a50b983c5e7c90ae93b"'
MALFORMED = [None, "", "short", "x" * 255, "x" * 257, "x" * 512]


def tag_of(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def is_problem(answer: Any, status: int) -> bool:
    body = answer.json()
    return (
        answer.status == body["status"] == status
        and answer.headers["Content-Type"] == "application/problem+json"
        and set(body) == {"title", "status", "detail"}
        and body["title"] == http.client.responses[status].replace("Request Entity", "Content")
    )


def is_open(client: Any, path: str, party: str = MOBILE) -> bool:
    """Tell whether a channel is there, without using up a read."""
    return bool(client.send("HEAD", path, party).status == 200)


# Opening


def test_a_new_channel_is_named_in_body_and_header(client: Any) -> None:
    answer = client.send("GET", "/new_channel", MOBILE)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    cid = answer.json()
    assert answer.headers["X-KeyExchange-Channel"] == cid
    assert len(cid) == 4
    assert set(cid) <= ALPHABET


@pytest.mark.parametrize("party", MALFORMED)
def test_no_channel_is_opened_without_a_well_formed_identifier(client: Any, party: str) -> None:
    assert is_problem(client.send("GET", "/new_channel", party), 400)


def test_an_identifier_may_hold_any_characters_as_long_as_there_are_256(client: Any) -> None:
    path = client.open("!~ \xe9" * 64)
    assert is_open(client, path, "!~ \xe9" * 64)


def test_two_lines_of_identifiers_are_one_that_is_too_long(client: Any) -> None:
    connection = http.client.HTTPConnection(*client.address, timeout=10)
    connection.putrequest("GET", "/keyexchange/new_channel")
    connection.putheader("X-KeyExchange-Id", MOBILE)
    connection.putheader("X-KeyExchange-Id", MOBILE)
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()


# Reading


def test_a_new_channel_holds_an_empty_object_and_has_a_tag(client: Any) -> None:
    answer = client.send("GET", client.open(), MOBILE)
    assert (answer.status, answer.body, answer.tag) == (200, b"{}", NEW_TAG)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("content", [b"", b"{}", b'{"a": 1}', b"\x00\xff\r\n" * 10, b"x" * 65536])
def test_what_was_written_is_read_byte_for_byte(client: Any, content: bytes) -> None:
    path = client.open()
    written = client.send("PUT", path, MOBILE, content, Content_Type="text/html")
    assert (written.status, written.body, written.tag) == (200, b'""', tag_of(content))
    read = client.send("GET", path, DESKTOP)
    assert (read.status, read.body, read.tag) == (200, content, tag_of(content))
    assert read.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("form", ["{0}", "W/{0}", '"x", {0}', "*"])
def test_a_message_that_is_known_is_not_sent_again(client: Any, form: str) -> None:
    answer = client.send("GET", client.open(), MOBILE, If_None_Match=form.format(NEW_TAG))
    assert (answer.status, answer.body, answer.tag) == (304, b"", NEW_TAG)
    assert answer.headers["Content-Type"] is None


def test_a_known_tag_fits_without_its_quotes(client: Any) -> None:
    answer = client.send("GET", client.open(), MOBILE, If_None_Match=NEW_TAG.strip('"'))
    assert answer.status == 304


def test_another_tag_gets_the_message(client: Any) -> None:
    assert client.send("GET", client.open(), MOBILE, If_None_Match='"other"').status == 200


def test_six_messages_are_handed_out_over_both_sides_and_then_the_channel_is_gone(
    client: Any,
) -> None:
    path = client.open()
    for party in (MOBILE, DESKTOP) * 3:
        assert client.send("GET", path, party).status == 200
    assert is_problem(client.send("GET", path, MOBILE), 404)
    assert client.send("PUT", path, MOBILE, b"{}").status == 404


def test_answers_without_a_message_are_free(client: Any) -> None:
    path = client.open()
    for _ in range(20):
        assert client.send("GET", path, MOBILE, If_None_Match=NEW_TAG).status == 304
        assert client.send("HEAD", path, MOBILE).status == 200
    for _ in range(6):
        assert client.send("GET", path, MOBILE).status == 200
    assert client.send("GET", path, MOBILE).status == 404


def test_head_answers_like_get_without_the_body(client: Any) -> None:
    path = client.open()
    head = client.send("HEAD", path, MOBILE)
    get = client.send("GET", path, MOBILE)
    assert head.body == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
        assert head.headers[name] == get.headers[name]
    assert client.send("HEAD", path, MOBILE, If_None_Match=NEW_TAG).status == 304


# Writing


def test_if_match_protects_the_message_that_is_there(client: Any) -> None:
    path = client.open()
    first = client.send("PUT", path, MOBILE, b"[1]", If_Match="*")
    assert first.status == 200
    second = client.send("PUT", path, DESKTOP, b"[2]", If_Match=first.tag)
    assert second.status == 200
    assert client.send("PUT", path, DESKTOP, b"[3]", If_Match=first.tag).status == 412
    assert client.send("GET", path, MOBILE).body == b"[2]"


def test_the_tag_of_a_new_channel_is_a_precondition_like_any_other(client: Any) -> None:
    path = client.open()
    assert client.send("PUT", path, MOBILE, b"[1]", If_Match=NEW_TAG).status == 200
    assert client.send("PUT", path, MOBILE, b"[1]", If_Match=NEW_TAG).status == 412


def test_if_none_match_with_an_asterisk_writes_the_first_message_only(client: Any) -> None:
    path = client.open()
    assert client.send("PUT", path, MOBILE, b"{}", If_None_Match="*").status == 200
    assert client.send("PUT", path, MOBILE, b"[1]", If_None_Match="*").status == 200
    assert client.send("PUT", path, MOBILE, b"[2]", If_None_Match="*").status == 412
    assert client.send("PUT", path, MOBILE, b"[2]", If_None_Match=tag_of(b"[1]")).status == 200


def test_a_refused_write_answers_with_the_tag_of_what_it_refused(client: Any) -> None:
    path = client.open()
    client.send("PUT", path, DESKTOP, b"[1]")
    answer = client.send("PUT", path, MOBILE, b"[2]", If_None_Match="*")
    assert is_problem(answer, 412)
    assert answer.tag == tag_of(b"[2]")
    wait = client.send("GET", path, MOBILE, If_None_Match=answer.tag)
    assert (wait.status, wait.body) == (200, b"[1]")


def test_a_body_beyond_the_limit_is_refused_and_changes_nothing(client: Any) -> None:
    path = client.open()
    answer = client.send("PUT", path, MOBILE, b"x" * 65537)
    assert is_problem(answer, 413)
    assert client.send("GET", path, MOBILE).body == b"{}"
    assert client.send("POST", "/report", MOBILE, b"x" * 65537).status == 413


def test_a_body_that_grows_beyond_the_limit_without_saying_so_is_refused(client: Any) -> None:
    path = client.open()
    connection = http.client.HTTPConnection(*client.address, timeout=10)
    chunks = (b"x" * 1000 for _ in range(100))
    headers = {"X-KeyExchange-Id": MOBILE}
    connection.request("PUT", f"/keyexchange{path}", chunks, headers, encode_chunked=True)
    response = connection.getresponse()
    assert (response.status, json.loads(response.read())["status"]) == (413, 413)
    connection.close()
    assert client.send("GET", path, MOBILE).body == b"{}"


def test_a_connection_serves_on_after_a_body_was_refused(client: Any) -> None:
    connection = http.client.HTTPConnection(*client.address, timeout=10)
    headers = {"X-KeyExchange-Id": MOBILE}
    for _ in range(3):
        connection.request("PUT", "/keyexchange/abcd", b"x" * 3_000_000, headers)
        response = connection.getresponse()
        response.read()
        assert response.status == 413
        connection.request("GET", "/keyexchange/new_channel", headers=headers)
        response = connection.getresponse()
        response.read()
        assert response.status == 200
    connection.close()


# Who may speak


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_a_third_identifier_is_refused_and_closes_the_channel(client: Any, method: str) -> None:
    path = client.open()
    client.send("GET", path, DESKTOP)
    assert client.send(method, path, STRANGER).status == 400
    assert client.send("GET", path, MOBILE).status == 404


@pytest.mark.parametrize("party", MALFORMED)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_a_malformed_identifier_is_refused_and_closes_the_channel(
    client: Any, method: str, party: str
) -> None:
    path = client.open()
    assert client.send(method, path, party).status == 400
    assert client.send("GET", path, MOBILE).status == 404


def test_the_second_identifier_takes_its_place_by_a_free_answer_too(client: Any) -> None:
    path = client.open()
    assert client.send("GET", path, DESKTOP, If_None_Match=NEW_TAG).status == 304
    assert client.send("GET", path, STRANGER).status == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_the_identifier_is_looked_at_before_the_channel(client: Any, method: str) -> None:
    assert is_problem(client.send(method, "/2222", "short"), 400)
    assert is_problem(client.send(method, "/2222", MOBILE), 404)


# Closing and reporting


@pytest.mark.parametrize("party", [MOBILE, DESKTOP])
def test_each_client_can_delete_the_channel(client: Any, party: str) -> None:
    path = client.open()
    client.send("GET", path, DESKTOP)
    answer = client.send("DELETE", path, party)
    assert (answer.status, answer.body) == (200, b'""')
    assert is_problem(client.send("DELETE", path, party), 404)


def test_a_client_closes_its_channel_by_report(client: Any) -> None:
    path = client.open()
    answer = client.send("POST", "/report", MOBILE, X_KeyExchange_Cid=path[1:])
    assert (answer.status, answer.body) == (200, b'""')
    assert answer.headers["Content-Type"] == "application/json"
    assert client.send("GET", path, MOBILE).status == 404


@pytest.mark.parametrize("party", [STRANGER, None])
def test_a_report_of_somebody_else_leaves_the_channel_and_gives_nothing_away(
    client: Any, party: str
) -> None:
    path = client.open()
    answer = client.send("POST", "/report", party, X_KeyExchange_Cid=path[1:])
    assert (answer.status, answer.body) == (200, b'""')
    assert client.send("GET", path, MOBILE).status == 200
    nowhere = client.send("POST", "/report", party, X_KeyExchange_Cid="2222")
    assert (nowhere.status, nowhere.body) == (200, b'""')


def test_a_report_does_not_make_its_sender_a_client(client: Any) -> None:
    path = client.open()
    client.send("POST", "/report", STRANGER, X_KeyExchange_Cid=path[1:])
    assert client.send("GET", path, DESKTOP).status == 200


@pytest.mark.parametrize("party", ["short", "x" * 255, "x" * 257])
def test_a_report_with_a_malformed_identifier_is_refused_and_closes_nothing(
    client: Any, party: str
) -> None:
    path = client.open()
    assert is_problem(client.send("POST", "/report", party, X_KeyExchange_Cid=path[1:]), 400)
    assert is_open(client, path)


@pytest.mark.parametrize("cid", ["abc", "abcde", "ab0d", "ABCD", "\xe9bcd"])
def test_a_report_on_a_channel_that_cannot_be_is_refused(client: Any, cid: str) -> None:
    assert is_problem(client.send("POST", "/report", MOBILE, X_KeyExchange_Cid=cid), 400)


def test_reports_are_logged_cut_and_quoted_and_identifiers_never(
    start_server: Callable[..., Any],
) -> None:
    server = start_server()
    client = server.client
    client.send("POST", "/report", MOBILE, b"first\nsecond\xff", X_KeyExchange_Log="jpake.error.x")
    client.send("POST", "/report", MOBILE, b"y" * 60000)
    client.send("POST", "/report")
    client.send("POST", "/report", "short", b"malformed")
    path = client.open()
    client.send("GET", path, DESKTOP)
    client.send("GET", path, STRANGER)
    log = server.stop()
    told = [line["Fields"].get("msg", "") for line in server.read_lines()]
    reports = [text for text in told if text.startswith("report: ")]
    assert len(reports) == 2
    assert reports[0] == 'report: "jpake.error.x first\\nsecond\\ufffd"'
    assert reports[1] == f'report: "{"y" * 2000}"'
    assert f"channel {path[1:]} closed: somebody else spoke on it" in log
    assert not any(party[:16] in log for party in (MOBILE, DESKTOP, STRANGER))


# Paths and methods


@pytest.mark.parametrize(
    "path",
    ["/abc", "/abcde", "/ab0d", "/ABCD", "/ab%20", "/abcd/", "/abcd/x", "/new_channel/", "/x", ""],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_every_other_path_is_not_found(client: Any, method: str, path: str) -> None:
    assert is_problem(client.send(method, path, MOBILE), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/abcd", "DELETE, GET, HEAD, PUT"),
        ("OPTIONS", "/abcd", "DELETE, GET, HEAD, PUT"),
        ("POST", "/new_channel", "GET"),
        ("HEAD", "/new_channel", "GET"),
        ("GET", "/report", "POST"),
        ("DELETE", "/", "GET, HEAD"),
    ],
)
def test_another_method_is_refused_with_those_that_exist(
    client: Any, method: str, path: str, allowed: str
) -> None:
    answer = client.send(method, path, MOBILE)
    assert answer.status == 405
    assert answer.headers["Allow"] == allowed
    assert method == "HEAD" or is_problem(answer, 405)


def test_another_method_does_not_touch_the_channel(client: Any) -> None:
    path = client.open()
    assert client.send("POST", path, "short").status == 405
    assert is_open(client, path)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_root_leads_people_to_their_page(client: Any, method: str) -> None:
    answer = client.send(method, "/")
    assert (answer.status, answer.body) == (301, b"")
    assert answer.headers["Location"] == "https://services.example.com/"


# Settings, and the end of things


def test_settings_change_the_limits(start_server: Callable[..., Any]) -> None:
    settings = "[keyexchange]\nmax_gets = 2\ncid_len = 7\nmax_body = 10\nprefix = '/easy/setup'"
    client = start_server(settings, SYNCSERVER_KEYEXCHANGE_ROOT_REDIRECT="http://x.example/").client
    client.prefix = "/easy/setup"
    path = client.open()
    assert len(path) == 8
    assert client.send("PUT", path, MOBILE, b"x" * 11).status == 413
    assert [client.send("GET", path, MOBILE).status for _ in range(3)] == [200, 200, 404]
    assert client.send("GET", "/abcd", MOBILE).status == 404
    assert client.send("GET", "/").headers["Location"] == "http://x.example/"


def test_a_channel_ends_with_its_time_however_busy_it_is(start_server: Callable[..., Any]) -> None:
    client = start_server("[keyexchange]\nttl = 1").client
    path = client.open()
    deadline = time.monotonic() + 10
    while client.send("PUT", path, MOBILE, b"[1]").status == 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert client.send("PUT", path, MOBILE, b"[1]").status == 404


def test_when_no_name_is_free_no_channel_is_opened(start_server: Callable[..., Any]) -> None:
    client = start_server("[keyexchange]\ncid_len = 1").client
    answers = []
    while not answers or answers[-1].status == 200:
        answers.append(client.send("GET", "/new_channel", MOBILE))
        assert len(answers) <= 33
    assert is_problem(answers[-1], 503)
    assert "No channel identifier is free" in answers[-1].json()["detail"]
    names = [answer.json() for answer in answers[:-1]]
    assert len(set(names)) == len(names) > 20


def test_when_all_channels_are_in_use_no_more_is_opened(start_server: Callable[..., Any]) -> None:
    client = start_server("[keyexchange]\nmax_channels = 3").client
    paths = [client.open() for _ in range(3)]
    assert is_problem(client.send("GET", "/new_channel", MOBILE), 503)
    client.send("DELETE", paths[0], MOBILE)
    assert client.send("GET", "/new_channel", MOBILE).status == 200


# Many at once


def test_of_two_clients_that_race_for_one_message_exactly_one_wins(client: Any) -> None:
    with ThreadPoolExecutor(2) as pool:
        for number in range(60):
            path = client.open()
            bodies = (b"[%d]" % number, b"[-%d, 0]" % number)
            answers = list(
                pool.map(
                    lambda party, body, path=path: client.send(
                        "PUT", path, party, body, If_Match=NEW_TAG
                    ),
                    (MOBILE, DESKTOP),
                    bodies,
                )
            )
            assert sorted(answer.status for answer in answers) == [200, 412]
            won = bodies[0] if answers[0].status == 200 else bodies[1]
            assert client.send("GET", path, MOBILE).body == won


def test_however_many_read_at_once_six_messages_are_handed_out(client: Any) -> None:
    with ThreadPoolExecutor(12) as pool:
        for _ in range(10):
            path = client.open()
            found = [pool.submit(client.send, "GET", path, MOBILE) for _ in range(24)]
            statuses = [one.result(timeout=20).status for one in found]
            assert (statuses.count(200), statuses.count(404)) == (6, 18)


def test_however_many_open_channels_at_once_each_gets_its_own(client: Any) -> None:
    with ThreadPoolExecutor(16) as pool:
        paths = list(pool.map(lambda _: client.open(), range(800)))
    assert len(set(paths)) == 800


def test_of_many_that_want_the_second_place_one_gets_it_and_the_channel_is_closed(
    client: Any,
) -> None:
    path = client.open()
    parties = [f"{number:04}" * 64 for number in range(16)]
    with ThreadPoolExecutor(16) as pool:
        statuses = [
            answer.status for answer in pool.map(lambda one: client.send("GET", path, one), parties)
        ]
    assert (statuses.count(200), statuses.count(400), statuses.count(404)) == (1, 1, 14)
