"""What nobody needs any more is removed, a little at a time, so that nobody has to wait for it.

A thing's key must be known as long as a platform may deliver it again (a week at most); a message of ours, as long as
somebody may reply to it or its card may change.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import and_, bindparam, delete, null, or_, select, update

from storage.statement import Statement, columns, ms
from storage.tables.audit import Audit
from storage.tables.daily import Away, DailyRow, DailyVersion
from storage.tables.road import Draft, Inbox, Outbox, Question
from storage.transaction import Tx

CHUNK = 500
"""Rows looked at in one transaction."""
INBOX, OUTBOX, DRAFTS, QUESTIONS = columns(Inbox), columns(Outbox), columns(Draft), columns(Question)
DAILIES, AUDIT = columns(DailyRow), columns(Audit)

_oldest_things = select(INBOX.key).where(INBOX.at < bindparam("before")).order_by(INBOX.at).limit(CHUNK)
_things = Statement(delete(Inbox).where(INBOX.key.in_(_oldest_things)))
_oldest_drafts = select(DRAFTS.key).where(DRAFTS.at < bindparam("before")).order_by(DRAFTS.at).limit(CHUNK)
_drafts = Statement(delete(Draft).where(DRAFTS.key.in_(_oldest_drafts)))
_questions = Statement(delete(Question).where(QUESTIONS.expires_at < bindparam("before")))
_worded = Statement(
    select(DAILIES.id)
    .where(DAILIES.day < bindparam("before"), or_(DAILIES.done != "", DAILIES.plan != "", DAILIES.blocked != ""))
    .order_by(DAILIES.day)
    .limit(CHUNK)
)
_daily = Statement(
    update(DailyRow).where(DAILIES.id == bindparam("daily")).values(done="", plan="", blocked="", reason="")
)
_versions = Statement(
    update(DailyVersion)
    .where(columns(DailyVersion).daily_id == bindparam("daily"))
    .values(done="", plan="", blocked="")
)
_away = Statement(delete(Away).where(columns(Away).day < bindparam("before")))
_oldest_details = (
    select(AUDIT.id).where(AUDIT.at < bindparam("before"), AUDIT.detail.is_not(None)).order_by(AUDIT.id).limit(CHUNK)
)
_details = Statement(update(Audit).where(AUDIT.id.in_(_oldest_details)).values(detail=null()))
_next_message = Statement(
    select(OUTBOX.id)
    .where(OUTBOX.id > bindparam("after"), OUTBOX.at < bindparam("before"))
    .order_by(OUTBOX.id)
    .limit(1)
)
_messages = Statement(
    delete(Outbox).where(
        OUTBOX.id >= bindparam("first"),
        OUTBOX.id < bindparam("beyond"),
        or_(OUTBOX.state == "sent", OUTBOX.state == "superseded", OUTBOX.state == "dropped"),
        or_(and_(OUTBOX.name.is_(None), OUTBOX.at < bindparam("before")), OUTBOX.at < bindparam("long_before")),
    )
)


def dailies(tx: Tx, before: date) -> int:
    """Take the words out of reports of days before then; how many. That they were handed in, and when, stays."""
    ids = tx.rows(_worded, before=before.isoformat())
    for (number,) in ids:
        tx.run(_versions, daily=number)
        tx.run(_daily, daily=number)
    return len(ids)


def absences(tx: Tx, before: date) -> int:
    """Forget who was away before then; how many days."""
    return tx.run(_away, before=before.isoformat())


def audit_details(tx: Tx, before: datetime) -> int:
    """Take the details out of what was recorded before then; how many. The chain stays whole."""
    return tx.run(_details, before=ms(before))


def things(tx: Tx, before: datetime) -> int:
    """Forget the oldest things that happened before then; how many. 0: there are no more."""
    return tx.run(_things, before=ms(before))


def drafts(tx: Tx, before: datetime) -> int:
    """Drop wishes that have waited for a button since before then; how many."""
    return tx.run(_drafts, before=ms(before))


def questions(tx: Tx, now: datetime) -> int:
    """Drop questions that may no longer be answered; how many."""
    return tx.run(_questions, before=ms(now))


def messages(tx: Tx, after: int, before: datetime, long_before: datetime) -> tuple[int, int] | None:
    """Drop delivered messages older than ``before``, cards older than ``long_before``, from the one behind ``after``.

    How many, and where to go on; None: there are no more. What was never delivered stays.
    """
    first = tx.value(_next_message, after=after, before=ms(before))
    if first is None:
        return None
    gone = tx.run(_messages, first=first, beyond=first + CHUNK, before=ms(before), long_before=ms(long_before))
    return gone, first + CHUNK - 1
