"""Tasks: every change is also a row of history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.statement import Statement, columns, day, inserting, moment, ms
from storage.tables.people import PersonRow
from storage.tables.work import TaskEvent, TaskRow, TaskTag
from storage.transaction import Tx

TASKS = columns(TaskRow)
TAGS = columns(TaskTag)
EVENTS = columns(TaskEvent)
PERSONS = columns(PersonRow)
CLOSED = ("done", "cancelled")


@dataclass(frozen=True, slots=True)
class Task:
    """``due``: local date; ``due_minute``: of the day, None when only a date was said. ``owner``: a person's id."""

    id: int
    project_id: int
    number: int
    title: str
    detail: str
    owner: int | None
    creator: int
    state: str
    progress: int
    priority: str
    due: date | None
    due_minute: int | None
    remind_at: datetime | None
    parent: int | None
    source: str
    version: int
    chat: int | None
    created_at: datetime
    started_at: datetime | None
    closed_at: datetime | None
    owner_name: str = ""

    @property
    def ref(self) -> str:
        return f"T{self.number}"

    @property
    def closed(self) -> bool:
        return self.state in CLOSED


@dataclass(frozen=True, slots=True)
class Event:
    """One row of a task's history."""

    task_id: int
    change: str
    actor: int | None
    at: datetime
    field: str
    before: str
    after: str
    note: str


_FIELDS = (
    TASKS.id, TASKS.project_id, TASKS.number, TASKS.title, TASKS.detail, TASKS.owner_id, TASKS.creator_id, TASKS.state,
    TASKS.progress, TASKS.priority, TASKS.due, TASKS.due_minute, TASKS.remind_at, TASKS.parent_id, TASKS.source,
    TASKS.version, TASKS.chat_id, TASKS.created_at, TASKS.started_at, TASKS.closed_at, PERSONS.name,
)  # fmt: skip
_tasks = select(*_FIELDS).select_from(TaskRow).outerjoin(PersonRow, PERSONS.id == TASKS.owner_id)
_add = Statement(inserting(TaskRow, "id").returning(TASKS.id))
_event = Statement(inserting(TaskEvent, "id"))
_by_id = Statement(_tasks.where(TASKS.id == bindparam("task")))
_by_number = Statement(_tasks.where(TASKS.project_id == bindparam("project"), TASKS.number == bindparam("n")))
_open_of_project = Statement(
    _tasks.where(TASKS.project_id == bindparam("project"), TASKS.closed_at.is_(None)).order_by(TASKS.due, TASKS.number)
)
_open_of_person = Statement(
    _tasks.where(TASKS.owner_id == bindparam("person"), TASKS.closed_at.is_(None)).order_by(TASKS.due, TASKS.number)
)
_alike = Statement(
    _tasks.where(
        TASKS.project_id == bindparam("project"),
        TASKS.owner_id.is_not_distinct_from(bindparam("whose")),
        TASKS.closed_at.is_(None),
    )
    .order_by(TASKS.id.desc())
    .limit(bindparam("most"))
)
_write = Statement(
    update(TaskRow)
    .where(TASKS.id == bindparam("task"))
    .values(
        {name: bindparam("to_" + name) for name in (
            "title", "detail", "owner_id", "state", "progress", "priority", "due", "due_minute", "remind_at",
            "parent_id", "started_at", "closed_at",
        )}
        | {"version": TASKS.version + 1}
    )
)  # fmt: skip
_tag = Statement(insert(TaskTag).values(task_id=bindparam("task_id"), tag=bindparam("tag")))
_tags = Statement(select(TAGS.tag).where(TAGS.task_id == bindparam("task")).order_by(TAGS.tag))
_history = Statement(
    select(
        EVENTS.task_id, EVENTS.change, EVENTS.actor_id, EVENTS.at, EVENTS.field, EVENTS.before, EVENTS.after,
        EVENTS.note,
    )
    .where(EVENTS.task_id == bindparam("task"))
    .order_by(EVENTS.id)
)  # fmt: skip


class Tasks:
    """The tasks of every project, changed in the name of one actor by one thing."""

    def __init__(self, tx: Tx, key: str, actor: int | None, at: datetime) -> None:
        self._tx = tx
        self._key = key
        self._actor = actor
        self._at = ms(at)

    def add(
        self, project_id: int, number: int, title: str, *, creator: int, owner: int | None = None,
        due: date | None = None, due_minute: int | None = None, remind_at: datetime | None = None, priority: str = "",
        detail: str = "", source: str = "", parent: int | None = None, chat: int | None = None,
        tags: tuple[str, ...] = (),
    ) -> int:  # fmt: skip
        """A new task; its id."""
        task_id: int = self._tx.value(
            _add, project_id=project_id, number=number, title=title, detail=detail, owner_id=owner, creator_id=creator,
            state="todo", progress=0, priority=priority, due=due.isoformat() if due else None, due_minute=due_minute,
            remind_at=ms(remind_at) if remind_at else None, parent_id=parent, source=source, version=1, chat_id=chat,
            created_at=self._at, started_at=None, closed_at=None,
        )  # fmt: skip
        self._log(task_id, "created", "", title)
        for tag in tags:
            self._tx.run(_tag, task_id=task_id, tag=tag)
        return task_id

    def change(self, task: Task, note: str = "", **values: Any) -> Task:
        """Change fields of a task (names as in ``Task``), with one history row for each that differs."""
        differing = {name: value for name, value in values.items() if getattr(task, name) != value}
        if not differing:
            return task
        after = replace(task, version=task.version + 1, **differing)
        self._tx.run(
            _write, task=task.id, to_title=after.title, to_detail=after.detail, to_owner_id=after.owner,
            to_state=after.state, to_progress=after.progress, to_priority=after.priority,
            to_due=after.due.isoformat() if after.due else None, to_due_minute=after.due_minute,
            to_remind_at=ms(after.remind_at) if after.remind_at else None, to_parent_id=after.parent,
            to_started_at=ms(after.started_at) if after.started_at else None,
            to_closed_at=ms(after.closed_at) if after.closed_at else None,
        )  # fmt: skip
        for name, value in differing.items():
            self._log(task.id, name, _word(getattr(task, name)), _word(value), note)
        return after

    def comment(self, task: Task, words: str) -> None:
        self._log(task.id, "comment", "", words)

    def get(self, task_id: int) -> Task | None:
        row = self._tx.row(_by_id, task=task_id)
        return _read(row) if row else None

    def numbered(self, project_id: int, number: int) -> Task | None:
        row = self._tx.row(_by_number, project=project_id, n=number)
        return _read(row) if row else None

    def open_in(self, project_id: int) -> list[Task]:
        """By due date, undated first."""
        return [_read(row) for row in self._tx.rows(_open_of_project, project=project_id)]

    def open_of(self, person_id: int) -> list[Task]:
        """Over all projects, by due date, undated first."""
        return [_read(row) for row in self._tx.rows(_open_of_person, person=person_id)]

    def recent_of(self, project_id: int, owner: int | None, most: int) -> list[Task]:
        """The newest open tasks of one owner (None: of nobody)."""
        return [_read(row) for row in self._tx.rows(_alike, project=project_id, whose=owner, most=most)]

    def tags(self, task: Task) -> list[str]:
        return [row[0] for row in self._tx.rows(_tags, task=task.id)]

    def history(self, task: Task) -> list[Event]:
        return [
            Event(task_id, change, actor, moment(at), name, before, after, note)
            for task_id, change, actor, at, name, before, after, note in self._tx.rows(_history, task=task.id)
        ]

    def _log(self, task_id: int, name: str, before: str, after: str, note: str = "") -> None:
        self._tx.run(
            _event, task_id=task_id, change=self._key, actor_id=self._actor, at=self._at, field=name, before=before,
            after=after, note=note,
        )  # fmt: skip


def _word(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _read(row: tuple[Any, ...]) -> Task:
    (number_id, project, number, title, detail, owner, creator, state, progress, priority, due, due_minute, remind_at,
     parent, source, version, chat, created_at, started_at, closed_at, owner_name) = row  # fmt: skip
    return Task(
        number_id, project, number, title, detail, owner, creator, state, progress, priority, day(due), due_minute,
        moment(remind_at) if remind_at else None, parent, source, version, chat, moment(created_at),
        moment(started_at) if started_at else None, moment(closed_at) if closed_at else None, owner_name or "",
    )  # fmt: skip
