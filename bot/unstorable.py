"""When the books cannot be written: people are told outside the outbox, for that is what cannot be written.

Nothing is lost by it: the thing was not acknowledged, so the platform delivers it again. So one sentence for a thing,
at most one a minute in a chat, and no second attempt to say it. The same when more comes in than can be done.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from chat.cards import text_card
from chat.errors import DeliveryError
from chat.messages import Incoming, Outgoing
from chat.ports import Adapter, Clock
from chat.text import Locale, Text, say
from storage.admins import admins_of, language_of
from storage.errors import DatabaseError, Unstorable
from storage.transaction import Tx
from storage.work import Door, Writer

log = logging.getLogger("jindu.unstorable")
QUIET = timedelta(minutes=1)
ADMIN_QUIET = timedelta(minutes=30)
PATIENCE = 3.0
"""Seconds for saying it."""
MEMORY = 4096
REMEMBERED, UNLOOKED_AFTER = timedelta(hours=1), timedelta(minutes=1)
"""How long it is taken for known who looks after a chat, or that nobody does."""
AT_ONCE = 20
"""Chats that are told of the crowd at the same time."""
SORRY = say("我现在存不了，请稍后再发", "I cannot store anything right now; please send it again later")
SORRY_AND_TOLD = say(
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


class Keeper(NamedTuple):
    """Who looks after a chat, and the language it is spoken to in."""

    locale: Locale = "zh"
    admins: tuple[str, ...] = ()


NOBODY = Keeper()


class Apology:
    """Called for each thing that could not be stored. Best effort; never raises."""

    def __init__(self, adapters: Mapping[str, Adapter], writer: Writer, clock: Clock) -> None:
        self._adapters = adapters
        self._writer = writer
        self._clock = clock
        self._things: dict[str, None] = {}
        self._said: dict[tuple[str, str], datetime] = {}
        self._asides: set[asyncio.Task[None]] = set()
        self._keepers: dict[tuple[str, str], tuple[datetime, Keeper]] = {}
        """Of books on a server, which may be gone whole."""

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
        locale, admins = await self._keeper(thing.platform, thing.chat.id)
        key = f"{thing.key}/unstorable"
        sorry = text_card(SORRY_AND_TOLD if admins else SORRY)
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
        key, (locale, _) = f"{thing.key}/crowded", self._known(thing.platform, thing.chat.id)
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

    def heard(self, thing: Incoming) -> None:
        """What will have to be known about its chat if the server goes away is read while it is there."""
        if self._writer.aside is not None or thing.chat is None:
            return
        now, place = self._clock.now(), (thing.platform, thing.chat.id)
        until, known = self._keepers.get(place, (now, NOBODY))
        if now >= until:
            self._keepers[place] = now + UNLOOKED_AFTER, known
            self._writer.submit(partial(_of, *place), Door.LAZY).add_done_callback(partial(self._learned, place))

    def _learned(self, place: tuple[str, str], done: asyncio.Future[Keeper]) -> None:
        if done.cancelled() or done.exception() is not None:
            return
        self._keepers.pop(place, None)
        found = done.result()
        self._keepers[place] = self._clock.now() + (REMEMBERED if found.admins else UNLOOKED_AFTER), found
        if len(self._keepers) > MEMORY:
            del self._keepers[next(iter(self._keepers))]

    async def _keeper(self, platform: str, chat: str) -> Keeper:
        """As far as the books can still be read, or were."""
        if self._writer.aside is None:
            try:
                async with asyncio.timeout(PATIENCE):
                    return await self._writer.submit(partial(_of, platform, chat))
            except (Unstorable, TimeoutError):
                pass
        return self._known(platform, chat)

    def _known(self, platform: str, chat: str) -> Keeper:
        connection = self._writer.aside
        if connection is None:
            return self._keepers[platform, chat][1] if (platform, chat) in self._keepers else NOBODY
        try:
            return _of(platform, chat, Tx(connection))
        except DatabaseError:
            return NOBODY

    async def _send(self, adapter: Adapter, parcel: Outgoing) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await adapter.deliver(parcel)
        except (DeliveryError, TimeoutError) as error:
            log.warning("nobody could be told", extra={"action": "unstorable", "key": parcel.key, "error": str(error)})


def _of(platform: str, chat: str, tx: Tx) -> Keeper:
    return Keeper(language_of(tx, platform, chat), tuple(admins_of(tx, platform, chat)))
