"""Kill the bot again and again, at named points and at random, and count what people saw.

``python -m bench.crash [kills] [seed] [sqlite | postgresql]``. The platform here repeats what was not acknowledged, as
the real ones do; it knows what it said and what it was told. At the end the books are read: was a command lost, or done
twice? The server is one of our own that syncs every commit.
"""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from typing import IO

import orjson

from bench.crash_books import Verdict, doubtful, judge, nobody_lives, version
from bench.crash_child import ON_ITS_WAY, POINTS
from bench.crash_child import main as bot
from bench.nursery import Child
from bench.results import Cell, Result, record
from storage.stores import SERVER
from tests.postgres import Server

CHATS = 12
AHEAD = 3
"""Commands of one chat in flight."""
RANDOM = "any moment"
PATIENCE = 180.0


@dataclass(slots=True)
class Tally:
    """What one run came to. ``seen``: replies by outbox key, as often as they came."""

    kills: Counter[str] = field(default_factory=Counter)
    said: int = 0
    refusals: int = 0
    acked: set[str] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)
    replies: dict[str, set[str]] = field(default_factory=dict)
    repeated: int = 0


class Platform:
    """Says commands in several chats, again after each loss of the bot until they are acknowledged."""

    def __init__(self, *, idempotent: bool) -> None:
        self.idempotent = idempotent
        self.tally = Tally()
        self.acks = asyncio.Event()
        self._open: dict[str, dict[str, str]] = {}
        self._number = 0
        self._out: asyncio.StreamWriter | None = None
        self._server: asyncio.Server | None = None
        self._talking = True

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=1 << 20)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def quiet(self) -> None:
        """Say nothing new; returns when everything said is acknowledged and answered."""
        self._talking = False
        while self._open or any(key not in self.tally.replies for key in self.tally.acked):
            self.acks.clear()
            await self.acks.wait()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._out = writer
        self.tally.repeated += len(self._open)
        for frame in list(self._open.values()):
            self._write(frame)
        for chat in range(CHATS):
            while sum(frame["c"] == f"群{chat}" for frame in self._open.values()) < AHEAD and self._talking:
                self._say(chat)
        try:
            while line := await reader.readline():
                self._hear(orjson.loads(line))
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _hear(self, frame: dict[str, str]) -> None:
        if "a" in frame:
            self.tally.acked.add(frame["a"])
            said = self._open.pop(frame["a"], None)
            if said is not None and self._talking:
                self._say(int(said["c"][1:]))
        else:
            self.tally.seen[frame["o"]] += 1
            if self.tally.seen[frame["o"]] == 1 or not self.idempotent:
                self.tally.replies.setdefault(frame["r"], set()).add(frame["o"])
            self._write({"ok": frame["o"]})
        self.acks.set()

    def _say(self, chat: int) -> None:
        self._number += 1
        key = f"k{self._number}"
        words = "/任务" if self._number % 10 == 0 else f"/任务 {chr(0x4E00 + self._number % 20000)}{self._number}号"
        self.tally.said += 1
        self.tally.refusals += words == "/任务"
        self._open[key] = frame = {"k": key, "c": f"群{chat}", "p": f"人{chat}", "t": words}
        self._write(frame)

    def _write(self, frame: dict[str, str]) -> None:
        assert self._out is not None
        if not self._out.is_closing():
            self._out.write(orjson.dumps(frame) + b"\n")


def points(store: str) -> tuple[str, ...]:
    """Where the bot is killed on these books."""
    return (*POINTS, *([ON_ITS_WAY] if store.startswith(SERVER) else []), RANDOM)


async def run(kills: int, seed: int, store: str, *, idempotent: bool = True) -> tuple[Tally, Verdict]:
    """Kill so often, then let it finish; what the platform saw and what the books say. store: as ``open_store``."""
    chance = random.Random(seed)
    platform = Platform(idempotent=idempotent)
    port = await platform.start()
    where = points(store)
    said = tempfile.NamedTemporaryFile()  # noqa: SIM115 — closed at the end
    for number in range(kills):
        point = where[number % len(where)]
        nth = chance.randint(1, 60) if "transaction" not in point and "commit" not in point else chance.randint(1, 12)
        child = Child(bot, store, port, idempotent, point, nth, said=said.name)
        if point == RANDOM:
            for _ in range(chance.randint(1, 200)):
                platform.acks.clear()
                await asyncio.wait_for(platform.acks.wait(), PATIENCE)
            child.kill()
        ended = await asyncio.wait_for(child.wait(), PATIENCE)
        assert ended == -signal.SIGKILL, f"it ended by itself: {ended}: {_tail(said)}"
        nobody_lives(store)
        platform.tally.kills[point] += 1
        if number % 20 == 19:
            print(f"{number + 1} of {kills}", file=sys.stderr, flush=True)
    child = Child(bot, store, port, idempotent, "", 0, said=said.name)
    if idempotent:
        await asyncio.wait_for(platform.quiet(), PATIENCE)
    else:
        await asyncio.wait_for(_answered_or_in_doubt(platform, store), PATIENCE)
    child.terminate()
    await asyncio.wait_for(child.wait(), PATIENCE)
    await platform.close()
    said.close()
    return platform.tally, judge(store, platform.tally.acked, platform.tally.replies, platform.tally.seen)


async def _answered_or_in_doubt(platform: Platform, store: str) -> None:
    """Where a reply may be left in doubt: until every acknowledged command has either."""
    platform._talking = False
    while platform._open or (platform.tally.acked - platform.tally.replies.keys()) - doubtful(store):
        platform.acks.clear()
        try:
            await asyncio.wait_for(platform.acks.wait(), 0.2)
        except TimeoutError:
            continue


def _tail(said: IO[bytes]) -> str:
    """The last words of the children."""
    return said.read()[-2000:].decode(errors="replace")


async def both(kills: int, seed: int, stores: tuple[str, str]) -> tuple[tuple[Tally, Verdict], tuple[Tally, Verdict]]:
    """A platform that drops repeated sends and one that shows them, side by side, each with books of its own."""
    return await asyncio.gather(
        run(kills, seed, stores[0], idempotent=True), run(kills, seed, stores[1], idempotent=False)
    )


def table(*sides: tuple[Tally, Verdict]) -> list[list[Cell]]:
    """A column for each platform."""
    columns: list[list[Cell]] = [
        [
            tally.kills.total(), tally.said, len(tally.acked), tally.repeated, verdict.lost, verdict.doubled,
            verdict.unanswered, verdict.twice, verdict.repeats, verdict.doubt, "是" if verdict.sound else "否",
        ]
        for tally, verdict in sides
    ]  # fmt: skip
    return [list(row) for row in zip(ROWS, *columns, strict=True)]


ROWS = (
    "杀死次数", "说了的命令", "已确认的命令", "平台重投的消息", "已确认却丢了", "做了两次", "没有回复也没有标“不确定”",
    "两条不同的回复", "同一条回复重发（平台按键去重）", "标为“不确定”", "数据库完整",
)  # fmt: skip


def main(kills: int, seed: int, database: str) -> None:
    notes = []
    if database == SERVER:
        server = Server(durable=True)
        try:
            one, other = (server.fresh().replace("connections=1", "connections=4") for _ in range(2))
            drops, shows = asyncio.run(both(kills, seed, (one, other)))
            notes = [f"{version(one)}，每次提交都落盘，机器人用 4 个连接；被杀的进程立刻算作不在，不等它沉默 6 秒。"]
        finally:
            server.close()
    else:
        with tempfile.TemporaryDirectory() as folder:
            drops, shows = asyncio.run(both(kills, seed, (f"{folder}/drops.db", f"{folder}/shows.db")))
    killed = "、".join(f"{point} {count}" for point, count in drops[0].kills.items())
    notes.insert(0, f"每一边的杀点：{killed}。")
    name = "crash" if database == "sqlite" else f"crash-{database}"
    columns = ["", "平台会去重", "平台不去重"]
    record(Result(name, f"python -m bench.crash {kills} {seed} {database}", columns, table(drops, shows), notes))


if __name__ == "__main__":
    words = [*sys.argv[1:], *("220", "1", "sqlite")[len(sys.argv) - 1 :]]
    main(int(words[0]), int(words[1]), words[2])
