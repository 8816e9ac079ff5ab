"""Asks the platforms who has read a question, when somebody wants to know; their answer comes in like all else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.intake import Intake
from chat.errors import DeliveryError, IntakeUnavailable
from chat.messages import Incoming
from chat.ports import Abilities, Adapter, Clock, Observant
from reports.ask_reads import EVENT
from storage import readings
from storage.books import Books
from storage.errors import Unstorable
from storage.readings import Shown
from storage.statement import ms
from storage.transaction import Tx
from storage.work import Door, Writer

log = logging.getLogger("jindu.readings")
EVERY = timedelta(seconds=3)
MOST = 40
"""Messages that are asked about at a time: each costs a call of the platform's quota, and somebody waits for it."""


class Readings:
    """``look`` is called again and again."""

    def __init__(
        self, writer: Writer, intake: Intake, adapters: Mapping[str, Adapter], can: Abilities, clock: Clock
    ) -> None:
        self._writer = writer
        self._intake = intake
        self._adapters = adapters
        self._can = can
        self._clock = clock
        self._looked_at: datetime | None = None
        self._under_way: asyncio.Task[None] | None = None

    async def close(self) -> None:
        if self._under_way is not None:
            self._under_way.cancel()
            await asyncio.gather(self._under_way, return_exceptions=True)

    def poke(self) -> None:
        """The same every few seconds, beside the work of who calls."""
        now = self._clock.now()
        if self._looked_at is not None and now - self._looked_at < EVERY:
            return
        if self._under_way is None or self._under_way.done():
            self._looked_at = now
            self._under_way = asyncio.get_running_loop().create_task(self._looking())

    async def _looking(self) -> None:
        """Faults of one look never end what comes after it."""
        try:
            await self.look()
        except (Unstorable, IntakeUnavailable) as error:
            log.warning("not looked", extra={"action": "readings", "error": str(error)})
        except Exception:
            log.exception("not looked", extra={"action": "readings"})

    async def look(self) -> bool:
        """False: nobody wanted to know anything."""
        tellers = {name: one for name, one in self._adapters.items() if self._tells(name, one)}
        if not tellers:
            return False
        now = self._clock.now()
        shown = await self._writer.submit(partial(_wanted, f"readings:{ms(now)}", self._clock), Door.CLOCK)
        young = [one for one in shown if one.platform in tellers and self._is_young(one)]
        for one in young[:MOST]:
            await self._ask(tellers[one.platform], one)
        return bool(shown)

    def _tells(self, name: str, adapter: Adapter) -> bool:
        return isinstance(adapter, Observant) and self._can(name).read_seconds > 0

    def _is_young(self, shown: Shown) -> bool:
        return self._clock.now() - shown.sent_at < timedelta(seconds=self._can(shown.platform).read_seconds)

    async def _ask(self, adapter: Adapter, shown: Shown) -> None:
        assert isinstance(adapter, Observant)
        try:
            readers = await adapter.readers(shown.message_id, shown.chat, direct=shown.direct)
        except DeliveryError as error:
            log.info("not told", extra={"action": "readings", "platform": shown.platform, "error": str(error)})
            return
        if readers is None:
            return
        now = self._clock.now()
        thing = Incoming(
            f"{EVENT}:{shown.platform}:{shown.message_id}:{ms(now)}", "event", shown.platform, now, event=EVENT,
            message_id=shown.message_id,
            data={"readers": sorted(readers), "to": shown.chat if shown.direct else ""},
        )  # fmt: skip
        (await self._intake.submit(thing)).acked()


def _wanted(key: str, clock: Clock, tx: Tx) -> list[Shown]:
    return readings.wanted(Books(tx, key, clock.now()))
