"""Comparing a documented response with an observed one, in both directions.

Owns the rules of status, headers and bodies. Must not know how a request was sent or how a
mismatch is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from honestdocs.contract.binding import Bindings
from honestdocs.contract.discretion import discreet_at, documented_text, exact_json, phrase_of
from honestdocs.contract.document import locate, render_value
from honestdocs.contract.example import Mark, MarkVerb, Response
from honestdocs.contract.mark import is_of
from honestdocs.contract.outcome import Exact, Kind, Mismatch
from honestdocs.contract.place import Place
from honestdocs.contract.usage import NOBODY, Usage
from honestdocs.contract.volatile import VolatileKind

UNCOMPARED = frozenset(
    "connection keep-alive proxy-connection te trailer trailers transfer-encoding upgrade "
    "content-length".split()
)
"""Hop-by-hop fields (RFC 9110, section 7.6.1) and lengths: they belong to one connection."""
MOST = 25
"""So many mismatches of one example are told; more would not help anybody."""
LONGEST = 16_384
"""So many characters of one observed value are kept in full."""
LONGEST_OF_ALL = 65_536
"""So many characters of all observed values of one example are."""


@dataclass(slots=True, kw_only=True)
class Context:
    """What a comparison needs to know of the page.

    ``usage`` tells which texts the requests of the page send before and after. ``origins`` are the
    origins that stand for the service. ``creates`` tells that the request makes
    something new, so that a documented id may come to stand for another one.
    """

    place: Place
    response: Response
    marks: tuple[Mark, ...] = ()
    bindings: Bindings = field(default_factory=Bindings)
    usage: Usage = NOBODY
    origins: tuple[str, ...] = ()
    creates: bool = False

    mismatches: list[Mismatch] = field(default_factory=list)
    matched: list[str] = field(default_factory=list)
    found: list[tuple[str, str]] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    further: list[Mismatch] = field(default_factory=list)
    kept: int = field(default=0, init=False)
    strict: bool = field(default=False, init=False)
    loose: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        verbs = {mark.verb for mark in self.marks}
        self.strict = MarkVerb.STRICT in verbs
        self.loose = MarkVerb.ANY in verbs or MarkVerb.IGNORE in verbs

    def marked(self, subject: str, verb: MarkVerb) -> Mark | None:
        """The author's mark of that verb that covers a subject, if any."""
        if not self.loose:
            return None
        for mark in self.marks:
            if mark.verb is verb and _covers(mark.subject, subject):
                return mark
        return None

    def allows(self, subject: str, observed: object, name: str = "") -> bool:
        """Whether the author lets any value stand at a subject, or any of the observed kind.

        ``name`` is the member that holds the observed value, if it is one of JSON.
        """
        mark = self.marked(subject, MarkVerb.ANY)
        return mark is not None and (not mark.argument or is_of(mark.argument, observed, name))

    def tell(  # noqa: PLR0913, PLR0917 - the parts of a mismatch
        self,
        kind: Kind,
        subject: str,
        documented: str,
        observed: str,
        line: int | None,
        fix: str,
        exact: Exact | None = None,
    ) -> None:
        """Adds a mismatch at a line of the block, unless the author ignores its subject.

        What was observed is kept in full as long as it is short.
        """
        if len(self.mismatches) >= MOST or self.marked(subject, MarkVerb.IGNORE):
            return
        if exact is not None:
            self.kept += len(exact.text)
            exact = exact if len(exact.text) <= LONGEST and self.kept <= LONGEST_OF_ALL else None
        self.mismatches.append(
            Mismatch(
                kind=kind,
                subject=subject,
                documented=documented,
                observed=observed,
                place=self.place.below(line),
                fix=fix,
                exact=exact,
            )
        )

    def tell_member(  # noqa: PLR0913 - the parts of a mismatch
        self,
        kind: Kind,
        pointer: str,
        documented: object,
        observed: object,
        fix: str,
        *,
        whole: object = None,
        after: str | None = None,
    ) -> None:
        """Adds a mismatch of a JSON body; its line is looked up only now. A secret that the service
        gave is not told.

        ``whole`` is the observed value where ``observed`` only counts it.
        """
        if len(self.mismatches) >= MOST:
            return
        value = discreet_at(observed if whole is None else whole, pointer)
        texts = [_shown(each) for each in (documented, value if whole is None else observed)]
        line: int | None = self.response.body_line
        written = self.written(pointer)
        position = locate(self.response.body, written)
        if position is not None:
            line = self.response.body_line + position[0]
        text = None if value is ABSENT else exact_json(value, self.documented_for)
        exact = None if text is None else Exact(text=text, pointer=written, after=after)
        self.tell(kind, pointer or "body", texts[0], texts[1], line, fix, exact)

    def documented_for(self, observed: str) -> str:
        """An observed text as the page would have it: what is bound by its documented name, and
        the service's own origin by the documented one.
        """
        return documented_text(observed, self.bindings, self.origins)

    def written(self, pointer: str) -> str:
        """Where the documented text has what stands at a pointer of the observed value: an
        elision in an array moves what follows it.
        """
        for observed in sorted(self.moved, key=len, reverse=True):
            if pointer == observed or pointer.startswith(observed + "/"):
                return self.moved[observed] + pointer[len(observed) :]
        return pointer

    def match(self, subject: str, kind: VolatileKind | str, documented: str, observed: str) -> None:
        """Notes that two values were matched by kind, and binds them."""
        self.matched.append(f"{subject}: {kind}")
        self.found.append((documented, observed))


class Absent:
    """Stands for a member that is not there; shown as the empty text."""


ABSENT = Absent()


def _shown(value: object) -> str:
    return "" if value is ABSENT else render_value(value)


def _covers(pattern: str, subject: str) -> bool:
    """Whether a mark's subject covers one: pointers may hold ``*`` and cover what is below."""
    if not pattern.startswith("/"):
        inside = pattern == "body" and subject[:1] in ("", "/")
        return inside or pattern.lower() == subject.lower()
    ours, theirs = pattern.strip("/").split("/"), subject.strip("/").split("/")
    if len(ours) > len(theirs) or not subject.startswith("/"):
        return False
    return all(a in ("*", b) for a, b in zip(ours, theirs, strict=False))


def compare_status(context: Context, observed: int, reason: str) -> bool:
    """Whether the statuses agree; tells the mismatch if they do not."""
    documented = context.response.status
    if documented is None or documented == observed:
        return True
    if context.marked("status", MarkVerb.IGNORE) or context.allows("status", observed):
        return True
    said = f"{observed} {reason}".strip()
    context.tell(
        Kind.STATUS,
        "status",
        f"{documented} {context.response.reason}".strip(),
        said,
        context.response.line,
        f"document {said}, or mend the request so that it earns {documented}",
        Exact(text=f"{observed} {reason or phrase_of(observed)}".strip()),
    )
    return False
