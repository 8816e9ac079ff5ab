"""What is asked of people by a certain time, what the clock told them already, and what they do not want to hear."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, UniqueConstraint
from sqlmodel import Field

from storage.tables.declared import Declared
from storage.tables.partial import partial
from storage.tables.road import BIG_ID


class AskRow(Declared, table=True):
    """A question to several people with a time to answer. ``state``: open, closed.

    ``look_at``: somebody wants to know who has read it; None: nobody just now.
    """

    __tablename__ = "ask"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        partial("ix_ask_open", "project_id", "number", where="state = 'open'"),
        partial("ix_ask_asker", "asker_id", where="state = 'open'"),
        partial("ix_ask_look", "look_at", where="look_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, sa_column=Column(BIG_ID, primary_key=True, autoincrement=True))
    project_id: int = Field(foreign_key="project.id")
    number: int
    asker_id: int = Field(foreign_key="person.id")
    chat_id: int
    words: str
    made_at: int = Field(sa_type=BigInteger)
    due_at: int = Field(sa_type=BigInteger)
    state: str = "open"
    look_at: int | None = Field(default=None, sa_type=BigInteger)


class AskedRow(Declared, table=True):
    """One person a question went to. ``answered_at``: of the first answer; ``answer``: the newest words;
    ``message_id``: which message of theirs said so (behind its platform's name), or "".

    ``read_at``: their platform told that they have read it; ``unread_at``: that they have not, yet. Neither: it does
    not tell.
    """

    __tablename__ = "asked"
    __table_args__ = (
        partial("ix_asked_waiting", "person_id", where="answered_at IS NULL"),
        partial("ix_asked_message", "message_id", where="message_id <> ''"),
    )
    ask_id: int = Field(primary_key=True, foreign_key="ask.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    answer: str = ""
    answered_at: int | None = Field(default=None, sa_type=BigInteger)
    read_at: int | None = Field(default=None, sa_type=BigInteger)
    unread_at: int | None = Field(default=None, sa_type=BigInteger)
    message_id: str = ""


class PushRow(Declared, table=True):
    """What the clock had to tell somebody, once: the key is the whole promise. ``state``: pending, sent.

    ``rule``: overdue.0, overdue.1, overdue.3, silent.3, silent.5, warn.5w (5 working days before), warn.60d, and what
    was pressed: hush, going. Of own_week (a draft was offered) and own_week.… (it was sent) the task is the project.
    ``day``: the date it is about (a new date is a new push). ``person_id`` 0: the project's groups.
    """

    __tablename__ = "push"
    __table_args__ = (partial("ix_push_pending", "person_id", where="state = 'pending'"),)
    person_id: int = Field(primary_key=True)
    task_id: int = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    state: str = "pending"
    at: int = Field(sa_type=BigInteger)


class MuteRow(Declared, table=True):
    """A kind of push somebody does not want. ``rule``: overdue, silent, warn, remind, ask, approval, daily."""

    __tablename__ = "mute"
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    rule: str = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)


class WarningRow(Declared, table=True):
    """How long before a due somebody wants to hear of it. ``ahead``: "5w 60d".

    ``scope``: project, person, task, milestone.
    """

    __tablename__ = "warning"
    scope: str = Field(primary_key=True)
    subject: int = Field(primary_key=True, sa_type=BigInteger)
    ahead: str = ""
