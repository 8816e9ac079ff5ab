"""Bots that are started often: a process that has the program loaded is forked for each, so that loading is done once.

Each is a process like any other, with books and connections of its own, and dies like any other.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing import get_context
from socket import socket
from typing import Any

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["bench.loaded"])


class Child:
    """Of ``asyncio.subprocess.Process``, what is asked here."""

    def __init__(self, work: Callable[..., Any], *args: Any, said: str = "", line: socket | None = None) -> None:
        """work: a coroutine function of a module. said: a file for its last words. line: its input and output."""
        self._process = FORKS.Process(target=_live, args=(work, args, said, line))
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    async def wait(self) -> int:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        assert self.returncode is not None
        return self.returncode


def _live(work: Callable[..., Any], args: tuple[Any, ...], said: str, line: socket | None) -> None:
    if said:
        words = os.open(said, os.O_WRONLY | os.O_APPEND)
        os.dup2(words, 2)
        os.close(words)
    if line is not None:
        os.dup2(line.fileno(), 0)
        os.dup2(line.fileno(), 1)
        line.close()
        sys.stdin = os.fdopen(0, closefd=False)
    asyncio.run(work(*args))
