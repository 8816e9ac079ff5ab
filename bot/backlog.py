"""What was still to be sent when the bot stopped: read back a page at a time, so that nobody waits for all of it.

Chats are read one after another. What is said in a chat meanwhile waits until all that is older there has been read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from functools import partial

from bot.lanes import Lane
from chat.messages import Outgoing
from storage import outbox
from storage.errors import Unstorable
from storage.outbox import START, Waiting, position
from storage.work import Door, Writer

log = logging.getLogger("jindu.backlog")
PAGE = 200
AGAIN = 1.0
"""Seconds before books that could not be read are read again."""


class Backlog:
    """``resume`` gets what is read, ``take`` what had to wait for it; both on the loop, in the order of each chat."""

    def __init__(
        self,
        writer: Writer,
        resume: Callable[[Iterable[Waiting]], None],
        take: Callable[[Iterable[Outgoing]], None],
    ) -> None:
        self._writer = writer
        self._resume = resume
        self._take = take
        self._last = 0
        self._read_to = START
        self._later: dict[Lane, list[Outgoing]] = {}
        self._dropped: set[int] = set()
        self.reading: asyncio.Task[None] | None = None
        """Until all is read."""

    async def start(self) -> None:
        """Once, before anything else happens. Raises Unstorable."""
        self._last, left = await self._writer.submit(outbox.left)
        if self._last:
            self._resume(left)
            self.reading = asyncio.get_running_loop().create_task(self._read(), name="backlog")

    def at_once(self, parcels: list[Outgoing]) -> list[Outgoing]:
        """Those that need not wait for anything older of their chat."""
        if self.reading is None:
            return parcels
        here = []
        for parcel in parcels:
            lane = (parcel.platform, parcel.chat)
            if lane < self._read_to[:2]:
                here.append(parcel)
            elif parcel.id > self._last or position(parcel) <= self._read_to:
                self._later.setdefault(lane, []).append(parcel)
        return here

    def drop(self, parcels: list[int]) -> None:
        """Not to be sent any more."""
        if self.reading is not None:
            self._dropped.update(parcels)

    async def close(self) -> None:
        if self.reading is not None:
            self.reading.cancel()
            await asyncio.gather(self.reading, return_exceptions=True)

    async def _read(self) -> None:
        while True:
            try:
                page = await self._writer.submit(
                    partial(outbox.unsent, after=self._read_to, last=self._last, most=PAGE), Door.CLOCK
                )
            except Unstorable as error:
                log.error("what is left cannot be read", extra={"action": "restore", "error": str(error)})
                await asyncio.sleep(AGAIN)
                continue
            self._resume(waiting for waiting in page if waiting.parcel.id not in self._dropped)
            if len(page) < PAGE:
                self.reading = None
                return self._release(list(self._later))
            self._read_to = position(page[-1].parcel)
            self._release([lane for lane in self._later if lane < self._read_to[:2]])

    def _release(self, lanes: list[Lane]) -> None:
        for lane in lanes:
            self._take(parcel for parcel in self._later.pop(lane) if parcel.id not in self._dropped)
