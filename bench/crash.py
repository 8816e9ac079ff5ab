"""Kill the bot again and again, at named points and at random, and count what people saw.

``python -m bench.crash [kills] [seed]``. The platform here repeats what was not acknowledged, as the real ones do; it
knows what it said and what it was told. At the end the books are read: was a command lost, or done twice?
"""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from bench.crash_child import POINTS
from bench.results import Cell, Result, record

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


@dataclass(frozen=True, slots=True)
class Verdict:
    """``lost``: acknowledged, but not in the books. ``doubled``: done more than once. ``unanswered``: nobody was told
    and no row says that it is in doubt. ``twice``: told more than once under different keys. ``doubt``: rows.
    """

    lost: int
    doubled: int
    unanswered: int
    twice: int
    repeats: int
    doubt: int
    sound: bool

    @property
    def good(self) -> bool:
        return self.sound and not (self.lost or self.doubled or self.unanswered or self.twice)


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


async def run(kills: int, seed: int, store: Path, *, idempotent: bool = True) -> tuple[Tally, Verdict]:
    """Kill so often, then let it finish; what the platform saw and what the books say."""
    chance = random.Random(seed)
    platform = Platform(idempotent=idempotent)
    port = await platform.start()
    for number in range(kills):
        point = (*POINTS, RANDOM)[number % (len(POINTS) + 1)]
        nth = chance.randint(1, 60) if "transaction" not in point and "commit" not in point else chance.randint(1, 12)
        child = await _child(store, port, idempotent, point, nth)
        if point == RANDOM:
            for _ in range(chance.randint(1, 200)):
                platform.acks.clear()
                await asyncio.wait_for(platform.acks.wait(), PATIENCE)
            child.kill()
        ended = await asyncio.wait_for(child.wait(), PATIENCE)
        assert ended == -signal.SIGKILL, f"it ended by itself: {ended}"
        platform.tally.kills[point] += 1
    child = await _child(store, port, idempotent, "", 0)
    if idempotent:
        await asyncio.wait_for(platform.quiet(), PATIENCE)
    else:
        await asyncio.wait_for(_answered_or_in_doubt(platform, store), PATIENCE)
    child.terminate()
    await asyncio.wait_for(child.wait(), PATIENCE)
    await platform.close()
    return platform.tally, judge(platform.tally, store)


async def _answered_or_in_doubt(platform: Platform, store: Path) -> None:
    """Where a reply may be left in doubt: until every acknowledged command has either."""
    platform._talking = False
    while platform._open or any(
        key not in platform.tally.replies and key not in _doubtful(store) for key in platform.tally.acked
    ):
        platform.acks.clear()
        try:
            await asyncio.wait_for(platform.acks.wait(), 0.2)
        except TimeoutError:
            continue


def _doubtful(store: Path) -> set[str]:
    with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as driver:
        return {row[0] for row in driver.execute("SELECT reply_to FROM outbox WHERE state = 'doubt'")}


async def _child(store: Path, port: int, idempotent: bool, point: str, nth: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.crash_child", str(store), str(port), "yes" if idempotent else "no", point,
        str(nth), stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


def judge(tally: Tally, store: Path) -> Verdict:
    """Read the books when the bot is off."""
    with closing(sqlite3.connect(store)) as driver:
        made = Counter(row[0] for row in driver.execute("SELECT change FROM task_event WHERE field = 'created'"))
        things = {row[0]: row[1] for row in driver.execute("SELECT key, state FROM inbox")}
        doubt = {row[0] for row in driver.execute("SELECT reply_to FROM outbox WHERE state = 'doubt'")}
        sound = driver.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    lost = sum(key not in things or (things[key] == "done") != (made[key] == 1) for key in tally.acked)
    return Verdict(
        lost=lost,
        doubled=sum(count > 1 for count in made.values()),
        unanswered=sum(key not in tally.replies and key not in doubt for key in tally.acked),
        twice=sum(len(keys) > 1 for keys in tally.replies.values()),
        repeats=sum(count - 1 for count in tally.seen.values()),
        doubt=len(doubt),
        sound=sound,
    )


async def both(kills: int, seed: int, folder: Path) -> list[tuple[Tally, Verdict]]:
    """A platform that drops repeated sends and one that shows them, side by side."""
    kinds = ((True, folder / "drops.db"), (False, folder / "shows.db"))
    return await asyncio.gather(*(run(kills, seed, store, idempotent=idempotent) for idempotent, store in kinds))


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 220
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        (drops, one), (shows, other) = asyncio.run(both(kills, seed, Path(folder)))
    rows: list[list[Cell]] = [
        ["杀死次数", drops.kills.total(), shows.kills.total()],
        ["说了的命令", drops.said, shows.said],
        ["已确认的命令", len(drops.acked), len(shows.acked)],
        ["平台重投的消息", drops.repeated, shows.repeated],
        ["已确认却丢了", one.lost, other.lost],
        ["做了两次", one.doubled, other.doubled],
        ["没有回复也没有标“不确定”", one.unanswered, other.unanswered],
        ["两条不同的回复", one.twice, other.twice],
        ["同一条回复重发（平台按键去重）", one.repeats, other.repeats],
        ["标为“不确定”", one.doubt, other.doubt],
        ["数据库完整", *("是" if each.sound else "否" for each in (one, other))],
    ]
    points = "、".join(f"{point} {count}" for point, count in drops.kills.items())
    columns = ["", "平台会去重", "平台不去重"]
    record(Result("crash", f"python -m bench.crash {kills} {seed}", columns, rows, [f"每一边的杀点：{points}。"]))


if __name__ == "__main__":
    main()
