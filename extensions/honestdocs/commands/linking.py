"""A check of the links of a tree that was read, as several subcommands make it.

Owns what can be asked for, and the joining of policy, answers kept and transport. Must not know
options, nor how a report is shown.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from honestdocs.commands.errors import UsageError

if TYPE_CHECKING:
    from honestdocs.contract.link import LinkReport
    from honestdocs.contract.shard import Shard
    from honestdocs.links.index import LinkIndex
    from honestdocs.links.policy import Policy
    from honestdocs.links.surroundings import Asker
    from honestdocs.verification.executor import Choice as Executor
    from honestdocs.verification.reach import Reach


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # nobody compares it
class Inquiry:
    """What is asked for of the links of a tree.

    ``offline`` asks nobody, ``again`` asks everybody; ``changed`` is the changeset since which a
    page must have changed, ``shard`` the part of the links that is checked. ``settings`` are set
    beside or in place of the tree's own ``honestdocs_links``. ``cache`` is the file of answers
    where it is not that of the tree. ``everything`` tells of each link, also of those that work;
    ``quiet`` shows no progress.
    """

    offline: bool = False
    again: bool = False
    changed: str = ""
    shard: Shard | None = None
    settings: Mapping[str, object] = field(default_factory=dict, repr=False)
    cache: Path | None = None
    executor: Executor | None = None
    everything: bool = False
    quiet: bool = False


def read_settings(file: str) -> Mapping[str, object] | None:
    """The table ``[links]`` of a TOML file, None where it has none. Raises UsageError."""
    import tomllib

    try:
        found = tomllib.loads(Path(file).read_text("utf-8")).get("links")
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{file}: is no TOML: {error}") from error
    if found is not None and not isinstance(found, dict):
        raise UsageError(f"{file}: links is {found!r}; it must be a table")
    return found


def check_links(
    index: LinkIndex, state: Path, inquiry: Inquiry, started: float
) -> tuple[LinkReport, float]:
    """The report on links that were read, and until when it would be the same (seconds since the
    epoch, 0 where nobody can tell); answers are kept in the folder ``state``.

    Raises UsageError.
    """
    from honestdocs.contract.errors import ConfigurationError
    from honestdocs.links.policy import read_policy

    own = index.values.get("honestdocs_links")
    own = {**(own if isinstance(own, dict) else {}), **inquiry.settings}
    try:
        policy = read_policy({**index.values, "honestdocs_links": own}, os.environ)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    cache = inquiry.cache or state / "honestdocs-links.sqlite"
    report, until = _audit(index, policy, cache, inquiry)
    root = os.path.relpath(index.srcdir)
    finished = time.time()
    again = not (report.notes or own.get("auth") or until <= finished)
    report = replace(report, root="" if root == "." else root, started=started, finished=finished)
    return report, until if again else 0.0


def _audit(
    index: LinkIndex, policy: Policy, cache: Path, inquiry: Inquiry
) -> tuple[LinkReport, float]:
    from honestdocs.links.audit import Choice, audit
    from honestdocs.links.cache import Cache
    from honestdocs.verification.errors import ExecutorError

    changed = _changed(inquiry.changed, Path(index.srcdir)) if inquiry.changed else None
    choice = Choice(
        offline=inquiry.offline,
        again=inquiry.again,
        pages=None if changed is None else frozenset(str(each.with_suffix("")) for each in changed),
        files=frozenset(str(index.srcdir / each) for each in changed or ()),
        shard=inquiry.shard,
        now=time.time(),
        today=datetime.now(UTC).date().isoformat(),
        everything=inquiry.everything,
    )
    with Cache(cache, policy) as kept, _asker(policy, inquiry) as asker:
        try:
            report = audit(index, policy, asker, kept, choice)
        except ExecutorError as error:
            raise UsageError(str(error)) from error
        finally:
            _end_progress(quiet=inquiry.quiet)
        notes = (*report.notes, *((kept.notice,) if kept.notice else ()))
        return replace(report, notes=notes), kept.until


@contextmanager
def _asker(policy: Policy, inquiry: Inquiry) -> Iterator[Asker]:
    """Who asks: this process, or workers."""
    from honestdocs.links.checker import Checker
    from honestdocs.links.surroundings import Clock, Late, Progress

    clock = Clock(monotonic=time.monotonic, now=time.time)
    progress = Progress(told=_progress(quiet=inquiry.quiet))
    if inquiry.executor is None:
        with Late(lambda: _reach(policy).connect()) as carrier:
            yield Checker(policy, carrier, clock, progress)
        return
    from honestdocs.links.spreading import Spread
    from honestdocs.verification.spreading import Crew

    with Crew(inquiry.executor) as crew:
        reach = _reach(policy)
        if not crew.inline:
            yield Spread(policy, reach, crew, clock, progress)
            return
        with reach.connect() as transport:
            yield Checker(policy, transport, clock, progress)


def _reach(policy: Policy) -> Reach:
    """The way to the web."""
    from honestdocs.verification.limits import MOST_IN_FLIGHT, Limits
    from honestdocs.verification.reach import Reach, proxy_variables

    limits = Limits(
        total_timeout=policy.timeout,
        connect_timeout=min(policy.timeout, 10.0),
        max_in_flight=min(policy.in_flight, MOST_IN_FLIGHT),
        max_per_host=policy.per_host,
        max_body=4 * 1024 * 1024,
    )
    return Reach(
        limits=limits,
        verify=policy.verify_tls,
        ca_file=policy.ca_file,
        environment=proxy_variables(os.environ),
    )


def _progress(*, quiet: bool) -> Callable[[int, int], None]:
    if quiet or not sys.stderr.isatty():
        return lambda _done, _total: None
    last = [0.0]

    def tell(done: int, total: int) -> None:
        now = time.monotonic()
        if now - last[0] > 0.1 or done >= total:  # noqa: PLR2004 - ten times a second
            last[0] = now
            sys.stderr.write(f"\r\x1b[Kasking: {done} of {max(done, total)} addresses")
            sys.stderr.flush()

    return tell


def _end_progress(*, quiet: bool) -> None:
    if not quiet and sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")


def _changed(revision: str, srcdir: Path) -> tuple[PurePosixPath, ...]:
    """The sources that changed since a changeset, by their paths below it."""
    from honestdocs.verification.changeset import ChangesetError, changed_since

    try:
        files = changed_since(srcdir, revision)
    except ChangesetError as error:
        raise UsageError(f"--changed {revision}: {error}") from error
    root = srcdir.resolve()
    inside = (file.relative_to(root) for file in files if root in file.parents)
    return tuple(map(PurePosixPath, inside))
