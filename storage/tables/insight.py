"""What is measured and weighed: weekly digests as they were sent, numbers on tasks, and what must and need not be."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.road import BIG_ID


class WeeklyRow(Declared, table=True):
    """One weekly digest as it was sent: ``first``~``last``, working days. ``due``/``done``: tasks of its completion.

    ``deviation``: the median in per cent, None where nothing was done.
    """

    __tablename__ = "weekly"
    project_id: int = Field(primary_key=True, foreign_key="project.id")
    first: str = Field(primary_key=True)
    last: str
    at: int = Field(sa_type=BigInteger)
    due: int
    done: int
    deviation: int | None = None


class NumberRow(Declared, table=True):
    """A number somebody gave for a task (``kind`` T) or a milestone (M), of id ``subject_id``.

    ``week``: the first day of its work week; the newest of a week counts.
    """

    __tablename__ = "number"
    __table_args__ = (Index("ix_number_subject", "kind", "subject_id", "name", "at"),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    kind: str = "T"
    subject_id: int
    name: str
    week: str
    value: float
    words: str
    at: int = Field(sa_type=BigInteger)
    by: int


class MoscowRow(Declared, table=True):
    """What a task was said to be in one week. ``week``: its first day; ``choice``: must, should, could, wont."""

    __tablename__ = "moscow"
    __table_args__ = (Index("ix_moscow_project", "project_id", "week"),)
    task_id: int = Field(primary_key=True, foreign_key="task.id")
    week: str = Field(primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    choice: str
    by: int
    at: int = Field(sa_type=BigInteger)
