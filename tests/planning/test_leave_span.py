"""Hours that were approved elsewhere, as days and halves."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from planning.leave_span import halves


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("09-05 12:00", "09-07 00:00", {5: "pm", 6: "day"}),
        ("09-05 00:00", "09-06 00:00", {5: "day"}),
        ("09-05 09:00", "09-05 18:00", {5: "day"}),
        ("09-05 00:00", "09-05 12:00", {5: "am"}),
        ("09-05 13:30", "09-05 18:00", {5: "pm"}),
        ("09-05 13:30", "09-06 12:00", {5: "pm", 6: "am"}),
        ("09-05 14:00", "09-05 16:00", {}),
        ("09-05 09:00", "09-05 10:00", {}),
        ("09-05 10:00", "09-05 15:30", {5: "day"}),
        ("09-05 18:00", "09-06 09:00", {}),
        ("09-06 09:00", "09-05 18:00", {}),
        ("09-05 09:00", "09-05 09:00", {}),
    ],
)
def test_halves(since: str, until: str, expected: dict[int, str]) -> None:
    first, last = (datetime.fromisoformat(f"2024-{words}") for words in (since, until))
    assert halves(first, last) == {date(2024, 9, day): part for day, part in expected.items()}
