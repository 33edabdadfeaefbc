"""Every exchange of a tree becomes examples that know their operation, place and lies."""

from __future__ import annotations

import pytest

from contract.writing import block, contract_of, operation, page
from honestdocs.contract.assembly import Contract, assemble
from honestdocs.contract.credentials import basic
from honestdocs.contract.example import Block
from honestdocs.contract.operation import Operation
from honestdocs.contract.outcome import Kind
from honestdocs.contract.page import Page
from honestdocs.contract.place import Place

GET = "GET /users/1 HTTP/1.1"
OK = "HTTP/1.1 200 OK\n\n{}"
MISSING = "HTTP/1.1 404 Not Found"


def told(contract: Contract) -> list[tuple[str, str, str]]:
    """Kind, place and example of every lie."""
    return [(lie.mismatch.kind, str(lie.mismatch.place), lie.example) for lie in contract.lies]


def only(contract: Contract) -> str:
    (example,) = contract.examples
    return example.operation


def test_an_example_inside_a_directive_belongs_to_its_operation() -> None:
    users = operation("GET", "/users/{id}")
    contract = assemble([page(block(GET, line=10), block(OK, line=20), operations=[users])])
    (example,) = contract.examples
    assert example.id == "page::GET /users/{id}"
    assert (example.page, example.operation) == ("page", "GET /users/{id}")
    assert (example.request_place, example.response_place) == (
        Place("page.rst", 10),
        Place("page.rst", 20),
    )
    assert example.place == Place("page.rst", 20)
    assert example.blocks == (0, 1)
    assert contract.lies == ()
    assert contract.on_page("page") == contract.examples
    assert contract.on_page("other") == ()


def test_places_are_those_of_the_messages_inside_their_blocks() -> None:
    text = f"\n{GET}\n\n{OK}"
    contract = assemble([page(block(text, line=10), operations=[operation("GET", "/users/{id}")])])
    (example,) = contract.examples
    assert example.request_place.line == 11
    assert example.response_place == Place("page.rst", 13)
    assert example.request_block == example.response_block == Place("page.rst", 10)
    assert example.blocks == (0,)


def test_an_example_in_prose_finds_its_operation_by_its_request_line() -> None:
    here = operation("GET", "/users/{id}", page="b")
    there = operation("GET", "/users/{name}", page="a")
    prose = block(f"{GET}\n\n{OK}", scope=None, section="intro")
    other = block("GET /other HTTP/1.1", scope=None)
    contract = assemble(
        [page(operations=[there], name="a"), page(prose, other, operations=[here], name="b")]
    )
    found = [(example.operation, example.section) for example in contract.examples]
    assert found == [("GET /users/{id}", "intro"), ("", "")]
    assert [example.id for example in contract.examples] == [
        "b::GET /users/{id}",
        "b::GET /other",
    ]
    assert contract.on_page("b") == contract.examples


@pytest.mark.parametrize(
    ("target", "bases", "found"),
    [
        ("/v1/users/1", ["/v1"], "GET /users/{id}"),
        ("http://localhost:8888/v1/users/1", ["/v1"], "GET /users/{id}"),
        ("http://localhost:8888/users/1?a=b", [], "GET /users/{id}"),
        ("/v1/users/1", [], ""),
    ],
)
def test_a_base_path_may_be_in_the_example_only(target: str, bases: list[str], found: str) -> None:
    prose = block(f"GET {target} HTTP/1.1", scope=None)
    assert (
        only(assemble([page(prose, operations=[operation("GET", "/users/{id}")])], bases)) == found
    )


def test_a_base_path_that_examples_share_is_found_and_used_in_prose() -> None:
    operations = [operation("GET", "/users"), operation("PUT", "/users/{id}")]
    inside = [
        block("GET /v1/users HTTP/1.1", scope=0),
        block("PUT /v1/users/1 HTTP/1.1", scope=1),
    ]
    prose = block("PUT /v1/users/2 HTTP/1.1", scope=None)
    contract = assemble([page(*inside, prose, operations=operations)])
    assert contract.bases == ("/v1",)
    assert contract.lies == ()
    assert contract.examples[-1].operation == "PUT /users/{id}"


def test_several_signatures_share_the_body_of_their_directive() -> None:
    both = [operation("GET", "/users/{id}"), operation("GET", "/people/{id}")]
    blocks = [block("GET /people/1 HTTP/1.1"), block(OK), block(GET), block(OK)]
    contract = assemble([page(*blocks, operations=both, scopes=((0, 1),))])
    assert [e.operation for e in contract.examples] == ["GET /people/{id}", "GET /users/{id}"]
    assert contract.lies == ()


def test_stacked_directives_share_the_body_of_the_last() -> None:
    stacked = [operation("GET", "/users"), operation("HEAD", "/users")]
    blocks = [
        block("HEAD /users HTTP/1.1", scope=1),
        block("HTTP/1.1 200 OK", scope=1),
        block("GET /users HTTP/1.1", scope=1),
    ]
    contract = assemble([page(*blocks, operations=stacked, scopes=((0, 1), (0, 1)))])
    assert [e.operation for e in contract.examples] == ["HEAD /users", "GET /users"]
    assert contract.lies == ()


@pytest.mark.parametrize(
    ("request_line", "belongs"),
    [
        ("PUT /users/1 HTTP/1.1", ""),
        ("GET /groups/1 HTTP/1.1", "GET /groups/{id}"),
        ("GET /users HTTP/1.1", ""),
    ],
)
def test_an_example_under_the_wrong_operation_is_a_lie(request_line: str, belongs: str) -> None:
    operations = [operation("GET", "/users/{id}"), operation("GET", "/groups/{id}")]
    contract = assemble([page(block(request_line, line=10), block(OK), operations=operations)])
    (example,) = contract.examples
    assert example.operation == belongs
    assert told(contract) == [(Kind.OPERATION, "page.rst:10", example.id)]
    assert contract.lies[0].mismatch.observed == "GET /users/{id}"
    assert not contract.lies[0].warning


def test_a_lie_about_signatures_names_all_of_them() -> None:
    both = [operation("GET", "/a"), operation("GET", "/b")]
    contract = assemble([page(block("GET /c HTTP/1.1"), operations=both, scopes=((0, 1),))])
    assert contract.lies[0].mismatch.observed == "GET /a or GET /b"


def test_a_response_alone_belongs_to_the_only_operation_around_it() -> None:
    alone = assemble([page(block(OK), operations=[operation("GET", "/a")])])
    (example,) = alone.examples
    assert (example.operation, example.request, example.id) == ("GET /a", None, "page::GET /a")
    assert example.request_place == example.response_place == example.place
    both = [operation("GET", "/a"), operation("GET", "/b")]
    assert only(assemble([page(block(OK), operations=both, scopes=((0, 1),))])) == ""


def test_duplicate_operations_are_told_with_both_places() -> None:
    one, two = operation("GET", "/a/{id}", line=3), operation("GET", "/a/(name)", line=30, page="b")
    contract = assemble([page(operations=[one]), page(operations=[two], name="b")])
    (lie,) = contract.lies
    assert lie.mismatch.place == Place("b.rst", 30)
    assert "page.rst:3" in lie.message
    assert "GET /a/(name)" in lie.message
    assert (lie.warning, lie.usage) == (True, True)


@pytest.mark.parametrize(
    "second",
    [
        operation("PUT", "/a"),
        operation("GET", "/b"),
        operation("GET", "/a", registered=False),
    ],
)
def test_other_operations_are_no_duplicates(second: Operation) -> None:
    assert assemble([page(operations=[operation("GET", "/a"), second])]).lies == ()


def test_several_responses_are_alternatives_of_one_request() -> None:
    users = operation("GET", "/users/{id}")
    contract = assemble([page(block(GET), block(OK), block(MISSING), operations=[users])])
    assert [example.id for example in contract.examples] == [
        "page::GET /users/{id}",
        "page::GET /users/{id}#2",
    ]
    assert [example.alternative for example in contract.examples] == [0, 1]
    assert [example.blocks for example in contract.examples] == [(0, 1), (2,)]
    first, second = contract.examples
    assert first.request == second.request


def test_the_label_of_the_response_names_an_example_else_that_of_the_request() -> None:
    labelled = block(GET, label="Read one"), block(OK, label="Success"), block(GET, label="Again")
    contract = assemble([page(*labelled, operations=[operation("GET", "/users/{id}")])])
    assert [example.label for example in contract.examples] == ["Success", "Again"]


def test_ids_do_not_change_when_text_is_added_elsewhere() -> None:
    operations = [operation("GET", "/users/{id}"), operation("GET", "/groups")]
    blocks = [block(GET), block(OK), block("GET /groups HTTP/1.1", scope=1), block(OK, scope=1)]
    before = [e.id for e in assemble([page(*blocks, operations=operations)]).examples]
    prose = block("GET /elsewhere HTTP/1.1", scope=None)
    moved = [prose, *(block(b.text, line=99, scope=b.scope) for b in blocks)]
    after = [e.id for e in assemble([page(*moved, operations=operations)]).examples]
    assert after[1:] == before


def commanded(command: str, raw: str) -> Contract:
    blocks = [block(command, language="console"), block(raw, line=20), block(OK, line=30)]
    return assemble([page(*blocks, operations=[operation("GET", "/users/{id}")])])


def test_credentials_come_from_the_command_where_the_message_hides_the_password() -> None:
    raw = f"{GET}\nAuthorization: {basic('bob:')}\nX-Own: a"
    contract = commanded("$ http GET :80/users/1 --auth bob:s3cret X-Own:a", raw)
    (example,) = contract.examples
    assert example.request is not None
    assert example.request.header("Authorization") == basic("bob:s3cret")
    assert example.request.header("X-Own") == "a"
    assert not example.from_command
    assert example.blocks == (0, 1, 2)


@pytest.mark.parametrize(
    ("command", "value"),
    [
        ("$ curl http://localhost/users/1", basic("bob:")),
        ("$ curl -u bob:s3cret http://localhost/users/1", "Bearer abc"),
    ],
)
def test_other_credentials_stay_as_they_are_documented(command: str, value: str) -> None:
    (example,) = commanded(command, f"{GET}\nAuthorization: {value}").examples
    assert example.request is not None
    assert example.request.header("Authorization") == value


def test_a_command_alone_is_the_request() -> None:
    (example,) = contract_of("GET /a HTTP/1.1").examples
    assert not example.from_command
    prose = block("$ curl http://localhost/users/1", language="console", scope=None)
    (example,) = assemble([page(prose)]).examples
    assert example.from_command
    assert example.request is not None
    assert example.request.target == "http://localhost/users/1"


def test_marks_of_all_blocks_reach_the_example() -> None:
    contract = contract_of(f"{GET}\n----\n{OK}", marks="strict")
    assert [mark.place.line for mark in contract.examples[0].marks] == [1, 3]


def test_a_skipped_example_is_not_searched_for_lies() -> None:
    users = [operation("GET", "/users/{id}")]
    wrong = block("PUT /other HTTP/1.1", marks="skip it needs a phone")
    broken = block('HTTP/1.1 200 OK\nnonsense\n\n{"a": }')
    assert assemble([page(wrong, broken, operations=users)]).lies == ()


def test_flaws_of_reading_are_told_first() -> None:
    flawed = contract_of("GET /a").lies
    whole = Page(name="page", flaws=flawed)
    assert assemble([whole]).lies == flawed


def owners(*blocks: Block) -> list[str]:
    contract = assemble([page(*blocks, operations=[operation("GET", "/{name}")])])
    return [lie.example.partition("::")[2] for lie in contract.lies]


@pytest.mark.parametrize("line", [10, None])
def test_a_flaw_belongs_to_the_example_of_its_message(line: int | None) -> None:
    def at(text: str, index: int) -> Block:
        return block(text, line=0 if line is None else line * index)

    good, bad = "GET /a HTTP/1.1\n\nHTTP/1.1 200 OK", "\nGET /b HTTP/1.1\n\nHTTP/1.1 200 OK\nbad"
    blocks = [at(good, 1), at(bad, 2), at(good, 3)]
    if line is None:
        blocks = [
            Block(text=b.text, language="http", place=Place("page.rst"), scope=0) for b in blocks
        ]
    assert owners(*blocks) == ["GET /{name}#2"]
    one = "GET /a HTTP/1.1\nbad\n\nHTTP/1.1 200 OK\n\nGET /b HTTP/1.1\n\nHTTP/1.1 200 OK\nbad"
    assert owners(block(one)) == ["GET /{name}", "GET /{name}#2"]


def test_a_flaw_of_a_shared_request_belongs_to_its_first_example() -> None:
    assert owners(block("GET /a HTTP/1.1\nbad"), block(OK), block(MISSING)) == ["GET /{name}"]


def test_operations_that_differ_in_their_query_are_no_duplicates() -> None:
    by_name = operation("GET", "/users?name=(name)", line=3)
    by_mail = operation("GET", "/users?mail=(mail)", line=4)
    again = operation("GET", "/users?mail=(address)", line=5)
    contract = assemble([page(operations=[by_name, by_mail, again])])
    assert told(contract) == [(Kind.OPERATION, "page.rst:5", "")]
    shared = page(
        block("GET /users?mail=a HTTP/1.1"), operations=[by_name, by_mail], scopes=((0, 1),)
    )
    assert only(assemble([shared])) == "GET /users?mail=(mail)"
