"""Ages are read as people write them."""

from __future__ import annotations

import pytest

from honestdocs.contract.age import AgeError, parse_age


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("30m", 1800), ("1.5h", 5400), ("7d", 604_800), ("2w", 1_209_600)],
)
def test_an_age_is_a_number_of_seconds(text: str, seconds: float) -> None:
    assert parse_age(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "-1", "1 h", "1y", "1h30m", "٣h", "1.h", "inf"])
def test_any_other_text_is_refused_by_name(text: str) -> None:
    with pytest.raises(AgeError, match="is no age; write it as in 90s, 30m, 12h or 7d"):
        parse_age(text)
