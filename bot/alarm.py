"""The alarm clock: wakes when the next row of the schedule is due and hands it in like any other thing.

The truth is the schedule's rows. APScheduler holds a handful of jobs in memory — wake for the next due row, sweep every
half minute in case a wake-up was missed — never one job per row.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from bot.intake import Intake
from chat.errors import IntakeUnavailable
from chat.messages import Incoming
from chat.ports import Clock
from storage import pulse, schedules
from storage.errors import Unstorable
from storage.schedules import Due
from storage.transaction import Tx
from storage.work import Door, Writer

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger("jindu.alarm")
SWEEP_SECONDS = 30
BEAT_SECONDS = 60
"""How often it is written down that the bot is alive."""
CHUNK = 256
"""Rows read at a time, so that ten thousand due at once are many small steps."""


class Alarm:
    """Turns due rows into ticks."""

    def __init__(self, writer: Writer, intake: Intake, clock: Clock) -> None:
        self._writer = writer
        self._intake = intake
        self._clock = clock
        self._scheduler: AsyncIOScheduler | None = None
        self._sweeping = asyncio.Lock()
        self._rearming: asyncio.Task[None] | None = None
        self._rings: set[asyncio.Task[None]] = set()
        self._moved = False
        self._ringing = self._beside = False
        self._beat: datetime | None = None
        self.besides: Callable[[], Awaitable[None]] | None = None
        """Done with every sweep of a clock that runs by itself."""

    async def start(self) -> None:
        """Sweep what came due while the bot was off, then keep watch by the machine's clock."""
        await asyncio.to_thread(import_module, "apscheduler.schedulers.asyncio")  # 50 ms or more: not the loop's
        from apscheduler.executors.debug import DebugExecutor  # does a job on the spot, here: on the loop
        from apscheduler.schedulers.asyncio import AsyncIOScheduler
        from apscheduler.triggers.interval import IntervalTrigger

        self._scheduler = AsyncIOScheduler(timezone="UTC", executors={"default": DebugExecutor()})
        self._scheduler.add_job(
            self._struck, IntervalTrigger(seconds=SWEEP_SECONDS), id="sweep", coalesce=True, misfire_grace_time=None
        )
        self._scheduler.start()
        await self._ring()

    async def close(self) -> None:
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
        if self._rearming is not None:
            self._rearming.cancel()
        for ring in self._rings:
            ring.cancel()
        await asyncio.gather(*self._rings, return_exceptions=True)

    def rescheduled(self) -> None:
        """Rows were added or moved: look again when to wake."""
        self._moved = True
        if self._scheduler is not None and (self._rearming is None or self._rearming.done()):
            self._rearming = asyncio.get_running_loop().create_task(self._rearm())

    async def next_due(self) -> datetime | None:
        return await self._writer.submit(schedules.next_due, Door.CLOCK)

    async def sweep(self) -> int:
        """Submit everything that is due now; how many. One sweep at a time."""
        async with self._sweeping:
            count = 0
            while rows := await self._writer.submit(self._due, Door.CLOCK):
                await self._submit(rows)
                count += len(rows)
            return count

    async def alive(self) -> None:
        """The bot was on all the time until now, whatever the clock that is moved by hand says."""
        self._beat = self._clock.now()
        await self._writer.submit(lambda tx: pulse.alive(tx, self._clock.now()), Door.CLOCK)

    def _due(self, tx: Tx) -> list[Due]:
        now = self._clock.now()
        if self._beat is None or abs((now - self._beat).total_seconds()) >= BEAT_SECONDS:
            self._beat = now
            pulse.beat(tx, now)
        return schedules.due(tx, now, CHUNK)

    async def _submit(self, rows: Sequence[Due]) -> None:
        at = self._clock.now()
        things = [Incoming(row.key, "tick", "clock", at, event=row.kind, data={"schedule": row.id}) for row in rows]
        await asyncio.gather(*(self._intake.submit(thing) for thing in things))

    def _struck(self) -> None:
        """Rings that overlap, when the books are slow, have nothing to do but the first."""
        ring = asyncio.get_running_loop().create_task(self._ring(), name="ring")
        self._rings.add(ring)
        ring.add_done_callback(self._rung)

    def _rung(self, ring: asyncio.Task[None]) -> None:
        self._rings.discard(ring)
        if not ring.cancelled() and (error := ring.exception()) is not None:
            log.error("the clock has a defect", exc_info=error, extra={"action": "sweep"})

    async def _ring(self) -> None:
        if not self._ringing:  # one that is under way looks until nothing is due, and then when to wake next
            self._ringing = True
            try:
                await self.sweep()
            except (IntakeUnavailable, Unstorable) as error:
                log.error("ticks could not be stored", extra={"action": "sweep", "error": str(error)})
            finally:
                self._ringing = False
            await self._arm()
        if self.besides is not None and not self._beside:
            self._beside = True
            try:
                await self.besides()
            except (IntakeUnavailable, Unstorable) as error:
                log.error("not tried once more", extra={"action": "besides", "error": str(error)})
            finally:
                self._beside = False

    async def _rearm(self) -> None:
        """Until nothing moved while we looked."""
        while self._moved:
            self._moved = False
            await self._arm()

    async def _arm(self) -> None:
        try:
            at = await self.next_due()
        except Unstorable:
            return  # the next sweep asks again
        if at is not None and self._scheduler is not None:
            from apscheduler.triggers.date import DateTrigger

            self._scheduler.add_job(
                self._struck, DateTrigger(at), id="next", replace_existing=True, misfire_grace_time=None
            )
