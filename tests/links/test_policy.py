"""Settings of the link check: Sphinx's own, and ours."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from honestdocs.contract.errors import ConfigurationError
from honestdocs.links.policy import Policy, read_policy


def test_what_nobody_set_is_polite() -> None:
    policy = read_policy({"linkcheck_workers": 5, "linkcheck_rate_limit_timeout": 300.0}, {})
    assert (policy.per_host, policy.rate, policy.burst, policy.max_wait) == (4, 20.0, 10, 120.0)
    assert policy.in_flight == Policy().in_flight


def test_values_of_sphinx_that_an_author_set_are_honoured() -> None:
    policy = read_policy(
        {
            "linkcheck_workers": 3,
            "linkcheck_rate_limit_timeout": 20,
            "linkcheck_retries": 4,
            "linkcheck_timeout": 7,
            "linkcheck_anchors": False,
            "linkcheck_exclude_documents": ["old/.*"],
            "linkcheck_anchors_ignore_for_url": [r"https://app\."],
            "linkcheck_auth": [(r"https://one\.example/", ("ann", "pw"))],
            "linkcheck_request_headers": {"https://two.example/": {"Accept": "x/y"}},
            "linkcheck_case_insensitive_urls": {r"https://three\."},
            "linkcheck_allowed_redirects": {r"https://a\.": r"https://b\."},
            "tls_verify": False,
            "tls_cacerts": "ca.pem",
            "user_agent": "me",
        },
        {},
    )
    assert (policy.in_flight, policy.max_wait, policy.retries, policy.timeout) == (3, 20, 4, 7)
    assert policy.excludes("old/page")
    assert not policy.looks_for("https://example.org/#part")
    assert dict(policy.headers_for("https://one.example/x"))["Authorization"] == "Basic YW5uOnB3"
    assert dict(policy.headers_for("https://two.example/x"))["Accept"] == "x/y"
    assert dict(policy.headers_for("https://two.example/x"))["User-Agent"] == "me"
    assert policy.allows_redirect("https://a.example/", "https://b.example/other")
    assert policy.allows_redirect("https://three.example/A", "https://three.example/a")
    assert not policy.allows_redirect("https://four.example/A", "https://four.example/a")
    assert (policy.verify_tls, policy.ca_file) == (False, "ca.pem")


def test_a_host_that_asks_for_any_wait_is_left_where_sphinx_is_told_so() -> None:
    assert read_policy({"linkcheck_rate_limit_timeout": 0}, {}).max_wait == 0


def test_patterns_see_an_address_as_it_is_written() -> None:
    policy = read_policy(
        {
            "linkcheck_anchors_ignore": ["L%32"],
            "linkcheck_anchors_ignore_for_url": ["https://Example.org/ü"],
        },
        {},
    )
    told = [policy.looks_for(f"https://{rest}") for rest in ("a.org/#L%32", "Example.org/ü#x")]
    assert told == [False, False]
    assert policy.looks_for("https://a.org/#L2")
    assert not policy.looks_for("https://a.org/#")


def test_our_settings_count_more_than_those_of_sphinx() -> None:
    own = {"in_flight": 9, "max_wait": 8}
    values = {"linkcheck_workers": 3, "linkcheck_rate_limit_timeout": 20, "honestdocs_links": own}
    policy = read_policy(values, {})
    assert (policy.in_flight, policy.max_wait) == (9, 8)


def test_credentials_come_from_the_environment_and_go_to_their_host_only() -> None:
    own = {"auth": {r"https://one\.example/": "ONE", r"https://two\.example/": "TWO"}}
    policy = read_policy({"honestdocs_links": own}, {"ONE": "ann:pw", "TWO": "Bearer abc"})
    said = {url: dict(policy.headers_for(url)).get("Authorization") for url in URLS}
    assert list(said.values()) == ["Basic YW5uOnB3", "Bearer abc", None]
    assert "pw" not in repr(policy)


URLS = ("https://one.example/", "https://two.example/", "https://three.example/")


def test_only_a_pair_can_be_sent_as_credentials() -> None:
    with pytest.raises(ConfigurationError, match="linkcheck_auth: 'x' needs a pair of user"):
        read_policy({"linkcheck_auth": [("x", object())]}, {})


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"rat": 1}, "unknown setting 'rat'"),
        ({"rate": 0}, "rate is 0; it must be a number above 0"),
        ({"fresh": "soon"}, "fresh: 'soon' is no age"),
        ({"ignore": [{"pattern": "x"}]}, "must be {"),
        ({"ignore": [{"pattern": "(", "reason": "r"}]}, "'(' is no pattern"),
        ({"ignore": [{"pattern": "x", "reason": "r", "until": "May"}]}, "'May' is no day"),
        ([], ""),
        ("x", "must be a dictionary"),
    ],
)
def test_a_wrong_setting_is_told_by_name_and_value(own: object, said: str) -> None:
    if not said:
        found = read_policy({"honestdocs_links": own}, {})
        assert asdict(found) == asdict(read_policy({}, {}))
        return
    with pytest.raises(ConfigurationError) as caught:
        read_policy({"honestdocs_links": own}, {})
    assert said in str(caught.value)
