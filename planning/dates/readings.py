"""What a date expression says: its words, every reading of them, and whether it is a deadline or a reminder."""

from datetime import date, datetime
from typing import Literal

from chat.frozen import frozen
from planning.dates.recurrence import Recurrence

Role = Literal["point", "deadline", "reminder", "range"]


@frozen
class Reading:
    """One candidate. Local wall clock of the chat.

    minute: minutes after midnight (0..1439), None when no time of day was said. end_day: inclusive, for ranges.
    assumed: what was filled in: ``year``, ``month``, ``day``, ``afternoon``, ``calendar`` (a
    holiday of a year whose notice is not published).
    """

    day: date
    minute: int | None = None
    end_day: date | None = None
    end_minute: int | None = None
    assumed: tuple[str, ...] = ()


@frozen
class Expression:
    """The words ``text[start:stop]`` and what they may mean, most likely first; several readings = ambiguous."""

    start: int
    stop: int
    words: str
    readings: tuple[Reading, ...]
    role: Role = "point"
    recurrence: Recurrence | None = None


def past(reading: Reading, now: datetime) -> bool:
    """Is the reading behind ``now``? A day without a time of day is past from the next midnight."""
    day, minute = reading.end_day or reading.day, reading.end_minute if reading.end_day else reading.minute
    if day != now.date():
        return day < now.date()
    return minute is not None and minute < now.hour * 60 + now.minute
