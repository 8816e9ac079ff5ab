"""Jindu against nonebot2 + nonebot-adapter-feishu: the same durable command over Feishu's webhook, in one run.

``python -m bench.feishu_webhook [messages] [--record]``. Each bot is a process of its own, with the same stub of
Feishu's REST interface and the same load: events signed by their token, 64 on their way at once, over 50 groups. A
message counts when its answer has reached the stub; before that it is on the disk (SQLite, synchronous=FULL). Other
people's programs are put into a temporary environment and nowhere else. nonebot runs with its aiohttp driver: with
httpx each answer costs it a new TLS context, seven times the processor time.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from time import perf_counter, time

import aiohttp

from bench.client import text_of
from bench.figures import Figures
from bench.start import ROOT, resident

PINNED = ("nonebot2[fastapi,aiohttp]==2.5.0", "nonebot-adapter-feishu==2.7.2")
COUNT, WARM, IN_FLIGHT, CHATS = 1500, 200, 64, 50
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """Of the measured messages. ``cpu``: milliseconds of the bot's process for each, user and system."""

    per_second: float
    cpu: float
    megabytes: float


def event(number: int) -> bytes:
    """Somebody in one of the groups asks the bot for a task that no other resembles."""
    words = text_of(number, CHATS, "plain")
    mention = {"key": "@_user_1", "id": {"open_id": "ou_bot", "union_id": "on_bot", "user_id": "b"}, "name": "进度助手",
               "tenant_key": "t"}  # fmt: skip
    header = {
        "event_id": f"e{number}", "event_type": "im.message.receive_v1", "create_time": str(int(time() * 1000)),
        "token": "token", "app_id": "cli_bench", "tenant_key": "t",
    }  # fmt: skip
    who = {"open_id": f"ou_{number % CHATS}", "union_id": f"on_{number % CHATS}", "user_id": f"u{number % CHATS}"}
    message = {
        "message_id": f"om_{number}", "create_time": header["create_time"], "update_time": header["create_time"],
        "chat_id": f"oc_{number % CHATS}", "chat_type": "group", "message_type": "text", "mentions": [mention],
        "content": json.dumps({"text": f"@_user_1 {words}"}),
    }  # fmt: skip
    sender = {"sender_id": who, "sender_type": "user", "tenant_key": "t"}
    whole = {"schema": "2.0", "header": header, "event": {"sender": sender, "message": message}}
    return json.dumps(whole).encode()


async def load(session: aiohttp.ClientSession, url: str, first: int, count: int) -> None:
    """Send them; returns when all were acknowledged."""
    numbers = iter(range(first, first + count))

    async def one_after_another() -> None:
        for number in numbers:
            headers = {"Content-Type": "application/json"}
            async with session.post(url, data=event(number), headers=headers) as answer:
                assert answer.status == 200, await answer.text()

    await asyncio.gather(*(one_after_another() for _ in range(IN_FLIGHT)))


async def answered(session: aiohttp.ClientSession, stub: str, count: int) -> None:
    while True:
        async with session.get(f"{stub}/count") as answer:
            if (await answer.json())["sent"] >= count:
                return
        await asyncio.sleep(0.01)


def used(pid: int) -> float:
    """Seconds of processor time, of the process and of what it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / TICKS


async def measure(python: str, module: list[str], path: str, count: int) -> Measured:
    """One bot, from its start to its end."""
    pipe = asyncio.subprocess.PIPE
    with tempfile.TemporaryDirectory() as folder:
        stub = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.feishu_stub", cwd=ROOT, stdin=pipe, stdout=pipe
        )  # fmt: skip
        assert stub.stdout is not None
        feishu = f"http://127.0.0.1:{int(await stub.stdout.readline())}"
        with socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        bot = await asyncio.create_subprocess_exec(
            python, *module, str(port), feishu, folder, cwd=ROOT, stdin=pipe, stdout=pipe
        )  # fmt: skip
        assert bot.stdout is not None
        try:
            while b"ready" not in (said := await bot.stdout.readline()):
                assert said, "the bot has ended"
            connector = aiohttp.TCPConnector(limit=IN_FLIGHT + 1)
            async with aiohttp.ClientSession(connector=connector) as session:
                url = f"http://127.0.0.1:{port}{path}"
                await load(session, url, 0, WARM)
                await answered(session, feishu, WARM)
                begun, before = perf_counter(), used(bot.pid)
                await load(session, url, WARM, count)
                await answered(session, feishu, WARM + count)
                seconds, cpu = perf_counter() - begun, used(bot.pid) - before
            return Measured(count / seconds, cpu / count * 1000, resident(bot.pid))
        finally:
            for process in (bot, stub):
                if process.returncode is None:
                    process.terminate()
                await process.wait()


def environment(folder: str) -> str:
    """Another Python with the other bot's packages."""
    venv.create(folder, with_pip=True)
    python = f"{folder}/bin/python"
    subprocess.run([python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *PINNED], check=True)
    return python


async def main(count: int = COUNT) -> None:
    figures = Figures("飞书 Webhook：与 nonebot2 + nonebot-adapter-feishu 同场")
    figures.add(f"{count} durable /任务, {IN_FLIGHT} at once, until the answer is sent")
    with tempfile.TemporaryDirectory() as folder:
        other = await asyncio.to_thread(environment, folder)
        theirs = await measure(other, ["bench/feishu_peer_nonebot.py"], "/feishu/cli_bench", count)
        ours = await measure(sys.executable, ["-m", "bench.feishu_peer_jindu"], "/feishu", count)
    for name, one in ((PINNED[0].partition("[")[0] + " + adapter-feishu", theirs), ("Jindu", ours)):
        figures.add(f"{name:<26} {one.per_second:6.0f} /s   {one.cpu:5.2f} ms CPU each   {one.megabytes:4.0f} MB")
    figures.add(f"throughput × {ours.per_second / theirs.per_second:.1f}, CPU × {ours.cpu / theirs.cpu:.2f}")
    figures.done()


if __name__ == "__main__":
    asyncio.run(main(*(int(word) for word in sys.argv[1:] if word.isdecimal())))
