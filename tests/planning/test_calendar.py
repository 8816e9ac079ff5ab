"""The calendar against the published notice of 2026, and its laws on any date."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calendar import Break, Calendar, CalendarError, DayKind, HolidayName, parse_year

CN = Calendar()


def d(text: str) -> date:
    """``9-20`` means 2026-09-20; ``2027-1-4`` is written out."""
    parts = [int(part) for part in text.split("-")]
    return date(2026, *parts) if len(parts) == 2 else date(*parts)


@pytest.mark.parametrize(
    ("day", "kind", "label"),
    [
        ("9-18", DayKind.WORKING, None),
        ("9-19", DayKind.WEEKEND, "rest"),
        ("9-20", DayKind.MAKEUP, "makeup"),
        ("9-25", DayKind.HOLIDAY, "holiday"),
        ("9-27", DayKind.HOLIDAY, "holiday"),
        ("9-28", DayKind.WORKING, None),
        ("10-1", DayKind.HOLIDAY, "holiday"),
        ("10-10", DayKind.MAKEUP, "makeup"),
        ("10-11", DayKind.WEEKEND, "rest"),
    ],
)
def test_kind_and_label(day: str, kind: DayKind, label: str | None) -> None:
    assert CN.kind(d(day)) is kind
    assert CN.label(d(day)) == label


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [("9-25", "中秋", "Mid-Autumn"), ("10-3", "国庆", "National Day"), ("1-1", "元旦", "New Year")],
)
def test_holiday_name(day: str, zh: str, en: str) -> None:
    assert CN.holiday_name(d(day)) == HolidayName(zh, en)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("9-18", 3, "9-22"),  # 20 is a makeup Sunday: 20, 21, 22
        ("9-18", 0, "9-18"),
        ("9-19", 0, "9-19"),
        ("9-28", 3, "10-8"),
        ("9-22", -3, "9-18"),
        ("9-28", -5, "9-20"),  # J06: a milestone on 9-28 is warned of on the makeup Sunday
        ("9-29", -5, "9-21"),
    ],
)
def test_add_working(day: str, n: int, expected: str) -> None:
    assert CN.add_working(d(day), n) == d(expected)


def test_neighbours() -> None:
    assert CN.next_working(d("9-18")) == d("9-20")
    assert CN.next_working(d("9-30")) == d("10-8")
    assert CN.previous_working(d("10-8")) == d("9-30")
    assert CN.first_working(d("9-18")) == d("9-18")
    assert CN.first_working(d("9-25")) == d("9-28")
    assert CN.last_working(d("10-4")) == d("9-30")
    assert CN.last_working_of_month(2026, 10) == d("10-30")
    assert CN.last_working_of_month(2026, 2) == d("2-28")  # a makeup Saturday
    assert CN.last_working_of_month(2025, 12) == d("2025-12-31")


def test_counting() -> None:
    assert CN.working_days(d("9-20"), d("9-24")) == [d(f"9-{n}") for n in range(20, 25)]
    assert CN.working_days(d("9-24"), d("9-20")) == []
    assert CN.working_days_between(d("9-28"), d("10-8")) == 3
    assert CN.working_days_between(d("10-8"), d("9-28")) == -3


@pytest.mark.parametrize(
    ("keyword", "after", "first", "last", "back"),
    [
        ("国庆", "9-18", "10-1", "10-7", "10-8"),
        ("国庆节", "10-3", "10-1", "10-7", "10-8"),
        ("中秋", "9-18", "9-25", "9-27", "9-28"),
        (None, "9-18", "9-25", "9-27", "9-28"),
        (None, "9-26", "9-25", "9-27", "9-28"),
        ("元旦", "9-18", "2027-1-1", "2027-1-1", "2027-1-4"),  # not published yet: the fixed day only
        ("五一", "2026-1-9", "5-1", "5-5", "5-6"),
    ],
)
def test_holidays_as_taken(keyword: str | None, after: str, first: str, last: str, back: str) -> None:
    rest = CN.holiday(keyword, d(after))
    assert rest is not None
    assert (rest.first, rest.last) == (d(first), d(last))
    assert CN.first_working_after_holiday(keyword, d(after)) == d(back)


def test_unpublished_lunar_holiday_is_not_guessed() -> None:
    assert CN.holiday("春节", d("9-18")) is None
    assert CN.first_working_after_holiday("春节", d("9-18")) is None
    assert CN.holiday("圣诞", d("9-18")) is None


def test_unknown_years_are_told() -> None:
    assert CN.known(2026)
    assert not CN.known(2027)
    assert not CN.known(2003)
    assert CN.unknown_years(d("9-18"), d("2028-1-1")) == [2027, 2028]
    assert Calendar("GB").unknown_years(d("9-18"), d("2028-1-1")) == []


def test_own_days_win() -> None:
    own = Calendar(overrides={d("10-9"): False, d("10-11"): True, d("10-3"): True, d("9-20"): False})
    assert own.kind(d("10-9")) is DayKind.OFF
    assert own.label(d("10-9")) == "rest"
    assert own.kind(d("10-11")) is DayKind.MAKEUP
    assert own.kind(d("10-3")) is DayKind.MAKEUP
    assert own.kind(d("9-20")) is DayKind.WEEKEND
    assert own.working_days(d("10-8"), d("10-11")) == [d("10-8"), d("10-10"), d("10-11")]


def test_other_countries_know_weekends() -> None:
    assert Calendar("GB").is_working(d("10-1"))
    assert not Calendar("GB").is_working(d("9-20"))
    assert Calendar("SA").is_working(d("9-20"))
    assert not Calendar("SA").is_working(d("9-18"))


def year_text(*days: tuple[str, str, bool], year: int = 2027) -> str:
    return json.dumps({"year": year, "days": [{"name": n, "date": day, "isOffDay": off} for n, day, off in days]})


def test_imported_year_wins_over_base() -> None:
    text = year_text(("元旦", "2026-12-31", True), ("元旦", "2027-01-01", True), ("元旦", "2027-01-03", False))
    cal = Calendar(years={2027: parse_year(text)})
    assert cal.known(2027)
    assert cal.kind(d("12-31")) is DayKind.HOLIDAY
    assert cal.kind(d("2027-1-3")) is DayKind.MAKEUP
    assert cal.holiday("元旦", d("9-18")) == Break(HolidayName("元旦", "New Year"), d("12-31"), d("2027-1-1"))
    replaced = Calendar(years={2026: parse_year(year_text(("国庆节", "2026-10-01", True), year=2026))})
    assert replaced.is_working(d("10-2"))
    assert not replaced.is_working(d("9-20"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "file: not JSON at line 1, column 2"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "year: should be an object"),
        ("{}", "year: missing"),
        ('{"year": true}', "year: should be a number"),
        ('{"year": 27}', "year: 27 is not between"),
        ('{"year": 2027, "days": {}}', "days: should be a list"),
        ('{"year": 2027, "days": []}', "days: no day off"),
        ('{"year": 2027, "days": [7]}', r"days\[0\]: should be an object"),
        (year_text(("元旦", "2027-13-01", True)), r"days\[0\].date: “2027-13-01” is not a date"),
        (year_text(("元旦", "2028-01-01", True)), r"days\[0\].date: 2028-01-01 does not belong to 2027"),
        (year_text(("元旦", "2027-01-01", True), ("元旦", "2027-01-01", False)), r"days\[1\].date: .* appears twice"),
        ('{"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": true}]}', r"days\[0\].name: missing"),
        (
            '{"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": 1}]}',
            r"days\[0\].isOffDay: should be true or false",
        ),
    ],
)
def test_malformed_year_says_where_and_why(text: str, reason: str) -> None:
    with pytest.raises(CalendarError, match=reason):
        parse_year(text)


def test_a_calendar_that_never_works_is_refused() -> None:
    lazy = Calendar(overrides={d("1-1") + timedelta(days=n): False for n in range(-800, 1600)})
    with pytest.raises(ValueError, match="no working day"):
        lazy.next_working(d("9-18"))
    with pytest.raises(ValueError, match="no working day in 2026-09"):
        Calendar(overrides={d("9-1") + timedelta(days=n): False for n in range(30)}).last_working_of_month(2026, 9)


dates = st.dates(date(2005, 1, 1), date(2035, 12, 31))


@given(dates, st.integers(-60, 60))
def test_adding_and_counting_are_inverse(day: date, n: int) -> None:
    day = CN.first_working(day)
    there = CN.add_working(day, n)
    assert CN.is_working(there)
    assert CN.add_working(there, -n) == day
    assert CN.working_days_between(day, there) == n
    assert CN.working_days_between(there, day) == -n


@given(dates)
def test_neighbours_are_working_and_nearest(day: date) -> None:
    after, before = CN.next_working(day), CN.previous_working(day)
    assert before < day < after
    assert CN.is_working(after)
    assert CN.is_working(before)
    assert CN.working_days(before, after) == [before, *([day] if CN.is_working(day) else []), after]


@given(dates)
def test_kind_agrees_with_is_working(day: date) -> None:
    assert CN.is_working(day) == (CN.kind(day) in (DayKind.WORKING, DayKind.MAKEUP))
