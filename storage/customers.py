"""Customers and the four parts of each; dates, owners and states are those of their tasks and milestones."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

from chat.frozen import frozen
from planning.lives import Fact
from storage.links import MILESTONE, TASK, Node
from storage.statement import Statement, columns, day, inserting, moment, upsert
from storage.tables.customers import CustomerPart, CustomerRow
from storage.tables.people import PersonRow
from storage.tables.plan import MilestoneRow
from storage.tables.work import TaskEvent, TaskRow
from storage.transaction import Tx

ROWS, PARTS, TASKS = columns(CustomerRow), columns(CustomerPart), columns(TaskRow)
MILESTONES, PERSONS, EVENTS = columns(MilestoneRow), columns(PersonRow), columns(TaskEvent)
_add = Statement(inserting(CustomerRow))
_rename = Statement(update(CustomerRow).where(ROWS.task_id == bindparam("task")).values(name=bindparam("to")))
_put = Statement(
    upsert(CustomerPart)
    .values({c.name: bindparam(c.name) for c in PARTS})
    .on_conflict_do_update(
        index_elements=["task_id", "part"], set_={name: bindparam(name) for name in ("kind", "subject_id")}
    )
)
_of_project = Statement(
    select(ROWS.task_id, ROWS.name, TASKS.number, TASKS.state, TASKS.owner_id, PERSONS.name)
    .select_from(CustomerRow)
    .join(TaskRow, TASKS.id == ROWS.task_id)
    .outerjoin(PersonRow, PERSONS.id == TASKS.owner_id)
    .where(ROWS.project_id == bindparam("project"), TASKS.state != "undone")
    .order_by(TASKS.number)
)
_PART = (PARTS.task_id, PARTS.part, PARTS.kind, PARTS.subject_id)
_parts = (
    Statement(
        select(*_PART, TASKS.number, TASKS.state, TASKS.due)
        .join(TaskRow, and_(PARTS.kind == TASK, TASKS.id == PARTS.subject_id))
        .where(PARTS.project_id == bindparam("project"), TASKS.state != "undone")
    ),
    Statement(
        select(*_PART, MILESTONES.number, MILESTONES.state, MILESTONES.due)
        .join(MilestoneRow, and_(PARTS.kind == MILESTONE, MILESTONES.id == PARTS.subject_id))
        .where(PARTS.project_id == bindparam("project"), MILESTONES.state != "undone")
    ),
)
"""Those that are tasks; those that are milestones."""
_facts = Statement(
    select(EVENTS.task_id, EVENTS.at, EVENTS.field, EVENTS.before, EVENTS.after, EVENTS.note, EVENTS.actor_id)
    .select_from(TaskRow)
    .join(TaskEvent, EVENTS.task_id == TASKS.id)
    .outerjoin(CustomerRow, ROWS.task_id == TASKS.id)
    .where(TASKS.project_id == bindparam("project"), or_(TASKS.parent_id.is_not(None), ROWS.task_id.is_not(None)))
    .order_by(EVENTS.id)
)


@frozen
class Part:
    """``name``: signing, training, renewal, survey; ``state`` and ``due``: of the task or milestone it is."""

    name: str
    node: Node
    number: int
    state: str
    due: date | None

    @property
    def ref(self) -> str:
        return f"{self.node[0]}{self.number}"

    @property
    def finished(self) -> bool:
        return self.state in ("done", "reached")

    @property
    def open(self) -> bool:
        return not self.finished and self.state != "cancelled"


@frozen
class Customer:
    """``id``, ``number``, ``state``, ``owner``: of the task that their space hangs on."""

    id: int
    name: str
    number: int
    state: str
    owner: int | None
    owner_name: str
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        return f"T{self.number}"

    @property
    def ended(self) -> bool:
        return self.state in ("done", "cancelled")

    def due(self, part: str) -> date | None:
        found = self.parts.get(part)
        return found.due if found else None


class Customers:
    """Of every project."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def add(self, project_id: int, task_id: int, name: str) -> None:
        self._tx.run(_add, task_id=task_id, project_id=project_id, name=name)

    def rename(self, task_id: int, name: str) -> None:
        self._tx.run(_rename, task=task_id, to=name)

    def put(self, project_id: int, task_id: int, part: str, node: Node) -> None:
        """This task or milestone is that part from now on."""
        self._tx.run(_put, task_id=task_id, part=part, project_id=project_id, kind=node[0], subject_id=node[1])

    def of_project(self, project_id: int) -> list[Customer]:
        """Ended ones too, by number."""
        rows = self._tx.rows(_of_project, project=project_id)
        found = {row[0]: Customer(row[0], row[1], row[2], row[3], row[4], row[5] or "") for row in rows}
        for statement in _parts if found else ():
            for row in self._tx.rows(statement, project=project_id):
                if row[0] in found:
                    found[row[0]].parts[row[1]] = _read(row)
        return list(found.values())

    def facts(self, project_id: int) -> list[Fact]:
        """The whole history of customers' tasks and of everything below any task."""
        return [Fact(row[0], moment(row[1]), *row[2:]) for row in self._tx.rows(_facts, project=project_id)]


def _read(row: tuple[Any, ...]) -> Part:
    _, part, kind, subject, number, state, due = row
    return Part(part, (kind, subject), number, state, day(due))
