"""``honestdocs host``: documentation in Mercurial, checked on every push and published.

Owns its options, and the joining of hosting with what builds and proves. Must not hold rules of
the product: those are in the packages that it joins.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from honestdocs.commands import hostserve
from honestdocs.commands.errors import UsageError
from honestdocs.commands.options import Commands
from honestdocs.commands.status import LIES, PROVEN

if TYPE_CHECKING:
    from honestdocs.hosting.home import Home
    from honestdocs.hosting.recipe import Build

_TEXT = """\
Host documentation in Mercurial: every push is checked before it is accepted, and what
was accepted is published at once.
"""


def add(commands: Commands) -> None:
    """Adds the subcommand."""
    parser = commands.add_parser(
        "host",
        help="host the documentation in Mercurial, with a check on every push",
        description=_TEXT,
    )
    tasks = parser.add_subparsers(title="tasks", metavar="TASK", required=True)
    _add_init(tasks)
    _add_status(tasks)
    _add_rollback(tasks)
    _add_build(tasks)
    _add_serve(tasks)
    _add_user(tasks)
    _add_builder(tasks)
    _add_mirror(tasks)


def _task(
    tasks: Commands, name: str, run: Callable[[argparse.Namespace], int], told: str
) -> argparse.ArgumentParser:
    parser = tasks.add_parser(name, help=told, description=told[0].upper() + told[1:] + ".")
    parser.add_argument("dir", metavar="DIR", help="the repository")
    parser.set_defaults(run=_plain(run))
    return parser


def _plain(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """The same, with what an administrator must mend told as such."""

    def told(arguments: argparse.Namespace) -> int:
        from honestdocs.hosting.errors import HostError, RepositoryError

        try:
            return run(arguments)
        except (HostError, RepositoryError) as error:
            raise UsageError(str(error)) from error

    return told


def _add_init(tasks: Commands) -> None:
    said = "make a tree or a repository a hosted one, and publish it"
    parser = _task(tasks, "init", _init, said)
    parser.add_argument(
        "--from",
        dest="source",
        metavar="SOURCE",
        help="a tree, a Mercurial repository or a bundle to begin with (default: what is in DIR)",
    )
    parser.add_argument("--rev", default="", metavar="REV", help="the head to publish")
    parser.add_argument(
        "--undo", action="store_true", help="take hosting out again; the history stays"
    )


def _add_status(tasks: Commands) -> None:
    _task(tasks, "status", _status, "tell what is published and what is known to be wrong")


def _add_rollback(tasks: Commands) -> None:
    parser = _task(tasks, "rollback", _rollback, "serve an earlier release again")
    parser.add_argument(
        "release", nargs="?", default="previous", metavar="NODE", help="default: the one before"
    )


def _add_build(tasks: Commands) -> None:
    _task(
        tasks, "build", _build, "build and publish the head again, after a change of server files"
    )


def _add_serve(tasks: Commands) -> None:
    parser = _task(tasks, "serve", _serve, "serve the site, and Mercurial below /hg/")
    hostserve.add_serve_options(parser)


def _add_user(tasks: Commands) -> None:
    parser = _task(tasks, "user", _user, "list, add, name or remove those who may push and edit")
    parser.add_argument("action", choices=("list", "add", "name", "remove"))
    parser.add_argument("name", nargs="?", default="", metavar="NAME")
    parser.add_argument(
        "--author",
        default="",
        metavar="'NAME <ADDRESS>'",
        help="who the changesets are by that the user makes in the browser (with add and name)",
    )
    parser.epilog = (
        f"The password of a user to add is asked for, or taken from {hostserve.PASSWORD} or from "
        "standard input."
    )


def _add_builder(tasks: Commands) -> None:
    parser = _task(
        tasks, "builder", _builder, "run the resident builder that pushes are checked by"
    )
    parser.add_argument("--idle", type=float, metavar="SECONDS", help="end when unused for so long")
    parser.add_argument(
        "--for",
        dest="kind",
        choices=("pushes", "preview", "difference"),
        default="pushes",
        help="what it builds (default: what is pushed)",
    )


def _add_mirror(tasks: Commands) -> None:
    parser = _task(tasks, "mirror", _mirror, "bring a one-way mirror in git up to date")
    parser.add_argument("target", metavar="TARGET", help="a bare repository; made when missing")


def _mirror(arguments: argparse.Namespace) -> int:
    from honestdocs.hosting.gitmirror import mirror_to_git

    target = Path(arguments.target)
    count = mirror_to_git(_home(arguments).root, target.resolve())
    print(f"{target}: {count} new changeset{'' if count == 1 else 's'}")
    return PROVEN


def _home(arguments: argparse.Namespace) -> Home:
    from honestdocs.hosting.home import Home

    return Home.at(Path(arguments.dir))


def _init(arguments: argparse.Namespace) -> int:
    from honestdocs.hosting import builder
    from honestdocs.hosting.home import Home
    from honestdocs.hosting.initiation import initiate, undo

    folder = Path(arguments.dir)
    if arguments.undo:
        home = Home.at(folder)
        builder.stop(home)
        undo(home)
        print(f"{folder} is hosted no more; its history is as it was")
        return PROVEN
    source = Path(arguments.source) if arguments.source else None
    node = initiate(folder, source, revision=arguments.rev)
    home = Home.at(folder)
    print(f"{folder} is hosted; its settings are in {home.settings}")
    return _publish(home, node, again=False) if node else PROVEN


def _build(arguments: argparse.Namespace) -> int:
    from honestdocs.hosting import heads
    from honestdocs.hosting.gate import Gate

    home = _home(arguments)
    node = Gate(home, _resident()).edition().node()
    return _publish(home, node or heads.public_head(home, "default", ""), again=True)


def _publish(home: Home, node: str, *, again: bool) -> int:
    from honestdocs.hosting import builder

    lines = builder.publish_once(home, _resident(), node, again=again)
    for line in lines:
        print(line)
    if any("could not be built" in line for line in lines):
        return LIES
    print(f"The site is in {home.current}")
    return PROVEN


def _builder(arguments: argparse.Namespace) -> int:
    from honestdocs.hosting.builder import Builder
    from honestdocs.hosting.editing.studio import Studio

    home, build, idle = _home(arguments), _resident(), arguments.idle
    if arguments.kind == "pushes":
        Builder(home, build, idle=idle).run()
    else:
        Studio(home, build, arguments.kind, idle=idle).run()
    return PROVEN


def _resident() -> Build:
    """What builds, with everything imported that a build needs: a fork has it at once."""
    from honestdocs.commands.hostbuild import build_recipe

    return build_recipe


def _serve(arguments: argparse.Namespace) -> int:
    return hostserve.serve(_home(arguments), arguments)


def _user(arguments: argparse.Namespace) -> int:
    return hostserve.change_users(_home(arguments), arguments)


def _status(arguments: argparse.Namespace) -> int:
    from honestdocs.hosting import builder, heads
    from honestdocs.hosting.edition import Edition
    from honestdocs.hosting.home import MAIN
    from honestdocs.hosting.settings import load

    home = _home(arguments)
    settings = load(home.settings)
    edition = Edition(home, MAIN)
    site = edition.site
    head = heads.public_head(home, settings.branch, edition.node())
    print(f"accepted   {edition.node()[:12] or 'nothing yet'}")
    if head and head != edition.node():
        print(f"waiting    {head[:12]} is in the repository and not published yet")
    print(f"served     {site.current or 'nothing yet'}  {home.current}")
    for name in site.kept():
        at = (site.releases / name).stat().st_mtime
        shown = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")
        print(f"release    {name}  {shown}{'  (served)' if name == site.current else ''}")
    print(f"builder    {'runs' if builder.is_running(home) else 'starts with the next push'}")
    problems = edition.known()
    for file, messages in problems.items():
        for message, count in sorted(messages.items()):
            times = f" ({count} times)" if count > 1 else ""
            print(f"known      {file}: {message}{times}")
    return PROVEN


def _rollback(arguments: argparse.Namespace) -> int:
    from honestdocs.hosting.release import Site

    home = _home(arguments)
    name = Site(home.folder).switch(arguments.release)
    print(f"Served again: {name}. The next push that is accepted is published as ever.")
    return PROVEN
