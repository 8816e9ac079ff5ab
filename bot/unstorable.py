"""When the books cannot be written: people are told outside the outbox, for that is what cannot be written.

Nothing is lost by it: the thing was not acknowledged, so the platform delivers it again. So one sentence for a thing,
at most one a minute in a chat, and no second attempt to say it. The same when more comes in than can be done.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta

from chat.cards import text_card
from chat.errors import DeliveryError
from chat.messages import Incoming, Outgoing
from chat.ports import Adapter, Clock
from chat.text import Locale, Text, say
from storage.admins import admins_of, language_of
from storage.work import Writer

log = logging.getLogger("jindu.unstorable")
QUIET = timedelta(minutes=1)
ADMIN_QUIET = timedelta(minutes=30)
PATIENCE = 3.0
"""Seconds for saying it."""
MEMORY = 4096
AT_ONCE = 20
"""Chats that are told of the crowd at the same time."""
SORRY = say(
    "我现在存不了，请稍后再发（已通知管理员）",
    "I cannot store anything right now; please send it again later (the admin has been told)",
)
BUSY = say(
    "消息太多，这条还没轮到，过一会儿就办，不用重发。",
    "There are too many messages; yours is not reached yet. It will be, no need to send it again.",
)
WARNING = say(
    "机器人现在存不了数据（{why}）。请检查磁盘空间和数据目录的权限；没存上的消息恢复后会自动补处理。",
    "The bot cannot store its data ({why}). Check disk space and the permissions of its folder; what was sent "
    "meanwhile is handled once it is well.",
)


class Apology:
    """Called for each thing that could not be stored. Best effort; never raises."""

    def __init__(self, adapters: Mapping[str, Adapter], writer: Writer, clock: Clock) -> None:
        self._adapters = adapters
        self._writer = writer
        self._clock = clock
        self._things: dict[str, None] = {}
        self._said: dict[tuple[str, str], datetime] = {}
        self._asides: set[asyncio.Task[None]] = set()

    async def __call__(self, thing: Incoming, why: str) -> None:
        adapter = self._adapters.get(thing.platform)
        if adapter is None or thing.chat is None or thing.kind == "event" or thing.key in self._things:
            return
        self._things[thing.key] = None
        if len(self._things) > MEMORY:
            del self._things[next(iter(self._things))]
        if self._quiet(thing.platform, thing.chat.id, QUIET):
            return
        log.error("cannot store", extra={"action": "unstorable", "key": thing.key, "error": why})
        locale, admins = self._read(thing.platform, thing.chat.id)
        key = f"{thing.key}/unstorable"
        sorry = text_card(SORRY)
        await self._send(
            adapter, Outgoing(0, key, thing.platform, "post", thing.chat.id, sorry, locale, thing.message_id)
        )
        for admin in admins:
            if not self._quiet(thing.platform, f"admin {admin}", ADMIN_QUIET):
                warning = text_card(Text(WARNING.zh, WARNING.en, {"why": why}))
                parcel = Outgoing(0, f"{key}/{admin}", thing.platform, "direct", admin, warning, locale)
                await self._send(adapter, parcel)

    def crowded(self, thing: Incoming) -> None:
        """More comes in than can be done, and the platform brings this again. Whoever can be told is."""
        adapter = self._adapters.get(thing.platform)
        if adapter is None or thing.chat is None or thing.kind != "message" or len(self._asides) >= AT_ONCE:
            return
        if self._quiet(thing.platform, thing.chat.id, QUIET):
            return
        locale, _ = self._read(thing.platform, thing.chat.id)
        key = f"{thing.key}/crowded"
        busy = Outgoing(0, key, thing.platform, "post", thing.chat.id, text_card(BUSY), locale, thing.message_id)
        task = asyncio.get_running_loop().create_task(self._send(adapter, busy), name="crowded")
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    def _quiet(self, platform: str, place: str, span: timedelta) -> bool:
        """Was it said there within ``span``? If not, it is now."""
        now = self._clock.now()
        said = self._said.get((platform, place))
        if said is not None and timedelta() <= now - said < span:
            return True
        self._said.pop((platform, place), None)
        self._said[platform, place] = now
        if len(self._said) > MEMORY:
            del self._said[next(iter(self._said))]
        return False

    def _read(self, platform: str, chat: str) -> tuple[Locale, list[str]]:
        """The chat's language and its admins, as far as the books can still be read."""
        connection = self._writer.aside
        if connection is None:
            return "zh", []
        try:
            return language_of(connection, platform, chat), admins_of(connection, platform, chat)
        except sqlite3.Error:
            return "zh", []

    async def _send(self, adapter: Adapter, parcel: Outgoing) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await adapter.deliver(parcel)
        except (DeliveryError, TimeoutError) as error:
            log.warning("nobody could be told", extra={"action": "unstorable", "key": parcel.key, "error": str(error)})
