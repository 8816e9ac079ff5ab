"""One firing of a project's round: is it to happen now, and when is the next?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from chat.frozen import frozen
from reports.daily_desk import Desk
from reports.daily_open import desk_of
from reports.rhythm import owner
from reports.rounds import ROUNDS, following
from reports.ticks import Occasion

LATEST = timedelta(hours=2)
"""Later than this it is left out."""
_NOTICED = timedelta(minutes=1)


@frozen
class Firing:
    """``again`` None: it was turned off. ``day`` None: nothing is said this time. ``delay``: minutes it is late."""

    desk: Desk
    again: datetime | None
    day: date | None = None
    delay: int = 0


def fire(occasion: Occasion, latest: timedelta = LATEST) -> Firing:
    """What became of this firing. latest: how late it may still happen."""
    desk = desk_of(occasion)
    rhythm = desk.rhythm
    each = ROUNDS[occasion.entry.kind]
    minute = each.set_to(desk.project)
    if not rhythm.plan.on or desk.project.state == "archived" or minute is None:
        return Firing(desk, None)
    again = following(each, max(occasion.at, occasion.entry.at), minute, rhythm.calendar, rhythm.zone)
    day = rhythm.local(occasion.entry.at).date()
    paused = not desk.books.schedules.of(owner(desk.project))
    if paused or not rhythm.calendar.is_working(day) or not each.on(day, rhythm.calendar):
        return Firing(desk, again)  # the bot is out of the group, or the days were moved meanwhile
    if occasion.late > latest:
        desk.books.schedules.skipped(occasion.entry, "late")
        return Firing(desk, again)
    delay = int(occasion.late.total_seconds() // 60) if occasion.late >= _NOTICED else 0
    return Firing(desk, again, day, delay)
