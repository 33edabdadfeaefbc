"""What a build warns of: each lie at its line, once, with a type that an author can suppress."""

from __future__ import annotations

import pytest
from sphinx.errors import ConfigError

from servers.items import ItemServer
from servers.misbehaving import nobody
from sphinxext.project import Built, Project, title

TEA = """.. http:get:: /slow/(word)

   .. code-block:: http

      GET /slow/tea HTTP/1.1

   .. code-block:: http

      HTTP/1.1 200 OK

      {"word": "tea"}
"""
LIE = title("Tea") + TEA.replace('"tea"}', '"coffee"}')
BROKEN = title("Tea") + TEA.replace('"tea"}', '"tea"')


def built(project: Project, url: str, **more: object) -> Built:
    strict = bool(more.pop("strict", False))
    services = {"items": {"url": url, "timeout": 2}}
    return project.build(strict=strict, honestdocs_services=services, **more)


def told(build: Built) -> list[str]:
    """The warnings of a build, without the folder of the pages."""
    return build.warnings.replace(f"{build.app.srcdir}/", "").splitlines()


def test_a_lie_is_a_warning_at_its_line(project: Project, service: ItemServer) -> None:
    project.write({"index": LIE})
    (warning,) = told(built(project, service.url))
    line = project.line("index", "coffee")
    assert warning == (
        f'index.rst:{line}: WARNING: /word: documented "coffee", observed "tea" (value) '
        "[honestdocs.failed]"
    )


def test_a_strict_build_fails_with_a_lie_and_not_without(
    project: Project, service: ItemServer
) -> None:
    assert built(project.write({"index": LIE}), service.url, strict=True).status == 1
    project.write({"index": title("Tea") + TEA})
    proven = built(project, service.url, strict=True)
    assert (proven.status, proven.warnings) == (0, "")


@pytest.mark.parametrize("suppressed", ["honestdocs", "honestdocs.failed"])
def test_warnings_can_be_suppressed(suppressed: str, project: Project, service: ItemServer) -> None:
    project.write({"index": LIE})
    quiet = built(project, service.url, strict=True, suppress_warnings=[suppressed])
    assert (quiet.status, quiet.warnings) == (0, "")
    assert quiet.outcomes() == {"index::GET /slow/(word)": "failed"}


def test_a_static_lie_is_told_once_and_without_a_server(project: Project) -> None:
    project.write({"index": BROKEN})
    (warning,) = told(project.build())
    line = project.line("index", '{"word"')
    assert warning.startswith(f"index.rst:{line}: WARNING: ")
    assert "does not parse" in warning
    assert warning.endswith("[honestdocs.lie]")


def test_what_could_not_be_checked_is_another_sort_of_warning(project: Project) -> None:
    project.write({"index": title("Tea") + TEA})
    with nobody() as port:
        (warning,) = told(built(project, f"http://127.0.0.1:{port}"))
        quiet = built(
            project, f"http://127.0.0.1:{port}", suppress_warnings=["honestdocs.unchecked"]
        )
    assert "could not be checked" in warning
    assert warning.endswith("[honestdocs.unchecked]")
    assert quiet.warnings == ""


def test_an_unknown_service_in_a_panel_is_told_with_its_line(
    project: Project, service: ItemServer
) -> None:
    project.write({"index": title("P") + "Words.\n\n.. operations:: thing\n"})
    (warning,) = told(built(project, service.url))
    assert warning == (
        f"index.rst:{project.line('index', 'operations')}: WARNING: unknown service 'thing'; "
        "declared are: items [honestdocs.notation]"
    )


def test_an_operation_documented_twice_is_told_with_both_places(project: Project) -> None:
    project.write(
        {"index": title("A") + ".. http:get:: /a\n", "b/c": title("B") + "x\n\n.. http:get:: /a\n"}
    )
    warnings = [line for line in told(project.build()) if "honestdocs" in line]
    place = f"b/c.rst:{project.line('b/c', '/a')}"
    other = f"index.rst:{project.line('index', '/a')}"
    (warning,) = warnings
    assert warning.startswith((f"{place}: ", f"{other}: "))
    assert place in warning
    assert other in warning


def test_an_operation_marked_noindex_is_no_duplicate(project: Project) -> None:
    again = ".. http:get:: /a\n   :noindex:\n"
    project.write({"index": title("A") + ".. http:get:: /a\n\n" + again})
    assert project.build().warnings == ""


def test_a_mark_that_says_nothing_known_is_told(project: Project) -> None:
    project.write({"index": title("A") + ".. honestdocs: skipp\n"})
    (warning,) = told(project.build())
    assert warning.startswith("index.rst:4: WARNING: unknown mark 'skipp'")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"honestdocs_services": {"a": {"urll": "x"}}}, "unknown setting 'urll'"),
        ({"honestdocs_services": {"a": {"url": "x"}}}, "is no http or https URL"),
        ({"honestdocs_config": "nowhere.toml"}, "nowhere.toml: cannot be read"),
        (
            {"honestdocs_services": {"a": {"url": "http://127.0.0.1:9", "setup": "no.http"}}},
            "setup file no.http: cannot be read",
        ),
        (
            {"honestdocs_services": {"a": {"command": "no-such-command"}}},
            "'no-such-command' was not found",
        ),
    ],
)
def test_a_wrong_setting_stops_the_build_with_one_message(
    settings: dict[str, object], said: str, project: Project
) -> None:
    project.write({"index": title("Tea") + TEA})
    with pytest.raises(ConfigError) as caught:
        project.build(**settings)
    assert said in str(caught.value)


def test_services_of_a_file_join_those_of_conf_py(project: Project, service: ItemServer) -> None:
    config = f'[services.b]\nurl = "{service.url}"\npages = ["tea"]\n'
    project.write({"more.toml": config, "index": title("I") + "x\n", "tea": title("Tea") + TEA})
    services = {"a": {"pages": ["nothing"]}}
    done = project.build(honestdocs_services=services, honestdocs_config="more.toml")
    assert done.outcomes() == {"tea::GET /slow/(word)": "passed"}
    with pytest.raises(ConfigError, match="'b' is declared twice"):
        project.build(
            honestdocs_services={"b": {"url": service.url}}, honestdocs_config="more.toml"
        )


def test_outcomes_are_kept_where_the_setting_says(project: Project, service: ItemServer) -> None:
    project.write({"index": title("Tea") + TEA})
    built(project, service.url, honestdocs_database="kept/here.sqlite")
    assert (project.source / "kept" / "here.sqlite").is_file()
    assert not (project.folder / "out" / "honestdocs.sqlite").exists()
