"""The room as a platform of the bot: each thing is told until it is committed, each chat in its own order."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from adapters.room.clockwork import Clockwork
from adapters.room.frames import Greeting
from adapters.room.gate import Gate
from adapters.room.model import Room
from adapters.room.server import Server
from adapters.room.store import Store
from adapters.room.things import PLATFORM
from adapters.spending import Spending
from chat.errors import Exhausted, IntakeUnavailable, Unreachable
from chat.messages import Answer, Incoming, Outgoing, Sent
from chat.ports import Capabilities, Clock, Hint, Intake, TimeMachine

IN_FLIGHT = 64
"""Things with the bot at once; a chat has one at a time."""
PATIENCE = 10.0
"""Seconds for one ``submit`` before the sender sees that something is wrong and it is tried again."""
SLOW = 2.0
"""Seconds after which who pressed sees that it is under way."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0

log = logging.getLogger(__name__)


class Page(Protocol):
    """Where people look. Without one (transcripts, tests) the room works just the same."""

    url: str

    async def start(self) -> None: ...

    async def answer(self, thing: Incoming, answer: Answer | None) -> None:
        """Show the bot's answer to the person who pressed; returns when it was written to their screen."""

    def trouble(self, thing: Incoming) -> None:
        """Show the person who pressed that the bot is slow and that it is tried again."""

    async def stop(self) -> None: ...


class RoomAdapter:
    """``chat.ports.Adapter`` for the room. ``room`` is the platform itself, for whoever drives it without a screen.

    ``allowances``, ``exhausted``: see ``Metered``; a room has no limit unless somebody wants to see what one does.
    """

    name = PLATFORM
    can = Capabilities(dark=True, exclusive=True)

    def __init__(self, room: Room, page: Page | None = None, *, patience: float = PATIENCE) -> None:
        self.room = room
        self.page = page
        self._patience = patience
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._lanes: dict[str, deque[Incoming]] = {}
        self._hurry: dict[str, asyncio.Event] = {}
        self._settled = asyncio.Event()
        self._started = asyncio.Event()
        self.allowances: dict[str, tuple[tuple[str, ...], int]] = {}
        self.exhausted: bool | None = False
        self.spent = Spending()

    def take_spent(self) -> dict[str, int]:
        return self.spent.take()

    @property
    def url(self) -> str:
        """Where the page is; known once ``ready`` has returned."""
        return self.page.url if self.page else ""

    async def ready(self) -> None:
        """Returns when the page can be opened."""
        await self._started.wait()

    async def idle(self) -> None:
        """Returns when the bot has acknowledged everything said so far. Only while ``listen`` runs."""
        while self.room.pending or self._lanes:
            self._settled.clear()
            await self._settled.wait()

    def hurry(self, key: str) -> None:
        """Try this thing again now instead of after its pause."""
        if waiting := self._hurry.get(key):
            waiting.set()

    async def listen(self, intake: Intake) -> None:
        """Tell the bot everything in ``pending``, old and new, until cancelled."""
        if self.page:
            await self.page.start()
        self._lanes.clear()
        try:
            async with asyncio.TaskGroup() as crowd:

                def offer(thing: Incoming) -> None:
                    place = thing.chat.id if thing.chat else ""
                    if place in self._lanes:
                        self._lanes[place].append(thing)
                    else:
                        self._lanes[place] = deque([thing])
                        crowd.create_task(self._follow(place, intake))

                for thing in list(self.room.pending.values()):
                    offer(thing)
                stop_offering = self.room.waiting.subscribe(offer)
                self._started.set()
                try:
                    await self._keep()
                finally:
                    stop_offering()
        finally:
            self._started.clear()
            if self.page:
                await self.page.stop()

    async def deliver(self, parcel: Outgoing) -> Sent:
        """Show the parcel; returned = kept. The same key again shows nothing new."""
        if self.exhausted:
            raise Exhausted("room: the month's allowance is used up", LONGEST_PAUSE)
        if self.allowances:
            self.spent["message"] += 1
        message_id = self.room.deliver(parcel)
        try:
            await self.room.store.flush()
        except OSError as error:
            raise Unreachable(f"room: the message could not be kept: {error}") from error
        return Sent(message_id)

    async def close(self) -> None:
        if self.page:
            await self.page.stop()
        self.room.store.close()

    # --- inside --------------------------------------------------------------------------------------------------

    async def _keep(self) -> None:
        """Write down what nobody waits for: read marks, grey lines, acknowledgements."""
        store = self.room.store
        while True:
            await store.changed.wait()
            try:
                await store.flush()
            except OSError:
                log.exception("room store", extra={"action": "room.store"})
                await asyncio.sleep(LONGEST_PAUSE)

    async def _follow(self, place: str, intake: Intake) -> None:
        """One chat, one thing after the other."""
        lane = self._lanes[place]
        while lane:
            await self._take(lane[0], intake)
            lane.popleft()
        del self._lanes[place]
        self._settled.set()

    async def _take(self, thing: Incoming, intake: Intake) -> None:
        """Tell the bot until it has committed; only then let go, answer the presser and release what follows."""
        pause = FIRST_PAUSE
        slow: asyncio.TimerHandle | None = None
        if thing.kind == "click" and self.page:
            slow = asyncio.get_running_loop().call_later(SLOW, self.page.trouble, thing)
        while True:
            try:
                await self.room.store.flush()
                async with self._slots, asyncio.timeout(self._patience):
                    receipt = await intake.submit(thing)
                break
            except (IntakeUnavailable, TimeoutError, OSError) as error:
                log.warning("not taken: %s", error, extra={"action": "room.submit", "key": thing.key})
            except Exception:
                log.exception("not taken", extra={"action": "room.submit", "key": thing.key})
            self._report(thing)
            await self._rest(thing.key, pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        if slow is not None:
            slow.cancel()
        self.room.acknowledge(thing.key, receipt.answer)
        if thing.kind == "click" and self.page:
            await self.page.answer(thing, receipt.answer)
        receipt.acked()

    def _report(self, thing: Incoming) -> None:
        self.room.in_trouble(thing.key)
        if thing.kind == "click" and self.page:
            self.page.trouble(thing)

    async def _rest(self, key: str, seconds: float) -> None:
        waiting = self._hurry[key] = asyncio.Event()
        try:
            async with asyncio.timeout(seconds):
                await waiting.wait()
        except TimeoutError:
            pass
        finally:
            del self._hurry[key]


def open(  # noqa: A001 — every platform folder offers ``open``
    section: Mapping[str, Any],
    clock: Clock,
    *,
    hints: Sequence[Hint] = (),
    time_machine: TimeMachine | None = None,
    data_dir: Path,
    pages: Sequence[web.RouteDef] = (),
) -> RoomAdapter:
    """The room kept in ``data_dir``/room.db with its page. pages: others that are shown under the same address.

    section: host (127.0.0.1), port (8765; 0: any free one), token (required when others can reach the host),
    bot_name (进度助手), language ("zh" or "en"), zone (Asia/Shanghai). Raises ValueError.
    """
    host = str(section.get("host") or "127.0.0.1")
    gate = Gate(host, str(section.get("token") or ""))
    name = str(section.get("bot_name") or "进度助手")
    room = Room(clock, Store(data_dir / "room.db"), bot_name=name)
    greeting = Greeting(
        hints, str(section.get("zone") or "Asia/Shanghai"), "en" if section.get("language") == "en" else "zh"
    )
    port = int(section.get("port", 8765))
    page = Server(room, gate, Clockwork(clock, time_machine), greeting, host, port, data_dir, pages)
    adapter = RoomAdapter(room, page)
    page.hurry = adapter.hurry
    return adapter
