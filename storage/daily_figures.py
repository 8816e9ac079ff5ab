"""The three task figures of a daily digest, from two index ranges."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import and_, bindparam, case, func, or_, select

from chat.frozen import frozen
from storage.statement import Statement, columns, ms
from storage.tables.work import TaskRow
from storage.transaction import Tx

TASKS = columns(TaskRow)
_open = Statement(
    select(
        func.coalesce(
            func.sum(
                case(
                    (
                        or_(
                            TASKS.due < bindparam("today"),
                            and_(TASKS.due == bindparam("today"), TASKS.due_minute <= bindparam("minute")),
                        ),
                        1,
                    ),
                    else_=0,
                )
            ),
            0,
        ),
        func.coalesce(func.sum(case((TASKS.due == bindparam("tomorrow"), 1), else_=0)), 0),
    ).where(TASKS.project_id == bindparam("project"), TASKS.closed_at.is_(None), TASKS.state != "undone")
)
_done = Statement(
    select(func.count())
    .select_from(TaskRow)
    .where(TASKS.project_id == bindparam("project"), TASKS.state == "done")
    .where(TASKS.closed_at.is_not(None), TASKS.closed_at >= bindparam("since"), TASKS.closed_at < bindparam("until"))
)
_done_by = Statement(
    select(TASKS.number, TASKS.title)
    .where(TASKS.project_id == bindparam("project"), TASKS.state == "done", TASKS.owner_id == bindparam("person"))
    .where(TASKS.closed_at.is_not(None), TASKS.closed_at >= bindparam("since"), TASKS.closed_at < bindparam("until"))
    .order_by(TASKS.closed_at)
)


@frozen
class Figures:
    """``overdue``: open past their moment; ``tomorrow``: due the day after; ``done``: closed as done within the day."""

    overdue: int
    tomorrow: int
    done: int


def figures(tx: Tx, project_id: int, day: date, minute: int, since: datetime, until: datetime) -> Figures:
    """``day``, ``minute``: the local moment looked from; ``since``/``until``: that local day as moments."""
    tomorrow = day + timedelta(days=1)
    row = tx.row(_open, project=project_id, today=day.isoformat(), minute=minute, tomorrow=tomorrow.isoformat())
    overdue, due = row or (0, 0)
    return Figures(overdue, due, tx.value(_done, project=project_id, since=ms(since), until=ms(until)))


def done_by(tx: Tx, project_id: int, person_id: int, since: datetime, until: datetime) -> list[tuple[int, str]]:
    """(number, title) of what one person finished."""
    rows = tx.rows(_done_by, project=project_id, person=person_id, since=ms(since), until=ms(until))
    return [(number, title) for number, title in rows]
