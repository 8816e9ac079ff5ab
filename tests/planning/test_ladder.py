"""Who hears when of an overdue task. 2026-09-20 works, 9-25 to 9-27 and 10-1 to 10-7 rest, 10-10 works."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from planning.calendar import Calendar
from planning.ladder import EVENING, MORNING, SLOTS, STEP, next_slot, rung
from planning.silence import asked_again, silent_days

CALENDAR = Calendar("CN")
ZONE = ZoneInfo("Asia/Shanghai")


def day(words: str) -> date:
    return date.fromisoformat(f"2026-{words}")


@pytest.mark.parametrize(
    ("due", "minute", "today", "slot", "step"),
    [
        ("09-28", 1080, "09-28", STEP, None),
        ("09-28", 1080, "09-28", EVENING, "overdue.0"),
        ("09-28", None, "09-28", EVENING, "overdue.0"),
        ("09-28", 960, "09-28", EVENING, "overdue.0"),
        ("09-28", 1080, "09-29", MORNING, None),
        ("09-28", 1080, "09-29", STEP, "overdue.1"),
        ("09-28", 1080, "09-29", EVENING, None),
        ("09-28", 1080, "09-30", STEP, "overdue.1"),  # missed the day before
        ("09-28", 1080, "10-08", STEP, "overdue.3"),
        ("09-28", 1080, "10-09", STEP, "overdue.3"),  # missed the day before
        ("09-28", 1080, "10-10", STEP, None),
        ("09-28", 1230, "09-28", EVENING, None),
        ("09-28", 1230, "09-29", MORNING, "overdue.0"),
        ("09-28", 1230, "09-30", STEP, "overdue.1"),
        ("09-26", 1080, "09-28", MORNING, "overdue.0"),  # a Saturday: on Monday morning
        ("09-26", 1080, "09-28", STEP, "overdue.0"),
        ("09-26", 1080, "09-29", STEP, "overdue.1"),
        ("10-16", 1080, "09-28", EVENING, None),
    ],
)
def test_rung(due: str, minute: int | None, today: str, slot: int, step: str | None) -> None:
    assert rung(day(due), minute, day(today), slot, CALENDAR) == step


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/London", "America/New_York", "Pacific/Apia"])
def test_the_moments_are_the_same_every_working_day_for_ever(zone: str) -> None:
    there = ZoneInfo(zone)
    at = datetime(2026, 3, 1, tzinfo=there)
    moments = []
    while at.year == 2026:
        at = next_slot(at, CALENDAR, there).astimezone(there)
        moments.append(at)
    assert all(a < b for a, b in pairwise(moments))
    assert all(CALENDAR.is_working(m.date()) and m.hour * 60 + m.minute in SLOTS for m in moments)
    worked = CALENDAR.working_days(moments[0].date(), moments[-2].date())
    assert len(moments) - 1 == len(SLOTS) * len(worked)


def test_every_due_is_told_at_most_once_on_a_day() -> None:
    for minute in (0, 600, 1080, 1081, 1439):
        for today in CALENDAR.working_days(day("09-18"), day("10-20")):
            steps = [rung(day("09-25"), minute, today, slot, CALENDAR) for slot in SLOTS]
            assert len({step for step in steps if step}) <= 1


@pytest.mark.parametrize(
    ("last", "today", "away", "days"),
    [
        ("09-30", "10-07", (), 0),  # a holiday is no silence
        ("09-30", "10-10", (), 2),
        ("09-30", "10-12", (), 3),
        ("09-30", "10-14", ("10-08", "10-09"), 3),
        ("09-30", "10-14", (), 5),
        ("10-12", "10-12", (), 0),
        ("10-12", "10-13", (), 0),
    ],
)
def test_silence_is_counted_in_whole_working_days(last: str, today: str, away: tuple[str, ...], days: int) -> None:
    assert silent_days(day(last), day(today), CALENDAR, [day(one) for one in away]) == days


def test_an_answer_buys_three_whole_working_days() -> None:
    again = asked_again(day("10-12"), CALENDAR)
    assert (again, silent_days(day("10-12"), again, CALENDAR)) == (day("10-16"), 3)
