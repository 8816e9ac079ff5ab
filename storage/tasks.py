"""Tasks: every change is also a row of history, and what can be searched is in the search index."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, select, update

from chat.frozen import frozen
from storage import grams
from storage.statement import Sparse, Statement, columns, day, inserting, moment, ms, upsert
from storage.tables.people import PersonRow
from storage.tables.work import TaskEvent, TaskRow, TaskTag
from storage.transaction import Tx

TASKS = columns(TaskRow)
TAGS = columns(TaskTag)
EVENTS = columns(TaskEvent)
PERSONS = columns(PersonRow)
NOWHERE = (None, "")
CLOSED = ("done", "cancelled", "undone")


@frozen
class Task:
    """``due``: local date; ``due_minute``: of the day, None when only a date was said. ``owner``: a person's id.

    ``start``: planned start, a local date. ``days``: how long it takes, in whole working days. ``weight``: what it
    counts for in its parent's progress. ``owner_zone``: "" the project's.
    """

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
    start: date | None = None
    days: int | None = None
    stage: str = ""
    weight: int = 1
    owner_zone: str = ""
    label: str = ""

    @property
    def ref(self) -> str:
        return f"T{self.number}"

    @property
    def closed(self) -> bool:
        return self.state in CLOSED

    @property
    def card(self) -> str:
        """The name of its card."""
        return f"task:{self.id}"


@frozen
class Event:
    """One row of a task's history. ``change``: the thing that caused it.

    ``chat``, ``message_id``: where it was said, or the card that was pressed; None, "" of what the clock did.
    """

    task_id: int
    change: str
    actor: int | None
    at: datetime
    field: str
    before: str
    after: str
    note: str
    actor_name: str = ""
    chat: int | None = None
    message_id: str = ""


TASK_FIELDS = (
    TASKS.id, TASKS.project_id, TASKS.number, TASKS.title, TASKS.detail, TASKS.owner_id, TASKS.creator_id, TASKS.state,
    TASKS.progress, TASKS.priority, TASKS.due, TASKS.due_minute, TASKS.remind_at, TASKS.parent_id, TASKS.source,
    TASKS.version, TASKS.chat_id, TASKS.created_at, TASKS.started_at, TASKS.closed_at, PERSONS.name,
    TASKS.start, TASKS.days, TASKS.stage, TASKS.weight, PERSONS.zone, TASKS.label,
)  # fmt: skip
EVENT_FIELDS = (
    EVENTS.task_id, EVENTS.change, EVENTS.actor_id, EVENTS.at, EVENTS.field, EVENTS.before, EVENTS.after, EVENTS.note,
    PERSONS.name, EVENTS.chat_id, EVENTS.message_id,
)  # fmt: skip
FULL = select(*TASK_FIELDS).select_from(TaskRow).outerjoin(PersonRow, PERSONS.id == TASKS.owner_id)
OPEN = FULL.where(TASKS.closed_at.is_(None))
BY_DUE = (TASKS.due.is_(None), TASKS.due, TASKS.due_minute, TASKS.number)
_add = Sparse(TaskRow, "id")
_event = Statement(inserting(TaskEvent, "id"))
_by_id = Statement(FULL.where(TASKS.id == bindparam("task")))
_by_number = Statement(FULL.where(TASKS.project_id == bindparam("project"), TASKS.number == bindparam("n")))
_open_of_project = Statement(OPEN.where(TASKS.project_id == bindparam("project")).order_by(*BY_DUE))
_open_of_person = Statement(OPEN.where(TASKS.owner_id == bindparam("person")).order_by(*BY_DUE))
_given = Statement(
    OPEN.where(
        TASKS.creator_id == bindparam("person"),
        TASKS.owner_id.is_not(None),
        TASKS.owner_id != bindparam("person"),
    ).order_by(*BY_DUE)
)
_children = Statement(
    FULL.where(TASKS.parent_id == bindparam("of"), TASKS.parent_id.is_not(None), TASKS.state != "undone").order_by(
        TASKS.number
    )
)
_staged = Statement(
    FULL.where(
        TASKS.project_id == bindparam("project"), TASKS.stage != "", TASKS.state != "undone", TASKS.state != "cancelled"
    )
)  # fmt: skip
_write = Statement(
    update(TaskRow)
    .where(TASKS.id == bindparam("task"))
    .values(
        {name: bindparam("to_" + name) for name in (
            "title", "detail", "owner_id", "state", "progress", "priority", "due", "due_minute", "remind_at",
            "parent_id", "started_at", "closed_at", "start", "days", "stage", "weight",
            "label",
        )}
        | {"version": TASKS.version + 1}
    )
)  # fmt: skip
_tag = Statement(insert(TaskTag).values(task_id=bindparam("task_id"), tag=bindparam("tag")))
_retag = Statement(upsert(TaskTag).values(task_id=bindparam("task_id"), tag=bindparam("tag")).on_conflict_do_nothing())
_untag = Statement(delete(TaskTag).where(TAGS.task_id == bindparam("task"), TAGS.tag == bindparam("word")))
_tags = Statement(select(TAGS.tag).where(TAGS.task_id == bindparam("task")).order_by(TAGS.tag))
_history = Statement(
    select(*EVENT_FIELDS)
    .select_from(TaskEvent)
    .outerjoin(PersonRow, PERSONS.id == EVENTS.actor_id)
    .where(EVENTS.task_id == bindparam("task"))
    .order_by(EVENTS.id)
)


class Tasks:
    """The tasks of every project, changed in the name of one actor by one thing."""

    def __init__(
        self, tx: Tx, key: str, actor: int | None, at: datetime, said_in: tuple[int | None, str] = NOWHERE
    ) -> None:
        """said_in: the chat and the message that this thing is, or whose card was pressed."""
        self._tx = tx
        self._key = key
        self._actor = actor
        self._chat, self._message_id = said_in
        self.at = at
        self._at = ms(at)
        self.touched: set[int] = set()
        """Projects whose tasks this thing changed."""
        self.writes = 0
        """Rows of history so far."""

    def add(
        self, project_id: int, number: int, title: str, *, creator: int, owner: int | None = None,
        owner_name: str = "", due: date | None = None, due_minute: int | None = None,
        remind_at: datetime | None = None, priority: str = "", detail: str = "", source: str = "",
        parent: int | None = None, chat: int | None = None, tags: tuple[str, ...] = (), start: date | None = None,
        days: int | None = None, stage: str = "", weight: int = 1, owner_zone: str = "",
    ) -> Task:  # fmt: skip
        """A new task. ``owner_name``, ``owner_zone``: of ``owner``, only for what is returned."""
        values = {
            "project_id": project_id, "number": number, "title": title, "detail": detail, "owner_id": owner,
            "creator_id": creator, "state": "todo", "progress": 0, "priority": priority,
            "due": due.isoformat() if due else None, "due_minute": due_minute,
            "remind_at": ms(remind_at) if remind_at else None, "parent_id": parent, "source": source, "version": 1,
            "chat_id": chat, "created_at": self._at, "started_at": None, "closed_at": None,
            "start": start.isoformat() if start else None, "days": days, "stage": stage, "weight": weight, "label": "",
        }  # fmt: skip
        task_id = self._tx.add(_add, values)
        first = {
            "owner": owner, "due": due, "due_minute": due_minute, "remind_at": remind_at, "priority": priority,
            "detail": detail, "parent": parent, "start": start, "days": days,
            "tags": " ".join(tags), "stage": stage, "weight": weight if weight != 1 else None,
        }  # fmt: skip
        said = {name: _word(value) for name, value in first.items() if value is not None and value != ""}
        self.log(task_id, "created", orjson.dumps(said).decode() if said else "", title)
        for tag in tags:
            self._tx.do(_tag, task_id=task_id, tag=tag)
        grams.put(self._tx, task_id, grams.document(project_id, f"{title} {detail}" if detail else title, tags))
        return Task(
            task_id, project_id, number, title, detail, owner, creator, "todo", 0, priority, due, due_minute, remind_at,
            parent, source, 1, chat, self.at, None, None, owner_name, start, days, stage, weight,
            owner_zone,
        )  # fmt: skip

    def change(self, task: Task, note: str = "", **values: Any) -> Task:
        """Change fields of a task (names as in ``Task``), with one history row for each that differs.

        Another state takes the project's own name for the old one away.
        ``owner_name`` and ``owner_zone`` may come along with ``owner``, which saves reading them; they are not stored.
        """
        name_now, zone_now = values.pop("owner_name", None), values.pop("owner_zone", "")
        if name_now is None:
            name_now = task.owner_name if values.get("owner", task.owner) == task.owner else ""
        if task.label and "label" not in values and values.get("state", task.state) != task.state:
            values["label"] = ""
        differing = {name: value for name, value in values.items() if getattr(task, name) != value}
        if not differing:
            return task
        zone_now = zone_now if "owner" in differing else task.owner_zone
        after = replace(task, version=task.version + 1, owner_name=name_now, owner_zone=zone_now, **differing)
        self._tx.run(
            _write, task=task.id, to_title=after.title, to_detail=after.detail, to_owner_id=after.owner,
            to_state=after.state, to_progress=after.progress, to_priority=after.priority,
            to_due=after.due.isoformat() if after.due else None, to_due_minute=after.due_minute,
            to_remind_at=ms(after.remind_at) if after.remind_at else None, to_parent_id=after.parent,
            to_started_at=ms(after.started_at) if after.started_at else None,
            to_closed_at=ms(after.closed_at) if after.closed_at else None,
            to_start=after.start.isoformat() if after.start else None, to_days=after.days,
            to_stage=after.stage, to_weight=after.weight, to_label=after.label,
        )  # fmt: skip
        self.touched.add(task.project_id)
        for name, value in differing.items():
            self.log(task.id, name, _word(getattr(task, name)), _word(value), note)
        if "title" in differing or "detail" in differing:
            self._reindex(task, after)
        if after.owner is not None and not after.owner_name:
            return self.get(task.id) or after
        return after

    def comment(self, task: Task, words: str) -> None:
        self.log(task.id, "comment", "", words)

    def take_back_comment(self, task: Task, words: str, note: str) -> None:
        self.log(task.id, "uncomment", words, "", note)

    def tag(self, task: Task, *, add: tuple[str, ...] = (), remove: tuple[str, ...] = (), note: str = "") -> list[str]:
        """Its tags afterwards."""
        before = self.tags(task)
        for word in remove:
            if word in before:
                self._tx.run(_untag, task=task.id, word=word)
                self.log(task.id, "untag", word, "", note)
        for word in add:
            if word not in before:
                self._tx.run(_retag, task_id=task.id, tag=word)
                self.log(task.id, "tag", "", word, note)
        after = self.tags(task)
        self._reindex(task, task, before, after)
        return after

    def get(self, task_id: int) -> Task | None:
        row = self._tx.row(_by_id, task=task_id)
        return read_task(row) if row else None

    def numbered(self, project_id: int, number: int) -> Task | None:
        """None: there is no such task, or its creation was undone."""
        row = self._tx.row(_by_number, project=project_id, n=number)
        task = read_task(row) if row else None
        return task if task and task.state != "undone" else None

    def open_in(self, project_id: int) -> list[Task]:
        """By due date, undated last."""
        return [read_task(row) for row in self._tx.rows(_open_of_project, project=project_id)]

    def open_of(self, person_id: int) -> list[Task]:
        """Over all projects, by due date, undated last."""
        return [read_task(row) for row in self._tx.rows(_open_of_person, person=person_id)]

    def given_by(self, person_id: int) -> list[Task]:
        """Open tasks a person made that others own, over all projects, by due date."""
        return [read_task(row) for row in self._tx.rows(_given, person=person_id)]

    def children(self, task_id: int) -> list[Task]:
        """Sub-tasks of one task, cancelled ones too."""
        return [read_task(row) for row in self._tx.rows(_children, of=task_id)]

    def staged(self, project_id: int) -> list[Task]:
        """Tasks that have a stage, done ones too."""
        return [read_task(row) for row in self._tx.rows(_staged, project=project_id)]

    def tags(self, task: Task) -> list[str]:
        return [row[0] for row in self._tx.rows(_tags, task=task.id)]

    def history(self, task: Task) -> list[Event]:
        """Oldest first."""
        return [read_event(row) for row in self._tx.rows(_history, task=task.id)]

    def _reindex(
        self, before: Task, after: Task, tags_before: list[str] | None = None, tags_after: list[str] | None = None
    ) -> None:
        old = self.tags(before) if tags_before is None else tags_before
        new = old if tags_after is None else tags_after
        grams.drop(self._tx, before.id, grams.document(before.project_id, _indexed(before), old))
        grams.put(self._tx, after.id, grams.document(after.project_id, _indexed(after), new))

    def log(self, task_id: int, name: str, before: str, after: str, note: str = "") -> None:
        self.writes += 1
        self._tx.do(
            _event, task_id=task_id, change=self._key, actor_id=self._actor, at=self._at, field=name, before=before,
            after=after, note=note, chat_id=self._chat, message_id=self._message_id,
        )  # fmt: skip


def _indexed(task: Task) -> str:
    return f"{task.title} {task.detail}" if task.detail else task.title


def _word(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def read_event(row: tuple[Any, ...]) -> Event:
    task_id, change, actor, at, name, before, after, note, actor_name, chat, message_id = row
    return Event(task_id, change, actor, moment(at), name, before, after, note, actor_name or "", chat, message_id)


def read_task(row: tuple[Any, ...]) -> Task:
    (number_id, project, number, title, detail, owner, creator, state, progress, priority, due, due_minute, remind_at,
     parent, source, version, chat, created_at, started_at, closed_at, owner_name, start, days,
     stage, weight, owner_zone, label) = row  # fmt: skip
    return Task(
        number_id, project, number, title, detail, owner, creator, state, progress, priority, day(due), due_minute,
        moment(remind_at) if remind_at else None, parent, source, version, chat, moment(created_at),
        moment(started_at) if started_at else None, moment(closed_at) if closed_at else None, owner_name or "",
        day(start), days, stage, weight, owner_zone or "", label,
    )  # fmt: skip
