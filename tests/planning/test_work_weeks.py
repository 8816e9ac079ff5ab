"""Work weeks with moved days: 2026 in China, other weekends elsewhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calendar import Calendar
from planning.work_weeks import week_after, week_before, week_start, work_week

CN = Calendar("CN")
dates = st.dates(date(2005, 1, 1), date(2035, 12, 31))
calendars = st.sampled_from([CN, Calendar("GB"), Calendar("SA"), Calendar("IR"), Calendar("NP"), Calendar("BN")])


def d(text: str) -> date:
    month, day = text.split("-")
    return date(2026, int(month), int(day))


@pytest.mark.parametrize(
    ("day", "first", "last", "count"),
    [
        ("9-18", "9-14", "9-18", 5),
        ("9-20", "9-20", "9-24", 5),  # the makeup Sunday joins the week after it; Friday is a holiday
        ("9-24", "9-20", "9-24", 5),
        ("9-27", "9-28", "9-30", 3),
        ("9-30", "9-28", "9-30", 3),
        ("10-4", "10-8", "10-10", 3),
        ("10-10", "10-8", "10-10", 3),  # the makeup Saturday joins the week before it
        ("10-11", "10-12", "10-16", 5),
        ("2-17", "2-24", "2-28", 5),  # a week of Spring Festival rests altogether
    ],
)
def test_of_china(day: str, first: str, last: str, count: int) -> None:
    week = work_week(d(day), CN)
    assert (week.first, week.last, len(week.days)) == (d(first), d(last), count)


def test_a_holiday_in_the_middle_does_not_split_a_week() -> None:
    outing = Calendar("CN", {d("9-16"): False})
    assert work_week(d("9-14"), outing) == work_week(d("9-17"), outing)
    assert work_week(d("9-16"), outing).days == (d("9-14"), d("9-15"), d("9-17"), d("9-18"))


@pytest.mark.parametrize(
    ("country", "start"),
    [("CN", "9-20"), ("SA", "9-19"), ("IL", "9-19"), ("IR", "9-19"), ("NP", "9-20"), ("BN", "9-20")],
)
def test_where_a_week_begins(country: str, start: str) -> None:
    assert week_start(d("9-23"), country) == d(start)
    assert week_start(d(start), country) == d(start)


def test_a_calendar_that_never_works_is_refused() -> None:
    lazy = Calendar(overrides={d("1-1") + timedelta(days=n): False for n in range(-10, 800)})
    with pytest.raises(ValueError, match="no working day"):
        work_week(d("9-18"), lazy)


@given(dates, calendars)
def test_every_working_day_lies_in_its_own_week(day: date, calendar: Calendar) -> None:
    week = work_week(day, calendar)
    assert all(calendar.is_working(one) for one in week.days)
    assert {work_week(one, calendar) for one in week.days} == {week}
    if calendar.is_working(day):
        assert day in week.days


@given(dates, calendars)
def test_weeks_follow_each_other_without_a_gap(day: date, calendar: Calendar) -> None:
    week = work_week(day, calendar)
    after = week_after(day, calendar)
    assert calendar.next_working(week.last) == after.first
    assert week_before(after.first, calendar) == week
