"""What a bot at work does for itself at night: a copy of the books, and room on the disk."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import painter
from bot.backup import Backups, BadCopy
from bot.config import RetentionSection
from bot.vitals import Vitals
from chat.ports import Clock
from storage import audit, failed, pruning
from storage.errors import Unstorable
from storage.transaction import Tx
from storage.work import Door, Writer

log = logging.getLogger("jindu.upkeep")
NIGHT = 3 * 60 + 30
"""Minute of the day, in the zone of the machine's owner."""
FRESH = timedelta(hours=12)
"""A copy younger than this is not made again."""
RETRY = timedelta(hours=1)
"""After a copy that could not be made."""
THINGS_KEPT = timedelta(days=30)
MESSAGES_KEPT = timedelta(days=90)
CARDS_KEPT = timedelta(days=400)
DRAFTS_KEPT = timedelta(days=30)


class Upkeep:
    """``backups`` None: the books are kept by somebody else's database, who copies them."""

    def __init__(
        self, writer: Writer, vitals: Vitals, clock: Clock, backups: Backups | None, zone: ZoneInfo,
        kept: RetentionSection | None = None,
    ) -> None:  # fmt: skip
        self._kept = kept or RetentionSection()
        self._writer = writer
        self._vitals = vitals
        self._clock = clock
        self._backups = backups
        self._zone = zone
        self.pictures: Path | None = None
        """Where what was drawn is kept."""

    async def run(self, rest: float = 60.0) -> None:
        """Look for a font, copy the books if there is no copy yet, then keep the nights; until cancelled.

        rest: seconds before the first copy.
        """
        from bot.fonts import chinese_font, emoji_font

        self._vitals.font = await asyncio.to_thread(chinese_font)
        self._vitals.emoji = await asyncio.to_thread(emoji_font)
        if self._backups is not None:
            self._vitals.backup_at = await asyncio.to_thread(self._backups.newest)
        await asyncio.sleep(rest)
        while True:
            copied = await self._copy()
            await self.tidy()
            await self._settle()
            now = self._clock.now()
            await self._clock.sleep_until(self._night_after(now) if copied else now + RETRY)

    async def tidy(self) -> int:
        """Remove what nobody needs any more; how many rows. What cannot be removed now is removed another night."""
        now = self._clock.now()
        try:
            gone = await self._all(lambda tx: pruning.things(tx, now - THINGS_KEPT))
            gone += await self._all(lambda tx: pruning.drafts(tx, now - DRAFTS_KEPT))
            gone += await self._writer.submit(lambda tx: pruning.questions(tx, now), Door.CLOCK)
            gone += await self._writer.submit(lambda tx: failed.forget(tx, now - THINGS_KEPT), Door.CLOCK)
            gone += await self._messages(now)
            gone += await self._forget(now)
        except Unstorable as error:
            log.error("not tidied", extra={"action": "tidy", "error": str(error)})
            return 0
        log.info("tidied", extra={"action": "tidy", "rows": gone})
        return gone

    async def _forget(self, now: datetime) -> int:
        """What the owner of the machine does not want to keep."""
        kept, today, gone = self._kept, now.astimezone(self._zone).date(), 0
        if kept.dailies:
            day = today - timedelta(days=kept.dailies)
            gone += await self._all(lambda tx: pruning.dailies(tx, day))
        if kept.absences:
            last = today - timedelta(days=kept.absences)
            gone += await self._writer.submit(lambda tx: pruning.absences(tx, last), Door.CLOCK)
        if kept.audit_details:
            before = now - timedelta(days=kept.audit_details)
            gone += await self._all(lambda tx: pruning.audit_details(tx, before))
        return gone

    async def _all(self, step: Callable[[Tx], int]) -> int:
        total = 0
        while gone := await self._writer.submit(step, Door.CLOCK):
            total += gone
        return total

    async def _messages(self, now: datetime) -> int:
        total, after = 0, 0

        def step(tx: Tx) -> tuple[int, int] | None:
            return pruning.messages(tx, after, now - MESSAGES_KEPT, now - CARDS_KEPT)

        while (done := await self._writer.submit(step, Door.CLOCK)) is not None:
            gone, after = done
            total += gone
        return total

    async def _copy(self) -> bool:
        """False: it could not be made."""
        now, last = self._clock.now(), self._vitals.backup_at
        if self._backups is None or (last is not None and now - last < FRESH):
            return True
        try:
            await asyncio.to_thread(self._backups.make, now)
        except (OSError, sqlite3.Error, BadCopy) as error:
            log.error("no backup", extra={"action": "backup", "error": str(error)})
            return False
        self._vitals.backup_at = now
        return True

    async def _settle(self) -> None:
        """Note the seal of the record of who did what where the log is kept; leave nothing of what was erased."""
        try:
            rows, seal = await self._writer.submit(audit.head, Door.CLOCK)
            log.info("sealed", extra={"action": "audit.seal", "rows": rows, "seal": seal})
            if self._backups is not None:
                await asyncio.to_thread(self._backups.settle)
            if self.pictures is not None:
                await asyncio.to_thread(painter.forget, self.pictures, self._clock.now() - CARDS_KEPT)
        except (Unstorable, sqlite3.Error, OSError) as error:
            log.error("not settled", extra={"action": "settle", "error": str(error)})

    def _night_after(self, now: datetime) -> datetime:
        """The next half past three."""
        local = now.astimezone(self._zone)
        night = local.replace(hour=NIGHT // 60, minute=NIGHT % 60, second=0, microsecond=0)
        return night if night > local else night + timedelta(days=1)
