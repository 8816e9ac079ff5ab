"""What was said to whom and when it may be said again."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field

from storage.tables.declared import Declared


class Notice(Declared, table=True):
    __tablename__ = "notice"
    whom: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    until: int = Field(sa_type=BigInteger)
