"""Arithmetic of months that the standard library lacks."""

from calendar import monthrange
from datetime import date, timedelta

from planning.calendar import Calendar


def month_day(year: int, month: int, day: int) -> date:
    """That day of the month, the last one when the month is shorter; negative days count from the end (-1 = last)."""
    length = monthrange(year, month)[1]
    return date(year, month, max(1, length + 1 + day) if day < 0 else min(day, length))


def add_months(day: date, n: int) -> date:
    """The same day n months on (n may be negative), or the month's last day when it is shorter."""
    months = day.year * 12 + day.month - 1 + n
    return month_day(months // 12, months % 12 + 1, day.day)


def day_from(first: date, day: int) -> date:
    """The next 31st (or any day 1..31) on or after ``first``, in the first month that has one."""
    for n in range(13):
        there = month_day(first.year + (first.month + n - 1) // 12, (first.month + n - 1) % 12 + 1, day)
        if there >= first and there.day == day:
            return there
    raise ValueError(f"no month has a day {day}")


def nth_weekday(year: int, month: int, n: int, weekday: int) -> date | None:
    """The n-th Monday = 0 … Sunday = 6 of a month; None when it has no n-th one. n: 1..5, or -1 = last, -2 …"""
    if n < 0:
        last = month_day(year, month, -1)
        there = last - timedelta(days=(last.weekday() - weekday) % 7 - 7 * (n + 1))
        return there if there.month == month else None
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
    return day if day.month == month else None


def monday_of(day: date) -> date:
    """The Monday of the calendar week."""
    return day - timedelta(days=day.weekday())


def week_end(calendar: Calendar, day: date, last: int = 6) -> date:
    """The last working day of the week of ``day``, at the latest its ``last`` weekday; that one when none works."""
    end = monday_of(day) + timedelta(days=last)
    working = calendar.last_working(end)
    return working if working >= monday_of(day) else end


def quarter_first(day: date, n: int = 0) -> date:
    """The first day of the quarter ``day`` lies in, moved on by n quarters."""
    return add_months(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), 3 * n)


def last_of(first: date, months: int) -> date:
    """The last day of a span of whole months that begins at ``first``."""
    return add_months(first, months) - timedelta(days=1)
