"""What binds tasks together: who waits for whom, milestones, what was planned once, and which of it is in danger."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.road import BIG_ID


class LinkRow(Declared, table=True):
    """One thing that another one needs. ``…_kind``: T a task, M a milestone.

    ``kind``: after (it begins on the next working day, ``lag`` working days later), part (a milestone's own task).
    """

    __tablename__ = "link"
    __table_args__ = (
        Index("ix_link_project", "project_id"),
        Index("ix_link_before", "before_kind", "before_id"),
    )
    after_kind: str = Field(primary_key=True)
    after_id: int = Field(primary_key=True)
    before_kind: str = Field(primary_key=True)
    before_id: int = Field(primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    kind: str = "after"
    lag: int = 0


class MilestoneRow(Declared, table=True):
    """``state``: open, reached, cancelled, undone (its creation was taken back). ``due``: local date."""

    __tablename__ = "milestone"
    __table_args__ = (UniqueConstraint("project_id", "number"),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    project_id: int = Field(foreign_key="project.id")
    number: int
    title: str
    due: str | None = None
    due_minute: int | None = None
    owner_id: int | None = None
    verifier_id: int | None = None
    creator_id: int
    resources: str = ""
    state: str = "open"
    version: int = 1
    chat_id: int | None = None
    created_at: int = Field(sa_type=BigInteger)
    closed_at: int | None = Field(default=None, sa_type=BigInteger)


class CriterionRow(Declared, table=True):
    """What must hold before a milestone is reached, ticked by its owner and by its verifier."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("milestone_id", "number"),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    milestone_id: int = Field(foreign_key="milestone.id")
    number: int
    words: str
    owner_by: int | None = None
    owner_at: int | None = Field(default=None, sa_type=BigInteger)
    verifier_by: int | None = None
    verifier_at: int | None = Field(default=None, sa_type=BigInteger)


class MilestoneEvent(Declared, table=True):
    """Append-only history, as ``task_event``. ``field``: a column, or created, depends, undepends, criterion,
    uncriterion, tick, untick."""

    __tablename__ = "milestone_event"
    __table_args__ = (Index("ix_milestone_event_actor", "actor_id", "at"),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    milestone_id: int = Field(index=True)
    change: str
    actor_id: int | None
    at: int = Field(sa_type=BigInteger)
    field: str
    before: str = ""
    after: str = ""
    note: str = ""


class AlarmRow(Declared, table=True):
    """A milestone or last task that will be late, from when somebody was told until it has recovered.

    ``root_…``: what it is late because of. ``said``: the date (ISO) that was said last. ``told``: JSON list of people.
    ``group_day``: when the groups last got a card about it; ``group_cards``: how many they got. ``state``: open, or
    cleared while a card still tells of it.
    """

    __tablename__ = "alarm"
    project_id: int = Field(primary_key=True, foreign_key="project.id")
    kind: str = Field(primary_key=True)
    subject_id: int = Field(primary_key=True)
    root_kind: str
    root_id: int
    state: str = "open"
    said: str
    told: str = "[]"
    opened_day: str
    group_day: str | None = None
    group_cards: int = 0


class BaselineRow(Declared, table=True):
    """The plan as it stood at one moment."""

    __tablename__ = "baseline"
    __table_args__ = (UniqueConstraint("project_id", "number"),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    project_id: int = Field(foreign_key="project.id")
    number: int
    name: str = ""
    made_by: int
    made_at: int = Field(sa_type=BigInteger)


class BaselineItem(Declared, table=True):
    """One task or milestone of a baseline. ``kind``: T, M."""

    __tablename__ = "baseline_item"
    baseline_id: int = Field(primary_key=True, foreign_key="baseline.id")
    kind: str = Field(primary_key=True)
    subject_id: int = Field(primary_key=True)
    start: str | None = None
    days: int | None = None
    due: str | None = None
