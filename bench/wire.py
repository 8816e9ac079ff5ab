"""The smallest platform there is: JSON lines over a local socket. What it costs is nearly all the bot's own."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import orjson

from chat.messages import Incoming, Outgoing, Place, Sender, Sent
from chat.plain import plain
from chat.ports import Capabilities, Clock, Intake


class WireAdapter:
    """In: ``{"k": key, "c": chat, "p": person, "t": text}``. Out: ``{"r": key answered, "c": chat, "t": text}``."""

    most = 1000
    """Messages under way at once."""
    name = "wire"
    can = Capabilities()

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.port = 0
        self.listening = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._peers: set[asyncio.Transport] = set()
        self._frames: list[bytes] = []
        self._intake: Intake | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: deque[bytes] = deque()

    async def listen(self, intake: Intake) -> None:
        self._intake = intake
        self._server = await asyncio.get_running_loop().create_server(lambda: _Peer(self), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self.listening.set()
        await self._server.serve_forever()

    async def deliver(self, parcel: Outgoing) -> Sent:
        if not self._frames:
            asyncio.get_running_loop().call_soon(self._flush)
        body = {"r": parcel.reply_to, "c": parcel.chat, "t": plain(parcel.card, parcel.locale)}
        self._frames.append(orjson.dumps(body))
        return Sent(f"m{parcel.id}")

    def _flush(self) -> None:
        """What one turn of the loop delivered leaves in one write."""
        for peer in self._peers:
            peer.write(b"\n".join(self._frames) + b"\n")
        self._frames.clear()

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def arrived(self, lines: list[bytes]) -> None:
        """Taken as far as there is room; while something waits no socket is read: who says too much waits as well."""
        self._waiting.extend(lines)
        self._begin()
        if self._waiting:
            for peer in self._peers:
                peer.pause_reading()

    def _begin(self) -> None:
        while self._waiting and len(self._tasks) < self.most:
            task = asyncio.get_running_loop().create_task(self._take(orjson.loads(self._waiting.popleft())))
            self._tasks.add(task)
            task.add_done_callback(self._taken)

    def _taken(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._waiting:
            self._begin()
            if not self._waiting:
                for peer in self._peers:
                    peer.resume_reading()

    async def _take(self, frame: dict[str, Any]) -> None:
        assert self._intake is not None
        sender, key = frame["p"], frame["k"]
        thing = Incoming(
            key, "message", "wire", self.clock.now(), Place(frame["c"], "group", frame["c"]), Sender(sender, sender),
            text=frame["t"], addressed=True, message_id=key,
        )  # fmt: skip
        await self._intake.submit(thing)


class _Peer(asyncio.Protocol):
    def __init__(self, adapter: WireAdapter) -> None:
        self._adapter = adapter
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._adapter._peers.add(transport)

    def connection_lost(self, _: Exception | None) -> None:
        self._adapter._peers.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._adapter.arrived(lines)
