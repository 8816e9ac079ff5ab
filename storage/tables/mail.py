"""Where people may be written to when no chat reaches them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.road import BIG_ID


class MailRow(Declared, table=True):
    """One address for each person. ``state``: asked (a code was sent there), confirmed, bounced.

    ``code``: its keyed hash (``storage.vault``). ``tries``: wrong codes since it was sent.
    """

    __tablename__ = "mail"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    address: str = Field(index=True)
    state: str = "asked"
    code: str = ""
    code_until: int = Field(default=0, sa_type=BigInteger)
    tries: int = 0
    at: int = Field(sa_type=BigInteger)


class MailWaiting(Declared, table=True):
    """Something that waits to be written to somebody, together with what comes until then."""

    __tablename__ = "mail_waiting"
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    person_id: int = Field(index=True, foreign_key="person.id")
    words: str
    at: int = Field(sa_type=BigInteger)
