"""What is known of each conversation, kept in memory and rebuilt from what is heard."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from adapters.wecom.wire import DIRECT, Callback
from chat.errors import RetryLater
from chat.frozen import frozen

REPLY_HOURS = timedelta(hours=24)
PER_MINUTE, PER_HOUR = 30, 1000
REMEMBERED = 4096

Push = Literal["unknown", "open", "asleep"]


@frozen
class Handle:
    """A message that may be replied to: for a day, on the socket it came from."""

    req_id: str
    epoch: int
    at: datetime


@dataclass(slots=True)
class Chat:
    """``id`` as WeCom writes it: a chatid, or a userid for a direct chat.

    push: "asleep" once WeCom refused a push; open again when somebody speaks. cards: the chat can show them.
    spoken: somebody said something since it fell asleep.
    """

    id: str
    group: bool
    push: Push = "unknown"
    cards: bool = True
    newest: Handle | None = None
    spoken: asyncio.Event = field(default_factory=asyncio.Event)
    sent: deque[float] = field(default_factory=lambda: deque(maxlen=PER_HOUR))

    @property
    def chat_type(self) -> int:
        return 2 if self.group else 1

    def fall_asleep(self) -> None:
        self.push = "asleep"
        self.spoken.clear()

    def count(self, now: float) -> None:
        """One more message in this chat. Raises RetryLater instead when WeCom would refuse it."""
        wait = 0.0
        if len(self.sent) >= PER_MINUTE:
            wait = 60.0 - (now - self.sent[-PER_MINUTE])
        if len(self.sent) == PER_HOUR:
            wait = max(wait, 3600.0 - (now - self.sent[0]))
        if wait > 0:
            raise RetryLater("wecom: 30 a minute, 1000 an hour in one chat", wait)
        self.sent.append(now)


class Chats:
    """All conversations, and the messages that may be replied to."""

    def __init__(self) -> None:
        self.known: dict[str, Chat] = {}
        self.groups: set[str] = set()
        self._handles: OrderedDict[str, Handle] = OrderedDict()

    def heard(self, callback: Callback, epoch: int) -> None:
        """Somebody did something: a message opens the conversation, and may be replied to."""
        thing = callback.thing
        if thing is None or thing.chat is None:
            return
        chat = self.at(thing.chat.id)
        if callback.kind == "message":
            chat.newest = Handle(callback.req_id, epoch, thing.at)
            self._handles[thing.message_id] = chat.newest
            if len(self._handles) > REMEMBERED:
                self._handles.popitem(last=False)
            chat.push = "open"
            chat.spoken.set()

    def at(self, place: str) -> Chat:
        """The conversation with this ``Place.id``."""
        return self._chat(place[len(DIRECT) :], False) if place.startswith(DIRECT) else self._chat(place, True)

    def with_person(self, user: str) -> Chat:
        return self._chat(user, False)

    def handles(self, chat: Chat, reply_to: str, epoch: int, now: datetime) -> tuple[Handle | None, Handle | None]:
        """(the message answered, the newest one): None where it may not be replied to any more."""

        def alive(one: Handle | None) -> Handle | None:
            return one if one is not None and one.epoch == epoch and now - one.at < REPLY_HOURS else None

        return alive(self._handles.get(reply_to)), alive(chat.newest)

    def _chat(self, name: str, group: bool) -> Chat:
        key = name if group else DIRECT + name
        chat = self.known.get(key)
        if chat is None:
            chat = self.known[key] = Chat(name, group)
            if group:
                self.groups.add(name)
        return chat
