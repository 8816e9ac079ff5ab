"""Approvals: what is asked, who sits on which seat, every vote, what was shown, and all that happened to it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.partial import partial
from storage.tables.road import BIG_ID


class ApprovalRow(Declared, table=True):
    """``state``: open, approved, rejected, returned, expired, withdrawn. ``mode``: all, any, turn, every.

    ``round`` counts the wordings people were asked about; ``changes``: what this one changed, JSON of a text, or "".
    """

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        Index("ix_approval_number", "number"),
        partial("ix_approval_open", "requester_id", where="state = 'open'"),
        partial("ix_approval_returned", "requester_id", where="state = 'returned'"),
    )
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    project_id: int = Field(foreign_key="project.id")
    number: int
    chat_id: int = Field(foreign_key="chat.id")
    requester_id: int = Field(foreign_key="person.id")
    title: str
    detail: str = ""
    mode: str
    round: int = 1
    state: str = "open"
    opened_at: int = Field(sa_type=BigInteger)
    deadline: int = Field(sa_type=BigInteger)
    closed_at: int | None = Field(default=None, sa_type=BigInteger)
    changes: str = ""


class ApprovalSeat(Declared, table=True):
    """``stands_for``: whose seat it was. ``apart``: 0 asked in the chat, 1 not in it, 2 never seen in it: directly."""

    __tablename__ = "approval_seat"
    __table_args__ = (Index("ix_approval_seat_person", "person_id"),)
    approval_id: int = Field(primary_key=True, foreign_key="approval.id")
    round: int = Field(primary_key=True)
    seat: int = Field(primary_key=True)
    place: float
    person_id: int = Field(foreign_key="person.id")
    stands_for: int | None = None
    apart: int = 0


class ApprovalVote(Declared, table=True):
    """One seat's word in one round. ``shown``: SHA-256 of the card that was pressed, which is its ``version``."""

    __tablename__ = "approval_vote"
    __table_args__ = (UniqueConstraint("approval_id", "round", "seat"),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    approval_id: int = Field(foreign_key="approval.id")
    round: int
    seat: int
    person_id: int = Field(foreign_key="person.id")
    choice: str
    reason: str = ""
    at: int = Field(sa_type=BigInteger)
    via: str
    platform: str
    message_id: str
    version: int
    shown: str
    key: str


class ApprovalShown(Declared, table=True):
    """What a card said, or a reminder with its buttons, in either language."""

    __tablename__ = "approval_shown"
    approval_id: int = Field(primary_key=True, foreign_key="approval.id")
    version: int = Field(primary_key=True)
    words: str
    english: str


class ApprovalEvent(Declared, table=True):
    """Append-only history. ``what``: asked, changed, again, delegated, added, urged, expired, withdrawn, decided."""

    __tablename__ = "approval_event"
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    approval_id: int = Field(index=True, foreign_key="approval.id")
    round: int
    what: str
    detail: str = ""
    actor_id: int | None = None
    at: int = Field(sa_type=BigInteger)
    key: str


class DecisionRow(Declared, table=True):
    """A choice among options. ``options``: JSON list of texts; ``choosers``: JSON list of person ids, any one of them.

    ``chosen``: the number of the option, from 1; None: still open.
    """

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("project_id", "number"),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    project_id: int = Field(foreign_key="project.id")
    number: int
    asker_id: int = Field(foreign_key="person.id")
    chat_id: int = Field(foreign_key="chat.id")
    title: str
    options: str
    choosers: str
    at: int = Field(sa_type=BigInteger)
    chosen: int | None = None
    reason: str = ""
    chosen_by: int | None = None
    chosen_at: int | None = Field(default=None, sa_type=BigInteger)


class ApprovalDelegate(Declared, table=True):
    """Who decides in somebody's place while they are away from a project."""

    __tablename__ = "approval_delegate"
    project_id: int = Field(primary_key=True, foreign_key="project.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    delegate_id: int = Field(foreign_key="person.id")
