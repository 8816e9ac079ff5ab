"""Daily reports: the plan, the day's collection, reports with their versions, who is away, and blockers."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.partial import partial
from storage.tables.road import BIG_ID


class DailyPlan(Declared, table=True):
    """When a project reports, in minutes of the local day; ``closes`` of 1440 and more: the next working day.

    ``name_missing``: the digest says who did not report. ``readers``: all, lead, after (who has handed in).
    ``state``: on, off.
    """

    __tablename__ = "daily_plan"
    project_id: int = Field(primary_key=True, foreign_key="project.id")
    opens: int
    closes: int
    name_missing: int = 0
    readers: str = "all"
    state: str = "on"


class Collection(Declared, table=True):
    """One day's reports of one project. ``state``: open, closed, missed (the bot was off), dropped (an admin agreed).

    ``person_id``: whose own day it is, of those who live by another clock than the team; 0: the team's.
    ``late_by``: minutes the prompt was late. ``asked``: JSON, ids of those who were to report, fixed at the close.
    ``told_at``: when late reports were last announced where the digest cannot be changed; of a person's own day: when
    the team heard of it. ``version``: of the digest;
    ``note``: the newest change after the close, as its foot says it.
    """

    __tablename__ = "collection"
    __table_args__ = (
        UniqueConstraint("project_id", "person_id", "day"),
        partial("ix_collection_untold", "project_id", where="person_id <> 0 AND told_at = 0"),
    )
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    project_id: int = Field(foreign_key="project.id")
    person_id: int = 0
    day: str
    state: str
    opens_at: int = Field(sa_type=BigInteger)
    nudge_at: int | None = Field(default=None, sa_type=BigInteger)
    closes_at: int = Field(sa_type=BigInteger)
    late_until: int = Field(sa_type=BigInteger)
    late_by: int = 0
    digest_at: int | None = Field(default=None, sa_type=BigInteger)
    told_at: int = Field(default=0, sa_type=BigInteger)
    asked: str = "[]"
    version: int = 1
    note: str = ""


class DailyRow(Declared, table=True):
    """One person's report for one day. ``standing``: early, on_time, late, overdue. ``state``: in, withdrawn."""

    __tablename__ = "daily"
    __table_args__ = (
        UniqueConstraint("project_id", "day", "person_id"),
        Index("ix_daily_person", "person_id", "project_id", "day"),
        partial("ix_daily_message", "platform", "message_id", where="message_id != ''"),
    )
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    project_id: int = Field(foreign_key="project.id")
    day: str
    person_id: int = Field(foreign_key="person.id")
    done: str
    plan: str
    blocked: str
    standing: str
    reason: str = ""
    state: str = "in"
    version: int = 1
    at: int = Field(sa_type=BigInteger)
    changed_at: int = Field(sa_type=BigInteger)
    platform: str = ""
    message_id: str = ""


class DailyVersion(Declared, table=True):
    """Every wording a report ever had, withdrawn ones included. ``via``: group, direct, form, withdrawn."""

    __tablename__ = "daily_version"
    daily_id: int = Field(primary_key=True, foreign_key="daily.id")
    version: int = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)
    change: str
    done: str
    plan: str
    blocked: str
    via: str


class Away(Declared, table=True):
    """Somebody does not report on a day. ``part``: day, am, pm."""

    __tablename__ = "away"
    project_id: int = Field(primary_key=True, foreign_key="project.id")
    day: str = Field(primary_key=True)
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    part: str = "day"
    at: int = Field(sa_type=BigInteger)


class BlockerRow(Declared, table=True):
    """An obstacle somebody reported. ``helper_id``: who is asked; ``state``: open, solved, dropped.

    ``told_at``: when the lead was told that nobody answered.
    """

    __tablename__ = "blocker"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        partial("ix_blocker_open", "project_id", "number", where="state = 'open'"),
        partial("ix_blocker_daily", "daily_id", where="daily_id IS NOT NULL"),
        Index("ix_blocker_day", "project_id", "day"),
    )
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    project_id: int = Field(foreign_key="project.id")
    number: int
    day: str
    person_id: int = Field(foreign_key="person.id")
    helper_id: int | None = None
    daily_id: int | None = None
    words: str
    state: str = "open"
    opened_at: int = Field(sa_type=BigInteger)
    answer: str = ""
    answered_by: int | None = None
    answered_at: int | None = Field(default=None, sa_type=BigInteger)
    told_at: int | None = Field(default=None, sa_type=BigInteger)
    closed_by: int | None = None
    closed_at: int | None = Field(default=None, sa_type=BigInteger)


class Pulse(Declared, table=True):
    """One row: when the bot was last alive, and the last time it was off."""

    __tablename__ = "pulse"
    id: int = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)
    off_from: int = Field(default=0, sa_type=BigInteger)
    off_until: int = Field(default=0, sa_type=BigInteger)
