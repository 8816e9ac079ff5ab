"""Who wants to hear of dates how long before: a project of all of its, a person of their own, one task."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import Table, and_, bindparam, delete, func, or_, select

from chat.frozen import frozen
from planning.warning import TASKS as USUAL
from planning.warning import Ahead, load, stored
from storage.pushes import OWNED, Place, behind
from storage.statement import Statement, columns, moment, ms, upsert
from storage.tables.plan import MilestoneRow
from storage.tables.time import WarningRow
from storage.tasks import EVENTS, TASKS, Task, read_task
from storage.transaction import Tx

Scope = Literal["project", "person", "task", "milestone"]
WARNINGS, MILESTONES = columns(WarningRow), columns(MilestoneRow)
_TABLE: Table = WarningRow.__table__
_OF_TASK, _OF_OWNER = _TABLE.alias("of_task"), _TABLE.alias("of_owner")
_of = Statement(select(WARNINGS.ahead).where(WARNINGS.scope == bindparam("of"), WARNINGS.subject == bindparam("which")))
_put = Statement(
    upsert(WarningRow)
    .values({c.name: bindparam(c.name) for c in WARNINGS})
    .on_conflict_do_update(index_elements=["scope", "subject"], set_={"ahead": bindparam("ahead")})
)
_drop = Statement(delete(WarningRow).where(WARNINGS.scope == bindparam("of"), WARNINGS.subject == bindparam("which")))
_milestones = Statement(
    select(WARNINGS.subject, WARNINGS.ahead)
    .join(MilestoneRow, and_(MILESTONES.id == WARNINGS.subject, WARNINGS.scope == "milestone"))
    .where(MILESTONES.project_id == bindparam("project"), MILESTONES.state == "open")
)
_dated = Statement(
    OWNED.add_columns(_OF_TASK.c.ahead, _OF_OWNER.c.ahead)
    .outerjoin(_OF_TASK, and_(_OF_TASK.c.scope == "task", _OF_TASK.c.subject == TASKS.id))
    .outerjoin(_OF_OWNER, and_(_OF_OWNER.c.scope == "person", _OF_OWNER.c.subject == TASKS.owner_id))
    .where(TASKS.due >= bindparam("first"), TASKS.due <= bindparam("last"), TASKS.state != "awaiting_note")
)
_settled = Statement(
    select(func.max(EVENTS.at)).where(
        EVENTS.task_id == bindparam("task"), or_(EVENTS.field == "due", EVENTS.field == "created")
    )
)


@frozen
class Dated:
    """An open task with an owner and a due, and when it is to be heard of. ``asked``: somebody said so."""

    task: Task
    aheads: tuple[Ahead, ...]
    asked: bool


class Warnings:
    """Wishes of everybody, changed by one thing."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def of(self, scope: Scope, subject: int) -> tuple[Ahead, ...] | None:
        """None: nothing was asked; empty: not to be told."""
        found = self._tx.value(_of, of=scope, which=subject)
        return None if found is None else load(found)

    def of_project(self, project_id: int) -> tuple[Ahead, ...]:
        """When its tasks are heard of, if neither they nor their owners have it otherwise; empty: not at all."""
        found = self.of("project", project_id)
        return USUAL if found is None else found

    def put(self, scope: Scope, subject: int, aheads: tuple[Ahead, ...]) -> None:
        self._tx.run(_put, scope=scope, subject=subject, ahead=stored(aheads))

    def drop(self, scope: Scope, subject: int) -> None:
        """Back to what is asked of the project."""
        self._tx.run(_drop, of=scope, which=subject)

    def milestones(self, project_id: int) -> dict[int, tuple[Ahead, ...]]:
        """What was asked for the open milestones of a project, by their ids."""
        return {number: load(ahead) for number, ahead in self._tx.rows(_milestones, project=project_id)}

    def settled_at(self, task: Task) -> datetime:
        """When somebody said its due last."""
        return moment(self._tx.value(_settled, task=task.id) or ms(task.created_at))

    def dated(
        self, project_id: int, first: date, last: date, after: Place, most: int
    ) -> tuple[list[Dated], Place | None]:
        """Tasks due from ``first`` to ``last`` that are to be heard of, and where to go on.

        The task's wish counts, else its owner's, else the project's, else what is usual.
        """
        project = self.of("project", project_id)
        found, tasks = [], []
        for *row, of_task, of_owner in self._tx.rows(
            _dated, project=project_id, first=first.isoformat(), last=last.isoformat(), owner=after[0], task=after[1],
            most=most,
        ):  # fmt: skip
            wish = of_task if of_task is not None else of_owner
            aheads = project if wish is None else load(wish)
            tasks.append(read_task(tuple(row)))
            if aheads is None or aheads:
                found.append(Dated(tasks[-1], USUAL if aheads is None else aheads, aheads is not None))
        return found, behind(tasks, most)
