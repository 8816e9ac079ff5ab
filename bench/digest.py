"""The evening digest of 200 people and 200 tasks: what it costs in the writer, through the clock's own handler."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.wire import WireAdapter
from bot.app import App
from bot.clock import SystemClock
from chat.messages import Incoming, Place, Sender
from chat.ports import Capabilities
from reports import ticks
from reports.rhythm import rhythm_of
from reports.ticks import Occasion
from storage.books import Books
from storage.daily import Words
from storage.database import Database
from storage.transaction import Tx

PEOPLE = 200
TASKS = 200
BLOCKERS = 5
ROUNDS = 50
OPENS = datetime.fromisoformat("2026-11-23T17:30:00+08:00")
"""A Monday in Shanghai."""
CLOSES = OPENS + timedelta(hours=1)
KIND = "daily.close"
HANDLERS = ticks.load()
OWNER = "project:1"


def fill(tx: Tx) -> None:
    """Everybody has reported, some are blocked, every task is open and has an owner."""
    books = Books(tx, "fill", OPENS, 1)
    project = books.projects.get(1)
    rhythm = rhythm_of(books, project)
    books.collections.open(project.id, OPENS.date(), rhythm.times(OPENS.date()))
    for number in range(PEOPLE):
        person = books.people.meet("wire", f"成员{number}", f"成员{number}")
        books.people.enrol(project.id, person.id, "member")
        words = Words(
            f"完成第 {number} 页的走查和修改", f"第 {number + 1} 页", "等测试环境" if number < BLOCKERS else ""
        )
        books.daily.add(project.id, OPENS.date(), person.id, words, standing="on_time", via="group")
        for _ in range(TASKS // PEOPLE):
            books.tasks.add(
                project.id, books.projects.next_number(project.id, "T"), f"走查第 {number} 页", creator=1,
                owner=person.id, due=OPENS.date() + timedelta(days=number % 5 - 2), due_minute=18 * 60,
            )  # fmt: skip
        if number < BLOCKERS:
            books.blockers.add(project.id, number + 1, OPENS.date(), person.id, "等测试环境", helper=1, report=None)


def close(tx: Tx) -> float:
    """Milliseconds for one digest, which is then undone."""
    begun = perf_counter()
    books = Books(tx, "bench", CLOSES)
    entry = next(entry for entry in books.schedules.of(OWNER) if entry.kind == KIND)
    HANDLERS[KIND](Occasion(books, entry, CLOSES, lambda _: Capabilities()))
    took = (perf_counter() - begun) * 1000
    assert len(tx.parcels) == 1
    tx.restart()
    return took


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = App(Database(Path(folder) / "jindu.db"), SystemClock())
        app.add(WireAdapter(app.clock))
        await app.start()
        chat, admin = Place("群0", "group", "群0"), Sender("人0", "人0")
        text = "/日报 设置 17:30 收 18:30 截止"
        await app.intake.submit(Incoming("k", "message", "wire", OPENS, chat, admin, text=text, addressed=True))
        await app.writer.submit(fill)
        took = [await app.writer.submit(close) for _ in range(ROUNDS)]
        print(
            f"digest of {PEOPLE} people and {TASKS} tasks: {median(took):.2f} ms in the writer (worst {max(took):.2f})"
        )
        await app.close()


if __name__ == "__main__":
    asyncio.run(main())
