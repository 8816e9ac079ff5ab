"""What could not be said directly goes by e-mail to who gave an address for that.

One thing that a platform gives back is one letter. When a platform takes nothing more this month, much will follow:
then a letter holds everything of ten minutes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chat.cards import text_card
from chat.messages import Outgoing
from chat.plain import plain
from chat.ports import MAIL
from chat.text import Locale, join, say, verbatim
from reports.days import stamp
from reports.ticks import Occasion, tick
from storage.books import Books
from storage.transaction import Tx

KIND = "mail.together"
PAUSE = timedelta(minutes=10)
ZONE = "Asia/Shanghai"
"""Of times in a letter to somebody who has none of their own."""


def instead(tx: Tx, parcel: Outgoing, at: datetime, *, together: bool = False) -> bool:
    """Post it as a letter, in the transaction in which the parcel itself is given up. False: nobody to write to."""
    if parcel.kind != "direct" or parcel.platform == MAIL:
        return False
    books = Books(tx, f"{MAIL}:{parcel.key}", at)
    person = books.people.known(parcel.platform, parcel.chat)
    address = books.mails.confirmed(person.id) if person is not None else ""
    if person is None or not address:
        return False
    if not together:
        books.outbox.post(MAIL, address, parcel.card, kind="direct", locale=parcel.locale)
        return True
    books.mails.wait(person.id, plain(parcel.card, parcel.locale).strip())
    whose = f"{MAIL}:{person.id}"
    if not any(entry.kind == KIND for entry in books.schedules.of(whose)):
        books.schedules.add(KIND, whose, at + PAUSE, locale=parcel.locale)
    return True


@tick(KIND, None)
def send(occasion: Occasion) -> datetime | None:
    """Everything that waits for one person, in one letter."""
    books = occasion.books
    person = books.people.get(int(occasion.entry.owner.partition(":")[2]))
    waiting, address = books.mails.take_waiting(person.id), books.mails.confirmed(person.id)
    if not waiting or not address:
        return None
    zone = ZoneInfo(person.zone or ZONE)
    parts = [
        say("{at} {words}", "{at} {words}", at=stamp(at.astimezone(zone)), words=verbatim(words))
        for at, words in waiting
    ]
    text = say(
        "聊天里暂时发不了，这段时间有 {n} 条：\n\n{parts}",
        "Chat takes no messages just now. There were {n}:\n\n{parts}",
        n=len(parts), parts=join(parts, "\n\n"),
    )  # fmt: skip
    locale: Locale = "en" if occasion.entry.subject.get("locale") == "en" else "zh"
    books.outbox.post(MAIL, address, text_card(text), kind="direct", locale=locale)
    return None
