"""How long before a date somebody wants to hear of it: ``5、3、1 个工作日``, ``60 天 30 天``; on which day that is.

Working days are counted over public holidays and make-up days. Calendar days that fall on a day off are heard of on the
working day before it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from chat.frozen import frozen
from planning.calendar import Calendar

AT = 10 * 60
"""The minute of the day at which it is said."""
USUAL = (5, 3, 1)
"""Working days, for who does not say how many."""
MOST = 6
"""Times before one date."""
FARTHEST_WORKING, FARTHEST = 60, 120
"""Working days, days."""
_DAY = timedelta(days=1)
_NUMBER = re.compile(r"d?[-−–]?(?<!\d)(\d{1,4})(?!\d)\s*(个?工作日|wd|working days?|天|日|days?|d\b)?")
_UNITS = {"个工作日": True, "工作日": True, "wd": True, "working day": True, "working days": True}


@dataclass(frozen=True, slots=True, order=True)
class Ahead:
    """So many days before; ``working``: working days."""

    days: int
    working: bool = True


TASKS = (Ahead(1), Ahead(0))
"""Of tasks where nobody said anything else: the working day before, and the morning of the day itself."""


@frozen
class Read:
    """``aheads``: the farthest first. ``bad``: a number that is too far, or one too many."""

    aheads: tuple[Ahead, ...] = ()
    bad: str = ""


def read(folded: str, *, working: bool = True) -> Read:
    """``5 3 1``, ``D-5、D-3``, ``60天 30天``, ``3 个工作日``; a number without a unit has that of the one after it.

    working: what the last number means without one.
    """
    found: list[Ahead] = []
    unit = working
    for match in reversed(list(_NUMBER.finditer(folded))):
        if match.group(2):
            unit = _UNITS.get(match.group(2), match.group(2) not in ("天", "日", "day", "days", "d"))
        days = int(match.group(1))
        if days > (FARTHEST_WORKING if unit else FARTHEST):
            return Read(bad=match.group(1))
        found.append(Ahead(days, unit))
    aheads = tuple(sorted(set(found), key=lambda ahead: (-ahead.days, ahead.working)))
    return Read(aheads, "" if len(aheads) <= MOST else str(len(aheads)))


def stored(aheads: Iterable[Ahead]) -> str:
    """``5w 3w 60d``."""
    return " ".join(f"{ahead.days}{'w' if ahead.working else 'd'}" for ahead in aheads)


def load(words: str) -> tuple[Ahead, ...]:
    return tuple(Ahead(int(word[:-1]), word.endswith("w")) for word in words.split())


def day_of(due: date, ahead: Ahead, calendar: Calendar) -> date:
    """The working day on which it is said."""
    if ahead.working and ahead.days:
        return calendar.add_working(due, -ahead.days)
    return calendar.last_working(due - ahead.days * _DAY)


def warned(due: date, today: date, aheads: Collection[Ahead], calendar: Calendar) -> Ahead | None:
    """What is said today, of several the nearest; None: nothing, or the date has passed."""
    if today > due:
        return None
    found = [ahead for ahead in aheads if day_of(due, ahead, calendar) == today]
    return min(found) if found else None
