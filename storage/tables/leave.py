"""Leave that a platform's own approvals told of."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field

from storage.tables.declared import Declared


class LeaveImport(Declared, table=True):
    """One approval, once. ``days``: what it entered, as JSON: {project: {day: [part before or "", part since]}}.

    ``state``: in, withdrawn (perhaps before the approval itself was heard of; nobody's then).
    """

    __tablename__ = "leave_import"
    platform: str = Field(primary_key=True)
    instance: str = Field(primary_key=True)
    person_id: int | None = None
    days: str = ""
    state: str = "in"
    at: int = Field(sa_type=BigInteger)
