"""Work that passes from one person to another, once the other has said yes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.partial import partial
from storage.tables.road import BIG_ID


class HandoverRow(Declared, table=True):
    """Everything open of ``giver`` in a project, offered to ``taker``.

    ``state``: open, accepted, refused, withdrawn.
    """

    __tablename__ = "handover"
    __table_args__ = (
        partial("ix_handover_taker", "taker_id", where="state = 'open'"),
        partial("ix_handover_giver", "project_id", "giver_id", where="state = 'open'"),
        partial("ix_handover_taken", "project_id", "giver_id", where="state = 'accepted'"),
    )
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    project_id: int = Field(foreign_key="project.id")
    giver_id: int = Field(foreign_key="person.id")
    taker_id: int = Field(foreign_key="person.id")
    maker_id: int = Field(foreign_key="person.id")
    chat_id: int
    state: str = "open"
    made_at: int = Field(sa_type=BigInteger)
    closed_at: int | None = Field(default=None, sa_type=BigInteger)
