"""Repeating days over holidays, as a table of 2026 and as laws."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calendar import Calendar
from planning.dates import Recurrence, find_recurrence
from planning.repeats import (
    CHOICES,
    DAYS_OFF,
    Choice,
    Occurrence,
    choice_in,
    daily_at_most,
    ever_rests,
    first,
    following,
    rests,
)  # fmt: skip

CN = Calendar("CN")
START = datetime(2026, 9, 18, 14, tzinfo=ZoneInfo("Asia/Shanghai"))


def rule(words: str) -> Recurrence:
    found = find_recurrence(words, START, CN)
    assert found is not None
    assert found.recurrence is not None
    return found.recurrence


def days(words: str, choice: Choice, since: date, count: int) -> str:
    said = rule(words)
    one = first(said, said.first_from(since, CN), choice, CN, since - timedelta(days=1))
    found = [one]
    while len(found) < count:
        found.append(one := following(said, one, choice, CN, one.day))
    return " ".join(f"{each.day.month}-{each.day.day}" for each in found)


@pytest.mark.parametrize(
    ("words", "choice", "expected"),
    [
        ("每周五", "after", "9-18 9-28 10-8 10-9 10-16"),  # Mid-Autumn and National Day are Fridays
        ("每周五", "before", "9-18 9-24 9-30 10-9 10-16"),
        ("每周五", "skip", "9-18 10-9 10-16 10-23 10-30"),
        ("每周一三五", "after", "9-18 9-21 9-23 9-28 9-30 10-8 10-9"),  # many moved to one day are one
        ("每个工作日", "after", "9-18 9-20 9-21 9-22 9-23 9-24 9-28"),
        ("每月最后一个工作日", "skip", "9-30 10-30 11-30 12-31"),
        ("每月底", "before", "9-30 10-30 11-30 12-31"),
        ("每月底", "after", "9-30 11-2 11-30 12-31"),
        ("每周六", "after", "9-19 9-28 10-8 10-10"),  # a plain Saturday is what was asked for, a holiday is not
        ("每天", "skip", "9-18 9-20 9-21 9-22 9-23 9-24 9-28"),
        ("隔天", "after", "9-18 9-20 9-22 9-24 9-28 9-30 10-8"),
        ("每周最后一个工作日", "after", "9-18 9-24 9-30 10-10 10-16"),  # by work weeks
        ("每周第一个工作日", "after", "9-20 9-28 10-8 10-12"),
    ],
)
def test_days(words: str, choice: Choice, expected: str) -> None:
    assert days(words, choice, START.date(), len(expected.split())) == expected


@pytest.mark.parametrize(
    ("words", "ever"),
    [
        ("每周五", True), ("每个工作日", False), ("每月最后一个工作日", False), ("每月底", True),
        ("每周最后一个工作日", False),
    ],
)  # fmt: skip
def test_is_there_anything_to_ask(words: str, ever: bool) -> None:
    assert ever_rests(rule(words), START.date(), CN) is ever


def test_a_rule_that_is_always_left_out_is_refused() -> None:
    never = Recurrence("year", month=10, month_days=(1,))
    with pytest.raises(ValueError, match="left out"):
        first(never, date(2026, 10, 1), "skip", Calendar(overrides=_october_first()), date(2026, 9, 18))


def _october_first() -> dict[date, bool]:
    return {date(year, 10, 1): False for year in range(2026, 2500)}


def test_hours_are_no_days() -> None:
    assert not daily_at_most(rule("每小时"))
    assert daily_at_most(rule("每天"))


rules = st.one_of(
    st.builds(lambda n: Recurrence("day", n), st.integers(1, 40).filter(lambda n: n % 7)),  # always a Saturday: never
    st.builds(lambda n: Recurrence("workday", n), st.integers(1, 10)),
    st.builds(
        lambda n, days: Recurrence("week", n, tuple(sorted(days))),
        st.integers(1, 4), st.sets(st.integers(0, 6), min_size=1),
    ),
    st.builds(lambda n: Recurrence("month", month_days=(n,)), st.integers(1, 31)),
    st.builds(lambda n: Recurrence("month", nth_workday=n), st.sampled_from([1, 2, -1, -2])),
)  # fmt: skip


@given(rules, st.sampled_from(CHOICES), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_times_follow_each_other_on_days_that_work(said: Recurrence, choice: Choice, since: date) -> None:
    one = first(said, said.first_from(since, CN), choice, CN, since - timedelta(days=1))
    for _ in range(20):
        assert one.day >= since
        assert CN.is_working(one.day) or not rests(said, one.nominal, CN)
        assert one.day == one.nominal or choice != "skip"
        assert (one.day - one.nominal).days >= 0 if choice == "after" else one.day <= one.nominal
        after: Occurrence = following(said, one, choice, CN, one.day)
        assert after.day > one.day
        assert after.nominal > one.nominal
        one = after


@pytest.mark.parametrize(
    ("words", "choice"),
    [
        ("遇节假日提前", "before"),
        ("，放假顺延", "after"),
        ("遇到放假就跳过", "skip"),
        ("（节假日顺延）", "after"),
        ("如果遇到休息日则往前提", "before"),
        ("假期不用做", "skip"),
        (", if holiday earlier", "before"),
        ("on holidays skip it", "skip"),
        ("if it's a public holiday, move to later", "after"),
        ("放假通知", None),
        ("提前交", None),
        ("跳过测试", None),
    ],
)
def test_what_a_holiday_does_is_said_with_the_rule(words: str, choice: Choice | None) -> None:
    said = DAYS_OFF.search(f"交周报 每周五{words}")
    assert (choice_in(said) if said else None) == choice
