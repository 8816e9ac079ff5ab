"""``jindu run`` from outside: first start, second start, two at once, ports, signals, disks."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
import pytest

from tests.postgres import Server
from tests.program.conftest import PATIENCE, ROOT, Start


def test_the_first_start_makes_everything_and_greets_in_two_languages(start: Start, tmp_path: Path) -> None:
    program = start("run", "--port", "0")
    line = program.until("进度助手已启动")
    assert "http://127.0.0.1:" in line
    assert "Jindu is running: open http://127.0.0.1:" in program.until("Jindu is running")
    assert program.stop() == 0
    assert {"jindu.db", "room.db"} <= {path.name for path in (tmp_path / "data").iterdir()}


class Page:
    """An open page: the first person of the room, in a direct chat with the bot."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self.me = ""

    async def say(self, words: str) -> None:
        if not self.me:
            await self._socket.send_json({"op": "view", "ref": 1, "as": ""})
            self.me = (await self._frame("state"))["people"][0]["id"]
            await self._socket.send_json({"op": "view", "ref": 2, "as": self.me})
        await self._socket.send_json({"op": "say", "ref": 3, "as": self.me, "chat": "d" + self.me[1:], "text": words})

    async def card(self, words: str = "") -> str:
        """The next card of the bot with these words, as it was sent."""
        while True:
            message = (await self._frame("message"))["message"]
            if message.get("kind") == "card" and words in str(message):
                return str(message)

    async def refusal(self) -> str:
        return str((await self._frame("error"))["zh"])

    async def _frame(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            while True:
                found: dict[str, Any] = await self._socket.receive_json()
                if found["ev"] == kind:
                    return found


@asynccontextmanager
async def page(url: str) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session, session.ws_connect(url.replace("http", "ws") + "/ws") as socket:
        yield Page(socket)


async def ask(url: str, words: str, answer: str = "") -> str:
    """answer: words of it; the greeting may come in between."""
    async with page(url) as opened:
        await opened.say(words)
        return await opened.card(answer)


def test_what_was_said_is_answered_and_is_there_after_a_restart(start: Start, tmp_path: Path) -> None:
    program = start("run", "--port", "0")
    assert asyncio.run(ask(program.url(), "/任务 写周报", "写周报"))
    assert program.stop(signal.SIGTERM) == 0
    again = start("run", "--port", "0")
    again.url()
    assert again.stop() == 0
    with sqlite3.connect(tmp_path / "data" / "jindu.db") as books:
        assert books.execute("SELECT title FROM task").fetchall() == [("写周报",)]
    books.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_soon_and_quietly(start: Start, number: signal.Signals) -> None:
    program = start("run", "--port", "0")
    program.url()
    program.until("Jindu is running")
    begun = monotonic()
    assert program.stop(number) == 0
    assert monotonic() - begun < 15, "a tenth of it on a machine that does nothing else"
    assert "Traceback" not in program.words
    assert "Error" not in program.words


def test_killed_in_mid_flight_it_starts_again(start: Start) -> None:
    program = start("run", "--port", "0")
    program.url()
    program.process.kill()
    program.end()
    again = start("run", "--port", "0")
    again.url()
    assert again.stop() == 0


def test_a_second_bot_on_the_same_data_is_refused_and_the_first_goes_on(start: Start) -> None:
    first = start("run", "--port", "0")
    url = first.url()
    second = start("run", "--port", "0")
    assert second.end() == 1
    assert "另一个 Jindu 正在用" in second.words
    assert "--data" in second.words
    assert "写周报" in asyncio.run(ask(url, "/任务 写周报"))
    assert first.stop() == 0


def test_of_two_on_one_server_the_second_says_that_it_stands_by(start: Start, postgres: Server, tmp_path: Path) -> None:
    """And opens the room when the first has gone; it may be on the same port."""
    config = tmp_path / "config.toml"
    config.write_text(f'[storage]\nurl = "{postgres.empty()}"\n')
    first = start("run", "--port", "0", "--data", "first")
    first.url()
    second = start("run", "--port", "0", "--data", "second")
    second.until("聊天室由另一个进程开着，这个候着")
    assert first.stop() == 0
    assert "写周报" in asyncio.run(ask(second.url(), "/任务 写周报", "写周报"))
    assert second.stop() == 0


def test_a_port_in_use_is_named_with_a_way_out(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        program = start("run", "--port", str(port))
        assert program.end() == 1
    assert f"127.0.0.1:{port} 已被别的程序占用" in program.words
    assert f"--port {port + 1}" in program.words
    assert "Traceback" not in program.words


def test_a_folder_that_cannot_be_written(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file is in the way")
    program = start("run", "--port", "0")
    assert program.end() == 1
    assert "写不了" in program.words
    assert "Traceback" not in program.words


def test_a_damaged_database_is_left_alone(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    database = tmp_path / "data" / "jindu.db"
    database.write_bytes(b"this is no database" * 100)
    program = start("run", "--port", "0")
    assert program.end() == 1
    assert "用不了" in program.words
    assert "Traceback" not in program.words
    assert database.read_bytes() == b"this is no database" * 100


def test_a_newer_database_is_left_alone(start: Start, tmp_path: Path) -> None:
    assert start("migrate").end() == 0
    with sqlite3.connect(tmp_path / "data" / "jindu.db") as books:
        books.execute("UPDATE alembic_version SET version_num = '9999'")
    books.close()
    program = start("run", "--port", "0", LANG="en_US.UTF-8")
    assert program.end() == 1
    assert "was written by a newer Jindu (schema 9999)" in program.words


def test_somebody_elses_database_is_left_alone(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with sqlite3.connect(tmp_path / "data" / "jindu.db") as other:
        other.execute("CREATE TABLE photos (id)")
    other.close()
    program = start("run", "--port", "0")
    assert program.end() == 1
    assert "别的程序的数据" in program.words


def test_a_room_open_to_others_makes_itself_a_token(start: Start, tmp_path: Path) -> None:
    program = start("run", "--host", "0.0.0.0", "--port", "0")
    program.url()
    kept = tmp_path / "data" / "room-token"
    token = kept.read_text()
    assert "data/room-token" in program.words
    assert token not in program.words, "what is no terminal may be kept and read: systemd, a container"
    assert kept.stat().st_mode & 0o077 == 0
    assert program.stop() == 0
    again = start("run", "--host", "0.0.0.0", "--port", "0")
    again.url()
    assert kept.read_text() == token, "the same one after a restart"
    assert again.stop() == 0


def test_without_a_room_there_is_nothing_to_run(start: Start, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[room]\nenabled = false\n")
    program = start("run")
    assert program.end() == 2
    assert "room.enabled" in program.words


@pytest.mark.skipif(os.geteuid() != 0, reason="a file system of its own needs root")
def test_a_full_disk_is_said_and_what_was_sent_is_handled_later(start: Start, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        program = start("run", "--port", "0", "--data", str(tmp_path / "data"), "--config", str(books_on(disk)))
        url, ballast = program.url(), disk / "ballast"
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)
        asyncio.run(say_to_a_full_disk(url, ballast.unlink))
        assert program.stop() == 0
        assert "action=unstorable" in program.words
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


@pytest.mark.skipif(os.geteuid() != 0, reason="a file system of its own needs root")
def test_a_full_disk_below_the_room_itself(start: Start, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        program = start("run", "--port", "0", "--data", str(disk))
        url, ballast = program.url(), disk / "ballast"
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)

        async def talk() -> None:
            async with page(url) as opened:
                await opened.say("/任务 写周报 " + "长" * 3000)
                assert "存不了" in await opened.refusal()
                ballast.unlink()
                handled = await opened.card()
                while "写周报" not in handled:
                    handled = await opened.card()
                assert "✅" in handled, "what was said is handled once there is room"

        asyncio.run(talk())
        assert program.stop() == 0
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def books_on(disk: Path) -> Path:
    config = disk.parent / "config.toml"
    config.write_text(f'[storage]\nurl = "sqlite:///{disk}/jindu.db"\n')
    return config


async def say_to_a_full_disk(url: str, make_room: Callable[[], None]) -> None:
    async with page(url) as opened:
        await opened.say("/任务 写周报")
        refused = await opened.card()
        while "存不了" not in refused:  # the greeting may still be on its way
            assert "✅" not in refused
            refused = await opened.card()
        make_room()
        handled = await opened.card()
        while "写周报" not in handled:  # the greeting, and the warning to the admin, who is the same person here
            handled = await opened.card()
        assert "✅" in handled


def test_a_start_imports_neither_alembic_nor_the_parts_for_later() -> None:
    late = ("alembic", "mako", "apscheduler", "chinese_calendar", "lark_oapi")
    script = (
        "import sys, bot.cli, bot.serve, adapters.room.adapter\n"
        "from storage.database import Database, MEMORY\nfrom storage.schema import prepare\n"
        "from commands import grammar\nfrom reports import ticks\ngrammar.load(); ticks.load()\n"
        "d = Database(MEMORY); c = d.connect(); prepare(d, c); prepare(d, c)\n"
        f"print([name for name in {late} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
