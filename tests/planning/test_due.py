"""What a time beside a task means: stored, or asked about first. Friday 2026-09-18, 14:00."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from planning.calendar import Calendar
from planning.dates import find
from planning.due import END_OF_DAY, Point, handy, meant, overdue

CALENDAR = Calendar("CN")
ZONE = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2026, 9, 18, 14, tzinfo=ZONE)
SUNDAY = datetime(2026, 9, 20, 14, tzinfo=ZONE)
SIX = END_OF_DAY


@pytest.mark.parametrize(
    ("said", "now", "due", "doubt", "options"),
    [
        ("周五18:00", FRIDAY, Point(date(2026, 9, 18)), "", ()),
        ("明天", FRIDAY, Point(date(2026, 9, 19)), "", ()),
        ("月底", FRIDAY, Point(date(2026, 9, 30)), "", ()),
        ("9-20~9-24", FRIDAY, Point(date(2026, 9, 24)), "", ()),
        ("9月25日", FRIDAY, Point(date(2026, 9, 25)), "holiday",
         (Point(date(2026, 9, 24)), Point(date(2026, 9, 25)), Point(date(2026, 9, 28)))),
        ("9月25日15:00", FRIDAY, Point(date(2026, 9, 25), 900), "holiday",
         (Point(date(2026, 9, 24), 900), Point(date(2026, 9, 25), 900), Point(date(2026, 9, 28), 900))),
        ("昨天", FRIDAY, None, "past",
         (Point(date(2026, 9, 18)), Point(date(2026, 9, 20)), Point(date(2026, 9, 17)))),
        ("昨天", FRIDAY.replace(hour=19), None, "past", (Point(date(2026, 9, 20)), Point(date(2026, 9, 17)))),
        ("下周一", SUNDAY, None, "which", (Point(date(2026, 9, 21)), Point(date(2026, 9, 28)))),
    ],
)  # fmt: skip
def test_due(said: str, now: datetime, due: Point | None, doubt: str, options: tuple[Point, ...]) -> None:
    found = meant(find(said, now, CALENDAR), now, CALENDAR)
    assert (found.due, found.doubt, found.options) == (due, doubt, options)


def test_a_reminder_is_not_a_due() -> None:
    found = meant(find("明天上午10点提醒", FRIDAY, CALENDAR), FRIDAY, CALENDAR)
    assert (found.due, found.remind, found.doubt) == (None, Point(date(2026, 9, 19), 600), "")


def test_a_reminder_that_is_gone_is_said_to_be() -> None:
    found = meant(find("昨天9点提醒", FRIDAY, CALENDAR), FRIDAY, CALENDAR)
    assert (found.remind, found.late) == (None, True)


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (FRIDAY, ("2026-09-18", "2026-09-20", "2026-09-24")),
        (FRIDAY.replace(hour=18, minute=1), (None, "2026-09-20", "2026-09-24")),
        (datetime(2026, 9, 23, 9, tzinfo=ZONE), ("2026-09-23", "2026-09-24", "2026-09-30")),
        (datetime(2026, 9, 30, 9, tzinfo=ZONE), ("2026-09-30", "2026-10-08", "2026-10-10")),
    ],
)
def test_handy_dues(now: datetime, days: tuple[str | None, ...]) -> None:
    found = handy(now, CALENDAR)
    shown = (found.today, found.following, found.week)
    assert tuple(point.day.isoformat() if point else None for point in shown) == days


def test_overdue_begins_with_the_next_minute() -> None:
    day = date(2026, 9, 18)
    assert not overdue(day, SIX, datetime(2026, 9, 18, 18, 0, tzinfo=ZONE))
    assert overdue(day, SIX, datetime(2026, 9, 18, 18, 1, tzinfo=ZONE))
    assert not overdue(day, None, datetime(2026, 9, 18, 17, 59, tzinfo=ZONE))
    assert not overdue(None, None, datetime(2026, 9, 18, 18, 1, tzinfo=ZONE))
