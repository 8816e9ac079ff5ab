"""Several real processes on one PostgreSQL, told what happens by a test that plays the platform."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from socket import socketpair
from typing import Any

import orjson
import psycopg
import pytest

from bench.nursery import Child
from storage.pg import PgDatabase
from tests.fleet.bot import main
from tests.postgres import Server

PATIENCE = 45.0
"""Seconds; far more than anything takes on a busy machine."""


class Bot:
    """One process. ``heard``: what it said; ``wait`` returns the next such line."""

    def __init__(
        self, fleet: Fleet, process: Child, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._fleet = fleet
        self.process = process
        self._from, self._to = reader, writer
        self.listening = False
        self.gone = False
        self._reader = asyncio.get_running_loop().create_task(self._read())

    async def _read(self) -> None:
        while line := await self._line():
            said = orjson.loads(line)
            if "wire" in (said.get("listening"), said.get("silent")):
                self.listening = "listening" in said
            self._fleet.heard(said)
        self.gone = True
        self.listening = False
        self._to.close()
        self._fleet.heard({})

    async def _line(self) -> bytes:
        """What was not read by one that was killed is lost with it."""
        try:
            return await self._from.readline()
        except ConnectionError:
            return b""

    def tell(self, message: dict[str, Any]) -> None:
        if not self.gone and not self._to.is_closing():
            self._to.write(orjson.dumps(message) + b"\n")

    def kill(self, how: int = signal.SIGKILL) -> None:
        os.kill(self.process.pid, how)

    async def ended(self) -> int:
        await self._reader
        return await self.process.wait()


class Fleet:
    """Starts bots, plays the platform to them, and looks what came of it."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.post = folder / "post"
        self.bots: list[Bot] = []
        self.unanswered: dict[str, dict[str, Any]] = {}
        self.toasts: dict[str, str] = {}
        self.ready = 0
        self._knock = asyncio.Event()

    async def start(self) -> Bot:
        ours, theirs = socketpair()
        with theirs:
            process = Child(main, self.address, self.post, line=theirs)
        bot = Bot(self, process, *await asyncio.open_connection(sock=ours, limit=1 << 22))
        self.bots.append(bot)
        wanted = self.ready + 1
        await self.until(lambda: self.ready >= wanted or bot.gone)
        assert not bot.gone, "it did not start"
        return bot

    def heard(self, said: dict[str, Any]) -> None:
        self.ready += "ready" in said
        if self.unanswered.pop(said.get("done", ""), None) is not None:
            self.toasts[said["done"]] = said["toast"]
        self._knock.set()

    def say(self, key: str, chat: str, text: str, bot: Bot, **more: Any) -> None:
        """Like a platform: it is said again, to any bot, until one has answered. more: ``who``, ``named``."""
        self._tell({"key": key, "chat": chat, "text": text, **more}, bot)

    def press(self, key: str, chat: str, who: str, button: tuple[str, ...], bot: Bot) -> None:
        """button: its verb and what it carries."""
        self._tell({"key": key, "chat": chat, "who": who, "press": button}, bot)

    def _tell(self, thing: dict[str, Any], bot: Bot) -> None:
        self.unanswered[thing["key"]] = thing
        bot.tell(thing)

    def again(self, bot: Bot) -> None:
        """The platform delivers anew what nobody acknowledged."""
        for message in list(self.unanswered.values()):
            bot.tell(message)

    async def until(self, so: Callable[[], bool]) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while not so():
                self._knock.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.05):  # what others wrote into the books knocks nowhere
                        await self._knock.wait()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(PgDatabase(self.address).conninfo) as connection:
            return connection.execute(sql.encode()).fetchall()

    def run(self, sql: str) -> None:
        with psycopg.connect(PgDatabase(self.address).conninfo, autocommit=True) as connection:
            connection.execute(sql.encode())

    def delivered(self) -> list[dict[str, Any]]:
        """What was handed to the platform, in order; a key that comes again is dropped by it."""
        seen: dict[str, dict[str, Any]] = {}
        for line in self.post.read_bytes().splitlines() if self.post.exists() else ():
            raw = orjson.loads(line)
            seen.setdefault(raw["key"], raw)
        return list(seen.values())

    async def close(self) -> None:
        for bot in self.bots:
            if bot.process.returncode is None:
                bot.kill(signal.SIGCONT)
                bot.kill()
            await bot.ended()


@pytest.fixture
async def fleet(postgres: Server, tmp_path: Path) -> AsyncIterator[Fleet]:
    address = postgres.fresh()
    fleet = Fleet(address.replace("connections=1", "connections=3"), tmp_path)
    yield fleet
    await fleet.close()
    postgres.back(address)
