"""Backups, clocks and links as ``/体检`` learns of them."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backup import KEPT, Backups
from bot.clock import VirtualClock
from bot.vitals import Vitals
from chat.messages import Incoming

NOW = datetime(2026, 9, 18, 2, tzinfo=UTC)


class _Watched(VirtualClock):
    """Says when somebody waits for it."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.waited_for = asyncio.Event()

    async def sleep_until(self, at: datetime) -> None:
        self.waited_for.set()
        await super().sleep_until(at)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "jindu.db"
    driver = sqlite3.connect(path)
    driver.execute("PRAGMA journal_mode = WAL")
    driver.execute("CREATE TABLE task (title TEXT)")
    driver.execute("INSERT INTO task VALUES ('选品')")
    driver.commit()
    driver.close()
    return path


def test_a_copy_holds_everything_even_while_somebody_writes(database: Path, tmp_path: Path) -> None:
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO task VALUES ('没写完')")
    copy = Backups(database, tmp_path / "backup").make(NOW)
    writer.execute("COMMIT")
    writer.close()
    read = sqlite3.connect(copy)
    assert read.execute("SELECT title FROM task").fetchall() == [("选品",)]
    read.close()


def test_the_last_week_is_kept(database: Path, tmp_path: Path) -> None:
    backups = Backups(database, tmp_path / "backup")
    assert backups.newest() is None
    for day in range(10):
        backups.make(NOW + timedelta(days=day))
    names = sorted(path.name for path in (tmp_path / "backup").iterdir())
    assert len(names) == KEPT
    assert names[0] == "jindu-20260921-020000.db"


def test_nothing_half_is_left_behind(tmp_path: Path) -> None:
    backups = Backups(tmp_path / "missing.db", tmp_path / "backup")
    with pytest.raises(sqlite3.Error):
        backups.make(NOW)
    assert list((tmp_path / "backup").iterdir()) == []


def test_the_clocks_differ_by_the_least_that_was_seen() -> None:
    vitals = Vitals()
    thing = Incoming("k", "message", "post", NOW)
    assert vitals.of("post").skew is None
    for late in (0.4, 0.2, 3.0):
        vitals.heard(replace(thing, at=NOW - timedelta(seconds=late)), NOW)
    assert vitals.of("post").skew == pytest.approx(0.2)


async def test_a_bot_at_work_backs_up_by_itself(database: Path, tmp_path: Path) -> None:
    vitals, clock = Vitals(), _Watched(NOW)
    task = asyncio.create_task(vitals.look_after(database, tmp_path / "backup", clock, rest=0))
    await clock.waited_for.wait()
    assert vitals.of("post").backup_at == NOW
    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["jindu-20260918-020000.db"]
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
