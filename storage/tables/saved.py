"""Searches that people gave a name, to ask them again."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field

from storage.tables.declared import Declared


class SavedRow(Declared, table=True):
    """One person's own search. ``words``: as they were said, so that 本周 is always this week."""

    __tablename__ = "saved"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    name: str = Field(primary_key=True)
    words: str
    at: int = Field(sa_type=BigInteger)
