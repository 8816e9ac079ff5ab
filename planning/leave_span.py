"""Leave that somebody else's system tells of by its hours: which days and halves of days it is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from planning.away import Part

_MORNING = (time(9), time(12))
_AFTERNOON = (time(13), time(18))
_DAY = timedelta(days=1)


def halves(since: datetime, until: datetime) -> dict[date, Part]:
    """Local moments. A half of a day counts when half of its hours are taken: two hours off are nothing to enter.

    Empty where nothing is left, or it ends before it begins. Midnight ends the day before it.
    """
    found: dict[date, Part] = {}
    day = since.date()
    while datetime.combine(day, time()) < until:
        morning, afternoon = (_taken(day, half, since, until) for half in (_MORNING, _AFTERNOON))
        if morning or afternoon:
            found[day] = "day" if morning and afternoon else "am" if morning else "pm"
        day += _DAY
    return found


def _taken(day: date, half: tuple[time, time], since: datetime, until: datetime) -> bool:
    first, last = (datetime.combine(day, moment) for moment in half)
    return 2 * (min(last, until) - max(first, since)) >= last - first
