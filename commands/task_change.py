"""Changing a task: the row, its parent's progress, the clock, and every card of it."""

from __future__ import annotations

from typing import Any

from commands.context import Ctx
from commands.task_view import redraw
from planning.similar import mean_progress
from reports import urgent
from reports.notes import KIND as NOTE
from reports.reminders import arm as arm_reminder
from reports.repeats import Shelf, advance, arm
from storage.tasks import Task

_AGAIN = {"done", "undone"}
DEEPEST = 4
"""Levels of tasks within tasks."""


def change(ctx: Ctx, task: Task, note: str = "", **values: Any) -> Task:
    """Change it and everything that follows from it."""
    after = ctx.tasks.change(task, note, **values)
    if after is not task:
        settle(ctx, task, after, note)
    return after


def settle(ctx: Ctx, before: Task, after: Task, note: str = "") -> None:
    """What follows from a change that was written: the clock, the parents, the cards."""
    if (before.remind_at, before.closed) != (after.remind_at, after.closed):
        arm_reminder(ctx.books, after)
    if after.due is not None and _when(before) != _when(after):
        urgent.arm(ctx.books, after)
    if before.state == "awaiting_note" != after.state:
        ctx.books.schedules.drop(NOTE, after.card)
    if before.state != after.state and {before.state, after.state} & _AGAIN:
        _come_again(ctx, after)
    for parent in {before.parent, after.parent}:
        if parent is not None:
            roll_up(ctx, parent, note)
    redraw(ctx, after)


def _when(task: Task) -> tuple[object, ...]:
    """What decides when its owner may be disturbed."""
    return task.due, task.due_minute, task.owner, task.closed, task.priority


def _come_again(ctx: Ctx, task: Task) -> None:
    """The next copy of a task that repeats; the rule ends with the creation that made it, and comes back with it."""
    repeat = ctx.books.repeats.of_task(task.id)
    if repeat is None:
        return
    shelf = Shelf(ctx.books, ctx.books.projects.get(repeat.project_id))
    copies = ctx.books.repeats.copies(repeat, 1)
    if not copies and repeat.state == "on":
        repeat = ctx.books.repeats.change(repeat, state="undone")
    elif copies and repeat.state == "undone":
        repeat = ctx.books.repeats.change(repeat, state="on")
    if task.state == "done":
        advance(shelf, repeat, ctx.speaker)
    arm(shelf, repeat)


def roll_up(ctx: Ctx, task_id: int, note: str = "") -> None:
    """A parent's progress is the mean of its children's, up to the top; its card names them, so it is drawn anew."""
    for _ in range(DEEPEST):
        parent = ctx.tasks.get(task_id)
        if parent is None or parent.closed:
            return
        mean = mean_progress((child.state, child.progress, child.weight) for child in ctx.tasks.children(task_id))
        values: dict[str, Any] = {"progress": mean}
        if mean and parent.state == "todo":
            values |= {"state": "doing", "started_at": ctx.at}
        after = ctx.tasks.change(parent, note, **values)
        redraw(ctx, after)
        if after is parent or parent.parent is None:
            return
        task_id = parent.parent
