"""What a customer's space begins with: signing, training, renewal and a survey, counted from the day of signing."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from chat.frozen import frozen
from planning.calendar import Calendar
from planning.warning import Ahead

PARTS = ("signing", "training", "renewal", "survey")
TRAINING_AFTER = 10
"""Working days after the signing."""
SURVEY_AFTER = 90
"""Days after the signing; on a day off, the working day after it."""
RENEWAL_WARNINGS = (Ahead(60, working=False), Ahead(30, working=False), Ahead(7, working=False))
EARLIEST, LATEST = 20 * 366, 366
"""A day of signing lies at most so many days back or ahead; a renewal at most ten times ``LATEST`` ahead."""


@frozen
class Space:
    """``signed_already``: it is no longer to be done. Training and survey: None where their usual day is gone by."""

    signing: date
    signed_already: bool
    training: date | None
    renewal: date
    survey: date | None


def space(signing: date, renewal: date | None, today: date, calendar: Calendar) -> Space:
    """renewal: as agreed; None: every year on the day of signing, the next time that is still ahead."""
    training = calendar.add_working(signing, TRAINING_AFTER)
    survey = calendar.first_working(signing + timedelta(days=SURVEY_AFTER))
    return Space(
        signing,
        signing <= today,
        training if training >= today else None,
        renewal or next_year(signing, today),
        survey if survey >= today else None,
    )


def next_year(signing: date, today: date) -> date:
    """The first yearly return of the day after both; 29 February is 28 in other years."""
    year = max(signing.year, today.year)
    while (found := _in(signing, year)) <= max(signing, today):
        year += 1
    return found


def _in(day: date, year: int) -> date:
    last = monthrange(year, day.month)[1]
    return day.replace(year=year, day=min(day.day, last))
