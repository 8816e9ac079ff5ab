"""The child's end of ``adapters.link``: settings in, events out, receipts back. Nothing of the SDK's is known here."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import Future
from typing import Any

import orjson


class Pipe:
    """Owns the process's standard streams. What a library prints goes to standard error."""

    def __init__(self) -> None:
        """Waits for the settings. The process ends when its parent does."""
        self._out = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        self._lock = threading.Lock()
        self._waiting: dict[int, Future[Any]] = {}
        self._count = 0
        first = sys.stdin.buffer.readline()
        if not first:
            os._exit(0)
        self.settings: dict[str, Any] = orjson.loads(first)
        threading.Thread(target=self._read, daemon=True, name="receipts").start()

    def state(self, state: str, why: str = "") -> None:
        self._tell({"t": "state", "state": state, "why": why})

    def beat(self) -> None:
        """Call it when all is loaded, and then from the SDK's own event loop, at least every few seconds."""
        self._tell({"t": "beat"})

    def event(self, body: str) -> tuple[int, Future[Any]]:
        """Hand an event in. Returns (its number, a future of the answer for the platform).

        The future raises NotStored: the platform shall send it again.
        """
        with self._lock:
            self._count += 1
            number = self._count
        future: Future[Any] = Future()
        self._waiting[number] = future
        self._tell({"t": "event", "id": number, "body": body})
        return number, future

    def acked(self, number: int) -> None:
        """The platform has the answer."""
        self._tell({"t": "acked", "id": number})

    def end(self, state: str, why: str = "") -> None:
        """Say why and be gone, whatever the SDK is doing."""
        self.state(state, why)
        os._exit(1)

    def _tell(self, message: dict[str, Any]) -> None:
        line = orjson.dumps(message) + b"\n"
        with self._lock:
            while line:
                line = line[self._out.write(line) :]

    def _read(self) -> None:
        for line in sys.stdin.buffer:
            receipt = orjson.loads(line)
            future = self._waiting.pop(receipt["id"], None)
            if future is None or not future.set_running_or_notify_cancel():
                self.acked(receipt["id"])  # whoever waited has given up: the bot need not wait for them either
                continue
            if receipt["ok"]:
                future.set_result(receipt["answer"])
            else:
                future.set_exception(NotStored())
        os._exit(0)


class NotStored(Exception):
    """The bot could not commit this event."""
