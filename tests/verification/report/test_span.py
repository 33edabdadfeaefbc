"""The documented value is pointed at where it stands, and replaced by what was observed."""

from __future__ import annotations

import pytest

from honestdocs.contract.outcome import Kind, Mismatch
from honestdocs.contract.place import Place
from honestdocs.verification.report.span import find_span


def pointed(
    line: str, kind: Kind, subject: str, documented: str, observed: str = ""
) -> tuple[str, str]:
    mismatch = Mismatch(
        kind=kind, subject=subject, documented=documented, observed=observed, place=Place("a", 1)
    )
    span = find_span(line, mismatch)
    return line[span.start : span.end], span.truth


@pytest.mark.parametrize(
    ("line", "kind", "subject", "documented", "observed", "value", "truth"),
    [
        (
            "HTTP/1.1 200 OK",
            Kind.STATUS,
            "status",
            "200 OK",
            "404 Not Found",
            "200 OK",
            "HTTP/1.1 404 Not Found",
        ),
        (
            "HTTP/1.1 200 Fine",
            Kind.STATUS,
            "status",
            "200",
            "204 No Content",
            "200",
            "HTTP/1.1 204 No Content",
        ),
        ('ETag: "1"', Kind.HEADER, "header etag", '"1"', '"2"', '"1"', 'ETag: "2"'),
        (
            "etag:    W/x",
            Kind.HEADER,
            "header ETag",
            "unlike",
            '"2"',
            "W/x",
            'etag:    "2"',
        ),
        (
            '  "id": 20, "ids": 200,',
            Kind.VALUE,
            "/ids",
            "200",
            "7",
            "200",
            '  "id": 20, "ids": 7,',
        ),
        ('  "a": 1, "b": 1', Kind.VALUE, "/b", "1", "2", "1", '  "a": 1, "b": 2'),
        ('  "a/b": 1', Kind.VALUE, "/a~1b", "1", "2", "1", '  "a/b": 2'),
        (
            '  "tags": [',
            Kind.TYPE,
            "/tags",
            '["a", "b"]',
            '"a"',
            '"tags"',
            '  "tags": "a"',
        ),
        ('  "x",', Kind.VALUE, "/list/0", '"x"', '"y"', '"x"', '  "y",'),
        ("plain text", Kind.BODY, "body", "nothing alike", "other", "plain text", "other"),
        ('  "a": true,', Kind.MISSING_MEMBER, "/a", "true", "", '"a": true', ""),
        ("X-A: b", Kind.MISSING_HEADER, "header X-A", "X-A: b", "", "X-A: b", ""),
        ('  "l": [1],', Kind.LENGTH, "/l", "1 element", "2 elements", '"l"', ""),
        ("GET /a HTTP/1.1", Kind.OPERATION, "request", "GET /a", "GET /b", "GET /a", ""),
        ("Date: x", Kind.DATE, "header Date", "x", "", "x", ""),
        ("HTTP/1.1 201 Created", Kind.UNLISTED_STATUS, "status", "201", "200", "201", ""),
        ("", Kind.BODY, "body", "", "something", "", "something"),
    ],
)
def test_what_is_pointed_at_and_what_would_be_true(  # noqa: PLR0913, PLR0917 - one row, one case
    line: str, kind: Kind, subject: str, documented: str, observed: str, value: str, truth: str
) -> None:
    assert pointed(line, kind, subject, documented, observed) == (value, truth)


def test_an_undocumented_member_is_shown_as_it_would_be_written() -> None:
    mismatch = Mismatch(
        kind=Kind.UNDOCUMENTED_MEMBER,
        subject="/data/author",
        documented="",
        observed='"Ada"',
        place=Place("a", 1),
    )
    assert find_span('  "data": {', mismatch).truth == '    "author": "Ada"'
    assert find_span('  "data": {', mismatch, '        "id": 1').truth == '        "author": "Ada"'
    assert find_span('{"data": {"id": 1}}', mismatch).truth == '"author": "Ada"'


def test_each_label_says_why_it_points() -> None:
    def label(kind: Kind, observed: str = "x", fix: str = "") -> str:
        mismatch = Mismatch(
            kind=kind, subject="s", documented="d", observed=observed, place=Place("a", 1), fix=fix
        )
        return find_span("d", mismatch).label

    assert label(Kind.VALUE) == "documented"
    assert label(Kind.VALUE, "") == "nothing was observed"
    assert label(Kind.MISSING_MEMBER) == "not in the response"
    assert label(Kind.LENGTH) == "documented d, observed x"
    assert label(Kind.PARSE) == "does not parse"
    assert label(Kind.PARSE, fix="this JSON does not parse: no comma") == "no comma"
