"""Tasks nobody says anything about: how many whole working days, and which of them are worth a question."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from planning.calendar import Calendar

ASK_AT = 9 * 60 + 30
ASK_AFTER, LEAD_AFTER = 3, 5
"""Whole working days without a word: the owner is asked, the lead is told."""
NEAR = 5
"""A task nobody began is asked about when it is due within so many working days."""


def silent_days(last: date, today: date, calendar: Calendar, away: Collection[date] = ()) -> int:
    """Whole working days between the last word and today; neither of the two counts, nor do days of leave."""
    day = timedelta(days=1)
    return sum(one not in away for one in calendar.working_days(last + day, today - day))


def asked_again(today: date, calendar: Calendar) -> date:
    """The earliest day of the next question when somebody answers today."""
    return calendar.add_working(today, ASK_AFTER + 1)
