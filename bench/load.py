"""Commands that come at their own pace, whether the bot answers or not: a stall is waited for, and shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import orjson

from bench.client import text_of

CHATS = 1000
STEP = 0.005
"""Seconds between two handfuls of commands."""
WARMING = 50
"""Commands under way while the chats are made."""


class Load:
    """``took``: milliseconds from the moment a command was due until its answer, since it was taken last."""

    def __init__(self, writer: asyncio.StreamWriter, rate: int) -> None:
        self._writer = writer
        self._rate = rate
        self._due: dict[str, float] = {}
        self._number = 0
        self._answered = asyncio.Event()
        self.sent = 0
        self.took: list[float] = []

    @property
    def unanswered(self) -> int:
        return len(self._due)

    async def warm(self) -> None:
        """One command in each chat, a few at a time, uncounted: the chats are there."""
        for _ in range(CHATS):
            self._say(perf_counter())
            if self._number % WARMING == 0:
                await self.over()
        await self.over()
        self.took.clear()
        self.sent = 0

    async def over(self) -> None:
        """Everything said is answered."""
        while self._due:
            self._answered.clear()
            await self._answered.wait()

    async def talk(self, seconds: float) -> None:
        begun = perf_counter()
        while (passed := perf_counter() - begun) < seconds:
            while self.sent < passed * self._rate:
                self._say(begun + self.sent / self._rate)
            await asyncio.sleep(STEP)

    async def listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            due = self._due.pop(orjson.loads(line)["r"], None)
            if due is not None:
                self.took.append((perf_counter() - due) * 1000)
                self._answered.set()

    def take(self) -> list[float]:
        taken, self.took = self.took, []
        return taken

    def _say(self, due: float) -> None:
        key, chat = f"k{self._number}", self._number % CHATS
        words = text_of(self._number, CHATS, "plain")
        self._due[key] = due
        self._number += 1
        self.sent += 1
        self._writer.write(orjson.dumps({"k": key, "c": f"群{chat}", "p": f"人{chat}", "t": words}) + b"\n")


@asynccontextmanager
async def loading(port: int, rate: int) -> AsyncIterator[Load]:
    """A warm bot, and what is to be said to it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    load = Load(writer, rate)
    listening = asyncio.create_task(load.listen(reader))
    try:
        await load.warm()
        yield load
    finally:
        listening.cancel()
        writer.close()
