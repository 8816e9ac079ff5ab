"""How the bot is: measured beside its work, told to whoever asks ``/体检``."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from datetime import datetime, timedelta
from pathlib import Path

from bot.backup import EVERY, Backups
from bot.platforms import TITLES
from chat.messages import Incoming
from chat.ports import Clock, Health, Linked
from chat.text import Text, say

log = logging.getLogger("jindu.vitals")
SAMPLES = 20
RETRY = timedelta(hours=1)
"""After a backup that could not be made."""


class Vitals:
    """``connected``: platforms that are listened to. ``links``: those that tell how their link is.

    ``absent``: why platforms that are configured could not be opened. ``font``, ``backup_at``: as last measured.
    """

    def __init__(self) -> None:
        self.connected: set[str] = set()
        self.links: dict[str, Linked] = {}
        self.absent: dict[str, Text] = {}
        self.font: bool | None = None
        self.backup_at: datetime | None = None
        self._skews: dict[str, deque[float]] = {}

    def heard(self, thing: Incoming, now: datetime) -> None:
        """A platform stamped this thing with its own clock; the way here only adds to the difference."""
        self._skews.setdefault(thing.platform, deque(maxlen=SAMPLES)).append((now - thing.at).total_seconds())

    def of(self, platform: str) -> Health:
        skews = self._skews.get(platform)
        return Health(
            connected=platform in self.connected and self._ready(platform),
            skew=min(skews, key=abs) if skews else None,
            font=self.font is not False,
            backup_at=self.backup_at,
            trouble=self.trouble(platform),
            elsewhere=tuple(
                (TITLES.get(name, say("{name}", "{name}", name=name)), trouble)
                for name in sorted({*self.links, *self.absent} - {platform})
                if (trouble := self.trouble(name)) is not None
            ),
        )

    def _ready(self, platform: str) -> bool:
        return platform not in self.links or self.links[platform].state == "ready"

    def trouble(self, platform: str) -> Text | None:
        """What an admin has to do about the link to a platform; None: nothing, or not yet."""
        link = self.links.get(platform)
        return link.trouble if link else self.absent.get(platform)

    async def look_after(self, database: Path, folder: Path, clock: Clock, rest: float = 60.0) -> None:
        """Look for a font, then keep the daily backups going; until cancelled. rest: seconds before the first."""
        from bot.fonts import chinese_font

        self.font = await asyncio.to_thread(chinese_font)
        backups = Backups(database, folder)
        self.backup_at = await asyncio.to_thread(backups.newest)
        await asyncio.sleep(rest)
        while True:
            now = clock.now()
            if self.backup_at is None or now - self.backup_at >= EVERY:
                await asyncio.to_thread(self._back_up, backups, now)
            due = self.backup_at + EVERY if self.backup_at else now
            await clock.sleep_until(max(due, now + RETRY))

    def _back_up(self, backups: Backups, now: datetime) -> None:
        try:
            backups.make(now)
        except (OSError, sqlite3.Error) as error:
            log.error("no backup", extra={"action": "backup", "error": str(error)})
        else:
            self.backup_at = now
