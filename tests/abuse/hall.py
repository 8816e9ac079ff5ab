"""A group of ten thousand, and a group of two that should not notice."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import App, Travel
from bot.clock import VirtualClock
from chat.messages import TOKEN, Incoming, Outgoing, Place, Sender
from chat.plain import plain
from storage.books import Books
from storage.stores import open_store
from storage.transaction import Tx
from tests.road.conftest import Post

FRIDAY = datetime(2026, 9, 18, 6, tzinfo=UTC)
"""14:00 in Shanghai."""
BOT = Sender("bot", "进度助手")
LEAD = Sender("lead", "张三")
CROWD = Place("crowd", "group", "全员群")
QUIET = Place("quiet", "group", "两个人")


class Pulse:
    """``longest``: the most processor seconds that the loop was busy without looking around; how busy the machine is
    with other work does not count.
    """

    def __init__(self) -> None:
        self._loop: Any = asyncio.get_running_loop()
        self._selector = self._loop._selector
        self.longest = 0.0
        self._since = time.thread_time()

    def __enter__(self) -> Pulse:
        self._loop._selector = self
        return self

    def __exit__(self, *_: object) -> None:
        self._loop._selector = self._selector

    def __getattr__(self, name: str) -> Any:
        return getattr(self._selector, name)

    def select(self, timeout: float | None = None) -> Any:
        self.longest = max(self.longest, time.thread_time() - self._since)
        try:
            return self._selector.select(timeout)
        finally:
            self._since = time.thread_time()


def crowd(number: int) -> Sender:
    return Sender(f"u{number}", f"员工{number}")


class Hall:
    """A whole bot on a platform that shows everything. ``texts``: what was said since it was last looked."""

    def __init__(self, address: str | Path) -> None:
        self.clock = VirtualClock(FRIDAY)
        self.post = Post()
        self.app = App(open_store(address), self.clock)
        self.app.add(self.post)
        self._seen = 0
        self._number = 0

    async def open(self) -> None:
        await self.app.start()
        await self.hear(LEAD, "/项目 新建 双十一")
        await self.hear(LEAD, "/日报 设置 17:30 收 18:30 截止")

    async def enrol(self, count: int) -> None:
        """So many people of the project, each known by name and with a task that is due today."""
        for first in range(0, count, 1000):
            await self.app.writer.submit(lambda tx, first=first: self._fill(tx, first, min(first + 1000, count)))

    def _fill(self, tx: Tx, first: int, last: int) -> None:
        books = Books(tx, f"fill{first}", self.clock.now(), 1)
        for number in range(first, last):
            person = books.people.meet("post", f"u{number}", f"员工{number}")
            books.people.seen_in(1, person.id)
            books.people.enrol(1, person.id, "member")
            books.tasks.add(
                1, books.projects.next_number(1, "T"), f"走查第 {number} 页", creator=1, owner=person.id,
                due=FRIDAY.date(), due_minute=18 * 60,
            )  # fmt: skip

    def thing(self, who: Sender, words: str, *others: Sender, place: Place = CROWD, **more: Any) -> Incoming:
        self._number += 1
        text = f"{TOKEN} {words} " + " ".join(TOKEN for _ in others)
        return Incoming(
            f"post:{self._number}", "message", "post", self.clock.now(), place, who, text, (BOT, *others), BOT.id, True,
            f"in{self._number}", **more,
        )  # fmt: skip

    async def hear(self, who: Sender, words: str, *others: Sender, **more: Any) -> list[str]:
        """What is said to it, until everything is answered."""
        (await self.app.intake.submit(self.thing(who, words, *others, **more))).acked()
        await self.app.idle()
        return self.texts()

    async def later(self, **time: float) -> list[str]:
        await Travel(self.app, self.clock).to(self.clock.now() + timedelta(**time))
        return self.texts()

    def parcels(self) -> list[Outgoing]:
        """Since it was last looked."""
        found = self.post.sent[self._seen :]
        self._seen = len(self.post.sent)
        return found

    def texts(self) -> list[str]:
        return [plain(parcel.card, "zh") for parcel in self.parcels()]

    def where(self) -> Counter[str]:
        """How many messages went where, whenever."""
        return Counter(parcel.chat for parcel in self.post.sent if parcel.kind != "edit")
