"""Secrets are blotted out in every spelling, and where they were cut."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honestdocs.contract.document import render_value
from honestdocs.contract.secrecy import Secrets, named_secrets

ODD = 's3cr3t "quoted" back\\slash & more / things'
LONG = "".join(f"{n:04d}x" for n in range(80))


@pytest.mark.parametrize(
    "told",
    [ODD, json.dumps({"a": ODD}), f"/a?b={quote(ODD, safe='')}", f"Bearer {ODD}, again {ODD}"],
)
def test_a_secret_is_hidden_however_it_is_spelled(told: str) -> None:
    hidden = Secrets([ODD]).hide(told)
    assert "s3cr3t" not in hidden
    assert "things" not in hidden
    assert "[secret]" in hidden


def test_what_is_around_a_secret_stays() -> None:
    assert Secrets(["hunter22"]).hide("a hunter22 b …") == "a [secret] b …"
    assert Secrets([]).hide("hunter22") == "hunter22"
    assert not Secrets([])


@pytest.mark.parametrize(
    ("told", "hidden"),
    [
        (f"a {LONG[:60]} … {LONG[-20:]} b", "a [secret] … [secret] b"),
        (f"a {LONG[:60]} … {LONG[70:90]} … b", "a [secret] … [secret] … b"),
        (f"document {LONG[:30]}", "document [secret]"),
        (f"… {LONG[-9:]}", "… [secret]"),
        ("… nothing of it …", "… nothing of it …"),
    ],
)
def test_the_rests_of_a_secret_that_was_cut_are_hidden(told: str, hidden: str) -> None:
    assert Secrets([LONG]).hide(told) == hidden


@given(
    secret=st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=12),
    before=st.text("ab ", max_size=200),
    after=st.text("ab ", max_size=200),
)
def test_no_rendering_of_a_value_shows_much_of_a_secret(
    secret: str, before: str, after: str
) -> None:
    hidden = Secrets([secret]).hide(render_value({"token": before + secret + after}))
    assert json.dumps(secret)[1:-1] not in hidden
    assert secret not in hidden


def test_variables_whose_names_sound_secret_are_secrets_of_a_text_that_names_them() -> None:
    environ = {"ADMIN_TOKEN": "abc123", "WHO": "two", "OTHER_SECRET": "x"}
    text = "Authorization: Bearer {{$processEnv ADMIN_TOKEN}}\n\n{{WHO}}"
    assert named_secrets(text, environ) == ("abc123",)
