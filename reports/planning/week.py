"""The figures of one work week: gathered from the columns now, or from history as they were at any earlier moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from planning.lives import Work, lives
from planning.metrics import (
    Completion,
    Deviation,
    Period,
    Punctual,
    answer_minutes,
    completion,
    deviation,
    done_between,
    due_between,
    late,
    punctual,
)
from planning.quality import Debt, debts
from planning.work_weeks import WorkWeek, opening, week_after, week_before, work_week
from planning.working_time import Clock
from planning.zones import at_local
from reports.daily_desk import Desk
from reports.planning.waits import blockers_of, waits
from reports.sight import Sight
from storage.weeks import Sent


@dataclass(frozen=True, slots=True)
class Goal:
    """A milestone that is due within the days asked about."""

    ref: str
    title: str
    due: date


@dataclass(frozen=True, slots=True)
class Danger:
    """Something that will miss its date: planned for ``was``, heading for ``will``."""

    ref: str
    title: str
    was: date
    will: date


@dataclass(frozen=True, slots=True)
class Week:
    """``nodes``, ``goals``: tasks and milestones due next week. ``dangers``: the worst first, only of the present.

    ``reports`` None: nobody was asked for any. ``before``: last week's digest, if sent.
    ``blockers``: reported or answered since the last digest; ``answered``: the mean working minutes to their first
    answer; ``waiting``: those without one. ``quiet``: nothing happened and nothing is late; ``still``: nor did anything
    the week before. ``names``: {person id: name}.
    ``debts``: checks that are owed.
    """

    span: WorkWeek
    at: datetime
    period: Period
    works: tuple[Work, ...]
    completion: Completion
    deviation: Deviation
    done: tuple[Work, ...]
    late: tuple[Work, ...]
    nodes: tuple[Work, ...]
    goals: tuple[Goal, ...]
    dangers: tuple[Danger, ...]
    reports: Punctual | None
    blockers: int
    answered: int | None
    before: Sent | None
    quiet: bool
    still: bool
    names: Mapping[int, str]
    debts: tuple[Debt, ...] = ()
    waiting: int = 0

    @property
    def open(self) -> int:
        return sum(work.open for work in self.works)

    def name(self, work: Work) -> str:
        return self.names.get(work.owner, "") if work.owner else ""


def gather(desk: Desk, day: date, moment: datetime | None = None) -> Week:
    """Of the work week of ``day``, as it is now; ``moment``: as it was then, from history alone."""
    rhythm = desk.rhythm
    span = work_week(day, rhythm.calendar)
    at = rhythm.local(moment or desk.books.at)
    period = Period(span.first, span.last, at)
    works = tuple(works_at(desk, period, moment))
    done = completion(works, period)
    following = week_after(span.last, rhythm.calendar)
    before = week_before(span.first, rhythm.calendar)
    opened = at_local(before.last, 24 * 60, rhythm.zone)
    begins = opening(span, rhythm.calendar)
    asked = waits(blockers_of(desk, span, at), at)
    behind = late(works, at)
    changed = bool(asked) or desk.books.lives.changed(desk.project.id, opened, at) or _measured(desk, span)
    quiet = not changed and not behind
    earlier = at_local(before.first, 0, rhythm.zone)
    return Week(
        span, at, period, works, done, deviation(done, rhythm.calendar),
        tuple(done_between(works, begins, span.last)), tuple(behind),
        tuple(due_between(works, following.first, following.last)), goals(desk, following, at),
        () if moment else dangers(desk), reports_of(desk, span, at), len(asked),
        answer_minutes(asked, clock_of(desk)), desk.books.weeks.of(desk.project.id, before.first), quiet,
        quiet and not desk.books.lives.changed(desk.project.id, earlier, at), names_of(desk, works),
        tuple(debts_at(desk, moment)), sum(answer is None for _, answer in asked),
    )  # fmt: skip


def debts_at(desk: Desk, moment: datetime | None) -> list[Debt]:
    """Checks that are owed; ``moment``: from history, as it was then."""
    checks = desk.books.checks
    return checks.owed(desk.project.id) if moment is None else debts(*checks.facts(desk.project.id), moment)


def goals(desk: Desk, week: WorkWeek, at: datetime) -> tuple[Goal, ...]:
    """Milestones that were open at ``at`` and due in a week, as their history tells."""
    found = []
    for milestone in desk.books.milestones.of_project(desk.project.id):
        if milestone.created_at > at or (milestone.closed_at is not None and milestone.closed_at <= at):
            continue
        due = milestone.due
        later = [e for e in desk.books.milestones.history(milestone) if e.field == "due" and e.at > at]
        if later:
            due = date.fromisoformat(later[0].before) if later[0].before else None
        if due is not None and week.first <= due <= week.last:
            found.append(Goal(milestone.ref, milestone.title, due))
    return tuple(sorted(found, key=lambda goal: (goal.due, goal.ref)))


def dangers(desk: Desk) -> tuple[Danger, ...]:
    """Milestones and ends of chains that will be late as things stand; where nothing is linked there are none."""
    if not desk.books.links.of_project(desk.project.id):
        return ()
    sight = Sight(desk.books, desk.project, desk.books.at)
    found = []
    for number in sight.late():
        thing, due = sight.things[number], sight.due(number)
        if due is not None:
            found.append(Danger(thing.ref, thing.title, due, sight.found.finish(number)))
    return tuple(found)


def _measured(desk: Desk, span: WorkWeek) -> bool:
    """Did anybody give a number for an open task?"""
    given = desk.books.numbers.of_open(desk.project.id)
    return any(numbers[-1].week == span.first for known in given.values() for numbers in known.values())


def works_at(desk: Desk, period: Period, moment: datetime | None = None) -> list[Work]:
    """Every task the period is about. ``moment``: from history, as it was then."""
    clock = clock_of(desk)
    since = at_local(period.since, 0, clock.zone)
    if moment is None:
        return desk.books.lives.works(desk.project.id, since, clock)
    facts, numbers = desk.books.lives.facts(desk.project.id, since)
    return [life.work for life in lives(facts, numbers, clock, moment)]


def clock_of(desk: Desk) -> Clock:
    return Clock(desk.rhythm.calendar, desk.rhythm.zone)


def names_of(desk: Desk, works: Iterable[Work]) -> dict[int, str]:
    """Of everybody here, and of owners who left."""
    known = {m.person.id: m.person.name for m in desk.members}
    for owner in {work.owner for work in works} - known.keys() - {None}:
        assert owner is not None
        known[owner] = desk.books.people.get(owner).name
    return known


def reports_of(desk: Desk, span: WorkWeek, at: datetime) -> Punctual | None:
    """Of the days whose reports are all in, as known at ``at``; None: nobody was asked."""
    asked, came = reckoned(desk, span.first, span.last, at)
    return punctual(asked, came) if asked or came else None


def reckoned(
    desk: Desk, first: date, last: date, at: datetime, only: int | None = None
) -> tuple[list[tuple[date, int]], list[tuple[date, int, str]]]:
    """(day, person) of every report that was asked for; (day, person, standing) of those that came.

    only: of this person.
    """
    asked: list[tuple[date, int]] = []
    off = desk.books.leaves.of(desk.project.id, only, first, last) if only is not None else {}
    closed = [
        c
        for c in desk.books.collections.every(desk.project.id, first, last)
        if c.state == "closed" and c.times.closes <= at
    ]
    for collection in closed:
        if only is None:
            away = desk.books.daily.away(desk.project.id, collection.day)
            asked += [(collection.day, who) for who in collection.asked if away.get(who) not in ("day", "pm")]
        elif only in collection.asked and off.get(collection.day) not in ("day", "pm"):
            asked.append((collection.day, only))
    times = {(collection.day, collection.person): collection.times for collection in closed}
    days = {collection.day: collection.times for collection in closed}
    came: list[tuple[date, int, str]] = [
        (one.day, one.person, one.standing or times.get((one.day, one.person), days[one.day]).standing(one.at))
        for one in desk.books.daily.handed_in(desk.project.id, first, last, at, only)
        if one.day in days
    ]
    return asked, came
