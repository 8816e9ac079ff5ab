"""What people did besides changing tasks and the plan, for as long as it can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, select, update

from chat.frozen import frozen
from storage.statement import Statement, columns, inserting, moment, ms
from storage.tables.deeds import DeedRow
from storage.tables.work import TaskEvent
from storage.task_changes import Change
from storage.transaction import Tx

KEPT = timedelta(hours=1)
ROWS, EVENTS = columns(DeedRow), columns(TaskEvent)
_theirs = (ROWS.person_id == bindparam("person"), ROWS.project_id == bindparam("project"))
_add = Statement(inserting(DeedRow, "id"))
_forget = Statement(delete(DeedRow).where(*_theirs, ROWS.at < bindparam("before")))
_newest = Statement(
    select(ROWS.id, ROWS.project_id, ROWS.kind, ROWS.detail, ROWS.after, ROWS.at)
    .where(*_theirs, ROWS.state == "standing")
    .order_by(ROWS.id.desc())
    .limit(1)
)
_last = Statement(
    select(EVENTS.change).where(EVENTS.actor_id == bindparam("person")).order_by(EVENTS.at.desc(), EVENTS.id.desc())
    .limit(1)
)  # fmt: skip
_undo = Statement(update(DeedRow).where(ROWS.id == bindparam("deed")).values(state=bindparam("to_state")))


@frozen
class Deed:
    """``detail``: what is needed to take it back, by its kind. ``after``: their newest change of a task by then."""

    id: int
    project: int
    kind: str
    detail: Mapping[str, Any]
    after: str
    at: datetime

    def before(self, change: Change) -> bool:
        """Was this done before ``change``, their newest one of tasks?"""
        return self.at < change.at or (self.at == change.at and self.after != change.key)


class Deeds:
    """Added by whoever does something, read by whoever takes it back."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = at

    def add(self, project_id: int, person_id: int, kind: str, **detail: Any) -> None:
        """What the person did longer ago is forgotten."""
        self._tx.run(_forget, person=person_id, project=project_id, before=ms(self._at - KEPT))
        self._tx.run(
            _add, person_id=person_id, project_id=project_id, kind=kind,
            detail=orjson.dumps(detail).decode(), state="standing", at=ms(self._at),
            after=self._tx.value(_last, person=person_id) or "",
        )  # fmt: skip

    def newest(self, project_id: int, person_id: int) -> Deed | None:
        """The last one that was not taken back."""
        row = self._tx.row(_newest, person=person_id, project=project_id)
        return Deed(row[0], row[1], row[2], orjson.loads(row[3]), row[4], moment(row[5])) if row else None

    def undo(self, deed: Deed) -> None:
        self._tx.run(_undo, deed=deed.id, to_state="undone")
