"""What a chat room consists of: people, chats, messages; and how each is written down and read back.

Every class is plain values: ``orjson.dumps(thing)`` is its stored form and the ``read_…`` functions are the inverse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from chat.cards import Card, decode
from chat.frozen import frozen
from chat.messages import Action, File, Incoming, Place, Quote, Sender
from chat.text import Locale

PLATFORM = "room"
BOT_ID = "bot"


@dataclass(slots=True)
class Person:
    """``label``: what others read; carries the department when another person has the same name."""

    id: str
    name: str
    department: str = ""
    label: str = ""

    @property
    def full(self) -> str:
        return f"{self.name}（{self.department}）" if self.department else self.name


@dataclass(slots=True)
class Chat:
    """A group, or one person's direct chat with the bot. ``members`` are person ids; ``bot``: is the bot in it?"""

    id: str
    kind: Literal["group", "direct"]
    name: str
    members: list[str]
    owner: str = ""
    bot: bool = True
    dissolved: bool = False

    def place(self) -> Place:
        return Place(self.id, self.kind, self.name)


@dataclass(slots=True)
class Message:
    """One line of the conversation.

    n: position in the whole room. kind "said": ``text`` with U+FFFC for each of ``mentions``; "card": the bot's card;
    "note": a grey line of the room itself. key: of the thing that still waits for the bot's acknowledgement, or "".
    trouble: the bot did not take it in time; it is tried again. once: the sender's own id of this act, against repeats.
    """

    id: str
    n: int
    chat: str
    kind: Literal["said", "card", "note"]
    sender: str
    at: datetime
    text: str = ""
    mentions: tuple[Sender, ...] = ()
    card: Card | None = None
    locale: Locale = "zh"
    quote: Quote | None = None
    files: tuple[File, ...] = ()
    voice: bool = False
    version: int = 1
    edited: datetime | None = None
    recalled: bool = False
    key: str = ""
    trouble: bool = False
    once: str = ""


def read_message(raw: Mapping[str, Any]) -> Message:
    values = dict(raw)
    values["at"] = datetime.fromisoformat(raw["at"])
    values["edited"] = datetime.fromisoformat(raw["edited"]) if raw["edited"] else None
    values["mentions"] = tuple(Sender(**one) for one in raw["mentions"])
    values["card"] = decode(raw["card"]) if raw["card"] else None
    values["quote"] = _quote(raw["quote"])
    values["files"] = tuple(File(**one) for one in raw["files"])
    return Message(**values)


def read_incoming(raw: Mapping[str, Any]) -> Incoming:
    values = dict(raw)
    values["at"] = datetime.fromisoformat(raw["at"])
    values["chat"] = Place(**raw["chat"]) if raw["chat"] else None
    values["sender"] = Sender(**raw["sender"]) if raw["sender"] else None
    values["mentions"] = tuple(Sender(**one) for one in raw["mentions"])
    values["quote"] = _quote(raw["quote"])
    values["files"] = tuple(File(**one) for one in raw["files"])
    if raw["action"]:
        values["action"] = Action(**{**raw["action"], "args": tuple(raw["action"]["args"])})
    return Incoming(**values)


def _quote(raw: Mapping[str, Any] | None) -> Quote | None:
    if not raw:
        return None
    sender = Sender(**raw["sender"]) if raw["sender"] else None
    return Quote(raw["message_id"], sender, raw["text"], datetime.fromisoformat(raw["at"]) if raw["at"] else None)


@frozen
class Change:
    """Something a page may want to draw. ``what``: message, chat, people, read, gone."""

    what: Literal["message", "chat", "people", "read", "gone"]
    chat: str = ""
    person: str = ""
    message: Message | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
