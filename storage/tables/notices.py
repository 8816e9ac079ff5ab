"""What was said to whom and when it may be said again."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class Notice(SQLModel, table=True):
    __tablename__ = "notice"
    whom: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    until: int = Field(sa_type=BigInteger)
