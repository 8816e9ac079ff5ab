"""Ten thousand groups due at 17:30, while people go on working: lateness of the prompts and latency of the people."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from bench.wire import WireAdapter
from bot.app import App, out_of_the_way
from bot.clock import SystemClock
from chat.messages import Incoming, Place, Sender
from chat.ports import Clock
from storage.database import Database

CHATS = 10_000
MINUTE = "2026-11-23T09:30:00+00:00"
"""A Monday, 17:30 in Shanghai."""


class ShiftedClock(SystemClock):
    """The machine's clock, some time ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead

    def set(self, at: datetime) -> None:
        self.ahead = at - SystemClock.now(self)


def said(clock: Clock, key: str, chat: str, text: str) -> Incoming:
    place, sender = Place(chat, "group", chat), Sender("人" + chat, "人" + chat)
    return Incoming(key, "message", "wire", clock.now(), place, sender, text=text, addressed=True, message_id=key)


async def set_up(app: App, chats: int) -> None:
    """Every group sets its daily report."""
    for begin in range(0, chats, 200):
        things = [
            said(app.clock, f"setup{n}", f"群{n}", "/日报 设置 17:30 收 18:30 截止") for n in range(begin, begin + 200)
        ]
        await asyncio.gather(*(app.intake.submit(thing) for thing in things))
    await app.idle()


async def people(app: App, until: asyncio.Event, took: list[float]) -> None:
    """About a hundred commands a second, each timed to its commit."""
    number = 0
    while not until.is_set():
        begun = perf_counter()
        await app.intake.submit(said(app.clock, f"busy{number}", f"群{number % 50}", f"/任务 补货 {number}"))
        took.append((perf_counter() - begun) * 1000)
        number += 1
        await asyncio.sleep(0.01)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = ShiftedClock()
        minute = datetime.fromisoformat(MINUTE)
        clock.set(minute - timedelta(hours=3))
        app = App(Database(Path(folder) / "jindu.db"), clock)
        adapter = WireAdapter(clock)
        app.add(adapter)
        await app.start()
        await set_up(app, CHATS)
        out_of_the_way()
        calm: list[float] = []
        busy: list[float] = []
        done = asyncio.Event()
        worker = asyncio.create_task(people(app, done, calm))
        await asyncio.sleep(2)
        done.set()
        await worker
        done.clear()
        clock.set(minute - timedelta(seconds=0.5))
        worker = asyncio.create_task(people(app, done, busy))
        await clock.sleep_until(minute)
        fired = await app.alarm.sweep()
        stored = (clock.now() - minute).total_seconds()
        await app.idle()
        carried = (clock.now() - minute).total_seconds()
        done.set()
        await worker
        print(f"due at once                {fired} prompts of {CHATS} groups")
        print(f"all in the outbox after    {stored:.2f} s")
        print(f"all delivered after        {carried:.2f} s")
        for name, took in (("calm", calm), ("meanwhile", busy)):
            p99 = quantiles(took, n=100)[98]
            print(f"people, {name:<10}         p50 {median(took):.2f} ms  p99 {p99:.2f} ms  of {len(took)}")
        await app.close()


if __name__ == "__main__":
    asyncio.run(main())
