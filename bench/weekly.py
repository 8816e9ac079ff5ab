"""The weekly digest of 5,000 tasks: its cost in the writer, by the clock's own handler; and /指标 from history."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.wire import WireAdapter
from bot.app import App
from bot.clock import SystemClock
from chat.messages import Incoming, Place, Sender
from chat.ports import Capabilities
from reports import ticks
from reports.daily_desk import Desk
from reports.planning.measures import measure
from reports.speaker import Speaker
from reports.ticks import Occasion
from storage.books import Books
from storage.database import Database
from storage.transaction import Tx

TASKS = 5000
PEOPLE = 40
ROUNDS = 15
SET_UP = datetime.fromisoformat("2026-10-08T10:00:00+08:00")
FRIDAY = datetime.fromisoformat("2026-11-27T18:40:00+08:00")
KIND = "weekly"
HANDLERS = ticks.load()


def fill(tx: Tx) -> None:
    """Seven weeks of work: most tasks are done, every seventh was put off, some are late."""
    people = [Books(tx, "people", SET_UP).people.meet("wire", f"成员{n}", f"成员{n}").id for n in range(PEOPLE)]
    for number in range(TASKS):
        made = SET_UP + timedelta(days=number % 48, minutes=number % 500)
        books = Books(tx, f"fill:{number}", made, 1)
        due = made.date() + timedelta(days=4)
        task = books.tasks.add(
            1, books.projects.next_number(1, "T"), f"第 {number} 项", creator=1, owner=people[number % PEOPLE], due=due
        )
        books = Books(tx, f"begin:{number}", made + timedelta(hours=2), 1)
        task = books.tasks.change(task, state="doing", progress=30, started_at=books.at)
        if number % 7 == 0:
            books = Books(tx, f"later:{number}", made + timedelta(days=2), 1)
            task = books.tasks.change(task, due=due + timedelta(days=2))
        if number % 10:
            books = Books(tx, f"done:{number}", made + timedelta(days=3 + number % 3), 1)
            books.tasks.change(task, state="done", progress=100, closed_at=books.at)


def report(tx: Tx) -> float:
    """Milliseconds for one digest, which is then undone."""
    begun = perf_counter()
    books = Books(tx, "bench", FRIDAY)
    entry = next(entry for entry in books.schedules.of("weekly:1") if entry.kind == KIND)
    books.schedules.move(entry, FRIDAY)
    entry = next(entry for entry in books.schedules.of("weekly:1") if entry.kind == KIND)
    HANDLERS[KIND](Occasion(books, entry, FRIDAY, lambda _: Capabilities()))
    took = (perf_counter() - begun) * 1000
    assert len(tx.parcels) == 2, "the digest, and as the month ends how good its forecasts were"
    tx.restart()
    return took


def again(tx: Tx) -> float:
    """Milliseconds for every figure from history alone."""
    begun = perf_counter()
    books = Books(tx, "bench", FRIDAY)
    desk = Desk(books, Speaker(books, lambda _: Capabilities()), books.projects.get(1))
    assert measure(desk, date(2026, 11, 27)).completion.due
    return (perf_counter() - begun) * 1000


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = App(Database(Path(folder) / "jindu.db"), SystemClock())
        app.add(WireAdapter(app.clock))
        await app.start()
        chat, admin = Place("群0", "group", "群0"), Sender("人0", "人0")
        text = "/日报 设置 17:30 收 18:30 截止"
        await app.intake.submit(Incoming("k", "message", "wire", SET_UP, chat, admin, text=text, addressed=True))
        await app.writer.submit(fill)
        took = [await app.writer.submit(report) for _ in range(ROUNDS)]
        print(f"weekly digest of {TASKS} tasks: {median(took):.1f} ms in the writer (worst {max(took):.1f})")
        took = [await app.writer.submit(again) for _ in range(3)]
        print(f"every figure from {TASKS} histories: {median(took):.0f} ms")
        await app.close()


if __name__ == "__main__":
    asyncio.run(main())
