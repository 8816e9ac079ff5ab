"""Who is who and what is what: names and kinds that Feishu's events leave out.

Learnt for nothing from mentions and membership events; asked for when somebody or some group is new. That is worth
waiting a moment for; without an answer (a missing permission, a slow network) the name stays empty for ten minutes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from adapters.feishu import content
from adapters.feishu.client import Client
from adapters.memory import Memory
from chat.errors import DeliveryError
from chat.messages import Incoming, Place, Quote, Sender
from chat.ports import Clock

log = logging.getLogger("jindu.feishu")
PATIENCE = 0.6
"""Seconds that a message waits for one answer about names."""
ASK_AGAIN = timedelta(minutes=10)
V = TypeVar("V")


class Directory:
    """``complete`` fills in what a thing lacks."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self.names: Memory[str] = Memory()
        self._chats: Memory[Place] = Memory()
        self._writers: Memory[str] = Memory()
        self.said: Memory[str] = Memory()
        """The bot's own latest messages, {id: words}."""
        self.whole: Memory[str] = Memory()
        """{a message with a later part of a card: the one with its first}."""
        self._vain: Memory[datetime] = Memory()
        """When something was asked without an answer."""

    def is_direct(self, chat_id: str) -> bool:
        """Is this one person's chat with the bot? A person's own id is."""
        chat = self._chats.get(chat_id)
        return chat_id.startswith("ou_") or (chat is not None and chat.kind == "direct")

    async def complete(self, thing: Incoming) -> Incoming | None:
        """With the names of the sender and of the chat. None: nobody can be named who did this."""
        if thing.chat is None:
            return thing
        self._learn(thing)
        sender = thing.sender
        if sender is None and thing.event == "recalled":
            sender = await self._writer(thing)
            if sender is None:
                return thing  # what came with the message knows its writer
        if sender is None:
            return None
        chat = thing.chat
        if chat.id not in self._chats or sender.id not in self.names or thing.quote is not None:
            known_person = self._know_person(sender.id, thing)
            _, _, quote = await asyncio.gather(self._know_chat(thing), known_person, self._quoted(thing))
            thing = replace(thing, quote=quote)
        known = self._chats.get(chat.id)
        if known is not None:
            chat = replace(chat, kind=known.kind, name=chat.name or known.name)
        thing = replace(thing, chat=chat, sender=Sender(sender.id, self.names.get(sender.id, "")))
        if thing.event == "bot_added":
            members = await self._members(chat.id)
            thing = replace(thing, data={"members": [{"id": id_, "name": name} for id_, name in members.items()]})
        return thing

    def _learn(self, thing: Incoming) -> None:
        for one in thing.mentions:
            if one.name and one.id != thing.bot_id:
                self.names.keep(one.id, one.name)
        if thing.event in ("member_joined", "member_left") and thing.data["name"]:
            self.names.keep(thing.data["id"], thing.data["name"])
        if thing.kind == "message" and thing.sender:
            self._writers.keep(thing.message_id, thing.sender.id)
        chat = thing.chat
        if chat is None:
            return
        if chat.kind == "direct" or thing.event in ("bot_added", "renamed"):
            self._chats.keep(chat.id, chat)

    async def _writer(self, thing: Incoming) -> Sender | None:
        who = self._writers.get(thing.message_id)
        if who is not None:
            return Sender(who, "")
        item = await self._ask(f"writer {thing.message_id}", lambda: self._client.message(thing.message_id))
        return content.writer(item, thing.bot_id) if item else None

    async def _quoted(self, thing: Incoming) -> Quote | None:
        """The message that this one answers, with its words; Feishu's event tells only its id."""
        quote = thing.quote
        if quote is None or not thing.addressed:
            return quote
        said = self.said.get(quote.message_id)
        if said is not None:
            return replace(quote, sender=Sender(thing.bot_id, ""), text=said)
        item = await self._ask(f"quote {quote.message_id}", lambda: self._client.message(quote.message_id))
        found = content.quoted(item, thing.bot_id) if item else None
        if found is None or found.sender is None:
            return quote
        if found.sender.id != thing.bot_id:
            await self._know_person(found.sender.id, thing)
        return replace(found, sender=Sender(found.sender.id, self.names.get(found.sender.id, "")))

    async def _know_chat(self, thing: Incoming) -> None:
        chat = thing.chat
        if chat is None or chat.id in self._chats or thing.event in ("bot_removed", "dissolved"):
            return
        found = await self._ask(f"chat {chat.id}", lambda: self._client.chat(chat.id))
        if found is not None:
            self._chats.keep(chat.id, Place(chat.id, *found))

    async def _know_person(self, person: str, thing: Incoming) -> None:
        what = f"person {person}"
        if person in self.names or self._in_vain(what):
            return
        if thing.chat is not None and thing.chat.kind == "group" and thing.event != "bot_added":
            await self._members(thing.chat.id)
        if person not in self.names:
            name = await self._ask(what, lambda: self._client.person(person))
            if name:
                self.names.keep(person, name)
            else:
                self._vain.keep(what, self._clock.now())

    async def _members(self, chat_id: str) -> dict[str, str]:
        members = await self._ask(f"members {chat_id}", lambda: self._client.members(chat_id)) or {}
        for person, name in members.items():
            if name:
                self.names.keep(person, name)
        return members

    async def _ask(self, what: str, ask: Callable[[], Awaitable[V]]) -> V | None:
        """The answer, or None: not in time, not allowed, or asked in vain a moment ago."""
        if self._in_vain(what):
            return None
        with suppress(TimeoutError):
            try:
                async with asyncio.timeout(PATIENCE):
                    return await ask()
            except DeliveryError as error:
                log.info("not told", extra={"action": "feishu.names", "what": what.split()[0], "error": str(error)})
        self._vain.keep(what, self._clock.now())
        return None

    def _in_vain(self, what: str) -> bool:
        asked = self._vain.get(what)
        return asked is not None and self._clock.now() - asked < ASK_AGAIN
