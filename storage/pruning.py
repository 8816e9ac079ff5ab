"""What nobody needs any more is removed, a little at a time, so that nobody has to wait for it.

A thing's key must be known as long as a platform may deliver it again (a week at most); a message of ours, as long as
somebody may reply to it or its card may change.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, delete, or_, select

from storage.statement import Statement, columns, ms
from storage.tables.road import Draft, Inbox, Outbox, Question
from storage.transaction import Tx

CHUNK = 500
"""Rows looked at in one transaction."""
INBOX, OUTBOX, DRAFTS, QUESTIONS = columns(Inbox), columns(Outbox), columns(Draft), columns(Question)

_oldest_things = select(INBOX.key).where(INBOX.at < bindparam("before")).order_by(INBOX.at).limit(CHUNK)
_things = Statement(delete(Inbox).where(INBOX.key.in_(_oldest_things)))
_oldest_drafts = select(DRAFTS.key).where(DRAFTS.at < bindparam("before")).order_by(DRAFTS.at).limit(CHUNK)
_drafts = Statement(delete(Draft).where(DRAFTS.key.in_(_oldest_drafts)))
_questions = Statement(delete(Question).where(QUESTIONS.expires_at < bindparam("before")))
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
