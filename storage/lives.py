"""What figures are made of: tasks as they stand, and the history that tells the same and more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select

from planning.due import END_OF_DAY
from planning.lives import BACK, Fact, Moved, Work, first_plan
from planning.working_time import Clock
from storage.statement import Statement, columns, day, moment, ms
from storage.tables.work import TaskEvent, TaskRow, TaskTag
from storage.transaction import Tx

TASKS = columns(TaskRow)
EVENTS = columns(TaskEvent)
TAGS = columns(TaskTag)
_OPEN = TASKS.closed_at.is_(None)
_CLOSED = (TASKS.closed_at.is_not(None), TASKS.closed_at >= bindparam("since"), TASKS.state != "undone")
_WORK = (
    TASKS.id, TASKS.number, TASKS.title, TASKS.owner_id, TASKS.state, TASKS.start, TASKS.due, TASKS.due_minute,
    TASKS.days, TASKS.closed_at, TASKS.created_at, TASKS.priority, TASKS.progress,
    TASKS.stage,
)  # fmt: skip
_mine = TASKS.project_id == bindparam("project")
_works_open = Statement(select(*_WORK).where(_mine, _OPEN))
_behind = Statement(
    select(TASKS.id, TASKS.number, TASKS.due, TASKS.due_minute).where(_mine, _OPEN, TASKS.due <= bindparam("last"))
)
_works_closed = Statement(select(*_WORK).where(_mine, *_CLOSED))
_whose = TASKS.owner_id == bindparam("owner")
_own_open = Statement(select(*_WORK).where(_mine, _whose, _OPEN))
_own_closed = Statement(select(*_WORK).where(_mine, _whose, *_CLOSED))
_DUES = (EVENTS.task_id, EVENTS.at, EVENTS.before, EVENTS.after, EVENTS.note)
_FACT = (EVENTS.task_id, EVENTS.at, EVENTS.field, EVENTS.before, EVENTS.after, EVENTS.note, EVENTS.actor_id)


def _events(*fields: Any) -> Select[Any]:
    return select(*fields).select_from(TaskRow).join(TaskEvent, EVENTS.task_id == TASKS.id).where(_mine)


_dues = Statement(_events(*_DUES).where(or_(_OPEN, TASKS.closed_at >= bindparam("since")), EVENTS.field == "due")
                  .order_by(EVENTS.id))  # fmt: skip
_facts = Statement(_events(*_FACT).where(or_(_OPEN, TASKS.closed_at >= bindparam("since"))).order_by(EVENTS.id))
_numbers = Statement(select(TASKS.id, TASKS.number).where(_mine, or_(_OPEN, TASKS.closed_at >= bindparam("since"))))
_changed = Statement(
    _events(EVENTS.id)
    .where(or_(_OPEN, TASKS.closed_at >= bindparam("since")), EVENTS.at >= bindparam("since"))
    .where(EVENTS.at < bindparam("until"))
    .limit(1)
)
_latest = Statement(
    select(TASKS.closed_at)
    .where(_mine, TASKS.closed_at.is_not(None), TASKS.state == "done")
    .order_by(TASKS.closed_at.desc())
    .limit(bindparam("most"))
)
_skills = Statement(
    select(TASKS.owner_id, TAGS.tag, func.count())
    .select_from(TaskRow)
    .join(TaskTag, TAGS.task_id == TASKS.id)
    .where(_mine, TASKS.closed_at.is_not(None), TASKS.state == "done", TASKS.owner_id.is_not(None))
    .group_by(TASKS.owner_id, TAGS.tag)
)


class Lives:
    """Reads only."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def works(self, project_id: int, since: datetime, clock: Clock) -> list[Work]:
        """Every task that is open or was closed since then, by number: from the columns, and the dues it once had."""
        moves: dict[int, list[Moved]] = {}
        for task, at, before, after, note in self._tx.rows(_dues, project=project_id, since=ms(since)):
            moves.setdefault(task, []).append(Moved(moment(at), before, after, note.startswith(BACK)))
        rows = self._tx.rows(_works_open, project=project_id)
        rows += self._tx.rows(_works_closed, project=project_id, since=ms(since))
        days: dict[int, date] = {}
        works = [_work(row, moves.get(row[0], ()), clock, days) for row in rows]
        return sorted(works, key=lambda work: work.number)

    def own(self, project_id: int, owner: int, since: datetime, clock: Clock) -> list[Work]:
        """One person's tasks, open or closed since then, by number; ``planned`` is the present due."""
        rows = self._tx.rows(_own_open, project=project_id, owner=owner)
        rows += self._tx.rows(_own_closed, project=project_id, owner=owner, since=ms(since))
        days: dict[int, date] = {}
        return sorted((_work(row, (), clock, days) for row in rows), key=lambda work: work.number)

    def behind(self, project_id: int, now: datetime) -> list[tuple[int, int, date]]:
        """[(id, number, due)] of what is open past its moment. now: local."""
        today, minute = now.date(), now.hour * 60 + now.minute
        rows = self._tx.rows(_behind, project=project_id, last=today.isoformat())
        past = [
            row for row in rows if row[2] < today.isoformat() or (END_OF_DAY if row[3] is None else row[3]) < minute
        ]
        return [(task, number, date.fromisoformat(due)) for task, number, due, _ in past]

    def facts(self, project_id: int, since: datetime) -> tuple[list[Fact], dict[int, int]]:
        """The whole history of those tasks, in order, and {task: its number}."""
        rows = self._tx.rows(_facts, project=project_id, since=ms(since))
        numbers = dict(self._tx.rows(_numbers, project=project_id, since=ms(since)))
        return [Fact(row[0], moment(row[1]), *row[2:]) for row in rows], numbers

    def changed(self, project_id: int, since: datetime, until: datetime) -> bool:
        """Did anything happen to a task?"""
        return self._tx.row(_changed, project=project_id, since=ms(since), until=ms(until)) is not None

    def finished(self, project_id: int, most: int, clock: Clock) -> list[Work]:
        """The newest tasks that were done, in the order they were."""
        rows = self._tx.rows(_latest, project=project_id, most=most)
        if not rows:
            return []
        done = [w for w in self.works(project_id, moment(rows[-1][0]), clock) if w.state == "done" and w.closed]
        return sorted(done, key=lambda work: (work.closed or work.start, work.number))

    def skills(self, project_id: int) -> dict[tuple[int, str], int]:
        """{(person, tag): how many tasks with it they finished}."""
        return {(person, tag): count for person, tag, count in self._tx.rows(_skills, project=project_id)}


def _work(row: tuple[Any, ...], moves: Sequence[Moved], clock: Clock, days: dict[int, date]) -> Work:
    """days: local days of moments seen before, by the hour; most tasks of a project share a few."""
    _, number, title, owner, state, start, due, minute, length, closed, created, priority, progress, stage = row
    planned = day(due)
    if moves:
        planned = day(first_plan(moment(created), due or "", moves)[0])
    return Work(
        number, title, owner, state, day(start) or _day(created, clock, days), day(due), minute, planned, length,
        _day(closed, clock, days) if closed else None, priority, progress, stage,
    )  # fmt: skip


def _day(stored: int, clock: Clock, days: dict[int, date]) -> date:
    quarter = stored // 900_000
    found = days.get(quarter)
    if found is None:
        found = days[quarter] = clock.day(moment(stored))
    return found
