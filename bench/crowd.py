"""One project of ten thousand people at 18:18 and 18:00: how long others wait while all of them are told."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from bench.due import ShiftedClock, people, said
from bench.wire import WireAdapter
from bot.app import App, out_of_the_way
from storage.books import Books
from storage.database import Database
from storage.transaction import Tx

PEOPLE = 10_000
FRIDAY = datetime.fromisoformat("2026-09-18T06:00:00+00:00")
MOMENTS = (
    ("17:30 prompt", "2026-09-18T09:30:00+00:00"),
    ("18:00 overdue", "2026-09-18T10:00:00+00:00"),
    ("18:18 reminders", "2026-09-18T10:18:00+00:00"),
    ("18:30 digest", "2026-09-18T10:30:00+00:00"),
    ("9:05 agenda", "2026-09-20T01:05:00+00:00"),
    ("10:00 overdue", "2026-09-20T02:00:00+00:00"),
)
"""In Shanghai; the 20th is a Sunday that is worked."""


def enrol(tx: Tx, first: int, last: int) -> None:
    """Each with a task that is due on Friday."""
    books = Books(tx, f"fill{first}", FRIDAY, 1)
    for number in range(first, last):
        person = books.people.meet("wire", f"员工{number}", f"员工{number}")
        books.people.enrol(1, person.id, "member")
        books.tasks.add(
            1, books.projects.next_number(1, "T"), f"走查第 {number} 页", creator=1, owner=person.id,
            due=FRIDAY.date(), due_minute=18 * 60,
        )  # fmt: skip


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = ShiftedClock()
        clock.set(FRIDAY)
        app = App(Database(Path(folder) / "jindu.db"), clock)
        app.add(WireAdapter(clock))
        await app.start()
        await app.intake.submit(said(clock, "setup", "大群", "/日报 设置 17:30 收 18:30 截止"))
        for first in range(0, PEOPLE, 500):
            await app.writer.submit(partial(enrol, first=first, last=first + 500))
        out_of_the_way()
        for name, moment in MOMENTS:
            minute = datetime.fromisoformat(moment)
            clock.set(minute - timedelta(minutes=2))
            await app.alarm.sweep()
            await app.idle()
            done, took = asyncio.Event(), list[float]()
            worker = asyncio.create_task(people(app, done, took))
            await asyncio.sleep(0.5)
            clock.set(minute)
            fired = await app.alarm.sweep()
            stored = (clock.now() - minute).total_seconds()
            await app.idle()
            done.set()
            await worker
            p99 = quantiles(took, n=100)[98]
            print(
                f"{name:<16} {fired:>6} firings in {stored:.2f} s; people meanwhile p50 {median(took):.2f} ms  "
                f"p99 {p99:.2f} ms  longest {max(took):.2f} ms  of {len(took)}"
            )
        await app.alarm.sweep()
        await app.close()


if __name__ == "__main__":
    asyncio.run(main())
