"""The ladder of an overdue task: its owner that evening, its owner and the lead the next working day, the group once.

Moments of a working day: 9:00 for what was held over night or over days off, 9:30 for tasks nobody spoke of, 10:00 for
the next rungs, 18:00 for what was due today. Nobody hears twice on one day of the same task.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from planning.calendar import Calendar
from planning.due import END_OF_DAY
from planning.silence import ASK_AT
from planning.zones import at_local

MORNING, STEP, EVENING = 9 * 60, 10 * 60, END_OF_DAY
SLOTS = (MORNING, ASK_AT, STEP, EVENING)
LOOK_BACK = 6
"""Working days; what is overdue for longer is in no rung any more."""
Rung = Literal["overdue.0", "overdue.1", "overdue.3"]


def first_told(due: date, minute: int | None, calendar: Calendar) -> date:
    """The day its owner hears of it: the day itself, or the next working day when that rests or is over."""
    if calendar.is_working(due) and (END_OF_DAY if minute is None else minute) <= EVENING:
        return due
    return calendar.next_working(due)


def rung(due: date, minute: int | None, today: date, slot: int, calendar: Calendar) -> Rung | None:
    """What has to be said at ``slot`` (a minute) of a working day. A rung that was missed may come a day later."""
    told = first_told(due, minute, calendar)
    if today < told:
        return None
    days = calendar.working_days_between(told, today)
    if days == 0:
        return "overdue.0" if slot >= (EVENING if told == due else MORNING) else None
    if slot != STEP:
        return None
    if days <= 2:
        return "overdue.1"
    return "overdue.3" if days <= 4 else None


def next_slot(after: datetime, calendar: Calendar, zone: ZoneInfo, slots: tuple[int, ...] = SLOTS) -> datetime:
    """The first of these moments (minutes, in order) later than ``after``, on a working day."""
    day = calendar.first_working(after.astimezone(zone).date())
    while True:
        for slot in slots:
            at = at_local(day, slot, zone)
            if at > after:
                return at
        day = calendar.next_working(day)
