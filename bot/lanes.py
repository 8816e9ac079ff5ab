"""One lane per chat: parcels of a chat go one after another, chats side by side.

Workers are called on demand. One that never has to wait carries a whole group of lanes; as soon as it might wait, the
next one is called, so a slow chat holds up nobody else.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

from chat.messages import Outgoing

Lane = tuple[str, str]


class Lanes:
    """``carry`` is called for each parcel, in order within its chat; it must not raise.

    ``hold``: seconds that a parcel stands aside first, and lets those after it pass; all but edits of its own card.
    """

    def __init__(
        self, carry: Callable[[Outgoing], Awaitable[None]], hold: Callable[[Outgoing], float] = lambda parcel: 0.0
    ) -> None:
        self._carry = carry
        self._hold = hold
        self._aside: dict[Lane, list[Outgoing]] = {}
        self._alarms: dict[Lane, asyncio.TimerHandle] = {}
        self._lanes: dict[Lane, deque[Outgoing]] = {}
        self._ready: deque[Lane] = deque()
        self._workers: set[asyncio.Task[None]] = set()
        self._called = False
        self._dropped: set[int] = set()

    def take(self, parcels: Iterable[Outgoing]) -> None:
        """Queue parcels, in order."""
        for parcel in parcels:
            if not self._stands_aside(parcel):
                self._queue(parcel)
        if self._ready and not self._called:
            self._call()

    def _queue(self, parcel: Outgoing) -> None:
        lane = (parcel.platform, parcel.chat)
        queue = self._lanes.get(lane)
        if queue is None:
            self._lanes[lane] = deque((parcel,))
            self._ready.append(lane)
        else:
            queue.append(parcel)

    def _stands_aside(self, parcel: Outgoing) -> bool:
        lane = (parcel.platform, parcel.chat)
        aside = self._aside.get(lane, [])
        seconds = self._hold(parcel)
        if seconds <= 0 and not (parcel.kind == "edit" and any(one.name == parcel.name for one in aside)):
            return False
        if not aside:
            self._aside[lane] = aside
            self._alarms[lane] = asyncio.get_running_loop().call_later(seconds, self._let_go, lane)
        aside.append(parcel)
        return True

    def _let_go(self, lane: Lane) -> None:
        """Their time has come."""
        del self._alarms[lane]
        for parcel in self._aside.pop(lane):
            self._queue(parcel)
        if self._ready and not self._called:
            self._call()

    def drop(self, parcels: Iterable[int]) -> None:
        """Superseded: do not carry. Parcels that are not queued are none of ours."""
        waiting = [*self._lanes.values(), *self._aside.values()]
        queued = {parcel.id for queue in waiting for parcel in queue}
        self._dropped.update(queued.intersection(parcels))

    @property
    def under_way(self) -> list[asyncio.Task[None]]:
        """Who is carrying something."""
        return list(self._workers)

    async def close(self) -> None:
        """Stop at once; what was queued is still in the books."""
        for alarm in self._alarms.values():
            alarm.cancel()
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def _call(self) -> None:
        self._called = True
        worker = asyncio.get_running_loop().create_task(self._work(), name="courier")
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work(self) -> None:
        self._called = False
        while self._ready:
            lane = self._ready.popleft()
            if self._ready and not self._called:
                self._call()  # this one may have to wait now
            queue = self._lanes[lane]
            while queue:
                parcel = queue.popleft()
                if parcel.id in self._dropped:
                    self._dropped.discard(parcel.id)
                else:
                    await self._carry(parcel)
            del self._lanes[lane]
