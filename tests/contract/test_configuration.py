"""Settings of services: what they mean, and how each mistake names place, setting and value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honestdocs.contract.configuration import (
    Service,
    check_url,
    expand,
    parse_services,
    service_of,
)
from honestdocs.contract.errors import ConfigurationError

WHERE = "conf.py"


def service(**values: object) -> Service:
    (found,) = parse_services({"notes": values}, WHERE)
    return found


def refusal(value: object) -> str:
    with pytest.raises(ConfigurationError) as caught:
        parse_services(value, WHERE)
    return str(caught.value)


def test_a_service_without_settings_has_the_usual_ones() -> None:
    found = service()
    assert (found.name, found.heartbeat, found.version) == (
        "notes",
        "/__heartbeat__",
        "/__version__",
    )
    assert not found.served


@pytest.mark.parametrize("setting", [{"url": "http://h"}, {"command": "serve"}])
def test_a_service_is_served_by_url_or_command(setting: dict[str, str]) -> None:
    assert service(**setting).served


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("url", "http://localhost:8000/v1", "http://localhost:8000/v1"),
        ("command", "serve --port {port}", "serve --port {port}"),
        ("command", ["serve", "{port}"], ("serve", "{port}")),
        ("timeout", 3, 3.0),
        ("timeout", 0.5, 0.5),
        ("freshness", 0, 0.0),
        ("concurrency", 4, 4),
        ("verify_tls", False, False),
        ("pages", "api/*", ("api/*",)),
        ("pages", ["a", "b"], ("a", "b")),
        ("skip_pages", ("a",), ("a",)),
        ("credentials", {"Authorization": "Bearer ${TOKEN}"}, {"Authorization": "Bearer ${TOKEN}"}),
        ("page_setup", {"api/*": "api.http"}, {"api/*": "api.http"}),
        ("heartbeat", "", ""),
    ],
)
def test_every_setting_is_kept_in_its_type(name: str, given: object, kept: object) -> None:
    value = getattr(service(**{name: given}), name)
    assert value == kept
    assert type(value) is type(kept)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("title", 1, "title must be a string, not int '1'"),
        ("setup", ["a"], "setup must be a string, not list \"['a']\""),
        ("timeout", "10", "timeout must be a number of seconds, not str '10'"),
        ("timeout", True, "timeout must be a number of seconds, not bool 'True'"),
        ("timeout", float("nan"), "timeout must be a number of seconds, not float 'nan'"),
        ("timeout", 0, "timeout must be above 0 seconds, not float '0.0'"),
        ("ready_timeout", -1, "ready_timeout must be above 0 seconds, not float '-1.0'"),
        ("freshness", -1, "freshness must be 0 or more seconds, not float '-1.0'"),
        ("concurrency", 0, "concurrency must be a whole number above 0, not int '0'"),
        ("concurrency", 1.5, "concurrency must be a whole number above 0, not float '1.5'"),
        ("concurrency", True, "concurrency must be a whole number above 0, not bool 'True'"),
        ("verify_tls", "no", "verify_tls must be true or false, not str 'no'"),
        ("page_setup", "a.http", "page_setup must be a mapping of strings, not str 'a.http'"),
        ("page_setup", {"a": 1}, "page_setup must be a string, not int '1'"),
        ("pages", 1, "pages must be a list of patterns, not int '1'"),
        ("pages", ["a", 1], "pages must be a list of patterns, not list"),
        ("command", 1, "command must be a string or a list of strings, not int '1'"),
        ("command", ["a", 1], "command must be a string or a list of strings, not list"),
        ("url", "localhost:8000", "url 'localhost:8000' is no http or https URL"),
        ("url", "ftp://h", "url 'ftp://h' is no http or https URL"),
        ("url", "http://", "url 'http://' is no http or https URL"),
        ("url", "http://h:port", "url 'http://h:port' is no URL"),
        ("url", "http://[::1", "url 'http://[::1' is no URL"),
        ("url", "http://h/?a=b", "url 'http://h/?a=b' must end with its path"),
        ("url", "http://h/#a", "url 'http://h/#a' must end with its path"),
        ("path", "v1", "path must begin with a slash: 'v1' does not"),
        ("heartbeat", "up", "heartbeat must begin with a slash: 'up' does not"),
        ("version", "v", "version must begin with a slash: 'v' does not"),
        ("ready", "r", "ready must begin with a slash: 'r' does not"),
        ("heartbeet", "/", "unknown setting 'heartbeet'; did you mean 'heartbeat'?"),
        ("xyzzy", "/", "unknown setting 'xyzzy'; known are "),
    ],
)
def test_a_mistake_names_place_service_setting_and_value(
    name: str, value: object, said: str
) -> None:
    told = refusal({"notes": {name: value}})
    assert told.startswith("conf.py: service 'notes': ")
    assert said in told


def test_url_and_command_exclude_each_other() -> None:
    told = refusal({"notes": {"url": "http://h", "command": "serve"}})
    assert told == "conf.py: service 'notes': give either url or command, not both"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (["notes"], "conf.py: services must be a mapping from name to settings, not list"),
        (None, "conf.py: services must be a mapping from name to settings, not NoneType 'None'"),
        (
            {"notes": "http://h"},
            "service 'notes' must be a mapping of settings, not str 'http://h'",
        ),
    ],
)
def test_services_are_mappings(value: object, said: str) -> None:
    assert said in refusal(value)


@pytest.mark.parametrize("name", ["credentials", "passwords", "env"])
@pytest.mark.parametrize("value", ["hunter2", ["hunter2"], {"a": ["hunter2"]}])
def test_a_mistake_in_secrets_does_not_show_them(name: str, value: object) -> None:
    assert "hunter2" not in refusal({"notes": {name: value}})


@pytest.mark.parametrize("url", ["http://bob:hunter2@h/?a", "ftp://bob:hunter2@h"])
def test_a_mistake_in_a_url_does_not_show_its_password(url: str) -> None:
    assert "hunter2" not in refusal({"notes": {"url": url}})


@pytest.mark.parametrize("url", ["http://h", "https://h:1/v1", "http://[::1]:8000/", "HTTP://H"])
def test_an_absolute_url_is_accepted(url: str) -> None:
    check_url(url, "--url")


@pytest.mark.parametrize(
    ("pages", "skipped", "page", "owned"),
    [
        ([], [], "a/b", True),
        (["a/*"], [], "a/b", True),
        (["a/*"], [], "b", False),
        (["a/*"], ["a/b"], "a/b", False),
        ([], ["a/*"], "a/b", False),
        (["A"], [], "a", False),
    ],
)
def test_a_service_owns_the_pages_of_its_patterns(
    pages: list[str],
    skipped: list[str],
    page: str,
    owned: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert service(pages=pages, skip_pages=skipped).owns(page) is owned


def test_services_that_name_their_pages_are_asked_first() -> None:
    general, special = Service(name="general"), Service(name="special", pages=("api/*",))
    assert service_of("api/a", [general, special]) is special
    assert service_of("a", [general, special]) is general
    assert service_of("a", [special]) is None


def test_values_take_variables_from_the_environment() -> None:
    values = {"a": "Bearer ${TOKEN}", "b": "plain $TOKEN"}
    assert expand(values, {"TOKEN": "t"}, WHERE) == {"a": "Bearer t", "b": "plain $TOKEN"}


def test_a_variable_that_is_not_set_is_named_with_its_place() -> None:
    with pytest.raises(ConfigurationError) as caught:
        expand({"Authorization": "${MISSING}"}, {}, "conf.py: credentials")
    assert str(caught.value) == (
        "conf.py: credentials 'Authorization' needs the environment variable MISSING, "
        "which is not set"
    )


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"timeout": 3}, True),
        ({"title": "Notes"}, True),
        ({"concurrency": 1}, True),
        ({"url": "http://other"}, False),
        ({"path": "/v2"}, False),
        ({"setup": "b.http"}, False),
        ({"page_setup": {"a": "b"}}, False),
        ({"credentials": {"A": "${B}"}}, False),
        ({"passwords": {"bob": "${B}"}}, False),
    ],
)
def test_the_identity_of_a_service_is_what_outcomes_depend_on(
    changed: dict[str, object],
    same: bool,  # noqa: FBT001 - a column of the table
) -> None:
    plain: dict[str, object] = {"url": "http://h"}
    assert (service(**plain).identity() == service(**{**plain, **changed}).identity()) is same


NAMES = st.sampled_from(
    ["url", "command", "timeout", "pages", "env", "concurrency", "verify_tls", "path", "x", 1]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda below: (
        st.lists(below, max_size=2) | st.dictionaries(st.text(max_size=3), below, max_size=2)
    ),
    max_leaves=4,
)


@given(st.dictionaries(st.text(max_size=4), st.dictionaries(NAMES, VALUES, max_size=3) | VALUES))
def test_any_settings_are_read_or_refused_with_their_place(value: object) -> None:
    try:
        told = [service.identity() for service in parse_services(value, WHERE)]
    except ConfigurationError as error:
        told = [str(error)]
        assert told[0].startswith("conf.py: ")
    assert all(told)
