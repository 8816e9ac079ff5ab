"""Several bots on one database: each delivers to the chats that are its own, and takes over what a dead one left.

The rows are the truth: a sweep finds what waits and whose it is. Hints between the processes only make it sooner. A
process that has not been able to say that it lives stops delivering before the others may take over.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from time import monotonic
from uuid import uuid4

from bot.lanes import Lane
from chat.messages import Outgoing
from chat.ports import Adapter
from storage import fleet
from storage.errors import Unstorable
from storage.outbox import Waiting
from storage.pg import PgDatabase
from storage.pg_aside import Aside
from storage.transaction import Tx

log = logging.getLogger("jindu.fleet")
BEAT = 1.0
"""Seconds between two signs of life, and between two sweeps at most."""
TRIES = 3
"""To enter, at the start."""
SWEPT = 5_000
"""Parcels for which a second of rest follows a sweep."""
FENCE = 4.0
"""Seconds without one after which nothing is delivered any more. The others wait ``storage.fleet.SILENCE``.

Connections are let go, too, but not by a process that was alone: nobody is there to take them, and through them people
are told that nothing can be stored."""


class _Hold:
    """The one connection of a platform, as far as this process goes."""

    def __init__(self) -> None:
        self.held, self.lost = asyncio.Event(), asyncio.Event()

    def change(self, held: bool) -> None:
        (self.held if held else self.lost).set()
        (self.lost if held else self.held).clear()


class Fleet:
    """This process among the others. ``take`` gets what is to be delivered here."""

    def __init__(
        self,
        database: PgDatabase,
        adapters: Mapping[str, Adapter],
        take: Callable[[list[Waiting]], None],
        drop: Callable[[list[int]], None],
    ) -> None:
        self._adapters = adapters
        self._take = take
        self._drop = drop
        self._aside = Aside(database, self._heard)
        self._id = ""
        self._beat_at = float("-inf")
        self._leased: set[Lane] = set()
        self._lanes: set[Lane] = set()
        """Of those, the ones of which nothing waits in the books that is not taken: new parcels may go at once."""
        self._wanted: set[Lane] = set()
        self._taken: set[int] = set()
        self._holds: dict[str, _Hold] = {}
        self._fence: asyncio.TimerHandle | None = None
        self._look = asyncio.Event()
        self._hinted = False
        self._sweep_at = float("-inf")
        self._round = asyncio.Lock()
        self._running: asyncio.Task[None] | None = None
        self.living = 1
        """How many processes there are, as of the last sign of life."""
        self.on_takeover: Callable[[], None] | None = None
        """Told when another process was struck off."""

    async def start(self) -> None:
        """Raises Unstorable: the database is not there, or is lost again and again."""
        for tries_left in reversed(range(TRIES)):
            try:
                await self._turn()
                break
            except Unstorable as error:
                if not tries_left:
                    raise
                log.warning("not entered yet", extra={"action": "enter", "error": str(error)})
                await asyncio.sleep(BEAT / 2)
        self._running = asyncio.get_running_loop().create_task(self._run(), name="fleet")

    async def close(self) -> None:
        """The others may have everything at once. Call it when nothing is being delivered any more."""
        if self._fence is not None:
            self._fence.cancel()
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        if self._id:
            with suppress(Unstorable):  # then they wait until this process counts as gone
                await self._aside.run(partial(fleet.leave, process=self._id))
        self._aside.close()

    def mine(self, parcels: list[Outgoing]) -> list[Outgoing]:
        """Those that this process delivers, each once; for the others whoever does it is told."""
        here = []
        for parcel in parcels:
            lane = (parcel.platform, parcel.chat)
            if lane not in self._lanes:
                self._wanted.add(lane)
            elif parcel.id not in self._taken:
                self._taken.add(parcel.id)
                here.append(parcel)
        if self._wanted:
            self._look.set()
        return here

    def may(self, parcel: Outgoing) -> bool:
        """Is this parcel still this process's to deliver? If not, it is somebody's who finds it in the books."""
        if (parcel.platform, parcel.chat) in self._leased and monotonic() - self._beat_at < FENCE:
            return True
        self._taken.discard(parcel.id)
        return False

    def once_more(self, parcels: list[Outgoing]) -> None:
        """They are to be delivered although somebody had them already."""
        self._taken.difference_update(parcel.id for parcel in parcels)

    def dropped(self, parcels: list[int]) -> None:
        """Superseded here; it may wait in another process."""
        elsewhere = [str(parcel) for parcel in parcels if parcel not in self._taken]
        if elsewhere:
            asyncio.get_running_loop().create_task(self._tell(",".join(elsewhere)))

    def holds(self, name: str) -> bool:
        """May this process hold the platform's one connection just now?"""
        return self._hold(name).held.is_set()

    async def held(self, name: str) -> None:
        """Returns when this process may hold the platform's one connection."""
        await self._hold(name).held.wait()

    async def lost(self, name: str) -> None:
        """Returns when it may not any more."""
        await self._hold(name).lost.wait()

    async def quiet(self) -> None:
        """Everything committed so far is being delivered here, or is not this process's."""
        while self._wanted or self._round.locked():
            await self._turn()

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT):
                    await self._look.wait()
            self._look.clear()
            try:
                await self._turn()
            except Unstorable as error:
                log.warning("no sign of life", extra={"action": "beat", "error": str(error)})
                await asyncio.sleep(BEAT / 2)

    async def _turn(self) -> None:
        """Say that this process lives, see who does not, take what is free, and look what waits."""
        async with self._round:
            begun = monotonic()
            if not self._id or not await self._aside.run(partial(fleet.beat, process=self._id)):
                await self._enter()
            self._beat_at = begun
            if gone := await self._aside.run(fleet.strike):
                log.warning("taken over", extra={"action": "takeover", "processes": gone})
                if self.on_takeover is not None:
                    self.on_takeover()
            self.living = max(await self._aside.run(fleet.living), 1)
            self._fence_off(begun)
            for name in self._exclusive():
                if await self._aside.run(partial(fleet.hold, process=self._id, name=name)):
                    self._hold(name).change(True)
            if self._wanted or self._hinted or monotonic() >= self._sweep_at:
                self._hinted = False
                await self._sweep()

    async def _enter(self) -> None:
        """As somebody new: whatever was held before is somebody else's."""
        self._leased.clear()
        self._lanes.clear()
        self._taken.clear()
        self._let_go()
        self._id = uuid4().hex[:12]
        await self._aside.run(partial(fleet.enter, process=self._id, host=f"{socket.gethostname()}:{os.getpid()}"))

    async def _sweep(self) -> None:
        wanted, self._wanted = self._wanted, set()
        before = set(self._taken)
        claimed, waits, found = await self._aside.run(partial(self._find, wanted))
        self._leased |= claimed
        self._taken -= before - waits
        fresh = [one for one in found if one.parcel.id not in self._taken]
        self._taken.update(one.parcel.id for one in fresh)
        if fresh:
            self._take(fresh)
        self._lanes |= claimed - self._wanted  # what came meanwhile is found by the next sweep, in its order
        if wanted - self._leased:
            await self._tell("")
        self._sweep_at = monotonic() + len(waits) / SWEPT

    def _find(self, wanted: set[Lane], tx: Tx) -> tuple[set[Lane], set[int], list[Waiting]]:
        """(chats that are this process's now, what waits in its chats, what of it is not taken yet)."""
        lanes = {lane for lane in {*wanted, *fleet.free(tx)} if self._serves(lane[0])}
        claimed = set(fleet.claim(tx, self._id, sorted(lanes)))
        waits = fleet.mine(tx, self._id)
        new = waits - self._taken
        return claimed, waits, fleet.read(tx, sorted(new)) if new else []

    def _exclusive(self) -> list[str]:
        return [name for name, adapter in self._adapters.items() if adapter.can.exclusive]

    def _serves(self, platform: str) -> bool:
        """Can this process deliver there just now?"""
        adapter = self._adapters.get(platform)
        if adapter is None:
            return False
        return not adapter.can.exclusive or self.holds(platform)

    def _hold(self, name: str) -> _Hold:
        return self._holds.setdefault(name, _Hold())

    def _let_go(self) -> None:
        for hold in self._holds.values():
            hold.change(False)

    def _fence_off(self, begun: float) -> None:
        if self._fence is not None:
            self._fence.cancel()
            self._fence = None
        if self.living > 1:
            self._fence = asyncio.get_running_loop().call_later(begun + FENCE - monotonic(), self._let_go)

    def _heard(self, words: str) -> None:
        if words:
            self._drop([int(number) for number in words.split(",")])
        else:
            self._hinted = True
            self._look.set()

    async def _tell(self, words: str) -> None:
        with suppress(Unstorable):
            await self._aside.run(partial(fleet.hint, words=words))
