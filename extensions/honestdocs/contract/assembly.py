"""From pages to examples: every exchange with its operation and its static lies.

Owns the assignment of examples to operations and their ids. Must not know Sphinx or servers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from honestdocs.contract.catalog import Catalog, infer_bases, nearest
from honestdocs.contract.claim import example_lies, flaw_lie
from honestdocs.contract.example import Block, Example, MarkVerb, Request, Response
from honestdocs.contract.message import Flaw
from honestdocs.contract.operation import Operation
from honestdocs.contract.outcome import Kind, Lie, Mismatch
from honestdocs.contract.page import Page
from honestdocs.contract.pairing import Pair, Paired, pair_blocks
from honestdocs.contract.path import local_target, parse_template, path_of
from honestdocs.contract.place import Place
from honestdocs.contract.placed import Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """All that a documentation tree claims: pages in order, with their examples and lies."""

    operations: tuple[Operation, ...]
    examples: tuple[Example, ...]
    lies: tuple[Lie, ...]
    bases: tuple[str, ...] = ()

    def on_page(self, name: str) -> tuple[Example, ...]:
        """The examples of one page, in order."""
        return tuple(example for example in self.examples if example.page == name)


def assemble(pages: Iterable[Page], bases: Sequence[str] = ()) -> Contract:
    """The contract of a tree; ``bases`` are the base paths of its services, as ``/v1``.

    Base paths that its examples share are found as well.
    """
    pages = tuple(pages)
    paired = {page.name: pair_blocks(page.blocks) for page in pages}
    known = (*bases, *infer_bases(_scoped(pages, paired)))
    operations = tuple(op for page in pages for op in page.operations)
    catalog = Catalog(operations, known)
    examples: list[Example] = []
    lies = [lie for page in pages for lie in page.flaws]
    lies.extend(_duplicates(operations))
    for page in pages:
        found = _Assembler(page, paired[page.name], catalog)
        examples.extend(found.examples)
        lies.extend(found.lies)
    return Contract(
        operations=operations,
        examples=tuple(examples),
        lies=tuple(lies),
        bases=catalog.bases[1:],
    )


def _scoped(pages: Sequence[Page], paired: dict[str, Paired]) -> Iterable[tuple[str, str]]:
    for page in pages:
        for pair in paired[page.name].pairs:
            sent = pair.sent
            if pair.scope is None or sent is None:
                continue
            request = _as_request(sent.message)
            for operation in page.in_scope(pair.scope)[:1]:
                yield operation.path, request.target


def _as_request(message: Request | Response) -> Request:
    assert isinstance(message, Request)  # noqa: S101 - Pair.sent holds requests only
    return message


def _duplicates(operations: Sequence[Operation]) -> Iterable[Lie]:
    """Operations documented twice under one template: both places are named."""
    first: dict[tuple[str, str], Operation] = {}
    for operation in operations:
        if not operation.registered:
            continue
        earlier = first.setdefault((operation.method, _shape(operation.path)), operation)
        if earlier is operation:
            continue
        message = f"{operation.key} is documented twice: here and at {earlier.place}"
        mismatch = Mismatch(
            kind=Kind.OPERATION,
            subject="operation",
            documented=operation.key,
            observed=f"also at {earlier.place}",
            place=operation.place,
            fix="join the two, or mark one of them :noindex:",
        )
        yield Lie(mismatch=mismatch, message=message, warning=True, usage=True)


def _shape(path: str) -> str:
    """A template with its parameters' names left out; a documented query tells it apart."""
    parsed = parse_template(path)
    return "&".join((parsed.pattern, *sorted(parsed.query)))


class _Assembler:
    """The examples of one page."""

    def __init__(self, page: Page, paired: Paired, catalog: Catalog) -> None:
        self.page = page
        self.catalog = catalog
        self.examples: list[Example] = []
        self.lies: list[Lie] = []
        self._counts: Counter[str] = Counter()
        self._starts: list[tuple[Placed, Example]] = []
        for pair in paired.pairs:
            self._add_pair(pair)
        for flaw, block in paired.flaws:
            owner = self._owner(flaw, block)
            if owner is None or not _is_skipped(owner):
                self.lies.append(flaw_lie(flaw, block, "" if owner is None else owner.id))

    def _owner(self, flaw: Flaw, block: Block) -> Example | None:
        """The example of the message that a flaw of a block stands in, if there is one."""
        above = [
            (placed.message.line, example)
            for placed, example in self._starts
            if placed.block is block and placed.message.line <= flaw.line
        ]
        return max(above, key=lambda found: found[0])[1] if above else None

    def _add_pair(self, pair: Pair) -> None:
        scoped = self.page.in_scope(pair.scope)
        operation, fits = self._operation(pair, scoped)
        responses: Sequence[Response | None] = [
            p.message for p in pair.responses if isinstance(p.message, Response)
        ] or [None]
        for alternative, response in enumerate(responses):
            example = self._example(pair, response, operation, scoped, alternative)
            self.examples.append(example)
            self._starts += [(placed, example) for placed in _own(pair, response, alternative)]
            candidates = (operation,) if operation is not None and fits else scoped
            if not _is_skipped(example):
                self.lies.extend(example_lies(example, pair, candidates, fits=fits))

    def _operation(self, pair: Pair, scoped: Sequence[Operation]) -> tuple[Operation | None, bool]:
        """The operation of an exchange, and whether its request really belongs to it."""
        if pair.sent is None:
            return (scoped[0] if len(scoped) == 1 else None), False
        request = _as_request(pair.sent.message)
        fitting = [op for op in scoped if self.catalog.fits(op, request.method, request.target)]
        if fitting:
            return nearest(fitting, request.target)[0], True
        found = self.catalog.find(request.method, request.target)
        if scoped:
            return (found[0] if found else None), False
        here = [operation for operation in found if operation.page == self.page.name]
        return next(iter(here or found), None), bool(found)

    def _example(
        self,
        pair: Pair,
        response: Response | None,
        operation: Operation | None,
        scoped: Sequence[Operation],
        alternative: int,
    ) -> Example:
        sent = pair.sent
        request = None if sent is None else _as_request(sent.message)
        placed = next((p for p in pair.responses if p.message is response), None)
        label = (placed or sent).block.label if (placed or sent) is not None else ""  # type: ignore[union-attr] # one of them is there
        request_place = sent.place if sent is not None else _place_of(placed)
        return Example(
            id=self._id(request, operation, scoped),
            page=self.page.name,
            label=label,
            operation=operation.key if operation is not None else "",
            request=_with_credentials(request, pair),
            response=response,
            request_place=request_place,
            response_place=None if placed is None else placed.place,
            request_block=request_place if sent is None else sent.block.place,
            response_block=None if placed is None else placed.block.place,
            marks=pair.marks,
            from_command=sent is not None and sent.command,
            alternative=alternative,
            blocks=_indexes(_own(pair, response, alternative)),
            section=_section(pair),
        )

    def _id(
        self, request: Request | None, operation: Operation | None, scoped: Sequence[Operation]
    ) -> str:
        """``PAGE::METHOD TEMPLATE``, numbered from the second of the same name on."""
        if operation is not None:
            name = operation.key
        elif request is not None:
            name = f"{request.method} {path_of(request.target)}"
        else:
            name = scoped[0].key if scoped else "response"
        key = f"{self.page.name}::{name}"
        self._counts[key] += 1
        return key if self._counts[key] == 1 else f"{key}#{self._counts[key]}"


def _section(pair: Pair) -> str:
    """The id of the section that an exchange begins in."""
    parts = (pair.command, pair.request, *pair.responses)
    return next((part.block.section for part in parts if part is not None), "")


def _indexes(placed: Iterable[Placed]) -> tuple[int, ...]:
    """The positions of all blocks that some messages stand in, each once."""
    return tuple(dict.fromkeys(block.index for one in placed for block in one.blocks))


def _own(pair: Pair, response: Response | None, alternative: int) -> list[Placed]:
    """The messages of an example; those of a shared request belong to its first response."""
    shared = (pair.command, pair.request) if alternative == 0 else ()
    answers = (placed for placed in pair.responses if placed.message is response)
    return [placed for placed in (*shared, *answers) if placed is not None]


def _is_skipped(example: Example) -> bool:
    return any(mark.verb is MarkVerb.SKIP for mark in example.marks)


def _place_of(placed: Placed | None) -> Place:
    return Place("") if placed is None else placed.place


def _with_credentials(request: Request | None, pair: Pair) -> Request | None:
    """The raw request, its empty password filled in from the command beside it.

    Tools print ``Basic`` credentials without the password to hide it; the command above
    says what was really sent.
    """
    if request is None or pair.request is None or pair.command is None:
        return request
    typed = pair.command.message.header("Authorization")
    if typed is None:
        return request
    headers = tuple(
        type(h)(name=h.name, value=typed, line=h.line) if _masked(h.name, h.value) else h
        for h in request.headers
    )
    return Request(
        method=request.method,
        target=local_target(request.target) if request.target[:4] != "http" else request.target,
        headers=headers,
        body=request.body,
        line=request.line,
        body_line=request.body_line,
        version=request.version,
    )


def _masked(name: str, value: str) -> bool:
    return name.lower() == "authorization" and value.lower().startswith("basic ")
