"""Who has read a question: what shall be asked of the platforms, and what they told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, null, select, update

from chat.frozen import frozen
from storage.asks import ASKED, ROWS, Ask, Asked
from storage.books import Books
from storage.outbox import OUTBOX
from storage.statement import Statement, moment, ms
from storage.tables.time import AskedRow, AskRow

NUDGED = ":nudge"
"""After the name of a question's card: its reminder to one person."""
AT_ONCE = 20
"""Questions that are looked at together."""

_want = Statement(
    update(AskRow)
    .where(ROWS.id == bindparam("ask"), ROWS.state == "open")
    .values(look_at=bindparam("now", type_=BigInteger))
)
_wanted = Statement(
    select(ROWS.id)
    .where(ROWS.look_at.is_not(None), ROWS.look_at <= bindparam("now"))
    .order_by(ROWS.look_at)
    .limit(AT_ONCE)
)
_taken = Statement(
    update(AskRow)
    .where(ROWS.id == bindparam("ask"), ROWS.look_at.is_not(None))
    .values(look_at=null())
    .returning(ROWS.id)
)
_where = Statement(
    select(OUTBOX.platform, OUTBOX.chat, OUTBOX.kind, OUTBOX.message_id, OUTBOX.sent_at)
    .where(OUTBOX.name == bindparam("card"), OUTBOX.kind != "edit", OUTBOX.state == "sent")
    .where(OUTBOX.message_id.is_not(None), OUTBOX.sent_at.is_not(None))
    .order_by(OUTBOX.id)
)
_read = Statement(
    update(AskedRow)
    .where(ASKED.ask_id == bindparam("ask"), ASKED.person_id == bindparam("person"))
    .values(read_at=bindparam("now", type_=BigInteger))
)
_unread = Statement(
    update(AskedRow)
    .where(ASKED.ask_id == bindparam("ask"), ASKED.person_id == bindparam("person"), ASKED.read_at.is_(None))
    .values(unread_at=bindparam("now", type_=BigInteger))
)


@frozen
class Shown:
    """One message that shows a question to somebody whose answer is missing. ``chat``: a person's id if ``direct``."""

    platform: str
    chat: str
    direct: bool
    message_id: str
    sent_at: datetime


def want(books: Books, ask: Ask) -> None:
    """Somebody wants to know who has read it."""
    books.tx.run(_want, ask=ask.id, now=ms(books.at))


def wanted(books: Books) -> list[Shown]:
    """The messages about which somebody wants to know; of two processes that ask, one is told."""
    found: list[Shown] = []
    for (number,) in books.tx.rows(_wanted, now=ms(books.at)):
        if books.tx.rows(_taken, ask=number) and (ask := books.asks.get(number)) is not None and ask.state == "open":
            found += _shown(books, ask)
    return found


def _shown(books: Books, ask: Ask) -> list[Shown]:
    """Where those see it who have neither answered nor read it as far as is known."""
    unseen = {
        (address.platform, address.external_id)
        for one in ask.missing
        if not one.read
        for address in books.people.addresses(one.person)
    }
    platforms = {platform for platform, _ in unseen}
    return [
        shown
        for name in (ask.name, ask.name + NUDGED)
        for shown in map(_message, books.tx.rows(_where, card=name))
        if ((shown.platform, shown.chat) in unseen if shown.direct else shown.platform in platforms)
    ]


def _message(row: tuple[Any, ...]) -> Shown:
    platform, chat, kind, message, sent = row
    return Shown(platform, chat, kind == "direct", message, moment(sent))


def told(books: Books, ask: Ask, one: Asked, *, read: bool) -> bool:
    """What the platform says of one of them. False: that was known."""
    if one.read or one.read is read:
        return False
    books.tx.run(_read if read else _unread, ask=ask.id, person=one.person, now=ms(books.at))
    return True
