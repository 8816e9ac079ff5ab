"""A fake WeCom with our adapter on it and a bot that remembers: what the tests of the adapter start from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.wecom import WeComAdapter
from adapters.wecom import open as open_wecom
from adapters.wecom.connection import Timing
from bot.clock import VirtualClock
from chat.cards import Card, text_card
from chat.messages import Answer, Incoming, Outgoing, Receipt, Sent
from chat.text import verbatim
from tests.platforms.wecom_server import BOT, GROUP, SECRET, FakeWeCom

QUICK = Timing(
    connect=2.0, ping=0.05, ack=3.0, close=0.2, first_pause=0.01, longest_pause=0.05, healthy=1.0, too_fast=0.05,
    auth_pause=0.05, kicked_pause=0.05, kicked_again=5.0,
)  # fmt: skip
"""Seconds become milliseconds, but a busy machine may take its time to answer."""
IMPATIENT = replace(QUICK, ack=0.3)
"""For answers that never come."""


class Bot:
    """An ``Intake``. answers: what the next presses are answered with; gate: cleared, it is slow."""

    def __init__(self) -> None:
        self.things: list[Incoming] = []
        self.answers: list[Answer] = []
        self.released: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.refuse: list[Exception] = []
        self._stored: dict[str, Answer | None] = {}

    async def submit(self, thing: Incoming) -> Receipt:
        await self.gate.wait()
        if self.refuse:
            raise self.refuse.pop(0)
        duplicate = thing.key in self._stored
        if not duplicate:
            self.things.append(thing)
            self._stored[thing.key] = self.answers.pop(0) if thing.kind == "click" and self.answers else None
        return Receipt(self._stored[thing.key], duplicate, lambda: self.released.append(thing.key))

    @property
    def texts(self) -> list[str]:
        return [thing.text.removeprefix("\ufffc").strip() for thing in self.things]


class Office:
    def __init__(self, fake: FakeWeCom, adapter: WeComAdapter, clock: VirtualClock) -> None:
        self.fake = fake
        self.adapter = adapter
        self.clock = clock
        self.bot = Bot()
        self.listening: asyncio.Task[None] | None = None
        self._parcels = 0

    def listen(self) -> None:
        self.listening = asyncio.create_task(self.adapter.listen(self.bot))

    async def ready(self) -> None:
        await self.fake.connected()
        await self.fake.until(self.adapter.connection.ready.is_set)

    async def stop(self) -> None:
        if self.listening is not None:
            self.listening.cancel()
            await asyncio.gather(self.listening, return_exceptions=True)
        await self.adapter.close()

    def forward(self, seconds: float) -> None:
        self.clock.set(self.clock.now() + timedelta(seconds=seconds))

    async def heard(self, count: int) -> None:
        await self.fake.until(lambda: len(self.bot.things) >= count)

    async def speak(self, text: str, user: str = "zhangsan", chat: str = GROUP) -> str:
        """Somebody says something and the bot has heard it. Returns the msgid."""
        before = len(self.bot.things)
        msgid = self.fake.says(user, text, chat)
        await self.heard(before + 1)
        return msgid

    async def press(self, task: str, user: str = "zhangsan", **more: Any) -> str:
        """Somebody presses, and the press is dealt with. Returns the msgid."""
        msgid = self.fake.clicks(user, task, **more)
        await self.fake.until(lambda: f"wecom:{msgid}" in self.bot.released)
        return msgid

    async def deliver(self, card: Card | str, chat: str = GROUP, **more: Any) -> Sent:
        self._parcels += 1
        more = {"kind": "post", "key": f"parcel/{self._parcels}", **more}
        kind, key = more.pop("kind"), more.pop("key")
        whole = text_card(verbatim(card)) if isinstance(card, str) else card
        return await self.adapter.deliver(Outgoing(self._parcels, key, "wecom", kind, chat, whole, **more))


@asynccontextmanager
async def office(
    section: Mapping[str, Any] | None = None, *, timing: Timing = QUICK, connected: bool = True, **fake: Any
) -> AsyncIterator[Office]:
    """section: more of ``[adapters.wecom]``; ``{url}`` in its values is the fake's HTTP address."""
    clock = VirtualClock(datetime(2026, 9, 18, 2, 0, tzinfo=UTC))
    server = FakeWeCom(now=lambda: clock.now().timestamp(), **fake)
    await server.start()
    settings = {"bot_id": BOT, "secret": SECRET, "ws_url": server.url, **_filled(section or {}, server.http_url)}
    place = Office(server, open_wecom(settings, clock, timing=timing), clock)
    try:
        if connected:
            place.listen()
            await place.ready()
        yield place
    finally:
        await place.stop()
        await server.stop()


def _filled(section: Mapping[str, Any], url: str) -> dict[str, Any]:
    return {
        key: _filled(value, url) if isinstance(value, Mapping) else str(value).replace("{url}", url)
        for key, value in section.items()
    }
