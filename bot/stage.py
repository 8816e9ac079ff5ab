"""Where a transcript is played: a whole bot on one platform, with a clock that stands still and nobody at a screen.

``bot.room_stage`` is the one everybody has; the tests have one for each platform's fake.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.app import App, Travel
from bot.clock import VirtualClock
from bot.script import Step
from storage.counts import COUNTS
from storage.database import MEMORY
from storage.stores import Store, open_store

PRIVATE = "私聊"


@dataclass(frozen=True)
class Line:
    """Something the bot said. ``place``: a group's name, or ``@`` and a person's."""

    place: str
    text: str
    edited: bool
    at: datetime


class Stage(ABC):
    """``said``: what the bot said, not looked at yet. ``toasts``: its answers to presses. ``group``: the last."""

    books = MEMORY
    """Where the books of a stage are that is not told otherwise."""

    def __init__(self, start: datetime, database: Store | None = None) -> None:
        """start: aware."""
        database = database or open_store(self.books)
        self.zone = start.tzinfo or ZoneInfo("Asia/Shanghai")
        self.clock = VirtualClock(start)
        self.app = App(database, self.clock)
        self.app.vitals.font = True
        self.app.vitals.backup_at = start
        self._travel = Travel(self.app, self.clock)
        self.said: deque[Line] = deque()
        self.toasts: deque[str] = deque()
        self.group = ""

    async def start(self) -> None:
        await self.app.start()

    async def close(self) -> None:
        await self.app.close()

    def now(self) -> datetime:
        return self.clock.now().astimezone(self.zone)

    async def go(self, at: datetime) -> None:
        await self._travel.to(at)
        await self.idle()

    async def off(self, at: datetime) -> None:
        """The bot is switched off until ``at``."""
        await self._travel.sleep(at)
        await self.idle()

    async def count(self, what: str) -> int:
        """Rows in the books. Raises KeyError for a word that is not counted."""
        statement = COUNTS[what]
        return int(await self.app.writer.submit(lambda tx: tx.value(statement)))

    @abstractmethod
    async def idle(self) -> None:
        """Whatever was done is with the bot, and whatever it had to say has been said."""

    @abstractmethod
    def can(self, platform: str) -> None:
        """From now on, do what this platform does. Raises LookupError: this stage is another one."""

    async def spend(self, how: str) -> None:
        """What is left of the month: «used/allowed», 用完, 恢复. Raises LookupError: nobody counts here."""
        raise LookupError("this stage has no monthly allowance")

    @abstractmethod
    async def open_group(self, name: str, people: list[str], *, met: bool) -> None:
        """A group with these people and the bot, added by the first of them. It is ``group`` now.

        met: the bot has been there for a while: it knows everybody, even where a platform does not tell who is there.
        """

    @abstractmethod
    def is_group(self, name: str) -> bool:
        """Is a group called so?"""

    @abstractmethod
    async def act(self, step: Step) -> None:
        """Say, press, fill, recall. Raises LookupError: there is nothing like that to press or recall."""

    @abstractmethod
    async def happen(self, step: Step) -> None:
        """A membership event. Raises LookupError for one there is not."""
