"""The open tasks of a project as they are weighed this week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from chat.frozen import frozen
from planning.lives import Work
from planning.load import capacity
from planning.metrics import rivals
from planning.moscow import Item, Weighed, in_order, weigh
from planning.work_weeks import WorkWeek, work_week
from reports.daily_desk import Desk
from reports.planning.outlook import planned
from reports.planning.week import clock_of
from storage.tasks import Task

MOST = 100
"""Tasks that are weighed; of a longer list those due first."""


@frozen
class Weighing:
    """``items``: in the order they are asked about. ``first_time``: nothing was ever weighed before this week.

    ``rivals``: (who, one, other): two musts of one person on the same days.
    """

    week: WorkWeek
    items: tuple[Item, ...]
    tasks: Mapping[int, Task]
    result: Weighed
    first_time: bool
    rivals: tuple[tuple[str, Work, Work], ...]


def weighing_of(desk: Desk) -> Weighing:
    """Of the work week of today."""
    calendar = desk.rhythm.calendar
    today = calendar.first_working(desk.rhythm.local(desk.books.at).date())
    week = work_week(today, calendar)
    tasks = {task.id: task for task in desk.books.tasks.open_in(desk.project.id)[:MOST]}
    now = desk.books.moscow.of_week(desk.project.id, week.first)
    before = desk.books.moscow.before(desk.project.id, week.first)
    clock = clock_of(desk)
    items = [
        Item(
            task.number, task.id, planned(task, clock.day(task.created_at), calendar) * (100 - task.progress) / 100,
            now.get(task.id, ""), before.get(task.id, ""),
        )
        for task in tasks.values()
    ]  # fmt: skip
    due = {task.id: task.due.isoformat() for task in tasks.values() if task.due}
    room = _capacity(desk, max(today, week.first), week.last)
    musts = {item.number for item in items if item.stands == "must"}
    works = desk.books.lives.works(desk.project.id, desk.books.at, clock) if len(musts) > 1 else []
    names = {task.owner: task.owner_name for task in tasks.values()}
    both = tuple((names[who], one, other) for who, one, other in rivals(works, musts))
    return Weighing(week, tuple(in_order(items, due)), tasks, weigh(items, room), not before, both)


def _capacity(desk: Desk, first: date, last: date) -> float:
    """Person-days of everybody who takes part, without leave."""
    away = {one.person: one.days for one in desk.books.leaves.between(desk.project.id, first, last)}
    return sum(capacity(away.get(person.id, {}), first, last, desk.rhythm.calendar) for person in desk.reporters)
