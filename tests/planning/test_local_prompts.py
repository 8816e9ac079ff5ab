"""Every zone, ten years: each working day of a person is asked for exactly once, at their own clock's minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planning.calendar import Calendar
from planning.window import Window
from planning.zones import alike, at_local, exists

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
COUNTRIES = ("CN", "GB", "US", "SA", "IR", "ZZ")
LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
HALF_PAST_FIVE = 17 * 60 + 30


def prompts(window: Window, calendar: Calendar, zone: ZoneInfo, after: datetime, until: date) -> list[date]:
    """The days asked for, each found from the moment of the one before, as the clock does it."""
    days: list[date] = []
    while not days or days[-1] < until:
        days.append(window.next_opening(after, calendar, zone))
        after = at_local(days[-1], window.opens, zone)
    return days


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(ZONES), st.sampled_from(COUNTRIES), st.integers(0, 1439),
    st.dates(date(2024, 1, 1), date(2034, 1, 1)), st.integers(1, 3),
)  # fmt: skip
@example("Europe/London", "GB", 90, date(2026, 10, 1), 1)
@example("Europe/London", "GB", 90, date(2027, 3, 1), 1)
@example("America/Nuuk", "IR", 23 * 60 + 30, date(2026, 3, 1), 1)  # the gap reaches midnight
@example("Asia/Beirut", "SA", 0, date(2026, 3, 1), 1)  # the gap begins at midnight
@example("Australia/Lord_Howe", "CN", 135, date(2026, 3, 1), 1)  # half an hour
@example("Africa/Casablanca", "SA", 150, date(2026, 1, 1), 1)  # twice more for Ramadan
@example("Pacific/Apia", "CN", HALF_PAST_FIVE, date(2011, 12, 1), 1)  # a day that never was
def test_each_working_day_is_asked_for_exactly_once(
    name: str, country: str, minute: int, first: date, years: int
) -> None:
    zone, calendar, window = ZoneInfo(name), Calendar(country), Window(minute, minute + 60)
    until = first + years * timedelta(days=365)
    start = at_local(first, 0, zone) - timedelta(microseconds=1)
    days = [day for day in prompts(window, calendar, zone, start, until) if first <= day <= until]
    assert days == [day for day in calendar.working_days(first, until) if exists(day, zone)]
    moments = [at_local(day, minute, zone) for day in days]
    assert all(one < other for one, other in pairwise(moments))
    for day, at in zip(days, moments, strict=True):
        wall = at.astimezone(zone)
        on_time = (wall.date(), wall.hour * 60 + wall.minute) == (day, minute)
        end_of_gap = (at - timedelta(minutes=1)).astimezone(zone).utcoffset() != wall.utcoffset()
        assert on_time or end_of_gap
        assert window.day_at(at, zone) == window.day_at(at + timedelta(minutes=10), zone) == day


def clocks() -> list[ZoneInfo]:
    """One zone for each clock there is: those that show the same for ten years are tried once."""
    weeks = [datetime(2025, 1, 1, tzinfo=UTC) + n * timedelta(days=7) for n in range(522)]
    found: dict[tuple[timedelta | None, ...], ZoneInfo] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        found.setdefault(tuple(at.astimezone(zone).utcoffset() for at in weeks), zone)
    return list(found.values())


def test_ten_years_of_half_past_five_by_every_clock_there_is() -> None:
    """Each working day once, at that very minute of the local wall clock, and never twice within a local day."""
    calendar, first, until = Calendar("CN"), date(2025, 1, 1), date(2034, 12, 31)
    working = calendar.working_days(first, until)
    zones = clocks()
    assert len(zones) > 50
    for zone in zones:
        days = prompts(Window(), calendar, zone, at_local(first, 0, zone), until)
        assert [day for day in days if day <= until] == working, zone
        walls = [at_local(day, HALF_PAST_FIVE, zone).astimezone(zone) for day in working]
        assert [(wall.date(), wall.hour, wall.minute) for wall in walls] == [(day, 17, 30) for day in working], zone


@settings(deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, 60 * 24 * 3650), st.integers(0, 1439), st.integers(0, 60 * 24 * 14))
def test_a_restart_neither_repeats_nor_loses_a_prompt(name: str, at: int, minute: int, later: int) -> None:
    """Asked at any moment before it comes, the next prompt is the same one."""
    zone, calendar, window = ZoneInfo(name), Calendar("CN"), Window(minute, minute + 60)
    asked = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=at)
    day = window.next_opening(asked, calendar, zone)
    opens = at_local(day, minute, zone)
    assert opens > asked
    again = min(asked + timedelta(minutes=later), opens - timedelta(microseconds=1))
    assert window.next_opening(max(asked, again), calendar, zone) == day
    assert window.next_opening(opens, calendar, zone) > day


@pytest.mark.parametrize(
    ("zone", "day", "minute", "utc"),
    [
        (LONDON, date(2026, 10, 23), HALF_PAST_FIVE, "2026-10-23 16:30"),  # J10 1: 00:30 of the 24th in Beijing
        (LONDON, date(2026, 10, 26), HALF_PAST_FIVE, "2026-10-26 17:30"),  # J10 3: 73 hours later
        (NEW_YORK, date(2026, 10, 30), HALF_PAST_FIVE, "2026-10-30 21:30"),
        (NEW_YORK, date(2026, 11, 2), HALF_PAST_FIVE, "2026-11-02 22:30"),  # J10 4
        (LONDON, date(2027, 3, 28), 90, "2027-03-28 01:00"),  # J10 6: skipped, so at 02:00 BST
        (LONDON, date(2026, 10, 25), 90, "2026-10-25 00:30"),  # J10 7: repeated, so the first time
    ],
)
def test_moments_of_j10(zone: ZoneInfo, day: date, minute: int, utc: str) -> None:
    assert f"{at_local(day, minute, zone):%Y-%m-%d %H:%M}" == utc


def test_zones_whose_clocks_show_the_same() -> None:
    month = date(2026, 10, 1)
    assert alike("Asia/Shanghai", "Asia/Singapore", month)
    assert alike("Asia/Shanghai", "Australia/Perth", month)
    assert not alike("Europe/London", "Africa/Abidjan", month)  # the same in winter
    assert not alike("Asia/Shanghai", "Asia/Tokyo", month)
