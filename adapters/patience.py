"""A press that takes longer than its platform waits: «处理中…» at once, what became of it as soon as that is known.

Platforms wait two or three seconds for the answer to a press and never ask again. So the presser is told in time that
it is under way, and afterwards, by an edit of the card or by one line, how it ended.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from chat.errors import DeliveryError, IntakeUnavailable
from chat.messages import Answer, Incoming, Receipt
from chat.text import say

log = logging.getLogger("jindu.patience")
WORKING = Answer(say("处理中…", "Working on it…"))
NOT_DONE = Answer(
    say("这次没办成，没有改动。请再点一次。", "That did not work; nothing was changed. Please press again.")
)
Later = Callable[[Incoming, Answer], Awaitable[None]]
"""Show somebody how their press ended, now that it cannot be said in the answer to it. Raises DeliveryError."""


class Presses:
    """``seconds``: how long a press may take until it is answered with ``WORKING``."""

    def __init__(self, seconds: float, later: Later) -> None:
        self.seconds = seconds
        self._later = later
        self._under_way: set[asyncio.Task[None]] = set()

    async def taken(self, thing: Incoming, committing: Awaitable[Receipt]) -> Receipt | None:
        """The receipt, if it comes in time. None: it will be told later. Raises IntakeUnavailable."""
        task = asyncio.ensure_future(committing)
        await asyncio.wait((task,), timeout=self.seconds)
        if task.done():
            return task.result()
        log.warning("slow", extra={"action": "press.slow", "key": thing.key})
        self._aside(self._follow(thing, task))
        return None

    def show(self, thing: Incoming, receipt: Receipt) -> None:
        """What did not fit into the answer."""
        self._aside(self._tell(thing, receipt))

    async def _follow(self, thing: Incoming, task: asyncio.Future[Receipt]) -> None:
        try:
            receipt = await task
        except IntakeUnavailable:
            receipt = Receipt(NOT_DONE)
        try:
            await self._tell(thing, receipt)
        finally:
            receipt.acked()

    async def _tell(self, thing: Incoming, receipt: Receipt) -> None:
        if receipt.answer is None or receipt.duplicate:
            return
        try:
            await self._later(thing, receipt.answer)
        except DeliveryError as error:
            log.warning("not told", extra={"action": "press.later", "key": thing.key, "error": str(error)})

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def close(self) -> None:
        for task in self._under_way:
            task.cancel()
