"""Who and where: people, their platform identities, chats, projects and who belongs to what."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, UniqueConstraint
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.road import BIG_ID


class PersonRow(Declared, table=True):
    """One human, on however many platforms. ``zone``/``country`` empty: the project's.

    ``left_at``: when their platform told that they left the company; None again as soon as they write.
    """

    __tablename__ = "person"
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    name: str = Field(index=True)
    locale: str = ""
    zone: str = ""
    country: str = ""
    project_id: int | None = None  # the project a direct chat is about
    created_at: int = Field(sa_type=BigInteger)
    left_at: int | None = Field(default=None, sa_type=BigInteger)


class Identity(Declared, table=True):
    """A person on one platform. ``reachable``: a direct message can be sent (they have talked to the bot)."""

    __tablename__ = "identity"
    platform: str = Field(primary_key=True)
    external_id: str = Field(primary_key=True)
    person_id: int = Field(index=True, foreign_key="person.id")
    name: str
    reachable: int = 0


class Project(Declared, table=True):
    """Goals, people and calendar; may live in several groups. ``settings``: JSON of a few switches.

    ``calendar_version`` counts the changes to what its calendar is made of; 0: its country's own.
    """

    __tablename__ = "project"
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    name: str
    launch: str | None = None
    zone: str = "Asia/Shanghai"
    country: str = "CN"
    locale: str = "zh"
    calendar_version: int = 0
    settings: str = "{}"
    state: str = "new"
    created_by: int | None = None
    created_at: int = Field(sa_type=BigInteger)


class ChatRow(Declared, table=True):
    """A chat the bot is in. ``state``: active, removed, dissolved. ``heard_at``: somebody first talked to the bot."""

    __tablename__ = "chat"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    platform: str
    external_id: str
    kind: str
    name: str
    project_id: int | None = Field(default=None, index=True)
    locale: str = ""
    state: str = "active"
    heard_at: int | None = Field(default=None, sa_type=BigInteger)


class ChatPerson(Declared, table=True):
    """Somebody seen in a chat."""

    __tablename__ = "chat_person"
    chat_id: int = Field(primary_key=True, foreign_key="chat.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id")


class Member(Declared, table=True):
    """``role``: owner, admin, member, observer, guest (spoke in the group but was never added)."""

    __tablename__ = "member"
    project_id: int = Field(primary_key=True, foreign_key="project.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id", index=True)
    role: str
    joined_at: int = Field(sa_type=BigInteger)


class CalendarDay(Declared, table=True):
    """A project's own 休/班 on top of its country's calendar."""

    __tablename__ = "calendar_day"
    project_id: int = Field(primary_key=True, foreign_key="project.id")
    day: str = Field(primary_key=True)
    works: int
    name: str = ""
    at: int = Field(sa_type=BigInteger)
    by: int | None = None


class CalendarYear(Declared, table=True):
    """A published year of one country: the imported document as it came."""

    __tablename__ = "calendar_year"
    country: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    document: str
    imported_at: int = Field(sa_type=BigInteger)
