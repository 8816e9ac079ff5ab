"""Numbers people gave for tasks, week by week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from storage.statement import Statement, columns, inserting, ms
from storage.tables.insight import NumberRow
from storage.tables.work import TaskRow
from storage.transaction import Tx

ROWS = columns(NumberRow)
TASKS = columns(TaskRow)
_FIELDS = (ROWS.task_id, ROWS.name, ROWS.week, ROWS.value, ROWS.words)
_add = Statement(inserting(NumberRow, "id"))
_of_task = Statement(select(*_FIELDS).where(ROWS.task_id == bindparam("task")).order_by(ROWS.at, ROWS.id))
_given = Statement(
    select(*_FIELDS, TASKS.number)
    .join(TaskRow, TASKS.id == ROWS.task_id)
    .where(TASKS.project_id == bindparam("project"), TASKS.state != "undone", ROWS.at <= bindparam("until"))
    .order_by(ROWS.at, ROWS.id)
)
_of_open = Statement(
    select(*_FIELDS)
    .join(TaskRow, TASKS.id == ROWS.task_id)
    .where(TASKS.project_id == bindparam("project"), TASKS.closed_at.is_(None))
    .order_by(ROWS.at, ROWS.id)
)


@dataclass(frozen=True, slots=True)
class Number:
    """``week``: the first day of its work week; ``words``: as it was written; ``number``: the task's, where asked."""

    task: int
    name: str
    week: date
    value: float
    words: str
    number: int = 0


class Numbers:
    """Of every task; the newest of a week counts."""

    def __init__(self, tx: Tx, actor: int | None, at: datetime) -> None:
        self._tx = tx
        self._actor = actor
        self._at = ms(at)

    def add(self, task_id: int, name: str, week: date, value: float, words: str) -> None:
        self._tx.run(
            _add, task_id=task_id, name=name, week=week.isoformat(), value=value, words=words, at=self._at,
            by=self._actor or 0,
        )  # fmt: skip

    def of(self, task_id: int) -> dict[str, list[Number]]:
        """{name: one number a week, oldest first}."""
        return _weekly([_read(row) for row in self._tx.rows(_of_task, task=task_id)])

    def of_open(self, project_id: int) -> dict[int, dict[str, list[Number]]]:
        """The same for every open task that has any."""
        found: dict[int, list[Number]] = {}
        for row in self._tx.rows(_of_open, project=project_id):
            found.setdefault(row[0], []).append(_read(row))
        return {task: _weekly(numbers) for task, numbers in found.items()}

    def given(self, project_id: int, until: datetime) -> list[Number]:
        """Everything that was given until then, oldest first, with the numbers of the tasks."""
        rows = self._tx.rows(_given, project=project_id, until=ms(until))
        return [replace(_read(row[:-1]), number=row[-1]) for row in rows]


def _weekly(numbers: list[Number]) -> dict[str, list[Number]]:
    """In the order they were given: later ones of a week replace earlier ones."""
    found: dict[str, dict[date, Number]] = {}
    for number in numbers:
        weeks = found.setdefault(number.name, {})
        weeks.pop(number.week, None)
        weeks[number.week] = number
    return {name: list(weeks.values()) for name, weeks in found.items()}


def _read(row: tuple[Any, ...]) -> Number:
    task, name, week, value, words = row
    return Number(task, name, date.fromisoformat(week), value, words)
