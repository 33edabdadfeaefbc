"""Proposals: how the documentation would have to change to say what was observed.

Owns the joining of outcomes with the files that hold the examples. Must not know who decides
what is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from honestdocs.contract.edit import Edit, overlap
from honestdocs.contract.example import Example
from honestdocs.contract.mending import Left, Mended, mend
from honestdocs.contract.outcome import Outcome, Result
from honestdocs.verification.rewriting import RewriteError, SourceFile

CHANGED = "the file changed since the last check: run the check again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What could be done about one failed example; ``name`` is that of the file which holds its
    response, relative to the sources, and ``file`` None where it cannot be read.
    """

    example: Example
    name: str
    file: SourceFile | None
    mended: Mended

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits of the file, none where nothing can be done."""
        return self.mended.edits

    @property
    def left(self) -> tuple[Left, ...]:
        """What stays as it is, with reasons."""
        return self.mended.left


@dataclass(slots=True, kw_only=True)
class Proposer:
    """Makes proposals for the failed examples of one tree.

    ``digests`` are those of the files when a run last looked, ``is_secret`` tells what must not
    be written.
    """

    srcdir: Path
    results: Mapping[str, Result]
    digests: Mapping[str, str]
    is_secret: Callable[[str], bool]
    _files: dict[str, SourceFile | RewriteError] = field(default_factory=dict)

    def propose(self, examples: Iterable[Example]) -> list[Proposal]:
        """A proposal for each example that failed, in order."""
        found = [(example, self.results.get(example.id)) for example in examples]
        return [
            self._proposal(example, result)
            for example, result in found
            if result is not None and result.outcome is Outcome.FAILED
        ]

    def _proposal(self, example: Example, result: Result) -> Proposal:
        block = example.response_block or example.request_block
        file = self._read(block.file)
        if isinstance(file, RewriteError):
            return _refused(example, result, block.file, None, str(file))
        if self.digests.get(block.file, file.digest) != file.digest:
            return _refused(example, result, block.file, file, CHANGED)
        mended = mend(
            file.lines,
            example,
            result.mismatches,
            further=result.further,
            is_secret=self.is_secret,
        )
        return Proposal(example=example, name=block.file, file=file, mended=mended)

    def _read(self, name: str) -> SourceFile | RewriteError:
        if name not in self._files:
            try:
                self._files[name] = SourceFile.read(self.srcdir / name)
            except RewriteError as error:
                self._files[name] = error
        return self._files[name]


def _refused(
    example: Example, result: Result, name: str, file: SourceFile | None, reason: str
) -> Proposal:
    left = tuple(Left(mismatch=mismatch, reason=reason) for mismatch in result.mismatches)
    return Proposal(example=example, name=name, file=file, mended=Mended(left=left))


def compatible(proposal: Proposal, accepted: Sequence[Proposal]) -> bool:
    """Whether a proposal can be made beside those that were accepted: a file that several pages
    include has one text.
    """
    edits = {edit for one in accepted if one.name == proposal.name for edit in one.edits}
    return not overlap(edits | set(proposal.edits))


def write(accepted: Sequence[Proposal]) -> dict[str, str]:
    """Makes all edits, a file at a time; returns the digests of the new files by their names.

    Raises RewriteError, the files before the one it names being written.
    """
    files = {one.name: one.file for one in accepted if one.file is not None}
    return {
        name: file.write([edit for one in accepted if one.name == name for edit in one.edits])
        for name, file in files.items()
    }
