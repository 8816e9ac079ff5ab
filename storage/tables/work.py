"""Tasks and their history."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.partial import partial
from storage.tables.road import BIG_ID


class Counter(Declared, table=True):
    """The last number given in a project: T tasks, M milestones, B blockers, P approvals, R requests."""

    __tablename__ = "counter"
    project_id: int = Field(primary_key=True)
    letter: str = Field(primary_key=True)
    value: int = 0


class TaskRow(Declared, table=True):
    """``state``: todo, doing, blocked, paused, awaiting_note, done, cancelled, undone (its creation was taken back).

    ``due``: local date; ``due_minute``: of day. ``start``: planned start, a local date; ``days``: whole working days.
    ``label``: the project's own name for the state, "" for none; ``stage``: 策划, 设计 …, "" for none.
    ``weight``: what it counts for in its parent's progress.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        partial("ix_task_open", "project_id", "owner_id", "id", where="closed_at IS NULL"),
        partial("ix_task_owner", "owner_id", "due", where="closed_at IS NULL AND owner_id IS NOT NULL"),
        partial("ix_task_closed", "project_id", "closed_at", where="closed_at IS NOT NULL"),
        partial("ix_task_given", "creator_id", where="closed_at IS NULL AND owner_id IS NOT NULL"),
        partial("ix_task_parent", "parent_id", where="parent_id IS NOT NULL"),
    )
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    project_id: int = Field(foreign_key="project.id")
    number: int
    title: str
    detail: str = ""
    owner_id: int | None = None
    creator_id: int
    state: str = "todo"
    label: str = ""
    progress: int = 0
    priority: str = ""
    due: str | None = None
    due_minute: int | None = None
    start: str | None = None
    days: int | None = None
    stage: str = ""
    weight: int = 1
    remind_at: int | None = Field(default=None, sa_type=BigInteger)
    parent_id: int | None = None
    source: str = ""
    version: int = 1
    chat_id: int | None = None
    created_at: int = Field(sa_type=BigInteger)
    started_at: int | None = Field(default=None, sa_type=BigInteger)
    closed_at: int | None = Field(default=None, sa_type=BigInteger)


class TaskTag(Declared, table=True):
    __tablename__ = "task_tag"
    task_id: int = Field(primary_key=True, foreign_key="task.id")
    tag: str = Field(primary_key=True)


class TaskEvent(Declared, table=True):
    """Append-only history. ``change``: the thing that caused it (an inbox key); one thing may cause several rows.

    ``field``: the task's column, or created, comment, tag, untag; ``before``/``after``: as text, "" for none; of
    created, ``before`` is the first values as JSON, so that history alone tells what every column was at any time.
    ``note``: words that came with it; ``undo:<change>`` when it takes another change back.
    ``chat_id``, ``message_id``: where it was said, or the card that was pressed; None, "" of what the clock did.
    """

    __tablename__ = "task_event"
    __table_args__ = (Index("ix_task_event_actor", "actor_id", "at"),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    task_id: int = Field(index=True)
    change: str
    actor_id: int | None
    at: int = Field(sa_type=BigInteger)
    field: str
    before: str = ""
    after: str = ""
    note: str = ""
    chat_id: int | None = None
    message_id: str = ""
