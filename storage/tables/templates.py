"""Templates that teams wrote for their own digests."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field

from storage.tables.declared import Declared


class TemplateRow(Declared, table=True):
    """``kind``: digest, weekly. ``state``: on (the newest of these is used), off.

    ``told``: the day its admins heard of a fault.
    """

    __tablename__ = "template"
    project_id: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    source: str
    state: str = "on"
    person_id: int
    at: int = Field(sa_type=BigInteger)
    told: str = ""
