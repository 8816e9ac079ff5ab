"""Numbers people gave for tasks and milestones, week by week."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, select

from chat.frozen import frozen
from storage.links import MILESTONE, TASK, Node
from storage.statement import Statement, columns, inserting, ms
from storage.tables.insight import NumberRow
from storage.tables.plan import MilestoneRow
from storage.tables.work import TaskRow
from storage.transaction import Tx

ROWS = columns(NumberRow)
TASKS = columns(TaskRow)
MILESTONES = columns(MilestoneRow)
_FIELDS = (ROWS.kind, ROWS.subject_id, ROWS.name, ROWS.week, ROWS.value, ROWS.words)
_add = Statement(inserting(NumberRow, "id"))
_of = Statement(
    select(*_FIELDS, ROWS.subject_id)
    .where(ROWS.kind == bindparam("what"), ROWS.subject_id == bindparam("subject"))
    .order_by(ROWS.at, ROWS.id)
)
_ON_TASK = and_(ROWS.kind == TASK, TASKS.id == ROWS.subject_id)
_ON_MILESTONE = and_(ROWS.kind == MILESTONE, MILESTONES.id == ROWS.subject_id)
_given = (
    Statement(
        select(*_FIELDS, TASKS.number)
        .join(TaskRow, _ON_TASK)
        .where(TASKS.project_id == bindparam("project"), TASKS.state != "undone", ROWS.at <= bindparam("until"))
        .order_by(ROWS.at, ROWS.id)
    ),
    Statement(
        select(*_FIELDS, MILESTONES.number)
        .join(MilestoneRow, _ON_MILESTONE)
        .where(MILESTONES.project_id == bindparam("project"), MILESTONES.state != "undone")
        .where(ROWS.at <= bindparam("until"))
        .order_by(ROWS.at, ROWS.id)
    ),
)
"""Of tasks; of milestones."""
_of_open = (
    Statement(
        select(*_FIELDS, TASKS.number)
        .join(TaskRow, _ON_TASK)
        .where(TASKS.project_id == bindparam("project"), TASKS.closed_at.is_(None))
        .order_by(ROWS.at, ROWS.id)
    ),
    Statement(
        select(*_FIELDS, MILESTONES.number)
        .join(MilestoneRow, _ON_MILESTONE)
        .where(MILESTONES.project_id == bindparam("project"), MILESTONES.state == "open")
        .order_by(ROWS.at, ROWS.id)
    ),
)


@frozen
class Number:
    """``node``: whose it is; ``week``: the first day of its work week; ``words``: as it was written.

    ``number``: the task's or milestone's own, where several were asked for.
    """

    node: Node
    name: str
    week: date
    value: float
    words: str
    number: int = 0

    @property
    def ref(self) -> str:
        return f"{self.node[0]}{self.number}"


class Numbers:
    """Of every task and milestone; the newest of a week counts."""

    def __init__(self, tx: Tx, actor: int | None, at: datetime) -> None:
        self._tx = tx
        self._actor = actor
        self._at = ms(at)

    def add(self, node: Node, name: str, week: date, value: float, words: str) -> None:
        kind, subject = node
        self._tx.run(
            _add, kind=kind, subject_id=subject, name=name, week=week.isoformat(), value=value, words=words,
            at=self._at, by=self._actor or 0,
        )  # fmt: skip

    def of(self, node: Node) -> dict[str, list[Number]]:
        """{name: one number a week, oldest first}."""
        return _weekly([_read(row) for row in self._tx.rows(_of, what=node[0], subject=node[1])])

    def of_open(self, project_id: int) -> dict[Node, dict[str, list[Number]]]:
        """The same for every open task and milestone that has any."""
        found: dict[Node, list[Number]] = {}
        for statement in _of_open:
            for row in self._tx.rows(statement, project=project_id):
                found.setdefault((row[0], row[1]), []).append(_read(row))
        return {node: _weekly(numbers) for node, numbers in found.items()}

    def given(self, project_id: int, until: datetime) -> list[Number]:
        """Everything that was given until then: of tasks, then of milestones; oldest first."""
        return [_read(row) for each in _given for row in self._tx.rows(each, project=project_id, until=ms(until))]


def _weekly(numbers: list[Number]) -> dict[str, list[Number]]:
    """In the order they were given: later ones of a week replace earlier ones."""
    found: dict[str, dict[date, Number]] = {}
    for number in numbers:
        weeks = found.setdefault(number.name, {})
        weeks.pop(number.week, None)
        weeks[number.week] = number
    return {name: list(weeks.values()) for name, weeks in found.items()}


def _read(row: tuple[Any, ...]) -> Number:
    kind, subject, name, week, value, words, number = row
    return Number((kind, subject), name, date.fromisoformat(week), value, words, number)
