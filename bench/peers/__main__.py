"""``python -m bench.peers [messages] [kills]``: errbot, opsdroid, nonebot2, hubot and this bot, one after another.

Each is a process that gets «/任务 …» over a local socket, writes the task to the disk (synced) and answers. First a
load of 64 at once is timed; then it is killed again and again, and what it did not acknowledge is delivered once more,
as platforms do. What was acknowledged when the framework said «taken» must be in the books, and each task once.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
import venv
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import orjson

from bench.client import text_of
from bench.feishu_webhook import used
from bench.results import Cell, Result, record
from bench.start import ROOT

HERE = Path(__file__).resolve().parent
PINNED = ("errbot==6.2.1", "opsdroid==0.31.0", "nonebot2==2.5.0")
BESIDES = ("setuptools<81", "pytest")
"""opsdroid asks the first for pkg_resources; the backend of errbot that ours is made of imports the second."""
HUBOT = "hubot@14.1.0"
CHATS, IN_FLIGHT, WARM = 50, 64, 100
PATIENCE = 25.0
REPEATED = 50
"""Messages that the platform brings once more although all is well."""


@dataclass(frozen=True)
class Peer:
    """``command``: what is run, before port and folder."""

    name: str
    command: list[str]


class Harness:
    """Says numbered messages, each again after a kill until it is acknowledged."""

    def __init__(self) -> None:
        self.acked: set[str] = set()
        self.answered: set[str] = set()
        self.said: dict[str, str] = {}
        self.open: dict[str, bytes] = {}
        self.frames: dict[str, bytes] = {}
        self.acks = 0
        self._goal = 0
        self._out: asyncio.StreamWriter | None = None
        self.moved = asyncio.Event()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._out = writer
        for frame in list(self.open.values()):
            writer.write(frame)
        self._more()
        with suppress(ConnectionError):
            while line := await reader.readline():
                self._hear(orjson.loads(line))
        writer.close()

    def until(self, goal: int) -> None:
        """Go on until so many are said."""
        self._goal = goal
        self._more()

    async def settled(self) -> None:
        """All that is said is acknowledged and answered."""
        while len(self.acked) < self._goal or len(self.answered & self.acked) < self._goal:
            self.moved.clear()
            await asyncio.wait_for(self.moved.wait(), PATIENCE)

    def _more(self) -> None:
        while (
            self._out is not None
            and not self._out.is_closing()
            and len(self.said) < self._goal
            and len(self.open) < IN_FLIGHT
        ):
            number = len(self.said)
            key, words = f"k{number}", f"{text_of(number, CHATS, 'plain')} 第{number}号"
            frame = {"k": key, "c": f"群{number % CHATS}", "p": f"人{number % CHATS}", "t": words}
            self.said[key] = words.partition(" ")[2]
            self.open[key] = self.frames[key] = orjson.dumps(frame) + b"\n"
            self._out.write(self.open[key])

    def _hear(self, frame: dict[str, str]) -> None:
        if "a" in frame:
            self.acked.add(frame["a"])
            self.acks += 1
        if "o" in frame and self._out is not None and not self._out.is_closing():
            self._out.write(orjson.dumps({"ok": frame["o"]}) + b"\n")
        if frame.get("r"):
            self.answered.add(frame["r"])
        for key in (frame.get("a", ""), frame.get("r", "")):
            if key in self.acked and (key in self.answered or not self._paced):
                self.open.pop(key, None)
        self._more()
        self.moved.set()

    _paced = True
    """A message is out of the way when it is acknowledged and answered; after a kill, when it is acknowledged."""

    async def once_more(self, count: int) -> list[str]:
        """The platform did not see the acknowledgements in time: so many of them again. Their titles."""
        keys = sorted(self.acked)[:count]
        wanted = self.acks + len(keys)
        assert self._out is not None
        for key in keys:
            self._out.write(self.frames[key])
        while self.acks < wanted:
            self.moved.clear()
            await asyncio.wait_for(self.moved.wait(), PATIENCE)
        return [self.said[key] for key in keys]

    def impatient(self) -> None:
        self._paced = False


async def measure(peer: Peer, messages: int) -> tuple[float, float]:
    """Messages a second, and milliseconds of processor time for each."""
    harness = Harness()
    server = await asyncio.start_server(harness.connected, "127.0.0.1", 0, limit=1 << 20)
    with TemporaryDirectory() as folder:
        bot = await _start(peer, server, folder)
        try:
            harness.until(WARM)
            await harness.settled()
            begun, before = perf_counter(), used(bot.pid)
            harness.until(WARM + messages)
            await harness.settled()
            return messages / (perf_counter() - begun), (used(bot.pid) - before) / messages * 1000
        finally:
            bot.kill()
            await bot.wait()
            server.close()


@dataclass(frozen=True)
class Killed:
    """Of how many messages, how many were acknowledged and lost, and how many done more than once. ``again``: of those

    that were delivered once more without any trouble, how many were done once more.
    """

    said: int
    lost: int
    doubled: int
    again: int


async def kill(peer: Peer, kills: int) -> Killed:
    harness = Harness()
    harness.impatient()
    before: Counter[str] = Counter()
    repeated: list[str] = []
    server = await asyncio.start_server(harness.connected, "127.0.0.1", 0, limit=1 << 20)
    with TemporaryDirectory() as folder:
        for number in range(kills + 1):
            bot = await _start(peer, server, folder)
            harness.until((number + 1) * 100)
            mark = len(harness.acked) + 60
            while (len(harness.acked) < mark and number < kills) or harness.open:
                if number < kills and len(harness.acked) >= mark:
                    break
                harness.moved.clear()
                await asyncio.wait_for(harness.moved.wait(), PATIENCE)
            if number == kills:
                await asyncio.sleep(1.0)  # what a framework does after it said «taken»
                before = titles(Path(folder))
                repeated = await harness.once_more(REPEATED)
                await asyncio.sleep(1.0)
            bot.kill()
            await bot.wait()
        server.close()
        done = titles(Path(folder))
    return Killed(
        said=len(harness.said),
        lost=sum(not before[harness.said[key]] for key in harness.acked),
        doubled=sum(count > 1 for count in before.values()),
        again=sum(done[title] > before[title] for title in repeated),
    )


def titles(folder: Path) -> Counter[str]:
    """How often each task is in the books, whoever kept them."""
    if (folder / "tasks.txt").exists():
        return Counter((folder / "tasks.txt").read_text(encoding="utf-8").splitlines())
    name = next(one for one in ("tasks.db", "jindu.db") if (folder / one).exists())
    with closing(sqlite3.connect(folder / name)) as driver:
        return Counter(row[0] for row in driver.execute("SELECT title FROM task"))


async def _start(peer: Peer, server: asyncio.Server, folder: str) -> asyncio.subprocess.Process:
    port = str(server.sockets[0].getsockname()[1])
    words = [port, folder]
    if peer.name == "Jindu":
        words = [f"{folder}/jindu.db", port, "yes", "", "0"]
    return await asyncio.create_subprocess_exec(
        *peer.command, *words, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )


def installed(folder: str) -> tuple[list[Peer], list[str]]:
    """The peers, put into ``folder`` and nowhere else; and why one is missing."""
    venv.create(f"{folder}/python", with_pip=True)
    python = f"{folder}/python/bin/python"
    subprocess.run(
        [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *PINNED, *BESIDES], check=True
    )
    peers = [Peer(pin.replace("==", " "), [python, str(HERE / f"on_{_short(pin)}.py")]) for pin in PINNED]
    missing = []
    if shutil.which("npm") is None:
        missing.append("hubot 没有跑：这台机器没有 npm。")
    else:
        command = ["npm", "install", "--silent", "--prefix", folder, HUBOT]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            missing.append("hubot 没有跑：npm 装不上。")
        else:
            shutil.copy(HERE / "hubot.mjs", folder)
            peers.append(Peer(HUBOT.replace("@", " "), ["node", f"{folder}/hubot.mjs"]))
    return [*peers, Peer("Jindu", [sys.executable, "-m", "bench.crash_child"])], missing


def _short(pin: str) -> str:
    return pin.partition("==")[0].removesuffix("2")


def main(messages: int, kills: int) -> None:
    rows: list[list[Cell]] = []
    with TemporaryDirectory() as folder:
        peers, notes = installed(folder)
        for peer in peers:
            try:
                rate, cpu = asyncio.run(measure(peer, messages))
                killed = asyncio.run(kill(peer, kills))
            except (TimeoutError, OSError) as error:
                notes.append(f"{peer.name} 没有跑完：{type(error).__name__}。")
                continue
            rows.append([
                peer.name, f"{rate:.0f}", f"{cpu:.2f} 毫秒", f"{killed.lost} / {killed.said}",
                f"{killed.doubled} / {killed.said}", f"{killed.again} / {REPEATED}",
            ])  # fmt: skip
    notes.append(
        "各框架自己不记任务，处理函数写一行、落盘、回复；hubot 写文件，其余写 SQLite（synchronous=FULL）。"
        "本项目做的是完整的 /任务（解析、去重、权限、历史、发件箱）。"
    )
    columns = ["", "每秒消息", "处理器，每条", "杀死后丢了", "杀死后重投，做了两次", "平常重投一遍，又做了"]
    record(Result("peers", f"python -m bench.peers {messages} {kills}", columns, rows, notes))


if __name__ == "__main__":
    given = [*sys.argv[1:], *("2000", "10")[len(sys.argv) - 1 :]]
    main(int(given[0]), int(given[1]))
