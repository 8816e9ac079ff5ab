"""1,000 commands a second for half an hour: does memory stay where it is, and how long does the slowest wait?

``python -m bench.sustained [minutes] [commands a second]``. The bot is a process of its own; every answer is durable.
A line a minute; at the end the verdict, which is also the exit code. Run it on a machine that has nothing else to do.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from bench.feishu_webhook import used
from bench.load import Load, loading
from bench.results import Cell, Result, record
from bench.start import resident
from bench.whole import apart

MINUTES, RATE = 30.0, 1000
P99, FLAT = 50.0, 5.0
"""Milliseconds, and per cent of memory: what was promised."""
WARM = 0.2
"""Share of the time before memory is compared: caches fill first."""
PATIENCE = 60.0
"""Seconds after the last command until what is not answered counts as that."""


@dataclass(frozen=True)
class Minute:
    """``memory``, ``log``, ``books``: megabytes, the last two of the write-ahead log and the file. ``spent``: seconds
    of processor time. ``load``: of the machine.
    """

    took: list[float]
    memory: float
    log: float
    books: float
    spent: float
    load: float

    @property
    def p99(self) -> float:
        return quantiles(self.took, n=100)[98] if len(self.took) > 1 else 0.0

    def line(self, number: int) -> str:
        each = self.spent / max(len(self.took), 1) * 1e6
        return (
            f"{number:3}  answered {len(self.took):6}  p50 {median(self.took or [0]):7.1f}  p99 {self.p99:7.1f}  "
            f"worst {max(self.took, default=0):7.0f} ms  memory {self.memory:6.1f} MB  log {self.log:5.1f} MB  "
            f"books {self.books:7.0f} MB  {each:4.0f} µs each  load {self.load:.1f}"
        )


async def run(store: Path, minutes: float, rate: int) -> tuple[Load, list[Minute]]:
    """What each minute was like; of the load what remained unanswered counts."""
    async with apart(str(store)) as (bot, port), loading(port, rate) as load:
        spent, passed = used(bot.pid), list[Minute]()

        def look() -> None:
            nonlocal spent
            before, spent = spent, used(bot.pid)
            one = Minute(
                load.take(), resident(bot.pid), _megabytes(store.with_name(store.name + "-wal")), _megabytes(store),
                spent - before, os.getloadavg()[0],
            )  # fmt: skip
            passed.append(one)
            print(one.line(len(passed)), flush=True)

        talking = asyncio.create_task(load.talk(minutes * 60))
        while not talking.done():
            await asyncio.wait([talking], timeout=60)
            if talking.done():
                await asyncio.wait([asyncio.create_task(load.over())], timeout=PATIENCE)
            look()
    return load, passed


def _megabytes(path: Path) -> float:
    return path.stat().st_size / 1e6 if path.exists() else 0.0


def main(minutes: float, rate: int) -> int:
    with TemporaryDirectory() as folder:
        load, passed = asyncio.run(run(Path(folder) / "jindu.db", minutes, rate))
    took = [one for minute in passed for one in minute.took]
    sizes = [minute.memory for minute in passed][int(len(passed) * WARM) :]
    grown = (sizes[-1] / sizes[0] - 1) * 100
    cuts = quantiles(took, n=1000)
    promises = {
        "p99": cuts[989] <= P99,
        "memory": abs(grown) <= FLAT,
        "everything answered": load.unanswered == 0,
    }
    spent = sum(minute.spent for minute in passed)
    rows: list[list[Cell]] = [
        ["时长", f"{minutes:g} 分钟", "30 分钟"],
        ["每秒命令", rate, "1000"],
        ["命令", load.sent, ""],
        ["没有回复", load.unanswered, "0"],
        ["p50", f"{median(took):.1f} 毫秒", ""],
        ["p99", f"{cuts[989]:.1f} 毫秒", f"≤ {P99:.0f} 毫秒"],
        ["p99，最慢的一分钟", f"{max(minute.p99 for minute in passed):.1f} 毫秒", ""],
        ["p99.9", f"{cuts[998]:.1f} 毫秒", ""],
        ["最慢", f"{max(took):.0f} 毫秒", ""],
        ["处理器时间，每条命令", f"{spent / len(took) * 1e6:.0f} 微秒", ""],
        ["内存，热身后", f"{sizes[0]:.0f} MB", ""],
        ["内存，结束时", f"{sizes[-1]:.0f} MB（{grown:+.1f} %）", f"± {FLAT:.0f} %"],
        ["内存，最多时", f"{max(minute.memory for minute in passed):.0f} MB", ""],
        ["预写日志，最大时", f"{max(minute.log for minute in passed):.0f} MB", ""],
        ["数据库，结束时", f"{passed[-1].books:.0f} MB", ""],
    ]
    notes = [
        "发命令的程序和机器上的其他工作与机器人共用处理器；延迟从命令该发的时刻算起，包含它自己排队的时间。",
        "每分钟的 p99（毫秒）：" + " ".join(f"{minute.p99:.0f}" for minute in passed),
        "每分钟的内存（MB）：" + " ".join(f"{minute.memory:.0f}" for minute in passed),
        "每分钟机器的负载：" + " ".join(f"{minute.load:.1f}" for minute in passed),
    ]
    record(Result("sustained", f"python -m bench.sustained {minutes:g} {rate}", ["", "实测", "承诺"], rows, notes))
    for name, held in promises.items():
        print(f"{name}: {'held' if held else 'MISSED'}", flush=True)
    return 0 if all(promises.values()) else 1


if __name__ == "__main__":
    words = [*sys.argv[1:], *(str(MINUTES), str(RATE))[len(sys.argv) - 1 :]]
    sys.exit(main(float(words[0]), int(words[1])))
