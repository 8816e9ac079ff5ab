"""Who tried what: rows that are only ever added, each sealed onto the one before."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.road import BIG_ID


class Audit(Declared, table=True):
    """Who tried what, when, through what; ``outcome``: done or refused.

    ``digest``: of the detail, which may be erased (NULL) when a person asks for it without breaking the chain.
    ``seal``: of this row and the seal of the row before.
    """

    __tablename__ = "audit"
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    at: int = Field(sa_type=BigInteger)
    key: str
    project_id: int | None = Field(default=None, index=True)
    person_id: int | None = None
    action: str
    outcome: str
    detail: str | None = ""
    digest: str
    seal: str


class AuditHead(Declared, table=True):
    """The one row that says where the chain ends: a cut-off end is noticed, and writers come one after another."""

    __tablename__ = "audit_head"
    id: int = Field(primary_key=True)
    rows: int
    seal: str
