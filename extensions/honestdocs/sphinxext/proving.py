"""Verifying between reading and writing.

Owns the handlers that run examples once all pages are read, warn of what is wrong, and hand
the outcomes to the writers. Must not know how outcomes look.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sphinx.errors import ConfigError
from sphinx.util import logging
from sphinx.util.display import progress_message

from honestdocs.contract.configuration import Service
from honestdocs.contract.errors import ContractError
from honestdocs.contract.outcome import Lie, Outcome, Result
from honestdocs.sphinxext.collector import arrow_users, packed_pages, pages, panel_pages
from honestdocs.sphinxext.fields import ARROWS, installed_arrows
from honestdocs.sphinxext.garbage import rarely_collected
from honestdocs.sphinxext.memo import recall, remember
from honestdocs.sphinxext.settings import services
from honestdocs.verification.errors import VerificationError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from honestdocs.contract.assembly import Contract
    from honestdocs.contract.coverage import OperationCoverage
    from honestdocs.contract.example import Example
    from honestdocs.contract.shard import Part, Shard
    from honestdocs.sphinxext.verified import Verified
    from honestdocs.verification.executor import Choice
    from honestdocs.verification.plan import Options
    from honestdocs.verification.prover import Proof, Surroundings, Watcher
    from honestdocs.verification.store import Store

logger = logging.getLogger(__name__)
SHOWN = "honestdocs_shown"
"""Where the environment keeps a digest of what each page shows."""


@dataclass(slots=True)
class Verifier:
    """The extension's one object with a memory: it lives as long as its application.

    ``asked`` tells that somebody looks at ``verified`` after the build; ``database`` is then
    where outcomes are kept. ``changeset`` is the one that is built, where it is not the one that
    is checked out. ``shard`` is the part of the tree to verify, or ``page`` the only page; None is
    all of it.
    """

    options: Options | None = None
    watcher: Watcher | None = None
    surroundings: Callable[[Path], Surroundings] | None = None
    asked: bool = True
    changeset: str | None = None
    executor: Choice | None = None
    shard: Shard | None = None
    page: str | None = None
    verified: Verified | None = None
    database: Path | None = None

    def verify(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Sphinx's ``env-updated``: runs what has to run; returns the pages to write again."""
        if getattr(app.builder, "reads_only", False):
            return []
        self._warn_arrows(env)
        declared = services(app.config, Path(app.confdir))
        passive = not (self.asked or declared or hasattr(app.builder, "take"))
        lies = recall(env, database(app)) if passive else None
        if lies is not None:
            _tell_all(app, lies, set())
            return []
        with rarely_collected():
            changed = self._look(app, env, declared)
        if passive and self.verified is not None:
            remember(env, database(app), self.verified)
        return changed

    def _look(self, app: Sphinx, env: BuildEnvironment, declared: tuple[Service, ...]) -> list[str]:
        from honestdocs.contract.assembly import assemble
        from honestdocs.contract.retirement import disagreements, retirements
        from honestdocs.contract.shard import narrow
        from honestdocs.sphinxext.verified import Verified
        from honestdocs.verification.changeset import read_changeset
        from honestdocs.verification.store import Store

        found = tuple(pages(env))
        whole = assemble(found, _bases(declared))
        changeset = self.changeset
        if changeset is None:
            changeset = read_changeset(Path(app.srcdir))
        self.database = database(app)
        try:
            with Store.open(self.database, now=time.time()) as store:
                part = self._part(whole, store)
                here = part.pages if part else self._only()
                contract = whole if here is None else narrow(whole, here)
                others = None if here is None else _others(whole, here)
                proof = self._prove(app, store, contract, others, declared, changeset)
        except (ContractError, VerificationError) as error:
            raise ConfigError(str(error)) from error
        gone = retirements(contract.operations, contract.examples, proof.results)
        denied = disagreements(gone)
        contract = replace(contract, lies=(*contract.lies, *denied))
        self.verified = Verified(
            contract=contract,
            proof=proof,
            services=declared,
            coverage=_coverage(contract, proof, others or ()),
            changeset=changeset,
            at=proof.finished,
            pages={page.name: page for page in found},
            part=part,
        )
        take = getattr(app.builder, "take", None)
        if take is not None:
            take(self.verified)
            return []
        _warn(app, self.verified)
        if app.builder.format == "html" and here is None:
            _keep(app, env, self.verified, denied, declared=bool(declared))
        return _changed(app, env, self.verified)

    def _only(self) -> tuple[str, ...] | None:
        return None if self.page is None else (self.page,)

    def _part(self, whole: Contract, store: Store) -> Part | None:
        """The part of the tree that is asked for, by what is known of the time pages take."""
        if self.shard is None:
            return None
        from honestdocs.contract.exchange import by_page
        from honestdocs.contract.shard import part_of
        from honestdocs.verification.duration import expected

        return part_of(whole, self.shard, expected(by_page(whole.examples), store.paces()))

    def _prove(  # noqa: PLR0913, PLR0917 - what a prover needs
        self,
        app: Sphinx,
        store: Store,
        contract: Contract,
        others: Sequence[Example] | None,
        declared: tuple[Service, ...],
        changeset: str,
    ) -> Proof:
        from honestdocs.verification.plan import Options
        from honestdocs.verification.prover import Prover
        from honestdocs.verification.surroundings import real_surroundings

        given = self.options or Options()
        around = self.surroundings or partial(real_surroundings, now=time.time, environ=os.environ)
        options = replace(
            given,
            offline=given.offline or not app.config.honestdocs_verify,
            all=given.all or bool(app.config.honestdocs_all),
        )
        prover = Prover(
            declared,
            store,
            around(Path(app.confdir)),
            options=options,
            watcher=self.watcher,
            changeset=changeset,
            executor=self.executor,
            others=others,
        )
        asked = not options.offline and any(service.served for service in declared)
        told = f"verifying {len(contract.examples)} examples"
        with progress_message(told) if asked and contract.examples else nullcontext():
            proof = prover.prove(contract)
        if asked:
            store.note_sources(_digests(contract, proof, Path(app.srcdir)))
        if store.notice:
            proof.notes.insert(0, store.notice)
        return proof

    @staticmethod
    def _warn_arrows(env: BuildEnvironment) -> None:
        users = arrow_users(env)
        if not users or env.config.honestdocs_arrows != "auto":
            return
        arrows = getattr(env, ARROWS, installed_arrows())
        logger.warning(
            "fields such as :<json: are read with < for the %s; releases of "
            "sphinxcontrib-httpdomain differ in that. Write reqjson, resjson, reqheader and "
            "resheader, or set honestdocs_arrows to 'request' or 'response'",
            arrows.value,
            location=users[0],
            type="honestdocs",
            subtype="arrows",
        )


def _others(whole: Contract, pages: Sequence[str]) -> tuple[Example, ...]:
    """The examples of the tree that are on other pages: left to other shards."""
    here = frozenset(pages)
    return tuple(example for example in whole.examples if example.page not in here)


def _coverage(
    contract: Contract, proof: Proof, others: Iterable[Example]
) -> tuple[OperationCoverage, ...]:
    """What is proven of each operation, but for those that others prove as well: that can only
    be told when all shards are together.
    """
    from honestdocs.contract.coverage import measure

    shared = {example.operation for example in others}
    found = measure(contract.operations, contract.examples, proof.results)
    return tuple(each for each in found if each.operation.key not in shared)


def _digests(contract: Contract, proof: Proof, srcdir: Path) -> dict[str, str]:
    """What the files with failed examples hold now, by their names."""
    from honestdocs.verification.rewriting import digest_of

    files = {
        example.place.file
        for example in contract.examples
        if proof.results[example.id].outcome is Outcome.FAILED
    }
    found = {file: digest_of(srcdir / file) for file in sorted(files)}
    return {file: digest for file, digest in found.items() if digest}


def _bases(declared: Iterable[Service]) -> tuple[str, ...]:
    """The base paths of services, empty where one has none."""
    return tuple(service.path or _path(service) for service in declared)


def _path(service: Service) -> str:
    _, _, rest = service.url.partition("://")
    path = rest.partition("/")[2].rstrip("/")
    return f"/{path}" if path else ""


def database(app: Sphinx) -> Path:
    """Where outcomes are kept: the setting, else beside the builder's output folder."""
    if app.config.honestdocs_database:
        return Path(app.confdir) / str(app.config.honestdocs_database)
    return Path(app.outdir).parent / "honestdocs.sqlite"


def _keep(
    app: Sphinx,
    env: BuildEnvironment,
    verified: Verified,
    lies: tuple[Lie, ...],
    *,
    declared: bool,
) -> None:
    """Leaves what is documented beside the outcomes, for a portal that serves the pages; nothing
    where no services are ``declared``.
    """
    from honestdocs.verification.snapshot import NAME, Snapshot, save_snapshot

    path = Path(app.outdir).parent / NAME
    if not declared:
        path.unlink(missing_ok=True)
        return
    snapshot = Snapshot(
        pages=tuple(packed for _, packed in sorted(packed_pages(env).items())),
        bases=_bases(verified.services),
        lies=lies,
        services=verified.services,
        titles={name: title.astext() for name, title in env.titles.items()},
        changeset=verified.changeset,
        folder=str(Path(app.confdir).resolve()),
        sources=str(Path(app.srcdir).resolve()),
        database=str(database(app).resolve()),
    )
    save_snapshot(snapshot, path)


def _warn(app: Sphinx, verified: Verified) -> None:
    """Tells every lie at its line, as Sphinx tells its own warnings."""
    told: set[tuple[str, str]] = set()
    static = {lie.mismatch for lie in verified.lies}
    _tell_all(app, verified.lies, told)
    for example in verified.contract.examples:
        result = verified.proof.results.get(example.id)
        if result is None or result.outcome in (Outcome.PASSED, Outcome.SKIPPED):
            continue
        if result.outcome is Outcome.ERROR:
            said = f"could not be checked: {result.reason}"
            _log(app, str(example.place), f"{example.id}: {said}", "unchecked", told)
        for found in (one for one in result.mismatches if one not in static):
            said = f"{found.subject}: documented {found.documented or 'nothing'}"
            said += f", observed {found.observed or 'nothing'} ({found.kind})"
            _log(app, str(found.place), said, "failed", told)
    for note in verified.proof.notes:
        logger.info("honestdocs: %s", note)


def _tell_all(app: Sphinx, lies: Iterable[Lie], told: set[tuple[str, str]]) -> None:
    for lie in lies:
        kind = "notation" if lie.warning else "lie"
        _log(app, str(lie.mismatch.place), lie.message, kind, told)


def _log(app: Sphinx, place: str, said: str, subtype: str, told: set[tuple[str, str]]) -> None:
    if (place, said) in told:
        return
    told.add((place, said))
    location = str(Path(app.srcdir) / place)
    logger.warning("%s", said, location=location, type="honestdocs", subtype=subtype)


def _changed(app: Sphinx, env: BuildEnvironment, verified: Verified) -> list[str]:
    """The pages whose outcomes differ from what this builder showed last."""
    if not hasattr(env, SHOWN):
        setattr(env, SHOWN, {})
    memory = cast("dict[str, dict[str, int]]", getattr(env, SHOWN))
    before = memory.get(app.builder.name, {})
    now = _faces(env, verified)
    memory[app.builder.name] = now
    return sorted(name for name in now if before.get(name) != now[name] and name in env.all_docs)


def _faces(env: BuildEnvironment, verified: Verified) -> dict[str, int]:
    from honestdocs.contract.cause import digest

    faces: dict[str, int] = {}
    whole: list[str] = []
    for name in verified.pages:
        parts = [_face(result) for result in verified.page_results(name)]
        whole.extend(parts)
        if parts:
            faces[name] = int(digest(*parts)[:15], 16)
    states = [f"{s.name} {s.status} {s.version} {s.checked_at}" for s in verified.proof.services]
    total = int(digest(*whole, *states)[:15], 16)
    faces.update(dict.fromkeys(panel_pages(env), total))
    return faces


def _face(result: Result) -> str:
    return (
        f"{result.example} {result.outcome} {result.checked_at} {result.mismatches} {result.flaky}"
    )
