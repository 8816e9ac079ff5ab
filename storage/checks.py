"""Checklists of tasks. Every change is a row of the task's history, from which quality debt can be told alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from planning.lives import Fact
from planning.quality import Debt
from storage.statement import Statement, columns, inserting, moment, ms
from storage.tables.checks import CheckRow
from storage.tables.work import TaskEvent, TaskRow
from storage.tasks import Task, Tasks
from storage.transaction import Tx

ROWS, TASKS, EVENTS = columns(CheckRow), columns(TaskRow), columns(TaskEvent)
_ONE = (ROWS.task_id == bindparam("task"), ROWS.number == bindparam("n"))
_of = Statement(
    select(ROWS.number, ROWS.words, ROWS.by, ROWS.done_at, ROWS.skipped_at, ROWS.why)
    .where(ROWS.task_id == bindparam("task"))
    .order_by(ROWS.number)
)
_last = Statement(select(func.max(ROWS.number)).where(ROWS.task_id == bindparam("task")))
_add = Statement(inserting(CheckRow))
_drop = Statement(delete(CheckRow).where(*_ONE))
_tick = Statement(update(CheckRow).where(*_ONE).values(by=bindparam("who"), done_at=bindparam("at")))
_skip = Statement(update(CheckRow).where(*_ONE).values(skipped_at=bindparam("at"), why=bindparam("because")))
_OWED = and_(
    ROWS.project_id == bindparam("project"),
    ROWS.done_at.is_(None),
    or_(TASKS.state == "done", and_(ROWS.skipped_at.is_not(None), TASKS.state != "cancelled", TASKS.state != "undone")),
)
_owed = Statement(
    select(TASKS.id, TASKS.number, ROWS.number, ROWS.words, TASKS.owner_id, ROWS.skipped_at, TASKS.closed_at, ROWS.why)
    .select_from(CheckRow)
    .join(TaskRow, TASKS.id == ROWS.task_id)
    .where(_OWED)
)
_with_checks = select(ROWS.task_id).where(ROWS.project_id == bindparam("project")).distinct().subquery()
_facts = Statement(
    select(EVENTS.task_id, EVENTS.at, EVENTS.field, EVENTS.before, EVENTS.after, EVENTS.note, EVENTS.actor_id)
    .select_from(TaskEvent)
    .join(_with_checks, _with_checks.c.task_id == EVENTS.task_id)
    .order_by(EVENTS.id)
)
_numbers = Statement(
    select(TASKS.id, TASKS.number).select_from(TaskRow).join(_with_checks, _with_checks.c.task_id == TASKS.id)
)


@dataclass(frozen=True, slots=True)
class Check:
    """``done``, ``skipped``: when; ``by``: who ticked it."""

    number: int
    words: str
    by: int | None
    done: datetime | None
    skipped: datetime | None
    why: str


class Checks:
    """Of every task. ``note``: of a change that takes another one back, which one."""

    def __init__(self, tx: Tx, tasks: Tasks, actor: int | None) -> None:
        self._tx = tx
        self._tasks = tasks
        self._actor = actor

    def of(self, task_id: int) -> list[Check]:
        return [_read(row) for row in self._tx.rows(_of, task=task_id)]

    def add(self, task: Task, words: str, *, number: int = 0, note: str = "") -> int:
        """Its number. ``number``: 0 for the next one."""
        number = number or (self._tx.value(_last, task=task.id) or 0) + 1
        self._tx.run(
            _add, task_id=task.id, number=number, project_id=task.project_id, words=words, by=None, done_at=None,
            skipped_at=None, why="",
        )  # fmt: skip
        self._tasks.log(task.id, "check", "", f"{number} {words}", note)
        return number

    def drop(self, task: Task, number: int, words: str, note: str = "") -> None:
        self._tx.run(_drop, task=task.id, n=number)
        self._tasks.log(task.id, "uncheck", f"{number} {words}", "", note)

    def tick(self, task: Task, number: int, *, on: bool, note: str = "") -> None:
        self._tx.run(
            _tick, task=task.id, n=number, who=self._actor if on else None, at=ms(self._tasks.at) if on else None
        )
        self._tasks.log(task.id, "tick" if on else "untick", "" if on else str(number), str(number) if on else "", note)

    def skip(self, task: Task, number: int, why: str, *, on: bool = True, note: str = "") -> None:
        self._tx.run(_skip, task=task.id, n=number, at=ms(self._tasks.at) if on else None, because=why if on else "")
        word = f"{number} {why}"
        self._tasks.log(task.id, "skip" if on else "unskip", "" if on else word, word if on else "", note)

    def copy(self, old: Task, new: Task) -> None:
        """The same list, nothing of it done."""
        for check in self.of(old.id):
            self.add(new, check.words, number=check.number)

    def owed(self, project_id: int) -> list[Debt]:
        """The quality debt of a project, the oldest first: from the columns."""
        found = [
            Debt(task_id, task, number, words, owner, moment(skipped or closed), why)
            for task_id, task, number, words, owner, skipped, closed, why in self._tx.rows(_owed, project=project_id)
        ]
        return sorted(found, key=lambda debt: (debt.since, debt.task, debt.number))

    def facts(self, project_id: int) -> tuple[list[Fact], dict[int, int]]:
        """The whole history of tasks that have a checklist, and {task: its number}: for ``planning.quality.debts``."""
        rows = self._tx.rows(_facts, project=project_id)
        numbers = dict(self._tx.rows(_numbers, project=project_id))
        return [Fact(row[0], moment(row[1]), *row[2:]) for row in rows], numbers


def _read(row: tuple[Any, ...]) -> Check:
    number, words, by, done, skipped, why = row
    return Check(number, words, by, moment(done) if done else None, moment(skipped) if skipped else None, why)
