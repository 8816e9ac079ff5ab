"""The conversation: every message in order, who has read how far, and what was sent before under the same key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from adapters.room.store import Store
from adapters.room.things import Change, Message, read_message
from adapters.room.waiting import Numbers
from chat.cards import Block, Card, Form, Paragraph, Table
from chat.messages import TOKEN
from chat.plain import plain
from chat.text import Mention, Text

UNREAD_LIMIT = 100


class Log:
    """Messages by chat and by id. Changes are put into the store and told to ``changed``."""

    def __init__(self, store: Store, numbers: Numbers, changed: Callable[[Change], None]) -> None:
        self._store = store
        self._numbers = numbers
        self._changed = changed
        self._by_chat: dict[str, list[Message]] = {}
        self._by_id: dict[str, Message] = {}
        self.delivered: dict[str, str] = store.load("delivered")
        self.once: dict[str, str] = {}
        self._read: dict[str, int] = store.load("read")
        for message in sorted(map(read_message, store.load("message").values()), key=lambda one: one.n):
            self._index(message)

    def of(self, chat: str) -> list[Message]:
        return self._by_chat.get(chat, [])

    def get(self, message_id: str) -> Message | None:
        return self._by_id.get(message_id)

    def new(self, chat: str, sender: str, at: datetime, **rest: Any) -> Message:
        """A message with the next number, not yet in the log."""
        n, mark = self._numbers.next("m")
        return Message(id=f"m{mark}", n=n, chat=chat, sender=sender, at=at, **rest)

    def add(self, message: Message) -> None:
        self._index(message)
        self.update(message)

    def update(self, message: Message) -> None:
        self._store.put("message", message.id, message)
        self._changed(Change("message", message.chat, message=message))

    def deliver(self, key: str, message: Message) -> None:
        """Remember that the bot's parcel ``key`` became ``message``."""
        self.delivered[key] = message.id
        self._store.put("delivered", key, message.id)

    def unread(self, person: str, chat: str) -> tuple[int, bool]:
        """(how many messages this person has not read here, 100 at most; whether one of them mentions them)."""
        seen, count, called = self._read.get(f"{person} {chat}", 0), 0, False
        for message in reversed(self.of(chat)):
            if message.n <= seen or count == UNREAD_LIMIT:
                break
            if message.kind != "note" and message.sender != person and not message.recalled:
                count += 1
                called = called or mentions(message, person)
        return count, called

    def seen(self, person: str, chat: str) -> None:
        """This person has read to the end."""
        if log := self.of(chat):
            self._read[f"{person} {chat}"] = log[-1].n
            self._store.put("read", f"{person} {chat}", log[-1].n)

    def _index(self, message: Message) -> None:
        self._by_id[message.id] = message
        self._by_chat.setdefault(message.chat, []).append(message)
        if message.once:
            self.once[f"{message.sender} {message.once}"] = message.id


def words(message: Message) -> str:
    """What a reader reads, without a screen: names after ``@``, cards as their text twin."""
    if message.card is not None:
        return plain(message.card, message.locale)
    names = iter(message.mentions)
    return "".join(f"@{next(names).name}" if char == TOKEN else char for char in message.text)


def mentions(message: Message, person: str) -> bool:
    if message.card is None:
        return any(one.id == person for one in message.mentions)
    return any(_in_text(text, person) for text in _texts(message.card))


def _in_text(text: Text, person: str) -> bool:
    return any(
        value.id == person if isinstance(value, Mention) else isinstance(value, Text) and _in_text(value, person)
        for value in text.data.values()
    )


def _texts(card: Card) -> list[Text]:
    texts = [card.title] if card.title else []
    for block in card.blocks:
        texts += _block_texts(block)
    return texts


def _block_texts(block: Block) -> list[Text]:
    match block:
        case Paragraph():
            return [block.text]
        case Table():
            return [cell for row in block.rows for cell in row]
        case Form():
            return [field.hint for field in block.fields if field.hint]
        case _:
            return []
