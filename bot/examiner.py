"""Asks the platforms how they are set up, beside the bot's work, and whose cards people press."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot import groups, status
from bot.app import App
from chat.ports import Examined
from storage import outbox
from storage.transaction import Tx
from storage.work import Door

log = logging.getLogger("jindu.examiner")
EVERY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SOON = timedelta(minutes=1)
"""After somebody wanted to know."""
DOWN = ("connecting", "reconnecting")
AGAIN = timedelta(minutes=10)
"""While a link stays down."""


class Examiner:
    """``look`` is called again and again. Each platform is asked when its link is first up, once a day, and soon after

    somebody wanted to know: an examination costs a few calls of the platform's quota. A link that is down for a minute
    is asked about, so that the reason is known, and once more as soon as it is back.
    """

    def __init__(self, app: App, folder: Path | None = None) -> None:
        """folder: where ``status`` is written."""
        self._app = app
        self._folder = folder
        self._noted_at: datetime | None = None
        self._at: dict[str, datetime] = {}
        self._down: dict[str, datetime] = {}
        self._explained: set[str] = set()
        self._under_way: asyncio.Task[None] | None = None

    async def look(self) -> None:
        await self._whose_cards()
        if self._under_way is None or self._under_way.done():
            due = [name for name in self._app.vitals.links if self._due(name)]
            if due:
                self._under_way = asyncio.get_running_loop().create_task(self._examine(due))
        if self._folder is not None and self._app.vitals.links:
            await self._note(self._folder)

    async def _note(self, folder: Path) -> None:
        """Once a minute, and as soon as a platform was examined."""
        now = self._app.clock.now()
        if self._noted_at is not None and now - self._noted_at < MINUTE:
            return
        self._noted_at = now
        vitals = self._app.vitals
        silent = await self._app.writer.submit(partial(groups.trouble, self._app.can, vitals.look, now), Door.LAZY)
        try:
            await asyncio.to_thread(status.write, folder, status.of(vitals, silent, now))
        except OSError as error:
            log.error("not noted", extra={"action": "status", "error": str(error)})

    def _due(self, name: str) -> bool:
        vitals, now = self._app.vitals, self._app.clock.now()
        link, at = vitals.links[name], self._at.get(name)
        if not isinstance(link, Examined):
            return False
        if self._down_for(name, link.state) >= MINUTE:
            return at is None or name not in self._explained or now - at >= AGAIN
        if at is None or (name in self._explained and link.state == "ready"):
            return link.state == "ready" or link.trouble is not None
        return now - at >= EVERY or (name in vitals.asked and now - at >= SOON)

    def _down_for(self, name: str, state: str) -> timedelta:
        """How long the link has tried in vain."""
        if state not in DOWN:
            self._down.pop(name, None)
            return timedelta()
        now = self._app.clock.now()
        return now - self._down.setdefault(name, now)

    async def _examine(self, names: list[str]) -> None:
        vitals = self._app.vitals
        for name in names:
            self._at[name] = self._app.clock.now()
            vitals.asked.discard(name)
            link = vitals.links[name]
            assert isinstance(link, Examined)
            (self._explained.add if name in self._down else self._explained.discard)(name)
            try:
                vitals.examined[name] = await link.examine()
            except Exception:
                log.exception("not examined", extra={"action": "examine", "platform": name})
        self._noted_at = None

    async def _whose_cards(self) -> None:
        """Presses on cards that are not in our books. What was just sent is written down first."""
        vitals = self._app.vitals
        if not vitals.pressed:
            return
        pressed, vitals.pressed = vitals.pressed, set()
        await self._app.courier.settle()
        for platform, message in pressed:
            if not await self._app.writer.submit(partial(_is_ours, platform, message), Door.LAZY):
                vitals.stranger(platform, message)


def _is_ours(platform: str, message: str, tx: Tx) -> bool:
    return outbox.is_ours(tx, platform, message)
