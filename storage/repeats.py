"""Rules of tasks that come again, and the copies made by them."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Table, bindparam, func, or_, select, update

from chat.frozen import frozen
from planning.dates import Recurrence
from planning.repeats import Choice, Occurrence, choice_of
from storage.statement import Statement, columns, inserting, ms
from storage.tables.repeats import RepeatCopy, RepeatRow
from storage.tables.work import TaskRow
from storage.tasks import FULL, TASKS, Task, read_task
from storage.transaction import Tx

ROWS = columns(RepeatRow)
COPIES = columns(RepeatCopy)
_TABLE: Table = RepeatCopy.__table__
_COPIES = _TABLE.alias("newer")
_FIELDS = (
    ROWS.id, ROWS.project_id, ROWS.number, ROWS.creator_id, ROWS.rule, ROWS.words, ROWS.due_minute, ROWS.remind,
    ROWS.holiday, ROWS.state,
)  # fmt: skip
_add = Statement(inserting(RepeatRow, "id").returning(ROWS.id))
_copy = Statement(inserting(RepeatCopy))
_get = Statement(select(*_FIELDS).where(ROWS.id == bindparam("repeat")))
_numbered = Statement(select(*_FIELDS).where(ROWS.project_id == bindparam("project"), ROWS.number == bindparam("n")))
_in = Statement(
    select(*_FIELDS)
    .where(ROWS.project_id == bindparam("project"), or_(ROWS.state == "on", ROWS.state == "paused"))
    .order_by(ROWS.number)
)
_of_task = Statement(
    select(*_FIELDS).join(RepeatCopy, COPIES.repeat_id == ROWS.id).where(COPIES.task_id == bindparam("task"))
)
_newest = select(func.max(_COPIES.c.task_id)).where(_COPIES.c.repeat_id == ROWS.id).scalar_subquery()
_of_owner = Statement(
    select(*_FIELDS)
    .join(RepeatCopy, COPIES.repeat_id == ROWS.id)
    .join(TaskRow, TASKS.id == COPIES.task_id)
    .where(ROWS.project_id == bindparam("project"), or_(ROWS.state == "on", ROWS.state == "paused"))
    .where(TASKS.owner_id == bindparam("person"), COPIES.task_id == _newest)
    .order_by(ROWS.number)
)
_change = Statement(
    update(RepeatRow)
    .where(ROWS.id == bindparam("repeat"))
    .values(
        rule=bindparam("to_rule"), words=bindparam("to_words"), due_minute=bindparam("to_minute"),
        remind=bindparam("to_remind"), holiday=bindparam("to_holiday"), state=bindparam("to_state"),
    )
)  # fmt: skip
_copies = Statement(
    FULL.add_columns(COPIES.nominal, COPIES.day)
    .join(RepeatCopy, COPIES.task_id == TASKS.id)
    .where(COPIES.repeat_id == bindparam("repeat"), TASKS.state != "undone")
    .order_by(COPIES.task_id.desc())
    .limit(bindparam("most"))
)
_move = Statement(
    update(RepeatCopy)
    .where(COPIES.task_id == bindparam("task"))
    .values(nominal=bindparam("to_nominal"), day=bindparam("to_day"))
)


@frozen
class Repeat:
    """A rule. ``holiday`` "": nobody chose yet. ``remind``: see the table."""

    id: int
    project_id: int
    number: int
    creator: int
    rule: Recurrence
    words: str
    due_minute: int | None
    remind: int | None
    holiday: str
    state: str

    @property
    def choice(self) -> Choice:
        return choice_of(self.holiday)


@frozen
class Copy:
    """A task made by a rule."""

    task: Task
    when: Occurrence


class Repeats:
    """Every project's rules, changed by one thing."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = ms(at)
        self.fresh: Task | None = None
        """The copy this thing made of an older one."""

    def add(
        self, project_id: int, number: int, creator: int, rule: Recurrence, words: str, due_minute: int | None,
        remind: int | None,
    ) -> Repeat:  # fmt: skip
        new: int = self._tx.value(
            _add, project_id=project_id, number=number, creator_id=creator, rule=_written(rule),
            words=words, due_minute=due_minute, remind=remind, holiday="", state="on", made_at=self._at,
        )  # fmt: skip
        return Repeat(new, project_id, number, creator, rule, words, due_minute, remind, "", "on")

    def made(self, repeat: Repeat, task: Task, when: Occurrence) -> None:
        """A copy."""
        self._tx.run(
            _copy, task_id=task.id, repeat_id=repeat.id, nominal=when.nominal.isoformat(), day=when.day.isoformat()
        )

    def move(self, task: Task, when: Occurrence) -> None:
        """A copy stands for another day now."""
        self._tx.run(_move, task=task.id, to_nominal=when.nominal.isoformat(), to_day=when.day.isoformat())

    def get(self, number: int) -> Repeat | None:
        row = self._tx.row(_get, repeat=number)
        return _read(row) if row else None

    def numbered(self, project_id: int, number: int) -> Repeat | None:
        row = self._tx.row(_numbered, project=project_id, n=number)
        return _read(row) if row else None

    def of(self, project_id: int) -> list[Repeat]:
        """What comes again or is paused, by number."""
        return [_read(row) for row in self._tx.rows(_in, project=project_id)]

    def of_owner(self, project_id: int, person_id: int) -> list[Repeat]:
        """Those whose newest copy is this person's, by number."""
        return [_read(row) for row in self._tx.rows(_of_owner, project=project_id, person=person_id)]

    def of_task(self, task_id: int) -> Repeat | None:
        """The rule that made a task."""
        row = self._tx.row(_of_task, task=task_id)
        return _read(row) if row else None

    def change(self, repeat: Repeat, **values: Any) -> Repeat:
        """What is not named stays as it was."""
        after = replace(repeat, **values)
        self._tx.run(
            _change, repeat=repeat.id, to_rule=_written(after.rule), to_words=after.words, to_minute=after.due_minute,
            to_remind=after.remind, to_holiday=after.holiday, to_state=after.state,
        )  # fmt: skip
        return after

    def copies(self, repeat: Repeat, most: int) -> list[Copy]:
        """The one made last first, without those that were undone."""
        return [
            Copy(read_task(row[:-2]), Occurrence(date.fromisoformat(row[-2]), date.fromisoformat(row[-1])))
            for row in self._tx.rows(_copies, repeat=repeat.id, most=most)
        ]


def _written(rule: Recurrence) -> str:
    return orjson.dumps(asdict(rule)).decode()


def _read(row: tuple[Any, ...]) -> Repeat:
    number_id, project, number, creator, rule, words, due_minute, remind, holiday, state = row
    read = Recurrence.read(orjson.loads(rule))
    return Repeat(number_id, project, number, creator, read, words, due_minute, remind, holiday, state)
