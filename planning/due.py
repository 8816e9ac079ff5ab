"""What a time said beside a task means for it: due, to be reminded, or a question to ask first.

A due without a time of day is 18:00. Several readings, a day gone by and a public holiday are asked about; a weekend
is only shown. A reminder is somebody's own wish: it stands on any day that is still ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from chat.frozen import frozen
from planning.calendar import Calendar, DayKind
from planning.dates import Expression, Reading, Recurrence
from planning.dates.readings import past
from planning.work_weeks import week_after, work_week

END_OF_DAY = 18 * 60
REMIND_AT = 9 * 60
LONG_AWAY = timedelta(days=183)
"""Just gone by, or so far ahead: 9-1 said on 18 September is asked about."""
Doubt = Literal["", "which", "past", "holiday"]


@frozen
class Point:
    """A local day and the minute of it."""

    day: date
    minute: int = END_OF_DAY

    def before(self, now: datetime) -> bool:
        return (self.day, self.minute) < (now.date(), now.hour * 60 + now.minute)


@frozen
class Meant:
    """``due`` is what to store for now. ``doubt``: why to ask, with ``options`` to choose from and the ``words`` said.

    late: a reminder was asked for a moment that is gone. rule: the ``words`` recur; due or remind is the first time;
    holiday: what a day off does to it, "" if that was not said.
    """

    due: Point | None = None
    remind: Point | None = None
    doubt: Doubt = ""
    words: str = ""
    options: tuple[Point, ...] = ()
    late: bool = False
    rule: Recurrence | None = None
    holiday: str = ""


NOTHING_SAID = Meant()


def meant(said: Sequence[Expression], now: datetime, calendar: Calendar) -> Meant:
    """said: the expressions that belong to the task, at most one of them a reminder."""
    if not said:
        return NOTHING_SAID
    reminder = next((e for e in said if e.role == "reminder"), None)
    limit = next((e for e in said if e.role != "reminder"), None)
    remind, late = (None, False) if reminder is None else _reminder(reminder, now)
    recurs = next((e for e in said if e.recurrence), None)
    rule = recurs.recurrence if recurs else None
    if limit is None:
        return Meant(remind=remind, words=recurs.words if recurs else "", late=late, rule=rule)
    if rule is not None and limit is recurs:
        return Meant(_point(limit.readings[0]), remind, "", limit.words, (), late, rule)
    due, doubt, options = _due(limit, now, calendar)
    return Meant(due, remind, doubt, limit.words, options, late, rule)


def _reminder(said: Expression, now: datetime) -> tuple[Point | None, bool]:
    for reading in said.readings:
        point = Point(reading.day, REMIND_AT if reading.minute is None else reading.minute)
        if not point.before(now):
            return point, False
    return None, True


def _due(said: Expression, now: datetime, calendar: Calendar) -> tuple[Point | None, Doubt, tuple[Point, ...]]:
    ahead = [reading for reading in said.readings if not past(reading, now)]
    gone = said.readings[0]
    if not ahead:
        return None, "past", _instead(_point(gone), now, calendar)
    if past(gone, now) and ahead[0].day - now.date() > LONG_AWAY:
        *ways, over = _instead(_point(gone), now, calendar)
        return None, "past", (*ways, _point(ahead[0]), over)
    points = tuple(dict.fromkeys(_point(reading) for reading in ahead))
    if len(points) > 1:
        return None, "which", points[:4]
    point = points[0]
    if calendar.kind(point.day) is DayKind.HOLIDAY:
        around = calendar.previous_working(point.day), calendar.next_working(point.day)
        before, after = (Point(day, point.minute) for day in around)
        return point, "holiday", (before, point, after)
    return point, "", ()


def _point(reading: Reading) -> Point:
    """A range is due at its end."""
    day, minute = (reading.end_day, reading.end_minute) if reading.end_day else (reading.day, reading.minute)
    return Point(day, END_OF_DAY if minute is None else minute)


def _instead(gone: Point, now: datetime, calendar: Calendar) -> tuple[Point, ...]:
    """Today if its end is ahead, the next working day, and the past day all the same."""
    today, following = Point(now.date()), Point(calendar.next_working(now.date()))
    return (following, gone) if today.before(now) else (today, following, gone)


@frozen
class Handy:
    """Dues worth a button. ``today`` None: its 18:00 has passed. ``week``: the last day of the coming work week."""

    today: Point | None
    following: Point
    week: Point


def handy(now: datetime, calendar: Calendar) -> Handy:
    """Today, the next working day, the end of its work week (of the one after, when that is the same day)."""
    today = Point(now.date())
    following, week = _ahead(calendar, today.day)
    return Handy(None if today.before(now) else today, following, week)


@lru_cache(1024)
def _ahead(calendar: Calendar, today: date) -> tuple[Point, Point]:
    following = calendar.next_working(today)
    last = work_week(following, calendar).last
    if last == following:
        last = week_after(following, calendar).last
    return Point(following), Point(last)


def overdue(due: date | None, minute: int | None, now: datetime) -> bool:
    """Has the due passed on the local clock?"""
    return due is not None and Point(due, END_OF_DAY if minute is None else minute).before(now)


def soon(due: date | None, today: date, days: int = 7) -> bool:
    """Due from today on within so many days."""
    return due is not None and today <= due <= today + timedelta(days=days)
