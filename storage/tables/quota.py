"""What each platform's monthly allowance was spent on."""

from __future__ import annotations

from sqlmodel import Field

from storage.tables.declared import Declared


class Spent(Declared, table=True):
    """Calls of one kind on one day. ``day``: an ISO date where the platform counts its months."""

    __tablename__ = "spent"
    platform: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    count: int
