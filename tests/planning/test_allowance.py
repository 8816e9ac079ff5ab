"""A month's allowance at this pace."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.quota import usage


@pytest.mark.parametrize(
    ("used", "today", "out_on", "scarce"),
    [
        (4012, date(2026, 9, 18), date(2026, 9, 23), True),  # J11 #13: 222.9 a day, 988 left
        (4000, date(2026, 9, 24), date(2026, 9, 30), True),
        (4000, date(2026, 9, 30), None, True),
        (3999, date(2026, 9, 25), None, False),
        (2500, date(2026, 9, 1), date(2026, 9, 2), False),
        (0, date(2026, 9, 18), None, False),
        (5000, date(2026, 9, 18), date(2026, 9, 18), True),
        (6000, date(2026, 2, 28), date(2026, 2, 28), True),
    ],
)
def test_when_it_runs_out(used: int, today: date, out_on: date | None, scarce: bool) -> None:
    found = usage("calls", used, 5000, today)
    assert (found.out_on, found.scarce, found.out) == (out_on, scarce, used >= 5000)


@given(st.integers(0, 10**7), st.integers(1, 10**7), st.dates())
def test_it_never_runs_out_yesterday_or_in_another_month(used: int, limit: int, today: date) -> None:
    found = usage("calls", used, limit, today)
    assert found.out_on is None or today <= found.out_on
    assert found.out_on is None or (found.out_on.year, found.out_on.month) == (today.year, today.month)
