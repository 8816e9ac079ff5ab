"""Everything that is measured, reckoned from history alone: each figure with its rows and what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from planning.lives import Fact, Life, Work, lives
from planning.metrics import (
    Completion,
    Deviation,
    Exceptions,
    Period,
    Punctual,
    Stage,
    Taken,
    completion,
    cycles,
    deviation,
    done_between,
    due_between,
    exceptions,
    handling,
    late,
    responses,
    stages,
)
from planning.quality import Debt, debts
from planning.trend import WEEKS, TrendWeek, trend, weeks_of
from planning.work_weeks import WorkWeek, opening, week_after, week_before, weeks_until, work_week
from planning.working_time import Clock
from planning.zones import at_local
from reports.daily_desk import Desk
from reports.planning.waits import blockers_of
from reports.planning.week import Goal, clock_of, goals, names_of, reports_of
from reports.teams import teams_of
from storage.blockers import Blocker
from storage.links import Node
from storage.numbers import Number

_RESOURCE = re.compile(r"预算|花费|费用|成本|设备|机器|机时|budget|cost|equipment|machine", re.IGNORECASE)
"""Names of numbers that are resources."""


@dataclass(frozen=True, slots=True)
class Flow:
    """``done``: {first day of a week: tasks finished}, the last eight since work began, oldest first."""

    done: Mapping[date, int]
    stages: tuple[Stage, ...]
    cycles: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Spent:
    """Money or equipment given as numbers of tasks and milestones: what each has of it."""

    name: str
    total: float
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """Of a work week and the seven before it, as known at ``period.now``. ``earlier``: a week ago, if it was sent.

    ``nodes``, ``goals``: tasks and milestones due in the next work week. ``teams``: {person: their group}.
    ``debts``: checks that are owed at that moment, however old.
    """

    span: WorkWeek
    period: Period
    lives: tuple[Life, ...]
    completion: Completion
    deviation: Deviation
    trend: tuple[TrendWeek, ...]
    responses: tuple[Taken, ...]
    handling: tuple[Taken, ...]
    flow: Flow
    exceptions: Exceptions
    reports: Punctual | None
    blockers: tuple[Blocker, ...]
    names: Mapping[int, str]
    teams: Mapping[int, str]
    spent: tuple[Spent, ...]
    late: tuple[Work, ...]
    nodes: tuple[Work, ...]
    goals: tuple[Goal, ...]
    debts: tuple[Debt, ...]
    earlier: Measures | None


def measure(desk: Desk, day: date, moment: datetime | None = None) -> Measures:
    """Of the work week of ``day``; ``moment``: as known then. And of the week before, as its digest was sent."""
    rhythm = desk.rhythm
    span = work_week(day, rhythm.calendar)
    before = week_before(span.first, rhythm.calendar)
    sent = desk.books.weeks.of(desk.project.id, before.first)
    since = Period(before.first, before.last, rhythm.local(desk.books.at)).since
    oldest = opening(weeks_until(before, WEEKS, rhythm.calendar)[0], rhythm.calendar)
    history = desk.books.lives.facts(desk.project.id, at_local(min(since, oldest), 0, rhythm.zone))
    earlier = _measure(desk, before, rhythm.local(sent.at), history, None) if sent else None
    return _measure(desk, span, rhythm.local(moment or desk.books.at), history, earlier)


def _measure(
    desk: Desk, span: WorkWeek, now: datetime, history: tuple[Sequence[Fact], Mapping[int, int]],
    earlier: Measures | None,
) -> Measures:  # fmt: skip
    period = Period(span.first, span.last, now)
    clock = clock_of(desk)
    known = lives(*history, clock, now)
    told = [life for life in known if period.covers(life.work)]
    works = [life.work for life in told]
    due = completion(works, period)
    following = week_after(span.last, clock.calendar)
    names = names_of(desk, works)
    return Measures(
        span, period, tuple(told), due, deviation(due, clock.calendar), trend(known, span, clock),
        tuple(responses(told, clock)), tuple(handling(told, clock)), _flow(told, known, span, clock),
        exceptions(told, period), reports_of(desk, span, now),
        tuple(blockers_of(desk, span, now)), names,
        teams_of(desk.project, names), _spent(desk, now),
        tuple(late(works, now)), tuple(due_between(works, following.first, following.last)),
        goals(desk, following, now), tuple(debts(*desk.books.checks.facts(desk.project.id), now)), earlier,
    )  # fmt: skip


def _spent(desk: Desk, moment: datetime) -> tuple[Spent, ...]:
    """The newest number of each task and milestone whose name is one of money or equipment."""
    newest: dict[str, dict[Node, Number]] = {}
    for number in desk.books.numbers.given(desk.project.id, moment):
        if _RESOURCE.search(number.name):
            newest.setdefault(number.name, {})[number.node] = number
    return tuple(
        Spent(
            name, sum(number.value for number in given.values()),
            tuple((number.ref, number.words) for number in given.values()),
        )
        for name, given in newest.items()
    )  # fmt: skip


def _flow(told: Sequence[Life], known: Sequence[Life], span: WorkWeek, clock: Clock) -> Flow:
    works = [life.work for life in known]
    done = {
        week.first: len(done_between(works, opening(week, clock.calendar), week.last))
        for week in weeks_of(known, span, clock)
    }
    return Flow(done, tuple(stages(told, clock)), tuple(cycles(told, clock)))


def middle(taken: Sequence[Taken]) -> int | None:
    """The median of working minutes."""
    return round(median(each.minutes for each in taken)) if taken else None
