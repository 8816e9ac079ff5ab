"""``/任务`` on a store of a million tasks against the same on a thousand."""

from __future__ import annotations

import asyncio
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from bench.client import text_of
from bench.commands import run_on
from bot.app import App
from bot.clock import SystemClock
from chat.messages import Incoming, Place, Sender
from storage.books import Books
from storage.database import Database
from storage.transaction import Tx

PROJECTS = 1000


def fill(tx: Tx, app: App, first: int, count: int) -> None:
    """``count`` tasks spread over the projects, by the same functions that commands use."""
    books = Books(tx, f"fill{first}", app.clock.now(), 1)
    for number in range(first, first + count):
        project = number % PROJECTS + 1
        title = text_of(number, PROJECTS, "plain").removeprefix("/任务 ")
        books.tasks.add(project, books.projects.next_number(project, "T"), title, creator=1, owner=1)


async def fill_store(path: Path, tasks: int) -> None:
    app = App(Database(path), SystemClock())
    await app.start()
    for number in range(PROJECTS):
        chat, sender = Place(f"群{number}", "group", f"群{number}"), Sender(f"人{number}", f"人{number}")
        await app.intake.submit(
            Incoming(f"p{number}", "message", "wire", app.clock.now(), chat, sender, text="/帮助", addressed=True)
        )
    for first in range(0, tasks, 2000):
        await app.writer.submit(partial(fill, app=app, first=first, count=min(2000, tasks - first)))
    await app.close()


async def main() -> None:
    figures = {}
    for tasks in (1_000, 1_000_000):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "jindu.db"
            await fill_store(path, tasks)
            rounds = await run_on(path, 1_500, 1, "plain", 3)
            figures[tasks] = median(f["p50"] for f in rounds)
            size = path.stat().st_size / 1e6
            print(f"/任务 on {tasks:>9,} tasks: p50 {figures[tasks]:.2f} ms   store {size:.0f} MB")
    print(f"ratio {figures[1_000_000] / figures[1_000]:.2f}")


if __name__ == "__main__":
    asyncio.run(main())
