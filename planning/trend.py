"""How far off plan a team was, week by week and part by part: what finished when, what came back, complaints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from statistics import median

from chat.frozen import frozen
from planning.lives import Life, Work
from planning.metrics import Deviation, Off, done_between, off_plan
from planning.work_weeks import WorkWeek, opening, weeks_until
from planning.working_time import Clock

WEEKS = 8


@frozen
class TrendWeek:
    """``first``: its first working day. ``rows``: what was finished and had a plan. ``reopened``: times that was done.

    ``complaints``: tasks that were tagged as complained about.
    """

    first: date
    rows: tuple[Off, ...] = ()
    reopened: int = 0
    complaints: int = 0

    @property
    def median(self) -> float | None:
        """Working days more than planned, negative: fewer; of two in the middle, halves. None: nothing to compare."""
        return median(row.used - row.planned for row in self.rows) if self.rows else None


def trend(lives: Sequence[Life], span: WorkWeek, clock: Clock) -> tuple[TrendWeek, ...]:
    """The eight work weeks up to ``span``, oldest first, without those before anything began; not of the cancelled."""
    counted = [life for life in lives if life.work.state != "cancelled"]
    return tuple(_week(counted, week, clock) for week in weeks_of(counted, span, clock)) if counted else ()


def weeks_of(lives: Iterable[Life], span: WorkWeek, clock: Clock) -> list[WorkWeek]:
    """``span`` and those of the seven before it that are not older than the lives."""
    starts = (min(life.work.start, clock.day(life.created_at)) for life in lives)
    begun = min(starts, default=span.first)
    return [week for week in weeks_until(span, WEEKS, clock.calendar) if week.last >= begun or week is span]


def _week(lives: Sequence[Life], week: WorkWeek, clock: Clock) -> TrendWeek:
    first, last = opening(week, clock.calendar), week.last
    offs = (off_plan(work, clock.calendar) for work in done_between([life.work for life in lives], first, last))
    back = [clock.day(at) for life in lives for at in life.reopened_at]
    complained = [clock.day(life.complained_at) for life in lives if life.complained_at is not None]
    return TrendWeek(
        week.first,
        tuple(off for off in offs if off is not None),
        sum(first <= day <= last for day in back),
        sum(first <= day <= last for day in complained),
    )


def parted(found: Deviation, part: Callable[[Work], str]) -> list[tuple[str, Deviation]]:
    """(part, what is off plan in it): the farthest behind first, what belongs to none ("") last."""
    parts: dict[str, list[Off]] = {}
    for row in found.rows:
        parts.setdefault(part(row.work), []).append(row)
    split = [(name, Deviation(tuple(rows))) for name, rows in parts.items()]
    return sorted(split, key=lambda each: (not each[0], -(each[1].median or 0), each[0]))
