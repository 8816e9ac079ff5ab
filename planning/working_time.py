"""Working minutes: how long something took while people were at work, 9:00 to 18:00 on working days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from planning.calendar import Calendar

OPENS, CLOSES = 9 * 60, 18 * 60
A_DAY = CLOSES - OPENS
"""Working minutes of a working day."""


@dataclass(frozen=True, slots=True)
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
        between = self.calendar.working_days_between(first.date(), last.date())
        total = between * A_DAY
        if self.calendar.is_working(last.date()):
            total -= A_DAY - _minute(last)
        if self.calendar.is_working(first.date()):
            total += A_DAY - _minute(first)
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
