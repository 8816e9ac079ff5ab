"""Ten thousand people's reminders of one morning, while people go on working.

Four hundred projects of twenty-five people; everybody has a task that was due yesterday: at 10:00 its owner and the
lead are to be told, each in one message.
"""

from __future__ import annotations

import asyncio
import tempfile
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from bench.due import ShiftedClock, people, set_up
from bench.wire import WireAdapter
from bot.app import App, out_of_the_way
from storage.books import Books
from storage.database import Database
from storage.transaction import Tx

PROJECTS, EACH = 400, 25
MINUTE = "2026-11-24T02:00:00+00:00"
"""A Tuesday, 10:00 in Shanghai."""


def fill(at: datetime, project: int, tx: Tx) -> None:
    """The people of one project, each with a task that was due the day before."""
    books = Books(tx, f"fill{project}", at, 1)
    for number in range(EACH):
        person = books.people.meet("wire", f"成员{project}x{number}", f"成员{project}x{number}")
        books.people.talked("wire", f"成员{project}x{number}")
        books.people.enrol(project, person.id, "member")
        books.tasks.add(
            project, books.projects.next_number(project, "T"), f"走查第 {number} 页", creator=1, owner=person.id,
            due=at.date() - timedelta(days=1), due_minute=18 * 60,
        )  # fmt: skip


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock, minute = ShiftedClock(), datetime.fromisoformat(MINUTE)
        clock.set(minute - timedelta(minutes=20))
        app = App(Database(Path(folder) / "jindu.db"), clock)
        app.add(WireAdapter(clock))
        await app.start()
        await set_up(app, PROJECTS)
        for project in range(1, PROJECTS + 1):
            await app.writer.submit(partial(fill, clock.now(), project))
        out_of_the_way()
        took: list[float] = []
        done = asyncio.Event()
        clock.set(minute - timedelta(seconds=2))
        worker = asyncio.create_task(people(app, done, took))
        await clock.sleep_until(minute)
        calm, begun = len(took), perf_counter()
        fired = await app.alarm.sweep()
        stored = perf_counter() - begun
        done.set()
        await worker
        await app.idle()
        print(f"reminders of a morning     {fired - PROJECTS} people of {PROJECTS} projects")
        print(f"all in the outbox after    {stored:.2f} s")
        busy = took[calm:]
        p99 = quantiles(busy, n=100)[98]
        print(f"people meanwhile           p50 {median(busy):.2f} ms  p99 {p99:.2f} ms  of {len(busy)}")
        await app.close()


if __name__ == "__main__":
    asyncio.run(main())
