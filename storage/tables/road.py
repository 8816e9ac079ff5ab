"""The road of every thing: inbox, outbox, lanes, the clock's schedule, open questions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.partial import one_of, partial

BIG_ID = BigInteger().with_variant(Integer, "sqlite")
COLLECTORS = ("overdue", "overdue.more", "plan.watch", "renewals")
"""Kinds of the clock's entries that look at a project for what is to be said to its people, in one message each."""
TROUBLED = ("doubt", "dead", "held", "again")
"""States of a parcel that somebody has to look after."""


class Inbox(Declared, table=True):
    """Every thing that ever happened, once. ``state``: done, refused, failed. ``answer``: what a press was told."""

    __tablename__ = "inbox"
    key: str = Field(primary_key=True)
    kind: str
    at: int = Field(sa_type=BigInteger, index=True)
    state: str = "done"
    code: str = ""
    answer: str | None = None


class Outbox(Declared, table=True):
    """Every parcel. ``state``: ready, sending, sent, superseded, dead, held, doubt (perhaps it arrived); missed while a
    platform's month was used up, listed once that was told; again: an admin wants it sent; dropped: nobody does.

    ``name``: of a card that may be edited. ``asker``: whom a reply answers.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        partial("ix_outbox_ready", "platform", "chat", "id", where="state = 'ready'"),
        partial("ix_outbox_sending", "id", where="state = 'sending'"),
        partial("ix_outbox_trouble", "state", "id", where=one_of("state", *TROUBLED)),
        partial("ix_outbox_missed", "platform", "id", where="state = 'missed'"),
        partial("ix_outbox_name", "name", "id", where="name IS NOT NULL"),
        partial("ix_outbox_message", "platform", "message_id", where="message_id IS NOT NULL"),
    )
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    key: str = Field(unique=True)
    platform: str
    chat: str
    kind: str
    body: str
    locale: str
    reply_to: str
    asker: str = ""
    name: str | None = None
    state: str = "ready"
    attempts: int = 0
    not_before: int = Field(sa_type=BigInteger)
    at: int = Field(sa_type=BigInteger)
    sent_at: int | None = Field(default=None, sa_type=BigInteger)
    message_id: str | None = None
    error: str = ""


class Process(Declared, table=True):
    """One of several bots on one database. ``beat_at``: when it last said that it is alive, by the database's clock."""

    __tablename__ = "process"
    id: str = Field(primary_key=True)
    host: str
    started_at: int = Field(sa_type=BigInteger)
    beat_at: int = Field(sa_type=BigInteger)


class Lane(Declared, table=True):
    """Which process delivers to a chat, so that its parcels keep their order; "": whoever comes first."""

    __tablename__ = "lane"
    __table_args__ = (Index("ix_lane_leased_by", "leased_by"),)
    platform: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    leased_by: str = ""


class Lease(Declared, table=True):
    """Which process holds a connection of which a platform allows one; "": nobody."""

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    holder: str = ""


class Schedule(Declared, table=True):
    """What the clock will do. ``subject``: JSON for the handler ``kind``. ``rule``: "" fires once and is removed.

    ``owner``: whom it belongs to ("project:3", "task:17"), so that it can be replaced or dropped as a whole.
    ``claimed_until``: one of several processes is about to fire it.
    """

    __tablename__ = "schedule"
    __table_args__ = (
        partial("ix_schedule_due", "next_fire_at", where="state = 'on'"),
        partial("ix_schedule_collecting", "next_fire_at", where=one_of("kind", *COLLECTORS)),
        Index("ix_schedule_owner", "owner", "kind"),
    )
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    kind: str
    owner: str
    subject: str = "{}"
    next_fire_at: int = Field(sa_type=BigInteger)
    state: str = "on"
    claimed_until: int = Field(default=0, sa_type=BigInteger)


class Skip(Declared, table=True):
    """A prompt that did not happen, and why: a skip is a row, countable."""

    __tablename__ = "skip"
    key: str = Field(primary_key=True)
    kind: str
    owner: str
    due_at: int = Field(sa_type=BigInteger)
    at: int = Field(sa_type=BigInteger)
    reason: str


class Question(Declared, table=True):
    """The bot asked somebody something and the next plain message may be the answer. One per person and chat."""

    __tablename__ = "question"
    chat_id: int = Field(primary_key=True)
    person_id: int = Field(primary_key=True)
    kind: str
    subject: str = "{}"
    expires_at: int = Field(sa_type=BigInteger)


class Draft(Declared, table=True):
    """Something said that waits for a button before it becomes a row anywhere else. ``used``: it was decided."""

    __tablename__ = "draft"
    key: str = Field(primary_key=True)
    kind: str
    chat_id: int
    person_id: int
    subject: str = "{}"
    at: int = Field(sa_type=BigInteger, index=True)
    used: int = 0
