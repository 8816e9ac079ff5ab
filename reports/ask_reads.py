"""Who has read a question without answering: for who asked alone, and only where a platform tells."""

from __future__ import annotations

from chat.cards import Card, text_card
from chat.messages import Incoming
from chat.ports import Abilities
from chat.text import Text, join, say
from reports.asks import progress, until
from reports.daily_desk import Desk
from reports.speaker import Speaker
from storage import readings
from storage.asks import Ask
from storage.books import Books
from storage.transaction import Tx

EVENT = "read"


def follow(tx: Tx, thing: Incoming, can: Abilities) -> None:
    """thing: ``EVENT``. A message of ours that is no question, or one that is over, is nobody's concern."""
    books = Books(tx, thing.key, thing.at)
    kind, _, number = books.outbox.name_of(thing.platform, thing.message_id).partition(":")
    ask = books.asks.get(int(number.partition(":")[0])) if kind == "ask" else None
    if ask is None or ask.state != "open":
        return
    readers, to = set(thing.data["readers"]), thing.data["to"]
    news = False
    for one in ask.missing:
        who = books.people.external_id(one.person, thing.platform)
        if who and to in ("", who):
            news |= readings.told(books, ask, one, read=who in readers)
    after = books.asks.get(ask.id) if news else None
    if after is not None:
        speaker = Speaker(books, can)
        speaker.redraw(name(after), status(Desk(books, speaker, books.projects.get(after.project_id)), after))


def name(ask: Ask) -> str:
    """Of the card that shows who asked how it stands."""
    return f"askstate:{ask.id}"


def status(desk: Desk, ask: Ask) -> Card:
    """For who asked: everybody by name, with what they said, or whether they have read it."""
    lines: list[Text] = [
        say("{ref} {words}（{at} 截止）", "{ref} {words} (due {at})", ref=ask.ref, words=ask.words,
            at=until(desk, ask.due_at, ask.asker)),
        progress(ask, reads=True),
    ]  # fmt: skip
    return text_card(join(lines, "\n"))


def want(desk: Desk, ask: Ask) -> None:
    """Where a platform tells, it is asked."""
    if ask.state == "open" and ask.missing:
        readings.want(desk.books, ask)
