"""Tables that people brought along: what was read of them, and what became of each row."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.partial import partial


class ImportRow(Declared, table=True):
    """One row of a table. ``batch``: the thing that brought it. ``body``: JSON of what it asks for.

    ``state``: ready, made, undone (taken back again), kept (changed since, so it was not taken back).
    """

    __tablename__ = "import_row"
    __table_args__ = (partial("ix_import_row_ready", "batch", "number", where="state = 'ready'"),)
    batch: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    body: str
    state: str = "ready"
    task_id: int | None = Field(default=None, sa_type=BigInteger)


class ImportKey(Declared, table=True):
    """Which task a row of somebody's table became: the same table again makes nothing twice."""

    __tablename__ = "import_key"
    project_id: int = Field(primary_key=True)
    source: str = Field(primary_key=True)
    task_id: int = Field(sa_type=BigInteger)
