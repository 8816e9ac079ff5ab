"""What was heard, told to the bot: one after the other in each conversation, again until it is committed.

WeCom sends nothing twice by itself, so what cannot be committed waits here; and it does not wait for us either, so
what is too much is counted, and the chat is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from adapters.wecom.wire import Callback
from chat.errors import IntakeUnavailable
from chat.frozen import frozen
from chat.messages import Incoming, Receipt
from chat.ports import Intake

IN_FLIGHT = 64
WAITING = 5000
PATIENCE = 10.0
SLOW_SECONDS = 3.0
"""A press that is not committed by then is told to be under way; WeCom takes an answer for 5 seconds."""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
log = logging.getLogger(__name__)


@frozen
class Heard:
    """``at``: of the loop's clock, when the frame was read."""

    callback: Callback
    thing: Incoming
    at: float


Answered = Callable[[Heard, Receipt], Awaitable[None]]
Slow = Callable[[Heard], None]
Prepare = Callable[[Incoming], Awaitable[Incoming]]


class Lanes:
    """``answered`` is awaited with the receipt of each thing before the next of its lane is told.

    ``slow``: called with a press that takes long. ``slow_seconds``: how long. ``prepare``: adds to a message what has
    to be fetched.
    """

    def __init__(
        self, answered: Answered, slow: Slow, prepare: Prepare, *, patience: float = PATIENCE, limit: int = WAITING
    ) -> None:
        self._answered = answered
        self._prepare = prepare
        self._slow = slow
        self.slow_seconds = SLOW_SECONDS
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._patience = patience
        self.limit = limit
        self._slots = {"message": asyncio.Semaphore(IN_FLIGHT), "click": asyncio.Semaphore(IN_FLIGHT)}
        self._lanes: dict[tuple[str, str], deque[Heard]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.waiting = 0

    def offer(self, heard: Heard, intake: Intake) -> bool:
        """Queue it. False: there is too much already. A press does not wait behind messages."""
        if self.waiting >= self.limit:
            return False
        self.waiting += 1
        if heard.thing.kind == "click":
            timer = asyncio.get_running_loop().call_later(self.slow_seconds, self._slow, heard)
            self._timers[heard.callback.req_id] = timer
        lane = (heard.thing.chat.id if heard.thing.chat else "", heard.thing.kind)
        if lane in self._lanes:
            self._lanes[lane].append(heard)
        else:
            self._lanes[lane] = deque([heard])
            task = asyncio.get_running_loop().create_task(self._follow(lane, intake), name=f"wecom {lane}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return True

    async def drain(self, seconds: float) -> None:
        """Let what was heard be committed, for it does not come again; then give up."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._lanes.clear()
        self.waiting = 0

    async def _follow(self, lane: tuple[str, str], intake: Intake) -> None:
        queue = self._lanes[lane]
        slots = self._slots[lane[1]]
        while queue:
            async with slots:
                await self._tell(queue[0], intake)
            queue.popleft()
            self.waiting -= 1
        del self._lanes[lane]

    async def _tell(self, heard: Heard, intake: Intake) -> None:
        pause, key = FIRST_PAUSE, heard.thing.key
        thing = await self._prepare(heard.thing)
        while True:
            try:
                async with asyncio.timeout(self._patience):
                    receipt = await intake.submit(thing)
                break
            except (IntakeUnavailable, TimeoutError) as error:
                log.warning("not taken: %s", error, extra={"action": "wecom.submit", "key": key})
            except Exception:
                log.exception("not taken", extra={"action": "wecom.submit", "key": key})
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        if timer := self._timers.pop(heard.callback.req_id, None):
            timer.cancel()
        try:
            await self._answered(heard, receipt)
        except Exception:
            log.exception("not answered", extra={"action": "wecom.answer", "key": key})
        receipt.acked()
