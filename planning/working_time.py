"""Working minutes: how long something took while people were at work, 9:00 to 18:00 on working days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from chat.frozen import frozen
from planning.calendar import Calendar

OPENS, CLOSES = 9 * 60, 18 * 60
A_DAY = CLOSES - OPENS
"""Working minutes of a working day."""


def working_days(first: date, last: date, calendar: Calendar) -> int:
    """How many there are from ``first`` to ``last``, both inclusive; 0 when ``last`` is earlier. A few look-ups."""
    if last < first:
        return 0
    if first.year == last.year:
        begins, counts = _year(calendar, first.year)
        return counts[last.toordinal() - begins] - counts[first.toordinal() - begins - 1]
    total = working_days(first, date(first.year, 12, 31), calendar) + working_days(
        date(last.year, 1, 1), last, calendar
    )
    return total + sum(_year(calendar, year)[1][-2] for year in range(first.year + 1, last.year))


@lru_cache(256)
def _year(calendar: Calendar, year: int) -> tuple[int, tuple[int, ...]]:
    """(ordinal of January 1st, working days from then to each day); its last entry, found at -1, is 0."""
    begins = date(year, 1, 1)
    counts, count = [], 0
    for number in range((date(year, 12, 31) - begins).days + 1):
        count += calendar.is_working(begins + timedelta(days=number))
        counts.append(count)
    return begins.toordinal(), (*counts, 0)


@frozen
class Clock:
    """Which minutes of which days count: a project's calendar and zone."""

    calendar: Calendar
    zone: ZoneInfo

    def day(self, at: datetime) -> date:
        """The local date of a moment."""
        return at.astimezone(self.zone).date()

    def minutes(self, since: datetime, until: datetime) -> int:
        """Working minutes from one moment to another, seconds cut off; 0 when ``until`` is not later."""
        if until <= since:
            return 0
        first, last = since.astimezone(self.zone), until.astimezone(self.zone)
        if first.date() == last.date():
            worked = _minute(last) - _minute(first)
            return worked if self.calendar.is_working(first.date()) else 0
        total = working_days(first.date(), last.date(), self.calendar) * A_DAY
        if self.calendar.is_working(last.date()):
            total -= A_DAY - _minute(last)
        if self.calendar.is_working(first.date()):
            total -= _minute(first)
        return total

    def minutes_but(self, since: datetime, until: datetime, pauses: Iterable[tuple[datetime, datetime]]) -> int:
        """The same without the pauses; those may overlap each other and both ends."""
        total, reached = self.minutes(since, until), since
        for start, stop in sorted(pauses):
            start, stop = max(start, reached), min(stop, until)
            if start < stop:
                total -= self.minutes(start, stop)
                reached = stop
        return total


def _minute(local: datetime) -> int:
    """Working minutes of this day that are over."""
    return min(max(local.hour * 60 + local.minute, OPENS), CLOSES) - OPENS
