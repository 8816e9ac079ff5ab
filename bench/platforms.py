"""The three platforms at once: the whole program against their fakes (of the tests), on real sockets.

``python -m bench.platforms [--record]``: how soon each link stands after the start, how long a frame waits for its
acknowledgement at 50 messages a second, how soon a killed link is back and whether anything was lost, and the memory of
the bot with all three (its children apart). WeCom acknowledges nothing that people say: there it is the time until the
answer is on the socket. The fakes share this process and its core with the load, so these are upper bounds.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from bench.client import text_of
from bench.figures import Figures
from bench.start import KEEPING, ROOT, resident
from bot.clock import SystemClock
from tests.platforms.dingtalk_server import DingTalkServer
from tests.platforms.feishu_server import FeishuServer
from tests.platforms.wecom_rules import Window
from tests.platforms.wecom_server import BOT, SECRET, FakeWeCom

A_SECOND, SECONDS, CHATS = 50, 8, 50
KILLED = 20
"""Messages said while a link is down."""
AGAIN = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)


class Stage:
    """The fakes and the bot's process."""

    def __init__(self) -> None:
        clock = SystemClock()
        self.feishu = FeishuServer(clock, retries=AGAIN)
        self.dingtalk = DingTalkServer(clock, redeliver=AGAIN)
        self.wecom = FakeWeCom()
        self.feishu.world.hurried = self.dingtalk.world.hurried = True
        self.wecom.chat_limit = Window(self.wecom.now, (1_000_000, 60.0))
        self.groups: dict[str, list[str]] = {
            "feishu": [self.feishu.world.group(f"群{n}", f"人{n}") for n in range(CHATS)],
            "dingtalk": [self.dingtalk.world.group(f"群{n}", f"人{n}") for n in range(CHATS)],
            "wecom": [f"wr{n:04d}" for n in range(CHATS)],
        }
        self.wecom.groups.update(self.groups["wecom"])
        self.number = 0

    async def start(self, folder: str) -> dict[str, float]:
        """Seconds from the start of the process until each platform sees its connection."""
        for fake in (self.feishu, self.dingtalk, self.wecom):
            await fake.start()
        config = Path(folder) / "config.toml"
        config.write_text(self._config())
        begun = perf_counter()
        self.bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--data", folder, cwd=folder,
            env={**KEEPING, "PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        ready: dict[str, float] = {}

        def look() -> bool:
            for name, there in self.connected().items():
                if there and name not in ready:
                    ready[name] = perf_counter() - begun
            return len(ready) == 3

        await until(look)
        return ready

    def _config(self) -> str:
        feishu, dingtalk = self.feishu.world, self.dingtalk.world
        return "\n".join(
            [
                "[room]", "port = 0", "[adapters.feishu]", f'app_id = "{feishu.app_id}"',
                f'app_secret = "{feishu.secret}"', f'domain = "{self.feishu.url}"', "[adapters.dingtalk]",
                f'client_id = "{dingtalk.client_id}"', f'client_secret = "{dingtalk.secret}"',
                f'api_base = "{self.dingtalk.url}"', f'oapi_base = "{self.dingtalk.url}"', "[adapters.wecom]",
                f'bot_id = "{BOT}"', f'secret = "{SECRET}"', f'ws_url = "{self.wecom.url}"',
            ]
        )  # fmt: skip

    def connected(self) -> dict[str, bool]:
        return {
            "feishu": bool(self.feishu.sockets),
            "dingtalk": bool(self.dingtalk.links),
            "wecom": bool(self.wecom.sockets),
        }

    async def stop(self) -> None:
        if self.bot.returncode is None:
            self.bot.terminate()
        await self.bot.wait()
        for fake in (self.feishu, self.dingtalk, self.wecom):
            await fake.stop()

    # --- load ------------------------------------------------------------------------------------------------------

    def say(self, name: str) -> Any:
        """One command; what can tell how long it waited."""
        words, chat = text_of(self.number, CHATS, "plain"), self.groups[name][self.number % CHATS]
        who = f"人{self.number % CHATS}"
        self.number += 1
        if name == "feishu":
            return self.feishu.hear(chat, self.feishu.world.person(who), words, mention=True)[1]
        if name == "dingtalk":
            return self.dingtalk.hear(self.dingtalk.world.person(who), words, chat)[1]
        return Answered(self.wecom, who, words, chat)

    async def load(self, name: str, count: int) -> list[float]:
        """Milliseconds that each waited, said at an even pace."""
        loop = asyncio.get_running_loop()
        begun, said = loop.time(), []
        for number in range(count):
            await asyncio.sleep(begun + number / A_SECOND - loop.time())
            said.append(self.say(name))
        for one in said:
            await one.finished.wait()
        return [one.seconds * 1000 for one in said]

    async def killed(self, name: str) -> tuple[float, int, int]:
        """(seconds until the link is back, messages said meanwhile, those of them that were not taken)."""
        begun = perf_counter()
        if name == "wecom":
            self.wecom.reset()
            await until(lambda: self.connected()[name])
            return perf_counter() - begun, 0, 0
        before = set(children(self.bot.pid, name))
        os.kill(next(iter(before)), signal.SIGKILL)
        await until(lambda: not self.connected()[name])
        said = [self.say(name) for _ in range(KILLED)]
        await until(lambda: self.connected()[name])
        back = perf_counter() - begun
        for one in said:
            await one.finished.wait()
        return back, len(said), sum(one.state != "acked" for one in said)


class Answered:
    """A message on WeCom, which is finished when the bot's answer to it has arrived."""

    def __init__(self, fake: FakeWeCom, who: str, words: str, chat: str) -> None:
        self.seconds = 0.0
        self.finished = asyncio.Event()
        begun, count = perf_counter(), len(fake.messages)
        fake.says(who, words, chat)

        async def wait() -> None:
            await fake.until(lambda: any(one.chat == chat for one in fake.messages[count:]), 60)
            self.seconds = perf_counter() - begun
            self.finished.set()

        self._waiting = asyncio.get_running_loop().create_task(wait())


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 — other processes
            await asyncio.sleep(0.005)


def children(pid: int, name: str = "") -> list[int]:
    """Of the bot: the links, or the one of this platform."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            words = (entry / "cmdline").read_text()
        except OSError:
            continue
        if parent == pid and f"adapters.{name}" in words:
            found.append(int(entry.name))
    return found


async def main() -> None:
    stage = Stage()
    with tempfile.TemporaryDirectory() as folder:
        try:
            ready = await stage.start(folder)
            figures = Figures("三个平台同时在线：链接、延迟、断线、内存")
            figures.add("link ready after start   " + "   ".join(f"{n} {s:.1f} s" for n, s in ready.items()))
            for name in ready:
                await stage.load(name, CHATS)
                waits = await stage.load(name, A_SECOND * SECONDS)
                p99 = quantiles(waits, n=100)[98]
                what = "frame to answer" if name == "wecom" else "frame to ack"
                figures.add(f"{what:<16} {A_SECOND}/s {name:<9} p50 {median(waits):5.1f} ms   p99 {p99:5.1f} ms")
            links = {name: resident(pid) for name in ("feishu", "dingtalk") for pid in children(stage.bot.pid, name)}
            apart = ", ".join(f"{name} {size:.0f}" for name, size in links.items())
            figures.add(f"resident: bot {resident(stage.bot.pid):.0f} MB; its children {apart} MB")
            for name in ready:
                back, said, lost = await stage.killed(name)
                figures.add(f"killed, back after {back:4.1f} s   {name:<9} said meanwhile {said}, lost {lost}")
            figures.done()
        finally:
            await stage.stop()


if __name__ == "__main__":
    asyncio.run(main())
