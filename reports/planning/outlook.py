"""What is to be expected: how long each open task takes and when each milestone is reached, from finished tasks."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

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
from storage.links import MILESTONE, TASK, Node
from storage.milestones import Milestone
from storage.tasks import Task

MOST_SAMPLES = 400


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
        self.samples = [sample for work in done if (sample := sample_of(work, self.calendar)) is not None]
        self._clock = clock
        self._tasks = {task.id: task for task in desk.books.tasks.open_in(desk.project.id)}
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
            elapsed = working_days(begun, self.calendar.previous_working(self.today), self.calendar)
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
        place = {task_id: number for number, task_id in enumerate(order)}
        jobs = [self._job(task_id, place) for task_id in order]
        if any(not job.pool.enough for job in jobs):
            return [None] * len(wanted)
        targets = [
            {
                place[task]
                for task in (self._tasks if one is None else self._needed((MILESTONE, one.id)))
                if task in place
            }
            for one in wanted
        ]
        self.runs = enough_runs(len(jobs))
        ends = finish(jobs, targets, seed=self.today.toordinal(), runs=self.runs)
        return [self._goal(one, len(each), of) for one, each, of in zip(wanted, targets, ends, strict=True)]

    def _goal(self, milestone: Milestone | None, tasks: int, ends: Sequence[float]) -> Goal | None:
        if not ends:
            return None
        days = {per: self.day(ends[min(per * len(ends) // 100, len(ends) - 1)]) for per in (5, 25, 50, 75, 85, 95)}
        due = milestone.due if milestone else None
        room = working_days(self.today, due, self.calendar) if due else 0
        return Goal(milestone, tasks, days[50], days[85], chance(ends, room) if due else None, days)

    def day(self, working_days: float) -> date:
        """When work of so many days that begins today is done."""
        return self.calendar.add_working(self.today, max(0, -int(-working_days // 1) - 1))

    def _job(self, task_id: int, place: Mapping[int, int]) -> Job:
        one = self.of(self._tasks[task_id])
        before = tuple(
            (place[link.before[1]], link.lag)
            for link in self._links
            if link.after == (TASK, task_id) and link.before[0] == TASK and link.before[1] in place
        )
        return Job(one.planned, one.elapsed, one.pool, before, one.task.owner)

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

    def _order(self) -> list[int]:
        """Everything after what it waits for; of what could come next, the earliest due first."""
        waits: dict[int, int] = dict.fromkeys(self._tasks, 0)
        following: dict[int, list[int]] = {}
        for link in self._links:
            (before_kind, before), (after_kind, after) = link.before, link.after
            if before_kind == after_kind == TASK and before in waits and after in waits:
                waits[after] += 1
                following.setdefault(before, []).append(after)
        ready = [self._rank(number) for number, count in waits.items() if not count]
        heapq.heapify(ready)
        order: list[int] = []
        while ready:
            number = heapq.heappop(ready)[-1]
            order.append(number)
            for after in following.get(number, ()):
                waits[after] -= 1
                if not waits[after]:
                    heapq.heappush(ready, self._rank(after))
        return order

    def _rank(self, number: int) -> tuple[date, int, int]:
        task = self._tasks[number]
        return task.due or date.max, task.number, number


def sample_of(work: Work, calendar: Calendar) -> Sample | None:
    """What a finished task teaches; None: nobody planned it."""
    planned = planned_days(work, calendar)
    if planned is None or work.closed is None:
        return None
    return Sample(work.owner, work.stage, planned, max(1, working_days(work.start, work.closed, calendar)))


def planned(task: Task, made: date, calendar: Calendar) -> int:
    """Working days; a task that nobody planned takes one."""
    if task.days:
        return task.days
    if task.due is None:
        return 1
    return max(1, working_days(task.start or made, task.due, calendar))
