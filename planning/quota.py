"""How much of a month's allowance is used, and on which day it runs out at this pace."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from math import ceil

from chat.frozen import frozen

SCARCE = 0.8
"""Of an allowance; from here on what is only nice to have is left out."""


@frozen
class Usage:
    """``out_on``: the day it runs out at this month's pace; None: it lasts until the month is over."""

    kind: str
    used: int
    limit: int
    out_on: date | None

    @property
    def scarce(self) -> bool:
        return self.used >= self.limit * SCARCE

    @property
    def out(self) -> bool:
        return self.used >= self.limit


def usage(kind: str, used: int, limit: int, today: date) -> Usage:
    """used: since the first of today's month, today included. limit: calls a month, > 0."""
    if used >= limit:
        return Usage(kind, used, limit, today)
    if used <= 0:
        return Usage(kind, 0, limit, None)
    pace = used / today.day
    last = today.day + ceil((limit - used) / pace)
    days = monthrange(today.year, today.month)[1]
    return Usage(kind, used, limit, today.replace(day=last) if last <= days else None)
