"""Work weeks: what a weekly digest covers, what statistics are counted by, what 每周 means when days were moved.

A week runs from the end of one weekend to the end of the next, so a makeup day at its edge joins the days it touches:
with Saturday and Sunday off, a working Sunday belongs to the week after it and a working Saturday to the one before.
A holiday in the middle does not split a week. Weeks that rest altogether do not exist.
"""

from __future__ import annotations

from datetime import date, timedelta

from chat.frozen import frozen
from planning.calendar import Calendar
from planning.calendar_years import weekend_of

_DAY = timedelta(days=1)
_MOST = 53
"""Weeks without a working day that are passed over; a calendar that rests longer is a mistake."""


@frozen
class WorkWeek:
    """``days``: its working days, one at least, in order."""

    days: tuple[date, ...]

    @property
    def first(self) -> date:
        return self.days[0]

    @property
    def last(self) -> date:
        """The day of the weekly digest."""
        return self.days[-1]


def work_week(day: date, calendar: Calendar) -> WorkWeek:
    """The work week ``day`` lies in; the next one, when that week rests altogether. Raises ValueError: a year rests."""
    start = week_start(day, calendar.country)
    for number in range(_MOST):
        monday = start + timedelta(weeks=number)
        days = calendar.working_days(monday, monday + 6 * _DAY)
        if days:
            return WorkWeek(tuple(days))
    raise ValueError(f"no working day within a year after {day}")


def week_before(day: date, calendar: Calendar) -> WorkWeek:
    """The work week before the one of ``day``."""
    start = week_start(day, calendar.country)
    return work_week(calendar.last_working(start - _DAY), calendar)


def weeks_until(week: WorkWeek, count: int, calendar: Calendar) -> list[WorkWeek]:
    """So many work weeks, ``week`` the last of them."""
    weeks = [week]
    while len(weeks) < count:
        weeks.append(week_before(weeks[-1].first, calendar))
    return weeks[::-1]


def opening(week: WorkWeek, calendar: Calendar) -> date:
    """The first day whose events count as the week's: days off since the week before belong to it."""
    return week_before(week.first, calendar).last + _DAY


def week_after(day: date, calendar: Calendar) -> WorkWeek:
    """The work week after the one of ``day``."""
    return work_week(calendar.next_working(work_week(day, calendar).last), calendar)


def week_start(day: date, country: str) -> date:
    """The first calendar day of the week of ``day``, working or not: the last day of the weekend before it."""
    weekend = weekend_of(country)
    if len(weekend) == 1:
        return _back_to((min(weekend) + 1) % 7, day)
    last = max(number for number in weekend if (number + 1) % 7 not in weekend)
    return _back_to(last, day)


def _back_to(weekday: int, day: date) -> date:
    return day - timedelta(days=(day.weekday() - weekday) % 7)
