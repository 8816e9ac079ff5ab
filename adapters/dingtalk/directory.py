"""Who is known, and where they can be answered. All of it is learnt from what comes in; names that are missing are

asked for once, which costs no quota but needs a permission. A restart forgets; nothing depends on it for long.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from adapters.dingtalk import wire
from adapters.dingtalk.client import SEALED, Client
from adapters.memory import Memory
from chat.errors import DeliveryError
from chat.messages import Incoming
from chat.ports import Clock

log = logging.getLogger("jindu.dingtalk")
PATIENCE = 0.6
"""Seconds that a thing waits for names."""
ASK_AGAIN = timedelta(minutes=10)
SPARE = 60.0
"""A session is not used in its last seconds."""


class Directory:
    """``wire.People``, with what is needed to send."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._names: Memory[str] = Memory()
        self._staff: Memory[str] = Memory()
        self._groups: Memory[str] = Memory()
        self._cards: Memory[str] = Memory()
        self._carriers: Memory[str] = Memory()
        self._calls: Memory[str] = Memory()
        self._sessions: Memory[wire.Session] = Memory()
        self._asked: Memory[datetime] = Memory()

    def name(self, person: str) -> str:
        return self._names.get(person, "")

    def staff(self, sealed: str) -> str:
        return self._staff.get(sealed, "")

    def card_chat(self, message_id: str) -> str:
        return self._cards.get(message_id, "")

    def message(self, carrier: str) -> str:
        return self._carriers.get(carrier, "")

    def group_of(self, person: str) -> str:
        """The group where somebody spoke last; "" for none."""
        return self._groups.get(person, "")

    def session(self, chat: str) -> str:
        """The address at which this chat can be answered just now; "" for none."""
        session = self._sessions.get(chat)
        return session.url if session and self._clock.now().timestamp() < session.until - SPARE else ""

    def over(self, chat: str) -> None:
        """The session has ended before its time."""
        self._sessions.pop(chat, None)

    def carrier(self, message_id: str) -> str:
        """By what DingTalk itself calls a card of ours; "" for unknown."""
        return self._calls.get(message_id, "")

    def sent(self, message_id: str, chat: str, carrier: str) -> None:
        """A card of ours."""
        self._cards.keep(message_id, chat)
        if carrier:
            self._carriers.keep(carrier, message_id)
            self._calls.keep(message_id, carrier)

    async def prepare(self, frame: wire.Frame) -> None:
        """Learn what a frame tells, and the names that it leaves out."""
        data = frame.data
        session = wire.session(frame)
        if session is not None:
            self._sessions.keep(*session)
        match data.get("senderId"), data.get("senderStaffId"):
            case str(sealed), str(staff) if sealed and staff:
                self._staff.keep(sealed, staff)
        user = data.get("userId")
        people = wire.mentioned(frame, self)
        if frame.kind == "click" and isinstance(user, str):
            people.append(user)
        elif frame.kind == "event" and "openConversationId" in data and isinstance(user, list):
            people += [one for one in user if isinstance(one, str)]
        await self._learn(people)

    def heard(self, thing: Incoming) -> None:
        """What is known once a thing was understood."""
        for one in (*thing.mentions, *((thing.sender,) if thing.sender else ())):
            if one.name and one.id != thing.bot_id:
                self._names.keep(one.id, one.name)
        if thing.sender and thing.chat and thing.chat.kind == "group" and thing.kind == "message":
            self._groups.keep(thing.sender.id, thing.chat.id)

    async def _learn(self, people: Iterable[str]) -> None:
        now = self._clock.now()
        unknown = []
        for person in dict.fromkeys(people):
            asked = self._asked.get(person)
            if person in self._names or person.startswith(SEALED) or (asked and now - asked < ASK_AGAIN):
                continue
            self._asked.keep(person, now)
            unknown.append(person)
        if unknown:
            await asyncio.wait([asyncio.ensure_future(self._ask(person)) for person in unknown], timeout=PATIENCE)

    async def _ask(self, person: str) -> None:
        try:
            name = await self._client.person(person)
        except DeliveryError as error:
            log.info("not told", extra={"action": "dingtalk.names", "error": str(error)})
            return
        if name:
            self._names.keep(person, name)
