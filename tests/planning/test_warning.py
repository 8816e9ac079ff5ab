"""How long before a date: what is written, and on which day it is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from planning.calendar import Calendar
from planning.warning import Ahead, day_of, load, read, stored, warned

CN = Calendar()
DUE = date(2026, 9, 28)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("5 3 1", "5w 3w 1w"),
        ("d-5、d-3、d-1", "5w 3w 1w"),
        ("1 1 3", "3w 1w"),
        ("0", "0w"),
        ("60天 30天 7天", "60d 30d 7d"),
        ("60 30 7天", "60d 30d 7d"),
        ("30 天，3 个工作日", "30d 3w"),
        ("3 working days", "3w"),
        ("什么时候", ""),
    ],
)
def test_what_is_written(words: str, expected: str) -> None:
    found = read(words)
    assert stored(found.aheads) == expected
    assert load(expected) == found.aheads
    assert not found.bad


@pytest.mark.parametrize("words", ["61", "121天", "9999", "9 8 7 6 5 4 3"])
def test_too_far_or_too_many(words: str) -> None:
    assert read(words).bad


def test_working_days_are_counted_over_a_sunday_that_works() -> None:
    assert [day_of(DUE, Ahead(n), CN) for n in (5, 3, 1, 0)] == [
        date(2026, 9, 20), date(2026, 9, 22), date(2026, 9, 24), DUE
    ]  # fmt: skip


def test_days_that_fall_on_a_day_off_are_heard_of_before() -> None:
    assert day_of(date(2026, 10, 30), Ahead(30, working=False), CN) == date(2026, 9, 30)
    assert day_of(date(2026, 11, 2), Ahead(30, working=False), CN) == date(2026, 9, 30)
    assert day_of(date(2026, 10, 4), Ahead(0), CN) == date(2026, 9, 30)


def test_each_is_said_on_one_day_only_and_never_after_the_due() -> None:
    aheads = (Ahead(5), Ahead(3), Ahead(1), Ahead(0))
    said = {day: warned(DUE, day, aheads, CN) for day in (DUE + timedelta(days=n) for n in range(-30, 30))}
    assert {day: ahead.days for day, ahead in said.items() if ahead} == {
        date(2026, 9, 20): 5, date(2026, 9, 22): 3, date(2026, 9, 24): 1, DUE: 0
    }  # fmt: skip


def test_of_two_on_one_day_the_nearest_is_said() -> None:
    assert warned(date(2026, 10, 8), date(2026, 9, 30), (Ahead(1), Ahead(7, working=False)), CN) == Ahead(1)
