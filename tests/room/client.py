"""A program that drives the room over its WebSocket, the room it drives, and a clock that can be moved."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp
import orjson

from adapters.room.adapter import RoomAdapter
from adapters.room.adapter import open as open_room
from chat.ports import Hint
from chat.text import say
from tests.room.echo import StoppedClock

GROUP = "双十一大促"


class Machine(StoppedClock):
    """A clock that can be moved; waits for ``gate`` on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.nothing = False

    async def forward(self, seconds: float) -> None:
        await self.gate.wait()
        self.time += timedelta(seconds=seconds)

    async def forward_to_next(self):
        if self.nothing:
            return None
        await self.forward(1800)
        return self.time


class Client:
    """A program that drives the room: asks, waits for the reply, collects what else it is told."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.told: list[dict] = []
        self.me = ""
        self._refs = 0

    async def ask(self, op: str, **args) -> dict:
        ref = await self.send(op, **args)
        return await self.hear(lambda frame: frame.get("ref") == ref)

    async def send(self, op: str, **args) -> int:
        self._refs += 1
        await self.socket.send_json({"op": op, "ref": self._refs, "as": self.me, **args})
        return self._refs

    async def hear(self, wanted) -> dict:
        """The next frame that is ``wanted``; the others are kept in ``told``."""
        async with asyncio.timeout(20):
            while True:
                frame = await self.socket.receive_json()
                self.told.append(frame)
                if wanted(frame):
                    return frame

    async def seen(self, wanted) -> dict:
        """A frame that is ``wanted``, told already or still to come."""
        return next((frame for frame in self.told if wanted(frame)), None) or await self.hear(wanted)

    async def message(self, words: str) -> dict:
        frame = await self.seen(lambda f: f["ev"] == "message" and words in orjson.dumps(f["message"]).decode())
        return frame["message"]


def build(tmp_path, machine=None, **section) -> RoomAdapter:
    hints = [Hint(("任务", "task"), say("/任务 <标题>", "/task <title>"), say("/任务 写周报", "/task report"))]
    clock = machine or StoppedClock()
    adapter = open_room({"port": 0, **section}, clock, hints=hints, time_machine=machine, data_dir=tmp_path)
    adapter.room.seed_trial()
    return adapter
