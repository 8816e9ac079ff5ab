"""1,000 commands a second for half an hour: does memory stay where it is, and how long does the slowest wait?

``python -m bench.sustained [minutes] [commands a second]``. The bot is a process of its own; the load comes at its own
pace from here, whether the bot answers or not, so that a stall is waited for and shows. Every answer is durable.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import orjson

from bench.client import text_of
from bench.feishu_webhook import used
from bench.results import Cell, Result, record
from bench.start import resident
from bench.wire import WireAdapter
from bot.app import App, out_of_the_way
from bot.clock import SystemClock
from storage.database import Database

CHATS = 1000
STEP = 0.01
"""Seconds between two handfuls of commands."""
WARM = 0.2
"""Share of the time before memory is compared: caches fill first."""


async def serve(store: str) -> None:
    """A whole bot; its port, then on until its input ends."""
    clock = SystemClock()
    app = App(Database(Path(store)), clock)
    adapter = WireAdapter(clock)
    app.add(adapter)
    await app.start()
    await adapter.listening.wait()
    out_of_the_way()
    print(adapter.port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await app.close()


class Load:
    """``took``: milliseconds from the moment a command was due until its answer."""

    def __init__(self, writer: asyncio.StreamWriter, rate: int) -> None:
        self._writer = writer
        self._rate = rate
        self._due: dict[str, float] = {}
        self._number = 0
        self._answered = asyncio.Event()
        self.sent = 0
        self.took: list[float] = []

    async def warm(self) -> None:
        """One command in each chat, a few at a time, uncounted: the chats are there."""
        for _ in range(CHATS):
            self._say(perf_counter())
            if self._number % 50 == 0:
                await self.over()
        await self.over()
        self.took.clear()
        self.sent = 0

    async def over(self) -> None:
        """Everything said is answered."""
        while self._due:
            self._answered.clear()
            await self._answered.wait()

    async def talk(self, seconds: float) -> None:
        begun = perf_counter()
        while (passed := perf_counter() - begun) < seconds:
            while self.sent < passed * self._rate:
                self._say(begun + self.sent / self._rate)
            await asyncio.sleep(STEP)

    async def listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            due = self._due.pop(orjson.loads(line)["r"], None)
            if due is not None:
                self.took.append((perf_counter() - due) * 1000)
                self._answered.set()

    def _say(self, due: float) -> None:
        key, chat = f"k{self._number}", self._number % CHATS
        words = text_of(self._number, CHATS, "plain")
        self._due[key] = due
        self._number += 1
        self.sent += 1
        self._writer.write(orjson.dumps({"k": key, "c": f"群{chat}", "p": f"人{chat}", "t": words}) + b"\n")


async def run(store: str, minutes: float, rate: int) -> tuple[Load, list[float], float]:
    """The load, the bot's megabytes every second, and its seconds of processor time."""
    pipe = asyncio.subprocess.PIPE
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.sustained", "serve", store, stdin=pipe, stdout=pipe
    )
    assert bot.stdout is not None
    assert bot.stdin is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", int(await bot.stdout.readline()), limit=1 << 24)
    load = Load(writer, rate)
    listening = asyncio.create_task(load.listen(reader))
    await load.warm()
    before = used(bot.pid)
    talking = asyncio.create_task(load.talk(minutes * 60))
    sizes = []
    while not talking.done():
        await asyncio.wait([talking], timeout=1)
        sizes.append(resident(bot.pid))
    await load.over()
    spent = used(bot.pid) - before
    listening.cancel()
    writer.close()
    bot.stdin.close()
    await bot.wait()
    return load, sizes, spent


def main(minutes: float, rate: int) -> None:
    with TemporaryDirectory() as folder:
        load, sizes, spent = asyncio.run(run(f"{folder}/jindu.db", minutes, rate))
    sizes = sizes[int(len(sizes) * WARM) :]
    tenth = max(len(sizes) // 10, 1)
    first, last = median(sizes[:tenth]), median(sizes[-tenth:])
    cuts = quantiles(load.took, n=1000)
    rows: list[list[Cell]] = [
        ["时长", f"{minutes:g} 分钟", "30 分钟"],
        ["每秒命令", rate, "1000"],
        ["命令", load.sent, ""],
        ["没有回复", load.sent - len(load.took), "0"],
        ["p50", f"{median(load.took):.1f} 毫秒", ""],
        ["p99", f"{cuts[989]:.1f} 毫秒", "≤ 50 毫秒"],
        ["p99.9", f"{cuts[998]:.1f} 毫秒", ""],
        ["最慢", f"{max(load.took):.0f} 毫秒", ""],
        ["处理器时间，每条命令", f"{spent / load.sent * 1e6:.0f} 微秒", ""],
        ["内存，热身后", f"{first:.0f} MB", ""],
        ["内存，结束时", f"{last:.0f} MB（{(last / first - 1) * 100:+.1f} %）", "± 5 %"],
    ]
    notes = ["发命令的程序和机器上的其他工作与机器人共用处理器；延迟从命令该发的时刻算起，包含它自己排队的时间。"]
    record(Result("sustained", f"python -m bench.sustained {minutes:g} {rate}", ["", "实测", "承诺"], rows, notes))


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(sys.argv[2]))
    else:
        words = [*sys.argv[1:], *("30", "1000")[len(sys.argv) - 1 :]]
        main(float(words[0]), int(words[1]))
