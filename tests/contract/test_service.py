"""What is known of a service never holds its credentials."""

from __future__ import annotations

import pytest

from honestdocs.contract.service import Health, ServiceState, without_credentials


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://bob:hunter22@h:1/a@b?c=d@e", "http://h:1/a@b?c=d@e"),
        ("https://token@h", "https://h"),
        ("http://h/a@b", "http://h/a@b"),
        ("", ""),
    ],
)
def test_a_url_is_kept_without_its_credentials(url: str, shown: str) -> None:
    assert without_credentials(url) == shown
    assert ServiceState(name="s", url=url).url == shown


def test_an_unknown_service_is_not_healthy() -> None:
    state = ServiceState(name="s")
    assert (state.healthy, state.status) == (False, Health.UNKNOWN)
