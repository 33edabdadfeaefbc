"""A small documentation tree with every sort of lie in it, and the report that a check made.

The tree is text as authors write it, so that excerpts can be judged by eye; the report is made
of the contract's own values.
"""

from __future__ import annotations

import pytest

from honestdocs.contract.coverage import OperationCoverage
from honestdocs.contract.example import Example, Header, Request, Response
from honestdocs.contract.operation import Location, Operation, Parameter
from honestdocs.contract.outcome import Kind, Lie, Mismatch, Outcome, Result
from honestdocs.contract.place import Place
from honestdocs.contract.service import ServiceState
from honestdocs.verification.report import Report, Sources

ARTICLES = "api/articles.rst"
SHELVES = "api/shelves.rst"
STARTED = 1_760_000_000.0

ARTICLES_TEXT = """\
========
Articles
========

.. http:get:: /articles/(id)

   One article.

   :statuscode 200: the article
   :statuscode 404: there is none

   **Example request**:

   .. sourcecode:: http

      GET /articles/7f3a HTTP/1.1
      Accept: application/json

   **Example response**:

   .. sourcecode:: http

      HTTP/1.1 200 OK
      Content-Type: application/json
      ETag: "1424721"

      {
          "data": {
              "id": "7f3a",
              "last_modified": 1424721,
              "title": "On telling the truth",
              "tags": ["honesty"]
          }
      }

.. http:put:: /articles/(id)

   .. sourcecode:: http

      PUT /articles/7f3a HTTP/1.1
      Content-Type: application/json

      {"title": "On lying"}

   .. sourcecode:: http

      HTTP/1.1 201 Created
      Content-Type: application/json

      {"data": {"id": "7f3a", "title": "On lying", "published": "no"}}

.. http:delete:: /articles/(id)

   .. sourcecode:: http

      DELETE /articles/7f3a HTTP/1.1

   .. sourcecode:: http

      HTTP/1.1 204 No Content
      Date: Mon, 31 Feb 2025 10:00:00 GMT
"""

SHELVES_TEXT = """\
Shelves
=======

.. sourcecode:: http

   GET /shelves HTTP/1.1

.. sourcecode:: http

   HTTP/1.1 200 OK
   Content-Type: application/json
   ETag: "77"

   {"shelves": ["fiction", "history",]}

.. sourcecode:: http

   GET /shelves/fiction HTTP/1.1

.. sourcecode:: http

   HTTP/1.1 200 OK
   Content-Type: application/json

   {"shelf": {"name": "fiction", "books": ["7f3a"]}}
"""

TREE = {ARTICLES: ARTICLES_TEXT.splitlines(), SHELVES: SHELVES_TEXT.splitlines()}


def line_of(file: str, text: str, occurrence: int = 1) -> int:
    """The number of the line that holds a text."""
    found = [at for at, line in enumerate(TREE[file], 1) if text in line]
    return found[occurrence - 1]


def example(  # noqa: PLR0913 - the parts of an example
    name: str,
    file: str,
    request: str,
    response: tuple[str, int] | None,
    *,
    operation: str = "",
    label: str = "",
) -> Example:
    """An example whose request and response stand on the lines that hold these texts."""
    method, target = request.split(" ", 1)
    sent = Place(file, line_of(file, f"{request} HTTP"))
    came = None
    answer = None
    if response is not None:
        text, status = response
        came = Place(file, next(n for n in _lines_with(file, text) if n > (sent.line or 0)))
        answer = Response(
            status=status, headers=(Header(name="Content-Type", value="application/json"),)
        )
    return Example(
        id=name,
        page=file.removesuffix(".rst"),
        label=label,
        operation=operation,
        request=Request(method=method, target=target),
        response=answer,
        request_place=sent,
        response_place=came,
        request_block=sent,
        response_block=came,
    )


def _lines_with(file: str, text: str) -> list[int]:
    return [at for at, line in enumerate(TREE[file], 1) if text in line]


def mismatch(  # noqa: PLR0913, PLR0917 - the parts of a mismatch
    kind: Kind,
    subject: str,
    documented: str,
    observed: str,
    place: tuple[str, int],
    fix: str = "",
) -> Mismatch:
    return Mismatch(
        kind=kind,
        subject=subject,
        documented=documented,
        observed=observed,
        place=Place(*place),
        fix=fix,
    )


def result(
    name: str, *mismatches: Mismatch, outcome: Outcome | None = None, **more: object
) -> Result:
    """A result that passed, or failed where there are mismatches."""
    ended = outcome or (Outcome.FAILED if mismatches else Outcome.PASSED)
    facts: dict[str, object] = {
        "service": "library",
        "server_version": "2.4.1",
        "cause": f"cause of {name}",
        "checked_at": STARTED + 1,
        "seconds": 0.004,
        "status": 200,
    }
    return Result(example=name, outcome=ended, mismatches=mismatches, **(facts | more))  # type: ignore[arg-type]


CHARSET = ("application/json", "application/json; charset=utf-8")


def charset(place: tuple[str, int]) -> Mismatch:
    fix = "document Content-Type: application/json; charset=utf-8"
    return mismatch(Kind.HEADER, "header Content-Type", *CHARSET, place, fix)


GET_ARTICLE = Operation(
    method="GET",
    path="/articles/(id)",
    place=Place(ARTICLES, 5),
    page="api/articles",
    anchor="get--articles-(id)",
    parameters=(
        Parameter(location=Location.STATUS, name="200", place=Place(ARTICLES, 9)),
        Parameter(location=Location.STATUS, name="404", place=Place(ARTICLES, 10)),
    ),
)
PUT_ARTICLE = Operation(
    method="PUT", path="/articles/(id)", place=Place(ARTICLES, 36), page="api/articles"
)
DELETE_ARTICLE = Operation(
    method="DELETE", path="/articles/(id)", place=Place(ARTICLES, 52), page="api/articles"
)


def lying_report() -> Report:
    """A report in which every sort of finding occurs."""
    examples = (
        example(
            "get",
            ARTICLES,
            "GET /articles/7f3a",
            ("HTTP/1.1 200", 200),
            operation=GET_ARTICLE.key,
            label="Example response",
        ),
        example(
            "put", ARTICLES, "PUT /articles/7f3a", ("HTTP/1.1 201", 201), operation=PUT_ARTICLE.key
        ),
        example(
            "delete",
            ARTICLES,
            "DELETE /articles/7f3a",
            ("HTTP/1.1 204", 204),
            operation=DELETE_ARTICLE.key,
        ),
        example("shelves", SHELVES, "GET /shelves", ("HTTP/1.1 200", 200)),
        example("shelf", SHELVES, "GET /shelves/fiction", ("HTTP/1.1 200", 200)),
    )
    broken = mismatch(
        Kind.PARSE,
        "body",
        '{"shelves": ["fiction", "history",]}',
        "",
        (SHELVES, line_of(SHELVES, '"history",]')),
        "this JSON does not parse: a comma before ]",
    )
    day = mismatch(
        Kind.DATE,
        "header Date",
        "Mon, 31 Feb 2025 10:00:00 GMT",
        "",
        (ARTICLES, line_of(ARTICLES, "Date: Mon")),
        "there is no such date as 'Mon, 31 Feb 2025 10:00:00 GMT'",
    )
    unlisted = mismatch(
        Kind.UNLISTED_STATUS,
        "status",
        "201",
        "200, 404",
        (ARTICLES, line_of(ARTICLES, "HTTP/1.1 201")),
        "add :statuscode 201: to PUT /articles/(id), or correct the example",
    )
    results = {
        "get": result(
            "get",
            mismatch(
                Kind.VALUE,
                "/data/title",
                '"On telling the truth"',
                '"On telling lies"',
                (ARTICLES, line_of(ARTICLES, '"On telling')),
                'document "On telling lies"',
            ),
            mismatch(
                Kind.MISSING_MEMBER,
                "/data/tags",
                '["honesty"]',
                "",
                (ARTICLES, line_of(ARTICLES, '"tags"')),
                "remove 'tags', or have the service send it",
            ),
            mismatch(
                Kind.UNDOCUMENTED_MEMBER,
                "/data/author",
                "",
                '"Ada"',
                (ARTICLES, line_of(ARTICLES, '"data": {')),
                "document 'author', or elide the rest with ...",
            ),
            charset((ARTICLES, line_of(ARTICLES, "Content-Type", 1))),
            matched=("/data/id: hex",),
        ),
        "put": result(
            "put",
            mismatch(
                Kind.STATUS,
                "status",
                "201 Created",
                "200 OK",
                (ARTICLES, line_of(ARTICLES, "HTTP/1.1 201")),
                "document 200 OK, or mend the request so that it earns 201",
            ),
            flaky=True,
        ),
        "delete": result(
            "delete",
            outcome=Outcome.ERROR,
            reason="the service did not answer within 10 s",
            status=None,
        ),
        "shelves": result("shelves", broken),
        "shelf": result("shelf", charset((SHELVES, line_of(SHELVES, "Content-Type", 2)))),
    }
    lies = (
        Lie(mismatch=broken, message=broken.fix, example="shelves"),
        Lie(mismatch=day, message=day.fix, example="delete"),
        Lie(
            mismatch=unlisted,
            message="status 201 is not among the documented status codes of PUT /articles/(id)",
            example="put",
        ),
        Lie(
            mismatch=mismatch(
                Kind.PARSE, "message", "HTTP 200", "", (SHELVES, 10), "write the version"
            ),
            message="the version of HTTP is missing",
            warning=True,
        ),
    )
    return Report(
        root="docs",
        operations=(GET_ARTICLE, PUT_ARTICLE, DELETE_ARTICLE),
        examples=examples,
        results=results,
        lies=lies,
        coverage=(
            OperationCoverage(
                operation=GET_ARTICLE,
                examples=1,
                unseen_statuses=("404",),
                undocumented_members=("data.author",),
            ),
            OperationCoverage(operation=PUT_ARTICLE, examples=1),
            OperationCoverage(operation=DELETE_ARTICLE, examples=1),
        ),
        services=(
            ServiceState(
                name="library",
                url="http://127.0.0.1:8080/v1",
                title="The library",
                owner="Readers",
                healthy=True,
                status="ok",
                version="2.4.1",
                latency=0.012,
                checked_at=STARTED,
            ),
        ),
        notes=("api/old.rst includes a file that is not there: snippets/setup.rst",),
        started=STARTED,
        finished=STARTED + 1.24,
        ran=4,
        reused=1,
        docs_changeset="4f1c2a9b77aa",
    )


@pytest.fixture
def report() -> Report:
    """A report in which every sort of finding occurs."""
    return lying_report()


@pytest.fixture
def sources() -> Sources:
    """The lines of the tree that the report is about."""
    return TREE.get
