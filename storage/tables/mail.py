"""Where people may be written to when no chat reaches them."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class MailRow(SQLModel, table=True):
    """One address for each person. ``state``: asked (a code was sent there), confirmed, bounced.

    ``tries``: wrong codes since it was sent.
    """

    __tablename__ = "mail"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    address: str = Field(index=True)
    state: str = "asked"
    code: str = ""
    code_until: int = Field(default=0, sa_type=BigInteger)
    tries: int = 0
    at: int = Field(sa_type=BigInteger)
