"""What somebody did that is no change of a task or of the plan, so that they can take it back."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.road import BIG_ID


class DeedRow(Declared, table=True):
    """Kept for an hour. ``kind``: leave, calendar, daily, blocker, solved, ask, approval, final.

    ``detail``: JSON, what was there before; never anybody's words.

    ``state``: standing, undone. ``after``: their newest change of a task by then, "" for none.
    """

    __tablename__ = "deed"
    __table_args__ = (Index("ix_deed_person", "person_id", "project_id", "id"),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    person_id: int = Field(foreign_key="person.id")
    project_id: int = Field(foreign_key="project.id")
    kind: str
    detail: str
    state: str = "standing"
    after: str
    at: int = Field(sa_type=BigInteger)
