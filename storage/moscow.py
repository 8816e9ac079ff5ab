"""What tasks were said to be, week by week: must, should, could, won't. What was said before stays."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import bindparam, select

from storage.statement import Statement, columns, ms, upsert
from storage.tables.insight import MoscowRow
from storage.transaction import Tx

ROWS = columns(MoscowRow)
_of_week = Statement(
    select(ROWS.task_id, ROWS.choice).where(ROWS.project_id == bindparam("project"), ROWS.week == bindparam("on"))
)
_before = Statement(
    select(ROWS.task_id, ROWS.choice)
    .where(ROWS.project_id == bindparam("project"), ROWS.week < bindparam("on"))
    .order_by(ROWS.week)
)
_choose = Statement(
    upsert(MoscowRow)
    .values({c.name: bindparam(c.name) for c in ROWS})
    .on_conflict_do_update(
        index_elements=["task_id", "week"], set_={name: bindparam(name) for name in ("choice", "by", "at")}
    )
)


class Moscow:
    """Of every project. Weeks are named by their first day."""

    def __init__(self, tx: Tx, actor: int | None, at: datetime) -> None:
        self._tx = tx
        self._actor = actor
        self._at = ms(at)

    def of_week(self, project_id: int, week: date) -> dict[int, str]:
        """{task: must, should, could or wont} as said in this week."""
        return dict(self._tx.rows(_of_week, project=project_id, on=week.isoformat()))

    def before(self, project_id: int, week: date) -> dict[int, str]:
        """{task: the choice said last before this week}."""
        return dict(self._tx.rows(_before, project=project_id, on=week.isoformat()))

    def choose(self, project_id: int, task_id: int, week: date, choice: str) -> None:
        """Said again in the same week, the newer choice counts."""
        self._tx.run(
            _choose, task_id=task_id, week=week.isoformat(), project_id=project_id, choice=choice, by=self._actor or 0,
            at=self._at,
        )  # fmt: skip
