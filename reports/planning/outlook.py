"""What is to be expected: how long each open task takes and when each milestone is reached, from finished tasks."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from datetime import date

from chat.frozen import frozen
from planning.axis import Axis
from planning.calendar import Calendar
from planning.due import END_OF_DAY
from planning.forecast import (
    LEAST,
    RUNS,
    Calibration,
    Estimate,
    Job,
    Pool,
    Sample,
    back_test,
    chance,
    enough_runs,
    estimate,
    finish,
    overrun,
    pool_for,
    usual,
)
from planning.lives import Work
from planning.metrics import planned_days
from planning.working_time import working_days
from reports.daily_desk import Desk
from reports.planning.week import clock_of
from reports.sight import AHEAD, BEFORE
from storage.links import MILESTONE, TASK, Node
from storage.milestones import Milestone
from storage.tasks import Task

MOST_SAMPLES = 400
_NOTHING = Pool((), "all")


@frozen
class Expected:
    """One open task. ``planned``: working days; ``elapsed``: worked on so far; ``days`` None: too few samples.

    ``reserve``: working days that ``reserve_of`` such tasks took beyond their plan on average.
    """

    task: Task
    planned: int
    elapsed: int
    pool: Pool
    days: Estimate | None
    reserve: int = 0
    reserve_of: int = 0

    @property
    def odd(self) -> bool:
        """Has it taken far longer than tasks usually do?"""
        limits = usual(self.pool.ratios)
        return limits is not None and self.elapsed / self.planned > limits[1]


@frozen
class Goal:
    """``milestone`` None: everything that is open. ``spread``: {per cent: the day by which it is done}, for a fan.

    ``in_time``: per cent of the runs that keep its date; None: it has none.
    """

    milestone: Milestone | None
    tasks: int
    p50: date
    p85: date
    in_time: int | None
    spread: Mapping[int, date]


class Outlook:
    """Of one project, from today on."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.calendar: Calendar = desk.rhythm.calendar
        now = desk.rhythm.local(desk.books.at)
        over = now.hour * 60 + now.minute >= END_OF_DAY
        self.today = self.calendar.next_working(now.date()) if over else self.calendar.first_working(now.date())
        """The first day on which work can still be done."""
        self.runs = RUNS
        clock = clock_of(desk)
        done = desk.books.lives.finished(desk.project.id, MOST_SAMPLES, clock)
        self._away = leave_of(desk, done, self.today)
        self.samples = [sample for work in done if (sample := sample_of(work, self.calendar, self._away)) is not None]
        self._axis = Axis(self.calendar, self.today)
        self._rests = {
            person: frozenset(self._axis.on_or_after(day) for day in days if day >= self.today)
            for person, days in self._away.items()
        }
        """{person: working days from today on, today being 0}."""
        self._clock = clock
        self._tasks = {task.id: task for task in desk.books.tasks.open_in(desk.project.id)}
        self._milestones = {one.id: one for one in desk.books.milestones.of_project(desk.project.id) if not one.closed}
        self._links = desk.books.links.of_project(desk.project.id)

    @property
    def enough(self) -> bool:
        """Are there samples enough for any forecast?"""
        return len(self.samples) >= LEAST

    def of(self, task: Task) -> Expected:
        length = planned(task, self._clock.day(task.created_at), self.calendar)
        pool = pool_for(task.owner, task.stage, self.samples)
        elapsed = 0
        if task.started_at is not None:
            begun = self._clock.day(task.started_at)
            until = self.calendar.previous_working(self.today)
            elapsed = at_work(begun, until, self._away.get(task.owner or 0, ()), self.calendar)
        reserve, count = overrun(task.owner, task.stage, self.samples)
        return Expected(task, length, elapsed, pool, estimate(length, pool), reserve, count)

    def odd_ones(self) -> list[Expected]:
        """Open tasks that have taken far longer than usual, the longest first."""
        found = [one for task in self._tasks.values() if (one := self.of(task)).odd]
        return sorted(found, key=lambda one: -one.elapsed)

    def calibration(self) -> Calibration:
        return back_test(self.samples)

    def goals(self, wanted: Sequence[Milestone | None]) -> list[Goal | None]:
        """All in one simulation. None: too few samples, or nothing open leads to it."""
        order = self._order()
        place = {node: number for number, node in enumerate(order)}
        jobs = [self._job(node, place) for node in order]
        if any(job.days and not job.pool.enough for job in jobs):
            return [None] * len(wanted)
        needed = [self._needed((MILESTONE, one.id)) if one else set(self._tasks) for one in wanted]
        targets = [
            [place[MILESTONE, one.id]] if one and one.id in self._milestones else [place[TASK, task] for task in tasks]
            for one, tasks in zip(wanted, needed, strict=True)
        ]
        self.runs = enough_runs(len(jobs))
        ends = finish(jobs, targets, seed=self.today.toordinal(), runs=self.runs)
        return [self._goal(one, len(tasks), of) for one, tasks, of in zip(wanted, needed, ends, strict=True)]

    def _goal(self, milestone: Milestone | None, tasks: int, ends: Sequence[float]) -> Goal | None:
        if not tasks:
            return None
        days = {per: self.day(ends[min(per * len(ends) // 100, len(ends) - 1)]) for per in (5, 25, 50, 75, 85, 95)}
        due = milestone.due if milestone else None
        room = working_days(self.today, due, self.calendar) if due else 0
        return Goal(milestone, tasks, days[50], days[85], chance(ends, room) if due else None, days)

    def day(self, working_days: float) -> date:
        """When work of so many days that begins today is done."""
        return self.calendar.add_working(self.today, max(0, -int(-working_days // 1) - 1))

    def _job(self, node: Node, place: Mapping[Node, int]) -> Job:
        """``lag``: working days between the end of one and the beginning of the next; a milestone has no length."""
        kind, number = node
        into = [link for link in self._links if link.after == node and link.before in place]
        before = tuple((place[link.before], link.lag + (kind == MILESTONE and link.kind == "after")) for link in into)
        if kind == MILESTONE:
            return Job(0, 0, _NOTHING, before)
        task = self._tasks[number]
        one = self.of(task)
        early = self._number(task.start) if task.start and task.started_at is None else 0
        for link in into:
            if link.before[0] == MILESTONE and (due := self._milestones[link.before[1]].due):
                early = max(early, self._number(due) + 1 + link.lag)
        return Job(
            one.planned, one.elapsed, one.pool, before, task.owner, early, self._rests.get(task.owner or 0, frozenset())
        )

    def _number(self, day: date) -> int:
        """Working days from today on; 0 today and before."""
        return max(0, self._axis.on_or_after(day))

    def _needed(self, node: Node) -> set[int]:
        """Open tasks that lead to it, at any distance."""
        found: set[Node] = set()
        ends = [node]
        while ends:
            here = ends.pop()
            for link in self._links:
                if link.after == here and link.before not in found:
                    found.add(link.before)
                    ends.append(link.before)
        return {number for kind, number in found if kind == TASK and number in self._tasks}

    def _order(self) -> list[Node]:
        """Everything after what it waits for; of what could come next, the earliest due first."""
        waits: dict[Node, int] = {(TASK, number): 0 for number in self._tasks}
        waits |= {(MILESTONE, number): 0 for number in self._milestones}
        following: dict[Node, list[Node]] = {}
        for link in self._links:
            if link.before in waits and link.after in waits:
                waits[link.after] += 1
                following.setdefault(link.before, []).append(link.after)
        ready = [(*self._rank(node), node) for node, count in waits.items() if not count]
        heapq.heapify(ready)
        order: list[Node] = []
        while ready:
            node = heapq.heappop(ready)[-1]
            order.append(node)
            for after in following.get(node, ()):
                waits[after] -= 1
                if not waits[after]:
                    heapq.heappush(ready, (*self._rank(after), after))
        return order

    def _rank(self, node: Node) -> tuple[date, int]:
        kind, number = node
        thing = self._tasks[number] if kind == TASK else self._milestones[number]
        return thing.due or date.max, thing.number


def samples_of(desk: Desk) -> list[Sample]:
    """What the newest finished tasks teach, in the order they were finished."""
    done = desk.books.lives.finished(desk.project.id, MOST_SAMPLES, clock_of(desk))
    away = leave_of(desk, done, desk.rhythm.local(desk.books.at).date())
    return [sample for work in done if (sample := sample_of(work, desk.rhythm.calendar, away)) is not None]


def leave_of(desk: Desk, done: Sequence[Work], today: date) -> dict[int, list[date]]:
    """{person: working days of leave, whole ones}, since the first of these tasks was begun, and those to come."""
    first = min((work.start for work in done), default=today)
    found = desk.books.leaves.between(desk.project.id, min(first, today - BEFORE), today + AHEAD)
    calendar = desk.rhythm.calendar
    return {
        one.person: [day for day, part in one.days.items() if part == "day" and calendar.is_working(day)]
        for one in found
    }


def at_work(first: date, last: date, away: Sequence[date], calendar: Calendar) -> int:
    """Working days of a span without those of leave."""
    return working_days(first, last, calendar) - sum(first <= day <= last for day in away)


def sample_of(work: Work, calendar: Calendar, away: Mapping[int, Sequence[date]]) -> Sample | None:
    """What a finished task teaches: days at work, without its owner's leave; None: nobody planned it."""
    planned = planned_days(work, calendar)
    if planned is None or work.closed is None:
        return None
    used = at_work(work.start, work.closed, away.get(work.owner or 0, ()), calendar)
    return Sample(work.owner, work.stage, planned, max(1, used))


def planned(task: Task, made: date, calendar: Calendar) -> int:
    """Working days; a task that nobody planned takes one."""
    if task.days:
        return task.days
    if task.due is None:
        return 1
    return max(1, working_days(task.start or made, task.due, calendar))
