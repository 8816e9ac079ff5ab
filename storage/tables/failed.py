"""Things whose handling failed, kept whole until they are handled again or forgotten."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field

from storage.tables.declared import Declared


class FailedThing(Declared, table=True):
    """``code``: what the person was shown. ``body``: JSON of the thing. ``state``: kept, again (an admin asked)."""

    __tablename__ = "failed_thing"
    key: str = Field(primary_key=True)
    code: str = Field(index=True)
    kind: str
    platform: str
    body: str
    state: str = "kept"
    at: int = Field(sa_type=BigInteger)
