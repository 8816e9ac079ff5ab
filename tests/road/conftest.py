"""A bot's road without commands: a store, a clock that stands still, and a platform that does what it is told."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import VirtualClock
from chat.cards import Card, text_card
from chat.messages import Incoming, Outgoing, Place, Sender, Sent
from chat.ports import Capabilities, Intake
from chat.text import say
from storage.database import MEMORY
from storage.outbox import Outboxes
from storage.stores import open_store
from storage.transaction import Tx

NINE = datetime(2026, 9, 18, 1, tzinfo=UTC)
GROUP = Place("g1", "group", "双十一大促")
BOT = Sender("bot", "进度助手")


class Post:
    """A platform. ``troubles`` are raised one by one before anything is delivered; ``gate`` holds deliveries up."""

    name = "post"

    def __init__(self, can: Capabilities | None = None) -> None:
        self.can = can or Capabilities()
        self.sent: list[Outgoing] = []
        self.troubles: deque[Exception] = deque()
        self.gate = asyncio.Event()
        self.gate.set()
        self.tried = 0
        self._knock = asyncio.Event()

    async def listen(self, intake: Intake) -> None:
        await asyncio.Event().wait()

    async def deliver(self, parcel: Outgoing) -> Sent:
        self.tried += 1
        self._knock.set()
        await self.gate.wait()
        if self.troubles:
            raise self.troubles.popleft()
        self.sent.append(parcel)
        return Sent(f"m{len(self.sent)}")

    async def close(self) -> None:
        pass

    async def until(self, count: int) -> None:
        """Returns when somebody has tried to deliver that often."""
        while self.tried < count:
            self._knock.clear()
            await self._knock.wait()

    @property
    def words(self) -> list[str]:
        return [parcel.card.blocks[0].text.plain() for parcel in self.sent]  # type: ignore[union-attr]


class Road:
    """A started bot on the platform ``post``."""

    def __init__(self, address: str | Path = MEMORY, can: Capabilities | None = None) -> None:
        self.clock = VirtualClock(NINE)
        self.post = Post(can)
        self.app = App(open_store(address), self.clock)
        self.app.add(self.post)

    async def say(self, key: str, *words: str, card: Card | None = None, name: str | None = None) -> None:
        """One committed thing that posts these lines in the group."""

        def work(tx: Tx) -> None:
            outbox = Outboxes(tx, key, self.clock.now())
            for each in words:
                outbox.post("post", "g1", card or text_card(say("{w}", "{w}", w=each)), name=name)

        await self.app.writer.submit(work)

    async def turn(self) -> None:
        """Everything that can happen without time passing has happened."""
        await self.app.writer.submit(lambda tx: None)

    def words_and_keys(self) -> list[tuple[str, str]]:
        return list(zip(self.post.words, (parcel.key for parcel in self.post.sent), strict=True))

    @property
    def words(self) -> list[str]:
        return self.post.words

    async def rows(self, table: str) -> list[tuple[object, ...]]:
        """(key, state, attempts) of the outbox, or (key, state) of the inbox, in order."""
        what, order = {"outbox": ("key, state, attempts", "id"), "inbox": ("key, state", "at, key")}[table]
        sql = f"SELECT {what} FROM {table} ORDER BY {order}"
        return await self.app.writer.submit(lambda tx: tx._connection.command(sql).fetchall())  # type: ignore


def message(key: str, words: str, who: str = "u1", at: datetime = NINE) -> Incoming:
    """Somebody says something to the bot in the group."""
    return Incoming(
        key, "message", "post", at, GROUP, Sender(who, "张三"), f"\ufffc {words}", (BOT,), "bot", True, f"msg-{key}"
    )


@pytest.fixture
async def road(books: str) -> AsyncIterator[Road]:
    road = Road(books)
    await road.app.start()
    yield road
    await road.app.close()
