"""The writer on PostgreSQL: several connections, each doing a group of things in one transaction at a time.

Things of one chat keep to one connection, and so to their order. How one connection works is ``storage.pg_hand``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar
from zlib import crc32

from storage.errors import Unstorable
from storage.pg import PgDatabase
from storage.pg_hand import Hand
from storage.transaction import Tx
from storage.work import Door, Job, Writer

T = TypeVar("T")
KNOWN = 20_000
"""Chats whose project is remembered, so that it can be held from the beginning."""


class PgWriter(Writer):
    """Deals work out to its hands. Nothing is connected before ``start``."""

    def __init__(self, database: PgDatabase, on_commit: Callable[[Tx], None] | None = None) -> None:
        self._on_commit = on_commit
        self._hands = [Hand(self, database) for _ in range(database.connections)]
        self._task: asyncio.Task[None] | None = None
        self._ended: asyncio.Future[None] | None = None
        self.known: dict[str, int] = {}

    @property
    def aside(self) -> None:
        return None

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._ended = loop.create_future()
        self._task = loop.create_task(self._watch(self._ended), name="writer")
        for hand in self._hands:
            hand.start(loop)

    @property
    def running(self) -> asyncio.Task[None]:
        assert self._task is not None
        return self._task

    def submit(self, work: Callable[[Tx], T], door: Door = Door.PEOPLE, lane: str = "") -> asyncio.Future[T]:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        hand = self._hands[crc32(lane.encode()) % len(self._hands) if lane else 0]
        hand.take(Job(work, future, lane), door)
        return future

    async def drained(self) -> None:
        while any(hand.busy for hand in self._hands):
            await asyncio.gather(*(hand.rest() for hand in self._hands))

    async def close(self) -> None:
        for hand in self._hands:
            hand.hurry()
        await self.drained()
        for hand in self._hands:
            hand.close()
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(None)
        if self._task is not None:
            await self._task

    def settle(self, jobs: list[Job], error: Unstorable | None = None) -> None:
        try:
            for job in jobs:
                job.settle(error, self._on_commit)
        except Exception as defect:
            assert self._ended is not None
            if not self._ended.done():
                self._ended.set_exception(defect)

    def learn(self, lane: str, project: int) -> None:
        if lane and self.known.get(lane) != project:
            self.known[lane] = project
            if len(self.known) > KNOWN:
                del self.known[next(iter(self.known))]

    @staticmethod
    async def _watch(ended: asyncio.Future[None]) -> None:
        await ended
