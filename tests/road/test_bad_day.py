"""J11 where time and restarts meet: the same message over hours, a slow disk, a clock that is set."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import Travel
from bot.backup import copy_to, restore
from bot.upkeep import THINGS_KEPT
from storage import ddl, pg_schema, schema
from storage.counts import COUNTS
from storage.database import Connection
from storage.migrations import FOLDER, alembic_road
from tests.postgres import Server
from tests.road.conftest import NINE, Road, message

AGAIN = (timedelta(), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))
PROMPT = ("日报，18:30 截止", "日报（迟发 ")


@asynccontextmanager
async def bot(path: Path | str, now: datetime = NINE) -> AsyncIterator[Road]:
    """A bot at work on these books at that hour."""
    road = Road(path)
    road.clock.set(now)
    await road.app.start()
    try:
        yield road
    finally:
        await road.app.close()


async def count(road: Road, what: str) -> int:
    return int(await road.app.writer.submit(lambda tx: tx.value(COUNTS[what])))


@pytest.mark.parametrize("restart_after", [0, 1, 2])
async def test_one_message_delivered_four_times_over_six_hours(tmp_path: Path, restart_after: int) -> None:
    """J11 #1: with a restart somewhere between, one task and one answer."""
    thing, path, words = message("post:1", "/任务 写周报"), tmp_path / "jindu.db", []
    for part in (AGAIN[: restart_after + 1], AGAIN[restart_after + 1 :]):
        async with bot(path) as road:
            for later in part:
                await Travel(road.app, road.clock).to(NINE + later)
                await road.app.intake.submit(thing)
                await road.app.idle()
            words += road.words
            assert await count(road, "任务") == 1
    assert words == ["✅ T1 写周报｜负责人 待指派｜截止 未定"]


def test_it_is_known_for_as_long_as_any_platform_delivers_again() -> None:
    """J11 #1: the nightly clearing of the books leaves its key alone."""
    assert timedelta(days=7) <= THINGS_KEPT


async def evening(road: Road) -> None:
    """A group whose prompt is due at 17:30, until twenty to six."""
    await road.app.intake.submit(message("post:1", "/项目 新建 双十一"))
    await road.app.intake.submit(message("post:2", "/日报 设置 17:30 收 18:30 截止"))
    await Travel(road.app, road.clock).to(at("17:40"))


def at(hour: str, day: int = 18) -> datetime:
    hours, minutes = map(int, hour.split(":"))
    return datetime(2026, 9, day, hours - 8, minutes, tzinfo=UTC)


def prompts(road: Road) -> int:
    return sum(any(start in words for start in PROMPT) for words in road.words)


@pytest.mark.parametrize("copied", [False, True])
async def test_the_first_start_of_another_version_says_nothing_again(tmp_path: Path, copied: bool) -> None:
    """J11 #18: on the same books, or on a copy that was put in their place, what was said stays said."""
    path = tmp_path / "jindu.db"
    async with bot(path) as road:
        await evening(road)
        assert prompts(road) == 1
        if copied:
            copy_to(path, tmp_path / "copy.db")
    if copied:
        restore(tmp_path / "copy.db", path, NINE)
    async with bot(path, at("17:41")) as road:
        await Travel(road.app, road.clock).to(at("18:10"))
        assert road.words == []
        await Travel(road.app, road.clock).to(at("17:40", 20))
        assert prompts(road) == 1, "the next working day's, once (a Sunday that is one)"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of books that are nobody else's."""
    if request.param == "sqlite":
        return str(tmp_path / "jindu.db")
    server: Server = request.getfixturevalue("postgres")
    return server.empty()


NEXT = """
revision, down_revision, branch_labels, depends_on = "next", "{head}", None, None
from alembic import op
import sqlalchemy as sa

def upgrade():
    for table in ("schedule", "outbox", "inbox", "pulse"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("later", sa.Integer, server_default="0", nullable=False))
"""


def of_the_next_version(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on this program has one more migration, which changes every table that keeps things from being said."""
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "next_more.py").write_text(NEXT.format(head=ddl.HEAD))
    monkeypatch.setattr(alembic_road, "FOLDER", folder)
    monkeypatch.setattr(ddl, "REVISIONS", (*ddl.REVISIONS, "next"))
    for module in (ddl, schema, pg_schema):
        monkeypatch.setattr(module, "HEAD", "next")


async def test_across_an_upgrade_nothing_is_said_again(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """J11 #18: the tables are changed at the first start; what was said stays said, what is due comes once."""
    async with bot(store) as road:
        await evening(road)
        assert prompts(road) == 1
    of_the_next_version(tmp_path / "next", monkeypatch)
    async with bot(store, at("17:41")) as road:
        sql = "SELECT version_num, later FROM alembic_version, pulse"
        assert await road.app.writer.submit(lambda tx: tx._connection.command(sql).fetchall()) == [("next", 0)]  # type: ignore[attr-defined]
        await Travel(road.app, road.clock).to(at("18:10"))
        assert road.words == []
        await Travel(road.app, road.clock).to(at("17:40", 20))
        assert prompts(road) == 1


@pytest.mark.parametrize("back", [timedelta(minutes=10), timedelta(hours=3)])
async def test_a_clock_that_is_set_back_repeats_nothing(road: Road, back: timedelta) -> None:
    """J11 #6."""
    await evening(road)
    said = list(road.words)
    road.clock.set(road.clock.now() - back)
    await Travel(road.app, road.clock).to(at("18:10"))
    assert road.words == said


async def test_a_clock_that_was_three_hours_ahead_for_a_while(road: Road) -> None:
    """J11 #6 the other way: too early by a wrong clock, and not again when it is right."""
    await evening(road)
    road.clock.set(at("14:00", 20))
    await road.app.alarm.sweep()
    before = prompts(road)
    road.clock.set(at("17:31", 20))
    await road.app.alarm.sweep()
    await road.app.idle()
    assert prompts(road) == before + 1
    said = list(road.words)
    road.clock.set(at("14:31", 20))
    await Travel(road.app, road.clock).to(at("17:40", 20))
    assert road.words == said
    await Travel(road.app, road.clock).to(at("17:40", 21))
    assert prompts(road) == before + 2, "the next day's, once"


async def test_nobody_is_answered_while_the_disk_takes_its_time(tmp_path: Path) -> None:
    """An fsync of many seconds: nothing is acknowledged, the loop goes on, a repetition meanwhile is the same thing."""
    async with bot(tmp_path / "jindu.db") as road:
        gate = slow_disk(road)
        thing = message("post:1", "/任务 写周报")
        waiting = [asyncio.ensure_future(road.app.intake.submit(each)) for each in (thing, thing)]
        waiting += [asyncio.ensure_future(road.app.intake.submit(message("post:2", "/任务 别的事", who="u2")))]
        await asyncio.to_thread(gate.reached.wait)
        again = asyncio.ensure_future(road.app.intake.submit(thing))
        for _ in range(50):
            await asyncio.sleep(0)
        assert not any(one.done() for one in (*waiting, again))
        assert road.post.tried == 0, "not said before it is stored"
        gate.open.set()
        receipts = await asyncio.gather(*waiting, again)
        await road.app.idle()
        assert sorted(receipt.duplicate for receipt in receipts) == [False, False, True, True]
        assert len(road.words) == 2


class Gate:
    """``reached``: somebody waits for the disk; ``open``: it is done."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()


def slow_disk(road: Road) -> Gate:
    """Each commit of this bot waits for the gate."""
    connection = road.app.writer.aside
    assert isinstance(connection, Connection)
    command, gate = connection.command, Gate()

    def slowly(word: str) -> object:
        if word == "COMMIT":
            gate.reached.set()
            gate.open.wait()
        return command(word)

    connection.command = slowly  # type: ignore[assignment]
    return gate
