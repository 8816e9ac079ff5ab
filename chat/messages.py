"""What happens in a chat, in neutral words. Adapters make ``Incoming`` things and deliver ``Outgoing`` parcels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from chat.cards import Card
from chat.frozen import frozen
from chat.text import Locale, Text

TOKEN = "\ufffc"
"""Stands in ``Incoming.text`` for each mention, in order: one character that no user can type (wires strip it)."""


@frozen
class Sender:
    """Somebody on a platform. ``id`` is unique within ``Incoming.platform``."""

    id: str
    name: str


@frozen
class Place:
    """A chat on a platform: a group or a direct chat with the bot. ``name`` may be empty when the platform hides it."""

    id: str
    kind: Literal["group", "direct"]
    name: str = ""


@frozen
class Quote:
    """The message that this one replies to. ``text`` is empty where the platform does not tell."""

    message_id: str
    sender: Sender | None = None
    text: str = ""
    at: datetime | None = None


@frozen
class File:
    """Kept by reference: ``ref`` is the platform's own handle.

    ``text``: what a small text file (JSON, CSV …) says, where the adapter has read it; "" otherwise.
    """

    name: str
    ref: str
    size: int = 0
    text: str = ""


@frozen
class Action:
    """A button pressed or a form sent: what our own card carried, untrusted. ``fields`` only for forms."""

    verb: str
    args: tuple[str, ...] = ()
    version: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)


Kind = Literal["message", "click", "event", "tick"]


@frozen
class Incoming:
    """One thing that happened. ``key`` is unique for ever: the same key again is the same thing again.

    text: U+FFFC stands for each of ``mentions``; the bot's own mention is among them with id ``bot``'s.
    addressed: the bot was mentioned, or the chat is direct, or a button was pressed.
    event (kind "event"): bot_added, bot_removed, member_joined, member_left, recalled, renamed, dissolved;
    person_left_company, leave_approved, leave_withdrawn and read, which are in no ``chat``; ``data`` holds what belongs
    to it. ``sender`` None: the platform does not tell who (a recall). read: ``data`` holds ``readers``, everybody who
    has read the message ``message_id`` of ours, and ``to``, the one person it went to, or "". kind "tick": ``event``
    names the handler and ``data`` its subject.
    """

    key: str
    kind: Kind
    platform: str
    at: datetime
    chat: Place | None = None
    sender: Sender | None = None
    text: str = ""
    mentions: tuple[Sender, ...] = ()
    bot_id: str = ""
    addressed: bool = False
    message_id: str = ""
    quote: Quote | None = None
    files: tuple[File, ...] = ()
    voice: bool = False
    action: Action | None = None
    event: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@frozen
class Answer:
    """The immediate answer to a press, given in the acknowledgement itself. ``card`` replaces the one pressed.

    ``alone``: the card is the presser's own affair; the others go on seeing the one that was there.
    """

    toast: Text
    card: Card | None = None
    locale: Locale = "zh"
    alone: bool = False


@dataclass(slots=True)
class Receipt:
    """Returned by ``Intake.submit`` after commit. Call ``acked()`` once the platform has been answered:

    what the press caused is sent only then, so that no platform shows the old card over the new one.
    """

    answer: Answer | None = None
    duplicate: bool = False
    release: Callable[[], None] | None = None

    def acked(self) -> None:
        if self.release is not None:
            self.release()
            self.release = None


@frozen
class Outgoing:
    """One parcel for the courier.

    key: unique, given to the platform as idempotency key. kind "post": to ``chat``; "edit": replaces message
    ``target`` in ``chat``; "direct": to person ``chat`` (a person id) alone. ``reply_to``: message answered, or "".
    ``name``: of a card that may be edited later; the courier finds ``target`` by it. ``asker``: the person answered.
    """

    id: int
    key: str
    platform: str
    kind: Literal["post", "edit", "direct"]
    chat: str
    card: Card
    locale: Locale = "zh"
    reply_to: str = ""
    target: str = ""
    name: str = ""
    asker: str = ""

    @property
    def unasked(self) -> bool:
        """The clock says it: nobody waits for it."""
        return self.key.startswith("tick:")


@frozen
class Sent:
    """The platform's own id of the message, or "" where it gives none."""

    message_id: str


# --- reading a stored thing back --------------------------------------------------------------------------------------


def read_incoming(raw: Mapping[str, Any]) -> Incoming:
    """The inverse of ``orjson.dumps(thing)``. Raises KeyError on a shape this version does not know."""
    chat, sender, quote, action = raw["chat"], raw["sender"], raw["quote"], raw["action"]
    return Incoming(
        raw["key"], raw["kind"], raw["platform"], datetime.fromisoformat(raw["at"]), Place(**chat) if chat else None,
        Sender(**sender) if sender else None, raw["text"], tuple(Sender(**one) for one in raw["mentions"]),
        raw["bot_id"], raw["addressed"], raw["message_id"], _quote(quote) if quote else None,
        tuple(File(**one) for one in raw["files"]), raw["voice"],
        Action(action["verb"], tuple(action["args"]), action["version"], action["fields"]) if action else None,
        raw["event"], raw["data"],
    )  # fmt: skip


def _quote(raw: Mapping[str, Any]) -> Quote:
    sender, at = raw["sender"], raw["at"]
    return Quote(
        raw["message_id"], Sender(**sender) if sender else None, raw["text"],
        datetime.fromisoformat(at) if at else None,
    )  # fmt: skip
