"""The whole bot, put together: storage, dispatch, courier, alarm, and the adapters that listen."""

from __future__ import annotations

import asyncio
import gc
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.alarm import Alarm
from bot.clock import SystemClock, VirtualClock
from bot.courier import Courier
from bot.dispatch import Dispatcher, in_charge
from bot.intake import Intake
from bot.meter import Meter
from bot.quota import Quota
from bot.readings import Readings
from bot.unstorable import Apology
from bot.vitals import Vitals
from chat.messages import Incoming, Outgoing, Place
from chat.ports import MAIL, Adapter, Capabilities, Linked
from commands import grammar
from reports import letters, ticks
from reports.approval_gone import unreachable
from storage import failed, undelivered
from storage.database import Database
from storage.errors import Unstorable
from storage.mail import Mails
from storage.schema import prepare
from storage.stores import Store, writer_for
from storage.transaction import Tx
from storage.work import Door

if TYPE_CHECKING:
    from bot.fleet import Fleet

log = logging.getLogger("jindu.app")
NO_MAIL = Capabilities(direct=False, push_unasked=False)


RESTART, LONGEST_RESTART = 1.0, 60.0
"""Seconds before a platform that failed is listened to again."""


class App:
    """One bot on one store. ``adapters`` may be added until ``start``."""

    def __init__(self, database: Store, clock: SystemClock | VirtualClock) -> None:
        self.clock = clock
        self.database = database
        self.adapters: dict[str, Adapter] = {}
        self.table = grammar.known()
        self.writer = writer_for(database, self._committed)
        self.meter = Meter()
        self.courier = Courier(self.writer, self.adapters, clock, self.meter)
        self.quota = Quota(self.writer, self.adapters, clock)
        self.courier.can = self.quota.can
        self.courier.spread = isinstance(clock, SystemClock)
        self.vitals = Vitals(self.quota.findings)
        dispatcher = Dispatcher(self.table, ticks.load(), self.can, self.vitals.of)
        self.intake = Intake(self.writer, dispatcher, self.courier, self.meter)
        self.intake.on_heard = self._heard
        self.readings = Readings(self.writer, self.intake, self.adapters, self.can, clock)
        self.apology = Apology(self.adapters, self.writer, clock)
        self.intake.on_unstorable, self.intake.on_crowded = self.apology, self.apology.crowded
        self.courier.on_gone = self._gone
        self.courier.otherwise = self._otherwise
        self._dispatch = dispatcher
        self.alarm = Alarm(self.writer, self.intake, clock)
        self.alarm.besides = self.second_chances
        self.fleet: Fleet | None = None
        if not isinstance(database, Database):
            from bot.fleet import Fleet  # the driver is only loaded by those who use it

            self.fleet = Fleet(database, self.adapters, self.courier.resume, self.courier.drop)
            self.fleet.on_takeover = self.alarm.rescheduled
            self.courier.share, self.courier.may = self.fleet.mine, self.fleet.may
            self.courier.processes = partial(getattr, self.fleet, "living")
        self._listeners: list[asyncio.Task[None]] = []
        self._started = False
        self._restartable: set[str] = set()

    def add(self, adapter: Adapter, *, vital: bool = True) -> None:
        """vital: the bot ends when this platform does; otherwise it goes on without, and tries again."""
        self.adapters[adapter.name] = adapter
        if isinstance(adapter, Linked):
            self.vitals.links[adapter.name] = adapter
        if not vital:
            self._restartable.add(adapter.name)

    async def _listen_in_turn(self, adapter: Adapter) -> None:
        """Of several processes one holds the only connection of a platform; another one when it cannot any more."""
        if self.fleet is None or not adapter.can.exclusive:
            self.vitals.connected.add(adapter.name)
            return await self._listen(adapter)
        while True:
            self.vitals.standby.add(adapter.name)
            await self.fleet.held(adapter.name)
            self.vitals.standby.discard(adapter.name)
            self.vitals.connected.add(adapter.name)
            listening = asyncio.get_running_loop().create_task(self._listen(adapter))
            lost = asyncio.get_running_loop().create_task(self.fleet.lost(adapter.name))
            try:
                await asyncio.wait((listening, lost), return_when=asyncio.FIRST_COMPLETED)
                if listening.done():
                    return listening.result()
            finally:
                listening.cancel()
                lost.cancel()
                await asyncio.gather(listening, lost, return_exceptions=True)
                self.vitals.connected.discard(adapter.name)

    async def _listen(self, adapter: Adapter) -> None:
        if adapter.name not in self._restartable:
            return await adapter.listen(self.intake)
        pause = RESTART
        while True:
            self.vitals.connected.add(adapter.name)
            try:
                await adapter.listen(self.intake)
            except Exception:
                log.exception("not listening", extra={"action": "listen", "platform": adapter.name})
            self.vitals.connected.discard(adapter.name)
            await self.clock.sleep_until(self.clock.now() + timedelta(seconds=pause))
            pause = min(pause * 2, LONGEST_RESTART)

    def _ended(self, name: str, _: asyncio.Task[None]) -> None:
        self.vitals.connected.discard(name)

    def _heard(self, thing: Incoming) -> None:
        self.vitals.heard(thing, self.clock.now())
        self.apology.heard(thing)

    def _gone(self, parcel: Outgoing) -> None:
        """The bot is no longer in that chat: the same as if the platform had told so. Or there is no such person."""
        if parcel.platform == MAIL:
            self.writer.submit(lambda tx: Mails(tx, self.clock.now()).bounced(parcel.chat))
            return
        if parcel.kind == "direct":
            key, now = f"gone:{parcel.key}", self.clock.now()
            self.writer.submit(partial(unreachable, parcel.platform, parcel.chat, key, now))
            return
        place = Place(parcel.chat, "group")
        key = f"gone:{parcel.key}"
        thing = Incoming(key, "event", parcel.platform, self.clock.now(), place, event="bot_removed")
        self.writer.submit(partial(self._removed, thing))

    def _otherwise(self, tx: Tx, parcel: Outgoing, many: bool) -> bool:
        return MAIL in self.adapters and letters.instead(tx, parcel, self.clock.now(), together=many)

    def _removed(self, thing: Incoming, tx: Tx) -> None:
        sender = in_charge(tx, thing)
        if sender is not None:
            self._dispatch(tx, replace(thing, sender=sender))

    def can(self, platform: str) -> Capabilities:
        """What a platform can do; a platform that is not connected is taken to be able to do everything."""
        adapter = self.adapters.get(platform)
        if adapter is None:
            return NO_MAIL if platform == MAIL else Capabilities()
        return self.quota.can(platform, adapter.can)

    async def start(self) -> None:
        """Open the books, send what was left over, listen, keep the clock."""
        prepare(self.database, self.writer.aside)
        self.writer.start()
        self._started = True
        if self.fleet is None:
            await self.courier.restore()
        else:
            await self.fleet.start()
        self._listeners = [
            asyncio.get_running_loop().create_task(self._listen_in_turn(adapter), name=f"listen {name}")
            for name, adapter in self.adapters.items()
        ]
        for listener, name in zip(self._listeners, self.adapters, strict=True):
            if self.fleet is None or not self.adapters[name].can.exclusive:
                self.vitals.connected.add(name)
            listener.add_done_callback(partial(self._ended, name))
        if isinstance(self.clock, SystemClock):
            self._listeners.append(asyncio.get_running_loop().create_task(self._keep_time(), name="alarm"))

    async def _keep_time(self) -> None:
        """Nobody who speaks first waits until the clock runs."""
        await self.alarm.start()
        await asyncio.Event().wait()

    def waits_for(self, name: str) -> bool:
        """Does another process hold the platform's only connection?"""
        return self.fleet is not None and self.adapters[name].can.exclusive and not self.fleet.holds(name)

    @property
    def alive(self) -> bool:
        """Started, and its writer has not ended."""
        return self._started and not self.writer.running.done()

    async def broken(self) -> None:
        """Waits as long as all is well; raises what ended one of the listeners, the alarm, or the writer."""
        ended, _ = await asyncio.wait([*self._listeners, self.writer.running], return_when=asyncio.FIRST_COMPLETED)
        for listener in ended:
            listener.result()

    async def close(self) -> None:
        """Stop listening, finish what is being written, let go. Also after a start that failed."""
        for listener in self._listeners:
            listener.cancel()
        await asyncio.gather(*self._listeners, return_exceptions=True)
        if self._started:
            await self.alarm.close()
            await self.readings.close()
            with suppress(Unstorable):  # then a little is delivered twice, under the same keys
                await self.courier.close()
            if self.fleet is not None:
                await self.fleet.close()
            await self.courier.painter.close()
        closed = await asyncio.gather(*(adapter.close() for adapter in self.adapters.values()), return_exceptions=True)
        for name, error in zip(self.adapters, closed, strict=True):
            if error is not None:
                log.error("could not close", extra={"action": "close", "platform": name, "error": str(error)})
        await self.writer.close()
        self.database.close()

    async def idle(self) -> None:
        """Everything submitted is committed, delivered and settled. For a clock that stands still."""
        await self.writer.drained()
        while True:
            while pumps := await self._under_way():
                await asyncio.wait(pumps)
            await self.courier.settle()
            if not (await self.readings.look() or await self.quota.look(Door.CLOCK)):
                return

    async def _under_way(self) -> list[asyncio.Task[None]]:
        if self.fleet is not None:
            await self.fleet.quiet()
        return self.courier.under_way

    async def second_chances(self) -> None:
        """Deliver, and handle, what an admin asked to try once more. Raises Unstorable, IntakeUnavailable."""
        now = self.clock.now()
        wanted = await self.writer.submit(lambda tx: undelivered.wanted(tx, now), Door.CLOCK)
        parcels = [waiting.parcel for waiting in wanted]
        if self.fleet is not None:
            self.fleet.once_more(parcels)
        self.courier.take(parcels)
        for thing in await self.writer.submit(failed.asked, Door.CLOCK):
            receipt = await self.intake.submit(replace(thing, key=f"{thing.key}#again", at=now))
            receipt.acked()
            await self.writer.submit(partial(_handled, thing.key), Door.CLOCK)

    def _committed(self, tx: Tx) -> None:
        if tx.superseded:
            self.courier.drop(tx.superseded)
            if self.fleet is not None:
                self.fleet.dropped(tx.superseded)
        if tx.parcels and not tx.held:
            self.courier.take(tx.parcels)
        if tx.rescheduled:
            self.alarm.rescheduled()


def _handled(key: str, tx: Tx) -> None:
    failed.taken(tx, key)


def out_of_the_way() -> None:
    """What exists once the bot has started stays; the collector need not look at it again, nor that often.

    For a process that serves, once: 5 to 9 % more commands a second, a third off the longest waits. It is not looked
    through for a last time either: next to nothing of it is garbage, and the first answer would wait a tenth longer.
    """
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


class Travel:
    """Moves a bot's virtual clock; whatever is due on the way happens in order, at its own minute."""

    def __init__(self, app: App, clock: VirtualClock) -> None:
        self._app = app
        self._clock = clock
        self._journey = asyncio.Lock()

    def now(self) -> datetime:
        return self._clock.now()

    async def sleep_until(self, at: datetime) -> None:
        await self._clock.sleep_until(at)

    async def forward(self, seconds: float) -> None:
        async with self._journey:
            await self._go(self._clock.now() + timedelta(seconds=seconds))

    async def to(self, at: datetime) -> None:
        """Go to ``at``, which may be in the past: then nothing happens on the way."""
        async with self._journey:
            await self._go(at)

    async def forward_to_next(self) -> datetime | None:
        async with self._journey:
            due = await self._app.alarm.next_due()
            if due is not None:
                await self._go(max(due, self._clock.now()))
            return due

    async def _go(self, at: datetime) -> None:
        while (due := await self._app.alarm.next_due()) is not None and due <= at:
            self._clock.set(max(due, self._clock.now()))
            await self._app.alarm.alive()
            await self._app.alarm.sweep()
            await self._app.idle()
        self._clock.set(at)
        await self._app.idle()

    async def sleep(self, at: datetime) -> None:
        """The bot is off from now until ``at``; then it looks what it missed."""
        async with self._journey:
            await self._app.alarm.alive()
            self._clock.set(at)
            await self._app.alarm.sweep()
            await self._go(at)
