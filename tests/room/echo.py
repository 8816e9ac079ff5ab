"""A stopped clock and a small real bot that commits by remembering keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from adapters.room.adapter import RoomAdapter
from chat.cards import Card, text_card
from chat.errors import IntakeUnavailable
from chat.messages import TOKEN, Answer, Incoming, Outgoing, Receipt
from chat.text import say, verbatim


class StoppedClock:
    """18 September 2026, 10:00 in Shanghai, until moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def pass_(self, **delta: float) -> None:
        self.time += timedelta(**delta)


class Echo:
    """An ``Intake``: answers an addressed message with its own words, a press with a toast and a new card.

    ``refuse`` makes the next submits fail; ``hold`` makes them wait for ``gate``.
    """

    def __init__(self, adapter: RoomAdapter) -> None:
        self.adapter = adapter
        self.heard: list[Incoming] = []
        self.tried: list[str] = []
        self.committed: dict[str, Answer | None] = {}
        self.refuse = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.released: list[str] = []
        self._parcels = 0

    async def submit(self, thing: Incoming) -> Receipt:
        self.tried.append(thing.key)
        await self.gate.wait()
        if self.refuse:
            self.refuse -= 1
            raise IntakeUnavailable("not now")
        if thing.key in self.committed:
            return Receipt(self.committed[thing.key], duplicate=True)
        self.heard.append(thing)
        answer = None
        if thing.kind == "click":
            answer = Answer(say("收到", "Got it"), text_card(say("已处理", "Done")))
        elif thing.kind == "message" and thing.addressed:
            await self.post(thing, text_card(verbatim(thing.text.replace(TOKEN, "").strip())))
        self.committed[thing.key] = answer
        return Receipt(answer, release=lambda: self.released.append(thing.key))

    async def post(self, thing: Incoming, card: Card) -> str:
        assert thing.chat
        return await self.send("post", thing.chat.id, card, reply_to=thing.message_id)

    async def send(self, kind, chat: str, card: Card, *, key: str = "", reply_to: str = "", target: str = "") -> str:
        self._parcels += 1
        key = key or f"echo/{self._parcels}"
        parcel = Outgoing(self._parcels, key, "room", kind, chat, card, reply_to=reply_to, target=target)
        return (await self.adapter.deliver(parcel)).message_id


@asynccontextmanager
async def listening(adapter: RoomAdapter, intake: Echo) -> AsyncIterator[None]:
    """``adapter.listen`` as a task, cancelled at the end."""
    task = asyncio.create_task(adapter.listen(intake))
    ready = asyncio.create_task(adapter.ready())
    await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if task.done():
        task.result()
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
