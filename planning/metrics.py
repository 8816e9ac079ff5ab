"""Figures of a project's work: each with the rows it was reckoned from and those it leaves out, and why.

Rates are whole per cent, rounded half up. Durations are working days or working minutes (``planning.working_time``).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Literal

from chat.frozen import frozen
from planning.calendar import Calendar
from planning.due import END_OF_DAY
from planning.lives import CLOSED, Life, Work
from planning.working_time import Clock, working_days

LOOK_BACK = timedelta(weeks=7)
"""How far before the first day of a week its figures reach: eight weeks with the week itself."""
Why = Literal["later", "undated", "cancelled", "moved", "unfinished"]


@frozen
class Period:
    """A work week ``first``~``last``, seen at ``now`` (local). ``since``: how far back its figures reach."""

    first: date
    last: date
    now: datetime

    @property
    def since(self) -> date:
        return self.first - LOOK_BACK

    def covers(self, work: Work) -> bool:
        """Is it worked on, or was it closed or due within reach?"""
        return work.open or (work.closed is not None and work.closed >= self.since)


@frozen
class Completion:
    """``due``: what should be done by the end of the period; ``done``: of that. ``left_out``: (task, why)."""

    due: tuple[Work, ...]
    done: tuple[Work, ...]
    left_out: tuple[tuple[Work, Why], ...] = ()

    @property
    def rate(self) -> int | None:
        return per_cent(len(self.done), len(self.due))


def completion(works: Iterable[Work], period: Period) -> Completion:
    """Of all tasks due by the last day (within eight weeks, older ones while they are open): how many are done."""
    due: list[Work] = []
    left_out: list[tuple[Work, Why]] = []
    for work in works:
        if not period.covers(work):
            continue
        if work.state == "cancelled":
            left_out.append((work, "cancelled"))
        elif work.due is None:
            left_out.append((work, "undated"))
        elif work.due > period.last:
            moved = work.planned is not None and work.planned <= period.last
            left_out.append((work, "moved" if moved else "later"))
        else:
            due.append(work)
    done = tuple(work for work in due if work.state == "done")
    return Completion(tuple(due), done, tuple(left_out))


@frozen
class Off:
    """How far one task was off its plan: working days planned and used, first and last day included."""

    work: Work
    planned: int
    used: int

    @property
    def per_cent(self) -> int:
        """Negative: earlier than planned."""
        return half_up(100 * (self.used - self.planned), self.planned)


@frozen
class Deviation:
    rows: tuple[Off, ...]
    left_out: tuple[tuple[Work, Why], ...] = ()

    @property
    def median(self) -> int | None:
        """Per cent, of the exact ratios."""
        if not self.rows:
            return None
        return _rounded(median(100 * (row.used - row.planned) / row.planned for row in self.rows))

    def worst(self, most: int = 3) -> list[Off]:
        """The farthest off, late ones first; those exactly on plan are none."""
        off = sorted((row for row in self.rows if row.per_cent), key=lambda r: (-abs(r.per_cent), r.work.number))[:most]
        return sorted(off, key=lambda row: (-row.per_cent, row.work.number))


def deviation(of: Completion, calendar: Calendar) -> Deviation:
    """Of what was due and is done: from its start to the day it was done, against the due first settled on."""
    rows = tuple(off for work in of.done if (off := off_plan(work, calendar)) is not None)
    left_out = tuple((work, "unfinished") for work in of.due if work.state != "done")
    return Deviation(rows, left_out)  # type: ignore[arg-type]


def off_plan(work: Work, calendar: Calendar) -> Off | None:
    """Of a task that is done; None: it had no plan."""
    if work.closed is None or work.planned is None:
        return None
    return Off(work, planned_days(work, calendar) or 1, max(1, working_days(work.start, work.closed, calendar)))


def planned_days(work: Work, calendar: Calendar) -> int | None:
    """How many working days it was to take: as said, else from its start to the due first settled on."""
    if work.days:
        return work.days
    if work.planned is None:
        return None
    return max(1, working_days(work.start, work.planned, calendar))


def late(works: Iterable[Work], now: datetime) -> list[Work]:
    """Open past their moment, the longest first."""
    moment = (now.date(), now.hour * 60 + now.minute)
    found = [
        work
        for work in works
        if work.open and work.due is not None and (work.due, _minute(work.minute)) < moment
    ]  # fmt: skip
    return sorted(found, key=lambda work: (work.due or date.max, work.number))


def _minute(minute: int | None) -> int:
    return END_OF_DAY if minute is None else minute


def due_between(works: Iterable[Work], first: date, last: date) -> list[Work]:
    """Open and due within these days, the earliest first."""
    found = [work for work in works if work.open and work.due is not None and first <= work.due <= last]
    return sorted(found, key=lambda work: (work.due or date.max, work.number))


def done_between(works: Iterable[Work], first: date, last: date) -> list[Work]:
    """Finished within these days, in the order they were."""
    found = [work for work in works if work.state == "done" and work.closed and first <= work.closed <= last]
    return sorted(found, key=lambda work: (work.closed or date.min, work.number))


# --- from whole lives ----------------------------------------------------------------------------------------------


@frozen
class Taken:
    """Working minutes something took, for one task."""

    work: Work
    minutes: int


def responses(lives: Iterable[Life], clock: Clock) -> list[Taken]:
    """From a task's making to the first thing its owner did with it."""
    return [
        Taken(life.work, clock.minutes(life.created_at, life.touched_at))
        for life in lives
        if life.touched_at is not None
    ]


def handling(lives: Iterable[Life], clock: Clock) -> list[Taken]:
    """From the start to the end of work on it, without the time it waited for somebody outside or was closed.

    Those whose start nobody told (they went from to do to done) are left out.
    """
    return [
        Taken(life.work, clock.minutes_but(life.started_at, life.closed_at, _rest(life)))
        for life in lives
        if life.work.state == "done" and life.started_at and life.closed_at and life.started_at < life.closed_at
    ]


def _rest(life: Life) -> list[tuple[datetime, datetime]]:
    end = life.closed_at or life.created_at
    return [(span.since, span.until or end) for span in life.spans if span.external or span.state in CLOSED]


@frozen
class Stage:
    """A state tasks pass through: how many did, and the median of the working minutes they stayed in all."""

    state: str
    tasks: int
    minutes: int


def stages(lives: Iterable[Life], clock: Clock) -> list[Stage]:
    """Of finished tasks; the slowest first."""
    times: dict[str, list[int]] = {}
    for life in lives:
        if life.work.state != "done":
            continue
        own: dict[str, int] = {}
        for span in life.spans:
            if span.until is not None and span.state not in CLOSED:
                own[span.state] = own.get(span.state, 0) + clock.minutes(span.since, span.until)
        for state, minutes in own.items():
            times.setdefault(state, []).append(minutes)
    found = [Stage(state, len(each), _rounded(median(each))) for state, each in times.items()]
    return sorted(found, key=lambda stage: -stage.minutes)


def cycles(lives: Iterable[Life], clock: Clock) -> list[Stage]:
    """By stage of the project (策划, 设计 …): finished tasks, from made to done; the slowest first."""
    times: dict[str, list[int]] = {}
    for life in lives:
        if life.work.state == "done" and life.work.stage and life.closed_at is not None:
            times.setdefault(life.work.stage, []).append(clock.minutes(life.created_at, life.closed_at))
    found = [Stage(name, len(each), _rounded(median(each))) for name, each in times.items()]
    return sorted(found, key=lambda stage: -stage.minutes)


def rivals(works: Iterable[Work], musts: Container[int]) -> list[tuple[int, Work, Work]]:
    """(person, one, other): two musts of one person on the same days; one pair for each person, the earliest."""
    found: dict[int, tuple[int, Work, Work]] = {}
    mine: dict[int, list[Work]] = {}
    for work in sorted(works, key=lambda work: (work.due or date.max, work.number)):
        if work.number not in musts or work.owner is None or work.due is None or work.owner in found:
            continue
        for other in mine.setdefault(work.owner, []):
            if work.start <= (other.due or work.due) and work.due >= other.start:
                found[work.owner] = (work.owner, other, work)
                break
        mine[work.owner].append(work)
    return list(found.values())


@frozen
class Exceptions:
    """Out of the ordinary: done or still open after the due, put off, opened again, complained about."""

    late: tuple[Work, ...]
    moved: tuple[tuple[Work, int], ...]
    rework: tuple[tuple[Work, int], ...]
    complaints: tuple[Work, ...]


def exceptions(lives: Sequence[Life], period: Period) -> Exceptions:
    """Of the tasks a period is about."""
    covered = [life for life in lives if period.covers(life.work) and life.work.state != "cancelled"]
    open_late = {work.number for work in late([life.work for life in covered], period.now)}
    return Exceptions(
        tuple(life.work for life in covered if life.work.number in open_late or _done_late(life.work)),
        tuple((life.work, life.moved) for life in covered if life.moved),
        tuple((life.work, len(life.reopened_at)) for life in covered if life.reopened_at),
        tuple(life.work for life in covered if life.complained_at),
    )


def _done_late(work: Work) -> bool:
    return work.state == "done" and work.due is not None and work.closed is not None and work.closed > work.due


# --- reports and blockers ------------------------------------------------------------------------------------------


@frozen
class Punctual:
    """Daily reports of a week: how many were asked for, came in time, came late."""

    expected: int
    on_time: int
    late: int

    @property
    def rate(self) -> int | None:
        return per_cent(self.on_time, self.expected)


def punctual(asked: Iterable[tuple[date, int]], standings: Iterable[tuple[date, int, str]]) -> Punctual:
    """asked: (day, person) of every report that was asked for; standings: (day, person, early … overdue)."""
    expected = set(asked)
    came = {(day, person): standing for day, person, standing in standings}
    expected |= came.keys()
    on_time = sum(standing in ("early", "on_time") for standing in came.values())
    return Punctual(len(expected), on_time, len(came) - on_time)


def answer_minutes(asked: Iterable[tuple[datetime, datetime | None]], clock: Clock) -> int | None:
    """The mean working minutes from a blocker to its first answer; None: nothing was answered."""
    times = [clock.minutes(opened, answered) for opened, answered in asked if answered is not None]
    return _rounded(sum(times) / len(times)) if times else None


# --- rounding ------------------------------------------------------------------------------------------------------


def per_cent(part: int, whole: int) -> int | None:
    """None: of nothing."""
    return half_up(100 * part, whole) if whole else None


def half_up(number: int, by: int) -> int:
    """``number / by`` as a whole number; halves away from zero."""
    sign = -1 if number < 0 else 1
    return sign * ((2 * abs(number) + by) // (2 * by))


def _rounded(number: float) -> int:
    return int(number + 0.5) if number >= 0 else -int(-number + 0.5)
