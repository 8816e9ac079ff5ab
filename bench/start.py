"""From ``jindu run`` to the first answered command, and resident memory with the room open and idle."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import uuid4

import aiohttp

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
KEEPING = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""As on anybody's machine: the first start keeps its bytecode, the next ones find it."""


def resident(pid: int) -> float:
    """Megabytes."""
    match = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(match.group(1)) / 1024 if match else 0.0


async def once(data: str) -> tuple[float, float]:
    """Seconds from the start of the process to the bot's first answer on the page; megabytes a second later."""
    begun = perf_counter()
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--data", data, "--port", "0", cwd=ROOT, env=KEEPING,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert bot.stdout is not None
    url = None
    while url is None:
        url = re.search(rb"http://[^/\s]+", await bot.stdout.readline())
    async with aiohttp.ClientSession() as session, session.ws_connect(url.group(0).decode() + "/ws") as room:
        await _ask(room)
        seconds = perf_counter() - begun
        await asyncio.sleep(1)
        size = resident(bot.pid)
    bot.terminate()
    await bot.wait()
    return seconds, size


async def _ask(room: aiohttp.ClientWebSocketResponse) -> None:
    """Say something in the first group as the first person and wait for the bot's card."""
    await room.send_json({"op": "view", "as": "", "ref": 1})
    state = await _event(room, "state")
    chat = next(c["id"] for c in state["chats"] if c["kind"] == "group")
    words = "@进度助手 /任务 打样"
    await room.send_json({"op": "say", "as": state["me"], "chat": chat, "text": words, "once": uuid4().hex, "ref": 2})
    while True:
        message = (await _event(room, "message"))["message"]
        if message["sender"] == state["bot"]["id"] and "打样" in str(message["card"]):
            return


async def _event(room: aiohttp.ClientWebSocketResponse, name: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = await room.receive_json(timeout=20)
        if frame.get("ev") == name:
            return frame


async def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        cold = await once(data)
        warm = [await once(data) for _ in range(ROUNDS)]
    print(f"run to first answer, first start   {cold[0]:.2f} s")
    print(f"run to first answer, warm          {median(seconds for seconds, _ in warm):.2f} s")
    print(f"resident, room open and idle       {median(size for _, size in warm):.0f} MB")


if __name__ == "__main__":
    asyncio.run(main())
