"""The page's hold on a clock that may be moved (demo), and the time it shows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from chat.errors import UserError
from chat.ports import Clock, TimeMachine
from chat.text import say

LONGEST = 31 * 86_400
"""Seconds one press may let pass."""
BUSY_BEAT, QUIET_BEAT = 0.2, 1.0

log = logging.getLogger(__name__)


class Clockwork:
    """Without a ``machine`` it only tells the time. One journey at a time; the page watches it happen."""

    def __init__(self, clock: Clock, machine: TimeMachine | None) -> None:
        self._clock = clock
        self._machine = machine
        self._watcher: Callable[[], None] = lambda: None
        self._journey: asyncio.Task[None] | None = None
        self._beat: asyncio.Task[None] | None = None
        self._outcome = ""

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call ``watcher`` whenever the page's clock should be drawn again."""
        self._watcher = watcher

    def frame(self) -> dict[str, Any]:
        """outcome: of the last journey: "", "nothing" (nothing is scheduled) or "failed"."""
        running = self._journey is not None
        return {
            "ev": "clock", "now": self._clock.now(), "machine": self._machine is not None,
            "running": running, "outcome": self._outcome,
        }  # fmt: skip

    def start(self) -> None:
        if self._machine:
            self._beat = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        for task in (self._journey, self._beat):
            if task:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        self._journey = self._beat = None

    def go(self, seconds: float | None) -> None:
        """Let ``seconds`` pass, or (None) everything until the next thing the clock will do."""
        if self._machine is None:
            raise UserError(say("这里的时间不能拨。", "Time cannot be moved here."))
        if self._journey:
            raise UserError(say("时间正在走，等它停下再拨。", "Time is already moving; wait until it stops."))
        if seconds is not None and not 0 < seconds <= LONGEST:
            raise UserError(say("一次最多拨 31 天。", "At most 31 days at once."))
        self._outcome = ""
        self._journey = asyncio.create_task(self._travel(self._machine, seconds))
        self._watcher()

    async def _travel(self, machine: TimeMachine, seconds: float | None) -> None:
        try:
            if seconds is None:
                self._outcome = "" if await machine.forward_to_next() else "nothing"
            else:
                await machine.forward(seconds)
        except Exception:
            log.exception("time machine", extra={"action": "room.time"})
            self._outcome = "failed"
        finally:
            self._journey = None
            self._watcher()

    async def _tick(self) -> None:
        """Tell the page when the minute on the clock has changed, however it came to pass."""
        shown = self._clock.now().replace(second=0, microsecond=0)
        while True:
            await asyncio.sleep(BUSY_BEAT if self._journey else QUIET_BEAT)
            minute = self._clock.now().replace(second=0, microsecond=0)
            if minute != shown:
                shown = minute
                self._watcher()
