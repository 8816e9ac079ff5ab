"""A copy of a gigabyte of books while people write: how long it takes, and how long they wait meanwhile.

``python -m bench.backup [megabytes] [commands a second]``. The copy is made as every night, on a thread of the bot, and
read back from its first page to its last before it counts.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.load import loading
from bench.results import Cell, Result, record
from bench.whole import apart, whole
from bot.backup import copy_to
from storage.database import Database
from storage.schema import prepare

BEFORE = 15.0
"""Seconds of writing before the copy begins, for comparison."""
BODY = "活动文案、达人名单、库存台账。" * 60


def fill(store: Path, megabytes: int) -> None:
    """Books of that size, nearly all of it messages that were sent."""
    database = Database(store)
    prepare(database)
    database.close()
    row = "'x', 'g', 'post', ?, 'zh', '', '', 'sent', 1, 0, 0, 1, ''"
    names = "platform, chat, kind, body, locale, reply_to, asker, state, attempts, not_before, at, sent_at, error"
    with closing(sqlite3.connect(store)) as driver:
        number = 0
        while store.stat().st_size < megabytes * 1e6:
            rows = [(f"fill{number + each}", BODY) for each in range(5000)]
            with driver:
                driver.executemany(f"INSERT INTO outbox (key, {names}) VALUES (?, {row})", rows)
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            number += len(rows)


async def serve(store: str, copy: str) -> None:
    """Its port; a copy when told to, and how long that took; on until its input ends."""
    async with whole(store) as port:
        print(port, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        begun = perf_counter()
        await asyncio.to_thread(copy_to, Path(store), Path(copy))
        print(perf_counter() - begun, flush=True)
        await asyncio.to_thread(sys.stdin.read)


async def run(store: str, copy: str, rate: int) -> tuple[float, list[float], list[float]]:
    """Seconds of the copy; what people waited before it and meanwhile."""
    async with apart("serve", store, copy, module="bench.backup") as (bot, port), loading(port, rate) as load:
        assert bot.stdin is not None
        assert bot.stdout is not None
        talking = asyncio.create_task(load.talk(3600))
        await asyncio.wait([talking], timeout=BEFORE)
        before = load.take()
        bot.stdin.write(b"copy\n")
        seconds = float(await bot.stdout.readline())
        meanwhile = load.take()
        talking.cancel()
    return seconds, before, meanwhile


def main(megabytes: int, rate: int) -> None:
    with TemporaryDirectory() as folder:
        store, copy = Path(folder) / "jindu.db", Path(folder) / "copy.db"
        fill(store, megabytes)
        seconds, before, meanwhile = asyncio.run(run(str(store), str(copy), rate))
        size = copy.stat().st_size / 1e9
    rows: list[list[Cell]] = [
        ["备份的大小", f"{size:.2f} GB", "1 GB"],
        ["备份并整份核对", f"{seconds:.1f} 秒", "≤ 60 秒"],
        ["写入的 p99，备份前", f"{quantiles(before, n=100)[98]:.0f} 毫秒", ""],
        ["写入的 p99，备份时", f"{quantiles(meanwhile, n=100)[98]:.0f} 毫秒", "≤ 200 毫秒"],
        ["写入最慢的一条，备份时", f"{max(meanwhile):.0f} 毫秒", ""],
        ["备份时回复的命令", len(meanwhile), ""],
    ]
    notes = [f"每秒 {rate} 条命令，每条都落盘后才回复；备份前的 p99 是同一台机器当时的底数。"]
    record(Result("backup", f"python -m bench.backup {megabytes} {rate}", ["", "实测", "承诺"], rows, notes))


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(*sys.argv[2:4]))
    else:
        words = [*sys.argv[1:], *("1000", "100")[len(sys.argv) - 1 :]]
        main(int(words[0]), int(words[1]))
