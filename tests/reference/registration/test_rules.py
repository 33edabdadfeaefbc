"""Names, addresses and passwords: what may be."""

from __future__ import annotations

import pytest

from syncserver.registration.rules import derive_name, is_address, is_strong, read_name


@pytest.mark.parametrize(
    "text",
    [
        "a@b.cd",
        "alice.smith+sync@mail.example.co.uk",
        "a@192.168.0.1",
        "böb@bücher.example",
        "o'hara@x-y.example",
    ],
)
def test_addresses_that_may_be(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "@b.cd",
        "a@",
        "a@b",
        "a@b.c",
        "a@b.c1",
        "a@b..cd",
        "a@@b.cd",
        "a b@c.de",
        "a@b.cd ",
        "a@b.cd\n",
        "a\r\nBcc: x@b.cd",
        "<a@b.cd>",
        "a,b@c.de",
        "a;b@c.de",
        "a:b@c.de",
        "a(b)@c.de",
        "a[b]@c.de",
        "a@300.1.1.1",
        "a@1.2.3",
        f"{'a' * 60}@b.cd",
    ],
)
def test_addresses_that_may_not_be(text: str) -> None:
    assert not is_address(text)


def test_a_name_is_derived_from_the_address_whatever_its_case() -> None:
    name = derive_name("alice@example.com")
    assert name == "7qrzrjz52vgwen6e7w2y7v6xknd46wxt"
    assert derive_name("Alice@EXAMPLE.com") == name
    assert read_name(" Alice@example.com ") == name
    assert read_name(name) == name


def test_a_domain_counts_in_its_form_for_machines() -> None:
    assert derive_name("a@bücher.example") == derive_name("a@xn--bcher-kva.example")


@pytest.mark.parametrize(
    ("password", "strong"),
    [
        ("1234567", False),
        ("12345678", True),
        ("éééé", True),
        ("somebody", False),
        (" SomeBody ", False),
        ("somebodyelse", True),
    ],
)
def test_a_password_has_eight_bytes_and_is_not_the_name(password: str, *, strong: bool) -> None:
    assert is_strong(password, "somebody") is strong
