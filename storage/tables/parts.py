"""What is about to be said to somebody, until it is said."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field

from storage.tables.declared import Declared


class PartRow(Declared, table=True):
    """One thing that a person's next message will say. ``kind``: whose it is, and ``subject``: about what.

    ``body``: JSON, as it was when it was collected; ``at``: when that was.
    """

    __tablename__ = "part"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    project_id: int = Field(primary_key=True, foreign_key="project.id")
    kind: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    body: str
    at: int = Field(sa_type=BigInteger)
