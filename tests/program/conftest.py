"""The program itself, started as people start it: another process, its own folder."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from bot.clock import SystemClock
from tests.platforms.dingtalk_server import DingTalkServer
from tests.platforms.feishu_server import FeishuServer

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds for a line to come; far more than it takes on a busy machine."""


class Program:
    """A running ``jindu``. ``lines``: what it has said so far, both streams."""

    def __init__(self, *arguments: str, cwd: Path, **environment: str) -> None:
        env = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "zh_CN.UTF-8", "LC_ALL": "", **environment}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            encoding="utf-8",
        )  # fmt: skip
        self.lines: list[str] = []
        self._said: Queue[str | None] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def until(self, words: str) -> str:
        """The first line with these words."""
        while True:
            try:
                line = self._said.get(timeout=PATIENCE)
            except Empty:
                raise AssertionError(f"never said {words!r}: {self.lines}") from None
            if line is None:
                raise AssertionError(f"ended without {words!r}: {self.lines}")
            self.lines.append(line)
            if words in line:
                return line

    def url(self) -> str:
        found = re.search(r"http://\S+", self.until("已启动"))
        assert found
        return found.group()

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.end()

    def end(self) -> int:
        """Wait for it to end by itself; its exit code."""
        code = self.process.wait(timeout=PATIENCE)
        self._reader.join(timeout=PATIENCE)
        while not self._said.empty():
            if (line := self._said.get()) is not None:
                self.lines.append(line)
        return code

    @property
    def words(self) -> str:
        return "\n".join(self.lines)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            for line in stream:
                self._said.put(line.rstrip("\n"))
        self._said.put(None)


Start = Callable[..., Program]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start ``jindu`` with these arguments in a fresh folder. What still runs at the end is killed."""
    programs: list[Program] = []

    def begin(*arguments: str, **environment: str) -> Program:
        programs.append(Program(*arguments, cwd=tmp_path, **environment))
        return programs[-1]

    yield begin
    for program in programs:
        if program.process.poll() is None:
            program.process.kill()
            program.end()


@pytest.fixture
async def feishu() -> AsyncIterator[FeishuServer]:
    fake = FeishuServer(SystemClock())
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def dingtalk() -> AsyncIterator[DingTalkServer]:
    fake = DingTalkServer(SystemClock())
    await fake.start()
    yield fake
    await fake.stop()
