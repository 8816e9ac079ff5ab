"""What one process on a file, and one, two or three on one PostgreSQL carry: ``python -m bench.scale``.

Every command is durable when it is answered (synchronous=FULL, fsync and synchronous_commit on). All of it — bots,
server and the load — shares the cores of this machine; so beside the commands a second stands the processor time that a
command costs a bot and the server, which does not depend on how busy the machine is.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import orjson
import psycopg

from bench.results import Cell, Result, record
from bench.whole import apart
from storage.pg import PgDatabase
from tests.postgres import Server

COUNT, IN_FLIGHT, CHATS = 3000, 100, 1000
ROUNDS = 3
PROCESSES = (1, 2, 3)
TICK = os.sysconf("SC_CLK_TCK")
PROMISED = "PostgreSQL，2 个进程"
COLUMNS = [
    "", "每秒命令", "p50（毫秒）", "p99（毫秒）", "机器人每条（微秒）", "数据库每条（微秒）", "乱序", "承诺每秒",
]  # fmt: skip
NOTES = [
    f"每个进程有 {IN_FLIGHT} 条命令在途，答复时都已落盘；机器人、PostgreSQL 和压测程序共用这台机器的核。"
    "每条的微秒是处理器时间，机器忙的时候只多一点，所以空闲的机器上每秒多少条可以由它推算。",
]


def spent(processes: list[int]) -> float:
    """Seconds of processor time."""
    total = 0
    for process in processes:
        with suppress(FileNotFoundError):  # a connection that was just being closed
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / TICK


def servers(address: str) -> list[int]:
    """The server's processes that work for these books."""
    if not address.startswith("postgresql"):
        return []
    with psycopg.connect(PgDatabase(address).conninfo) as connection:
        others = "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type !~ 'worker'"
        return [row[0] for row in connection.execute(others)]


async def run(address: str, processes: int) -> dict[str, float]:
    """Medians over the rounds; the first round makes the chats, uncounted."""
    rounds = []
    async with AsyncExitStack() as stack:
        started = [await stack.enter_async_context(apart(address)) for _ in range(processes)]
        bots, ports = [bot.pid for bot, _ in started], [port for _, port in started]
        for number in range(ROUNDS + 1):
            figures = await _round(address, bots, ports, number)
            if number:
                rounds.append(figures)
            elif address.startswith("postgresql"):
                with psycopg.connect(PgDatabase(address).conninfo, autocommit=True) as connection:
                    connection.execute("ANALYZE")
    return {name: median(each[name] for each in rounds) for name in rounds[0]}


async def _round(address: str, bots: list[int], ports: list[int], number: int) -> dict[str, float]:
    server = servers(address)
    before, before_server = spent(bots), spent(server)
    names = [str(port) for port in ports]
    clients = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.client", ",".join([port, *(set(names) - {port})]), str(COUNT), str(IN_FLIGHT),
            str(CHATS), "plain", str((place * 100 + number) * COUNT), f"群{place}-", stdout=asyncio.subprocess.PIPE,
        )
        for place, port in enumerate(names)
    ]  # fmt: skip
    outs = [orjson.loads((await client.communicate())[0]) for client in clients]
    total = COUNT * len(ports)
    return {
        "per second": sum(out["per_second"] for out in outs),
        "p50 ms": median(out["p50"] for out in outs),
        "p99 ms": max(out["p99"] for out in outs),
        "bot µs": (spent(bots) - before) / total * 1e6,
        "server µs": (spent(server) - before_server) / total * 1e6,
        "out of order": sum(out["reordered"] for out in outs),
    }


def main() -> None:
    print(f"{os.cpu_count()} cores, load when begun {os.getloadavg()[0]:.1f}; {IN_FLIGHT} in flight a process\n")
    found = {}
    with TemporaryDirectory() as folder:
        found["SQLite，1 个进程"] = show("SQLite, 1 process", asyncio.run(run(f"{folder}/jindu.db", 1)))
    server = Server(durable=True)
    for processes in PROCESSES:
        address = server.fresh().replace("connections=1", "connections=4")
        figures = asyncio.run(run(address, processes))
        title = f"PostgreSQL, {processes} process{'es' if processes > 1 else ''}"
        found[f"PostgreSQL，{processes} 个进程"] = show(title, figures)
    server.close()
    rows: list[list[Cell]] = [
        [title, *(f"{value:,.0f}" for value in figures.values()), "≥ 1,500" if title == PROMISED else ""]
        for title, figures in found.items()
    ]
    record(Result("scale", "python -m bench.scale", COLUMNS, rows, NOTES))


def show(title: str, figures: dict[str, float]) -> dict[str, float]:
    cells = "  ".join(f"{name} {value:.0f}" for name, value in figures.items())
    print(f"{title:<26}{cells}", flush=True)
    return figures


if __name__ == "__main__":
    main()
