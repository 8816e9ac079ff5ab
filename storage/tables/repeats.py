"""Tasks that come again: the rule, and every copy that was made of it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.road import BIG_ID


class RepeatRow(Declared, table=True):
    """What comes again is the newest copy, whoever changed it; the row says when.

    ``rule``: JSON; ``words``: as it was said. ``due_minute``: of the day, None when only a reminder comes again;
    ``remind``: that reminder's minute of the day, or how many minutes before the due. ``holiday``: after, before, skip,
    "" not chosen yet (then after). ``state``: on, paused, stopped, undone (with its only copy).
    """

    __tablename__ = "repeat"
    __table_args__ = (UniqueConstraint("project_id", "number"),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    project_id: int = Field(foreign_key="project.id")
    number: int
    creator_id: int = Field(foreign_key="person.id")
    rule: str
    words: str
    due_minute: int | None = None
    remind: int | None = None
    holiday: str = ""
    state: str = "on"
    made_at: int = Field(sa_type=BigInteger)


class RepeatCopy(Declared, table=True):
    """One task made by a rule, for the day ``nominal`` that the rule says; ``day``: the one it fell on."""

    __tablename__ = "repeat_copy"
    __table_args__ = (Index("ix_repeat_copy_of", "repeat_id", "nominal"),)
    task_id: int = Field(primary_key=True, foreign_key="task.id")
    repeat_id: int = Field(foreign_key="repeat.id")
    nominal: str
    day: str
