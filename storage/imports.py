"""Rows of tables on their way to becoming tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, func, select, update

from chat.frozen import frozen
from storage.statement import Statement, columns, inserting, upsert
from storage.tables.imports import ImportKey, ImportRow
from storage.transaction import Tx

ROWS = columns(ImportRow)
KEYS = columns(ImportKey)
_add = Statement(inserting(ImportRow))
_next = Statement(
    select(ROWS.number, ROWS.body)
    .where(ROWS.batch == bindparam("of"), ROWS.state == "ready")
    .order_by(ROWS.number)
    .limit(bindparam("most"))
)
_made = Statement(
    update(ImportRow)
    .where(ROWS.batch == bindparam("of"), ROWS.number == bindparam("n"))
    .values(state=bindparam("to_state"), task_id=bindparam("task"))
)
_tasks = Statement(
    select(ROWS.number, ROWS.task_id)
    .where(ROWS.batch == bindparam("of"), ROWS.state == "made", ROWS.task_id.is_not(None))
    .order_by(ROWS.number)
    .limit(bindparam("most"))
)
_counts = Statement(select(ROWS.state, func.count()).where(ROWS.batch == bindparam("of")).group_by(ROWS.state))
_key = Statement(
    upsert(ImportKey)
    .values({name: bindparam(name) for name in ("project_id", "source", "task_id")})
    .on_conflict_do_update(index_elements=["project_id", "source"], set_={"task_id": bindparam("task_id")})
)
_forget = Statement(delete(ImportKey).where(KEYS.task_id == bindparam("task"), KEYS.project_id == bindparam("project")))
_known = Statement(select(KEYS.source, KEYS.task_id).where(KEYS.project_id == bindparam("project")))


@frozen
class Row:
    """``body``: what it asks for."""

    number: int
    body: Mapping[str, Any]


class Imports:
    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def keep(self, batch: str, rows: Sequence[Row]) -> None:
        """Rows that may become tasks when somebody says so."""
        self._tx.run_many(
            _add,
            [
                {"batch": batch, "number": row.number, "body": orjson.dumps(row.body).decode(), "state": "ready",
                 "task_id": None}
                for row in rows
            ],
        )  # fmt: skip

    def ready(self, batch: str, most: int) -> list[Row]:
        """The next ones, in order."""
        rows = self._tx.rows(_next, of=batch, most=most)
        return [Row(number, orjson.loads(body)) for number, body in rows]

    def made(self, batch: str, number: int, task_id: int) -> None:
        self._tx.run(_made, of=batch, n=number, to_state="made", task=task_id)

    def settled(self, batch: str, number: int, state: str, task_id: int) -> None:
        """``state``: undone or kept."""
        self._tx.run(_made, of=batch, n=number, to_state=state, task=task_id)

    def tasks(self, batch: str, most: int) -> list[tuple[int, int]]:
        """(row, task) of what it made and is still there."""
        return [(number, task) for number, task in self._tx.rows(_tasks, of=batch, most=most)]

    def counts(self, batch: str) -> dict[str, int]:
        """{state: rows}."""
        return {state: count for state, count in self._tx.rows(_counts, of=batch)}  # noqa: C416 — a typed dict

    def known(self, project_id: int) -> dict[str, int]:
        """{source key: the task it became}."""
        return {source: task for source, task in self._tx.rows(_known, project=project_id)}  # noqa: C416

    def remember(self, project_id: int, source: str, task_id: int) -> None:
        self._tx.run(_key, project_id=project_id, source=source, task_id=task_id)

    def forget(self, project_id: int, task_id: int) -> None:
        """The task was taken back: its row may come again."""
        self._tx.run(_forget, project=project_id, task=task_id)
