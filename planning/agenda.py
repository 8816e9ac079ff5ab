"""The morning agenda: at most five points, the riskiest first, three minutes each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from chat.frozen import frozen

MOST = 5
MINUTES = 15
AHEAD = 3
"""Working days within which a milestone is talked about."""
Kind = Literal["milestone", "overdue", "blocker", "approval"]


@frozen
class Point:
    """``days``: working days left (milestone) or gone by (others); ``open``: tasks that are not done (milestone).

    ``must``: it was weighed as a must. ``key``: where its words are found again.
    """

    kind: Kind
    key: int
    days: int
    open: int = 0
    must: bool = False

    @property
    def risk(self) -> int:
        """0 … 100 and more. A milestone today outranks all; a week overdue outranks a milestone in three days."""
        return _RISK[self.kind] + (10 if self.must else 0) + _by_days(self)


_RISK = {"milestone": 70, "overdue": 50, "blocker": 45, "approval": 35}


def _by_days(point: Point) -> int:
    if point.kind == "milestone":
        return 10 * max(0, AHEAD - point.days) + min(point.open, 5)
    return min(5 * max(point.days, 0), 40)


def ordered(points: Iterable[Point], most: int = MOST) -> tuple[list[Point], int]:
    """(what is talked about, how many points are left out)."""
    found = sorted(points, key=lambda point: (-point.risk, point.kind, point.key))
    return found[:most], max(0, len(found) - most)
