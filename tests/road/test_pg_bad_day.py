"""A bad day on PostgreSQL: read-only, a full disk, a slow one, connections on which nobody answers any more."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from chat.errors import IntakeUnavailable
from chat.ports import Capabilities
from storage.pg import PgDatabase
from storage.pg_link import ANSWERED, Link
from storage.pg_writer import PgWriter
from tests.pg_proxy import Between
from tests.postgres import Server
from tests.road.conftest import Road, message

SORRY = "我现在存不了，请稍后再发（已通知管理员）"
ADMIN = "/日报 设置 17:30 收 18:30 截止"
"""Who says it first looks after the group."""


ENDED = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database() AND application_name = 'jindu'"
)
"""What the bots are connected by."""


@pytest.fixture
def address(postgres: Server) -> Iterator[str]:
    address = postgres.fresh()
    yield address
    postgres.back(address)


@asynccontextmanager
async def bot(address: str, can: Capabilities | None = None) -> AsyncIterator[Road]:
    """At work, in a group that somebody looks after."""
    road = Road(address, can)
    await road.app.start()
    await road.app.intake.submit(message("first", ADMIN))
    await road.app.idle()
    road.post.sent.clear()
    try:
        yield road
    finally:
        await road.app.close()


def change(address: str, *deeds: str) -> None:
    """In a session that may write whatever was set."""
    words = PgDatabase(address).conninfo + " options='-c default_transaction_read_only=off'"
    with psycopg.connect(words, autocommit=True) as connection:
        for deed in deeds:
            connection.execute(deed.encode())


async def refused(road: Road, key: str, words: str) -> None:
    """Nobody is told that it was done; the group and who looks after it are told why not."""
    with pytest.raises(IntakeUnavailable):
        await road.app.intake.submit(message(key, words))
    told = [(parcel.kind, parcel.chat, said) for parcel, said in zip(road.post.sent, road.words, strict=True)]
    assert told[0] == ("post", "g1", SORRY)
    assert [(kind, chat) for kind, chat, _ in told[1:]] == [("direct", "u1")]
    assert told[1][2].startswith("机器人现在存不了数据（")
    road.post.sent.clear()


async def comes_again(road: Road, key: str, words: str) -> None:
    receipt = await road.app.intake.submit(message(key, words))
    assert not receipt.duplicate
    await told(road, words.removeprefix("/任务 "))


async def told(road: Road, title: str) -> None:
    """Once. A bot that was cut off itself first says that it lives."""
    while not any(title in words for words in road.words):
        await road.post.until(road.post.tried + 1)
    await road.app.idle()
    assert [words[:3] for words in road.words if title in words] == ["✅ T"]


async def test_a_server_that_only_lets_read(address: str) -> None:
    """Somebody's fail-over ended on the standby, or an admin turned it."""
    name = make_url(address).database
    async with bot(address) as road:
        change(address, f"ALTER DATABASE {name} SET default_transaction_read_only = on", ENDED)
        with suppress(IntakeUnavailable):
            await road.app.intake.submit(message("cut", "/任务 断开"))  # by which it learns that it was cut off
        road.app.apology._said.clear()
        road.post.sent.clear()
        await refused(road, "m1", "/任务 只读时说的")
        change(address, f"ALTER DATABASE {name} RESET default_transaction_read_only", ENDED)
        with suppress(IntakeUnavailable):
            await road.app.intake.submit(message("cut again", "/任务 又断开"))
        await comes_again(road, "m1", "/任务 只读时说的")


async def test_a_server_that_is_gone_and_its_admins_are_told_all_the_same() -> None:
    server = Server()
    try:
        async with bot(server.empty()) as road:
            await asyncio.to_thread(server.stop, "fast")
            await refused(road, "m1", "/任务 断开时说的")
            await asyncio.to_thread(server.start)
            await comes_again(road, "m1", "/任务 断开时说的")
    finally:
        await asyncio.to_thread(server.close)


@pytest.fixture
def small() -> Iterator[Path]:
    """A disk that can be filled; a folder of everybody's, for the server is another user."""
    if os.geteuid() != 0:
        pytest.skip("a file system of its own needs root")
    disk = Path(tempfile.mkdtemp(prefix="jindu-disk-"))
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=False)
    disk.rmdir()


def fill(disk: Path) -> Path:
    """The file that takes up the room."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    return ballast


async def test_a_servers_disk_is_full(small: Path) -> None:
    """That of its tables: when there is no room for its log, it ends."""
    server = Server(tables=small)
    try:
        async with bot(server.empty()) as road:
            ballast = await asyncio.to_thread(fill, small)
            kept, full = 0, False
            while not full:  # until the last free place in its pages is used
                try:
                    await road.app.intake.submit(message(f"m{kept}", f"/任务 第{kept}件"))
                    kept += 1
                except IntakeUnavailable:
                    full = True
            assert SORRY in road.words
            await asyncio.to_thread(ballast.unlink)
            await comes_again(road, f"m{kept}", f"/任务 第{kept}件")
            for number in range(kept):
                await told(road, f"第{number}件")
    finally:
        await asyncio.to_thread(server.close)


@pytest.fixture
def between(address: str) -> Iterator[Between]:
    between = Between(address)
    yield between
    between.close()


async def test_nobody_is_answered_while_the_disk_takes_its_time(between: Between) -> None:
    """An fsync of many seconds: nothing is acknowledged, the loop goes on, a repetition meanwhile is the same thing."""
    async with bot(between.address) as road:
        between.commits = True
        thing = message("m1", "/任务 写周报")
        waiting = [asyncio.ensure_future(road.app.intake.submit(each)) for each in (thing, thing)]
        await asyncio.to_thread(between.reached.wait)
        waiting += [asyncio.ensure_future(road.app.intake.submit(thing))]
        for _ in range(50):
            await asyncio.sleep(0)
        assert not any(one.done() for one in waiting)
        assert road.post.tried == 1, "not said before it is stored (that one was the group's first)"
        between.commits = False
        between.answers.set()
        receipts = await asyncio.gather(*waiting)
        await road.app.idle()
        assert sorted(receipt.duplicate for receipt in receipts) == [False, True, True]
        assert [words for words in road.words if "写周报" in words] == ["✅ T1 写周报｜负责人 待指派｜截止 未定"]


async def test_a_connection_on_which_nobody_answers_is_given_up(between: Between) -> None:
    """Half open: a proxy whose server is gone, or a server that hangs. Nobody can know whether it was stored."""
    async with bot(between.address) as road:
        between.mute()
        waiting = asyncio.ensure_future(road.app.intake.submit(message("m1", "/任务 写周报")))
        for link in links(road):
            await half_a_minute(link)
        with pytest.raises(IntakeUnavailable):
            await waiting
        await comes_again(road, "m1", "/任务 写周报")
        assert [key for key, _ in await road.rows("inbox") if key == "m1"] == ["m1"]


def links(road: Road) -> list[Link]:
    """The writer's, and the one by which it says that it lives."""
    writer, fleet = road.app.writer, road.app.fleet
    assert isinstance(writer, PgWriter)
    assert fleet is not None
    both = writer._hands[0]._connection, fleet._aside._connection
    return [connection.link for connection in both if connection is not None]


async def half_a_minute(link: Link) -> None:
    """As if it had passed since something was asked that nobody answers."""
    while link._waiter is None:  # noqa: ASYNC110 — nothing tells when it has begun to wait
        await asyncio.sleep(0)
    link._since -= ANSWERED
    link._look_whether_silent(asyncio.get_running_loop())


async def test_who_is_alone_keeps_a_platforms_connection_when_the_server_is_gone(address: str) -> None:
    """Nobody is there to take it over, and through it people are told. With others there it is let go in time."""
    only = Capabilities(exclusive=True)
    async with bot(address, only) as road:
        fleet = road.app.fleet
        assert fleet is not None
        await fleet.held("post")
        await fleet._turn()
        assert fleet._fence is None
        other = Road(address, only)
        await other.app.start()
        await fleet._turn()
        assert fleet._fence is not None
        await other.app.close()
        await fleet._turn()
        assert fleet._fence is None
