"""Open tasks that a new one may repeat: as much of them as a comparison needs."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, String, and_, bindparam, case, func, or_, select, text

from chat.frozen import frozen
from storage.statement import Statement, day, position
from storage.tasks import TASKS
from storage.transaction import Tx

MOST = 12
"""How many open tasks of an owner are compared with a new one."""


@frozen
class Alike:
    """As much of an open task as a comparison needs."""

    number: int
    title: str
    due: date | None
    due_minute: int | None


def _alike(whose: ColumnElement[bool]) -> Statement:
    """Bounded by the oldest of the newest, as the rows of an inner SELECT would be copied first."""
    mine = (TASKS.project_id == bindparam("project"), whose, TASKS.closed_at.is_(None))
    newest = (TASKS.owner_id.desc(), TASKS.id.desc())  # a server would sort them all by the id alone
    oldest = select(TASKS.id).where(*mine).order_by(*newest).limit(1).offset(MOST - 1).scalar_subquery()
    has = [position(TASKS.title, bindparam(probe, type_=String)) > text("0") for probe in ("p0", "p1", "p2")]
    return Statement(
        select(TASKS.title, TASKS.number, TASKS.due, TASKS.due_minute)
        .where(*mine, TASKS.id >= func.coalesce(oldest, text("0")))
        .where(case((has[0], or_(has[1], has[2])), else_=and_(has[1], has[2])))
        .order_by(*newest)
    )


_owned = _alike(TASKS.owner_id == bindparam("whose"))
_free = _alike(TASKS.owner_id.is_(None))


def alike(tx: Tx, project_id: int, owner: int | None, probes: tuple[str, str, str]) -> list[Alike]:
    """Of the newest open tasks of one owner (None: of nobody) those whose title contains two of ``probes``."""
    p0, p1, p2 = probes
    probe = {"project": project_id, "p0": p0, "p1": p1, "p2": p2}
    rows = tx.rows(_free, **probe) if owner is None else tx.rows(_owned, **probe, whose=owner)
    return [Alike(number, title, day(due), minute) for title, number, due, minute in rows]
