"""Days of the simulated year, by the published calendar alone."""

from __future__ import annotations

from datetime import date, timedelta

from chinese_calendar import get_holiday_detail, is_workday

DAY = timedelta(days=1)
SATURDAY = 6
"""One that works ends its week; a Sunday that works begins the next."""


KNOWN = 2026
"""The last year whose holidays are published: in those after it Saturdays and Sundays are off."""


def works(day: date) -> bool:
    return day.isoweekday() < SATURDAY if day.year > KNOWN else bool(is_workday(day))


def add(day: date, count: int) -> date:
    """So many working days later."""
    for _ in range(count):
        day += DAY
        while not works(day):
            day += DAY
    return day


def back(day: date, count: int = 1) -> date:
    """So many working days before."""
    for _ in range(count):
        day -= DAY
        while not works(day):
            day -= DAY
    return day


def plain(day: date) -> bool:
    """No public holiday: a due on one is asked about."""
    return works(day) or get_holiday_detail(day)[1] is None
