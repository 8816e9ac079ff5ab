"""Who has how much to do: open tasks spread over the working days left for them, against days at work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from chat.frozen import frozen
from planning.away import Part
from planning.calendar import Calendar
from planning.lives import Work
from planning.metrics import half_up, planned_days

TOO_MUCH = 110
"""Per cent of what somebody has time for."""
WAITING = ("todo", "doing", "awaiting_note")
"""Tasks that take their owner's time; blocked and paused ones do not."""


@frozen
class Share:
    """What one task takes of somebody's days in a span, in working days."""

    work: Work
    days: float


@frozen
class Load:
    """``capacity``: working days without leave; ``shares``: the largest first."""

    person: int
    capacity: float
    shares: tuple[Share, ...]

    @property
    def days(self) -> float:
        return sum(share.days for share in self.shares)

    @property
    def per_cent(self) -> int | None:
        """None: there is something to do and no day to do it on."""
        if self.capacity:
            return half_up(round(1000 * self.days), round(10 * self.capacity))
        return None if self.shares else 0

    @property
    def too_much(self) -> bool:
        return self.per_cent is None or self.per_cent > TOO_MUCH


def left(work: Work, calendar: Calendar) -> float:
    """Working days an open task still takes, by its plan and its progress; a task without any plan: one day."""
    whole = planned_days(work, calendar) or 1
    return whole * (100 - min(work.progress, 100)) / 100


def share(work: Work, first: date, last: date, today: date, calendar: Calendar) -> float:
    """How much of it falls within ``first``~``last`` when it is spread evenly until its due."""
    begins = max(work.start, today)
    ends = max(work.due or last, today)
    days = calendar.working_days(min(begins, ends), ends) or [calendar.first_working(ends)]
    within = sum(first <= day <= last for day in days)
    return left(work, calendar) * within / len(days)


def loads(
    works: Sequence[Work], people: Sequence[int], away: Mapping[int, Mapping[date, Part]], first: date, last: date,
    today: date, calendar: Calendar,
) -> list[Load]:  # fmt: skip
    """Of everybody in ``people``, the fullest first. today: nothing is done before it."""
    found = []
    waiting = defaultdict(list)
    for work in works:
        if work.state in WAITING:
            waiting[work.owner].append(work)
    for person in people:
        shares = [
            Share(work, days)
            for work in waiting.get(person, ())
            if (days := share(work, first, last, today, calendar)) > 0
        ]
        shares.sort(key=lambda each: (-each.days, each.work.number))
        found.append(Load(person, capacity(away.get(person, {}), first, last, calendar), tuple(shares)))
    return sorted(found, key=lambda load: (-_fullness(load), load.person))


def _fullness(load: Load) -> float:
    return float("inf") if load.per_cent is None else load.per_cent


def capacity(away: Mapping[date, Part], first: date, last: date, calendar: Calendar) -> float:
    """Working days somebody is there; half a day away is half a day."""
    return sum(1.0 - _gone(away.get(day)) for day in calendar.working_days(first, last))


def _gone(part: Part | None) -> float:
    return 0.0 if part is None else 1.0 if part == "day" else 0.5


def by_day(
    works: Sequence[Work], person: int, first: date, last: date, today: date, calendar: Calendar
) -> dict[date, float]:
    """The same load day by day, for a heat-map: {working day: working days of work}."""
    found = {first + timedelta(days=n): 0.0 for n in range((last - first).days + 1)}
    found = {day: 0.0 for day in found if calendar.is_working(day)}
    for work in works:
        if work.owner == person and work.state in WAITING:
            for day in found:
                found[day] += share(work, day, day, today, calendar)
    return found
