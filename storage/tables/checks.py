"""What has to be looked at before a task is good: a checklist of its own."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.partial import partial


class CheckRow(Declared, table=True):
    """One item. ``done_at``: ticked, by ``by``; ``skipped_at``: left out on purpose, because of ``why``."""

    __tablename__ = "task_check"
    __table_args__ = (partial("ix_task_check_open", "project_id", "task_id", where="done_at IS NULL"),)
    task_id: int = Field(primary_key=True, foreign_key="task.id")
    number: int = Field(primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    words: str
    by: int | None = None
    done_at: int | None = Field(default=None, sa_type=BigInteger)
    skipped_at: int | None = Field(default=None, sa_type=BigInteger)
    why: str = ""
