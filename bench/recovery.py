"""A bot with 100,000 messages to send is killed: how long from its next start to the first answer to somebody.

``python -m bench.recovery [messages]``. They wait in 1,000 chats; the one who asks does so as soon as the bot has
connected: once in a chat where nothing waits, once in one of the thousand, behind what was to be said there before.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import orjson

from bench.crash_child import Killer, LineAdapter
from bench.feishu_webhook import used
from bench.results import Cell, Result, record
from bot.app import App
from bot.clock import SystemClock
from chat.cards import Button, Buttons, Card, Paragraph
from chat.messages import Outgoing, Sent
from chat.text import say
from storage.database import Database
from storage.outbox import Outboxes
from storage.transaction import Tx

CHATS = 1000
PIECE = 1000
FEW = 1000


class Patient(LineAdapter):
    """Waits for its platform."""

    async def deliver(self, parcel: Outgoing) -> Sent:
        await self.connected.wait()
        return await super().deliver(parcel)


async def fill(store: str, messages: int) -> None:
    """Commit so many and say so; then wait to be killed."""
    clock = SystemClock()
    app = App(Database(Path(store)), clock)
    await app.start()
    done = say("完成", "Done")
    for first in range(0, messages, PIECE):

        def post(tx: Tx, first: int = first) -> None:
            outbox = Outboxes(tx, f"fill{first}", clock.now())
            for number in range(first, min(first + PIECE, messages)):
                words = say("T{n} 写周报｜截止 {d}", "T{n} report, due {d}", n=number, d="周五 18:00")
                card = Card((Paragraph(words), Buttons((Button(done, "done", (str(number),)),))))
                outbox.post("line", f"群{number % CHATS}", card)

        await app.writer.submit(post)
    print("filled", flush=True)
    await asyncio.Event().wait()


async def serve(store: str, port: int) -> None:
    clock = SystemClock()
    app = App(Database(Path(store)), clock)
    app.add(Patient(clock, port, Killer("", 0), idempotent=True))
    await app.start()
    await asyncio.Event().wait()


class Platform:
    """Asks as soon as it is connected, and notes when what comes."""

    def __init__(self, messages: int) -> None:
        self.messages = messages
        self.begun = perf_counter()
        self.connected = self.fresh = self.busy = self.everything = self.work = 0.0
        self.bot = 0
        self.seen: set[str] = set()
        self.repeated = 0
        self.over = asyncio.Event()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connected = self._now()
        for key, chat in (("fresh", "别的群"), ("busy", "群7")):
            writer.write(orjson.dumps({"k": key, "c": chat, "p": "人", "t": "/任务 新的一件"}) + b"\n")
        with suppress(ConnectionError):
            while line := await reader.readline():
                frame = orjson.loads(line)
                if "o" in frame:
                    writer.write(orjson.dumps({"ok": frame["o"]}) + b"\n")
                    self._note(frame)
        writer.close()

    def _note(self, frame: dict[str, str]) -> None:
        self.repeated += frame["o"] in self.seen
        self.seen.add(frame["o"])
        if frame["r"] == "fresh":
            self.fresh, self.work = self._now(), used(self.bot)
        elif frame["r"] == "busy":
            self.busy = self._now()
        if len(self.seen) >= self.messages + 2:
            self.everything = self._now()
            self.over.set()

    def _now(self) -> float:
        return perf_counter() - self.begun


async def _python(*words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.recovery", *words, stdout=asyncio.subprocess.PIPE
    )


async def run(messages: int, store: str) -> Platform:
    filler = await _python("fill", store, str(messages))
    assert filler.stdout is not None
    assert await filler.stdout.readline() == b"filled\n"
    filler.kill()
    await filler.wait()
    platform = Platform(messages)
    server = await asyncio.start_server(platform.talk, "127.0.0.1", 0, limit=1 << 20)
    platform.begun = perf_counter()
    bot = await _python("serve", store, str(server.sockets[0].getsockname()[1]))
    platform.bot = bot.pid
    await platform.over.wait()
    bot.kill()
    await bot.wait()
    server.close()
    return platform


def main(messages: int) -> None:
    both = []
    for count in (FEW, messages):
        with TemporaryDirectory() as folder:
            both.append(asyncio.run(run(count, f"{folder}/jindu.db")))
    lines: list[tuple[str, Callable[[Platform], Cell], str]] = [
        ("重新连上平台", lambda one: f"{one.connected:.2f} 秒", ""),
        ("没有积压的群里，第一条回复", lambda one: f"{one.fresh:.2f} 秒", "≤ 5 秒"),
        ("到那时机器人用掉的处理器时间", lambda one: f"{one.work:.2f} 秒", ""),
        ("有积压的群里，排在积压后面的回复", lambda one: f"{one.busy:.2f} 秒", ""),
        ("积压全部发完", lambda one: f"{one.everything:.2f} 秒", ""),
        ("少发", lambda one: one.messages + 2 - len(one.seen), "0"),
        ("多发", lambda one: one.repeated, "0"),
    ]
    rows: list[list[Cell]] = [[what, *(cell(one) for one in both), promise] for what, cell, promise in lines]
    columns = ["从进程启动算起", *(f"积压 {one.messages:,} 条" for one in both), "承诺"]
    notes = [f"积压的消息分在 {CHATS} 个群。头一列是几乎没有积压时的启动，差别才是积压的代价。"]
    record(Result("recovery", f"python -m bench.recovery {messages}", columns, rows, notes))


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        asyncio.run(fill(sys.argv[2], int(sys.argv[3])))
    elif sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(sys.argv[2], int(sys.argv[3])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
