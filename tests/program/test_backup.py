"""Copies of the books: made beside a bot at work, read back, restored; and what happens at night."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import painter
from bot.backup import KEPT, Backups, BadCopy, copy_to, examine, restore
from bot.clock import VirtualClock
from bot.upkeep import CARDS_KEPT, MESSAGES_KEPT, THINGS_KEPT, Upkeep
from bot.vitals import Vitals
from chat.cards import text_card
from chat.text import say
from storage import audit, inbox, outbox, schema
from storage.books import Books
from storage.database import Database
from storage.statement import ms
from storage.transaction import Tx
from storage.writer import SqliteWriter
from tests.program.conftest import Start

NOW = datetime(2026, 9, 18, 2, tzinfo=UTC)  # 10:00 in Shanghai


class _Watched(VirtualClock):
    """Says when somebody waits for it, and until when."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.waiting = asyncio.Event()
        self.until: datetime | None = None

    async def sleep_until(self, at: datetime) -> None:
        self.until = at
        self.waiting.set()
        await super().sleep_until(at)


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """A database with one draft in it."""
    path = tmp_path / "jindu.db"
    database = Database(path)
    connection = database.connect()
    schema.prepare(database, connection)
    connection.close()
    database.close()
    _write(path, "第一")
    return path


def _write(path: Path, word: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as driver:
        driver.execute("INSERT INTO draft VALUES (?, 'task', 1, 1, '{}', 0, 0)", (word,))


def _words(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as driver:
        return [row[0] for row in driver.execute("SELECT key FROM draft ORDER BY key")]


def test_a_copy_holds_what_is_committed_even_while_somebody_writes(books: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(books, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO draft VALUES ('没写完', 'task', 1, 1, '{}', 0, 0)")
        copy = Backups(books, tmp_path / "backup").make(NOW)
        writer.execute("COMMIT")
    assert _words(copy.path) == ["第一"]
    assert [path.name for path in copy.path.parent.iterdir()] == ["jindu-20260918-020000.db"]


def test_a_copy_is_of_one_moment_however_long_it_takes(books: Path, tmp_path: Path) -> None:
    """Somebody writes between all its bits, to pages copied and to pages still to be copied; it never begins anew."""
    with closing(sqlite3.connect(books, isolation_level=None)) as driver:
        driver.execute("CREATE TABLE filling AS SELECT 0 AS moved, randomblob(3000) AS bulk FROM draft LIMIT 0")
        driver.executemany("INSERT INTO filling VALUES (0, randomblob(3000))", [()] * 2000)
    over, wrote = threading.Event(), 0

    def write() -> None:
        nonlocal wrote
        with closing(sqlite3.connect(books, isolation_level=None, timeout=30)) as driver:
            while not over.is_set():
                driver.execute("UPDATE filling SET moved = moved + 1 WHERE rowid IN (1, 1000, 2000)")
                wrote += 1

    writing = threading.Thread(target=write)
    writing.start()
    copy_to(books, tmp_path / "copy.db")
    over.set()
    writing.join()
    assert wrote
    with closing(sqlite3.connect(tmp_path / "copy.db")) as driver:
        assert len(driver.execute("SELECT DISTINCT moved FROM filling WHERE rowid IN (1, 1000, 2000)").fetchall()) == 1


def test_the_last_week_is_kept(books: Path, tmp_path: Path) -> None:
    backups = Backups(books, tmp_path / "backup")
    assert backups.newest() is None
    for day in range(10):
        backups.make(NOW + timedelta(days=day))
    names = sorted(path.name for path in (tmp_path / "backup").iterdir())
    assert len(names) == KEPT
    assert names[0] == "jindu-20260921-020000.db"


def test_nothing_half_is_left_behind(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.Error):
        Backups(tmp_path / "missing.db", tmp_path / "backup").make(NOW)
    assert list((tmp_path / "backup").iterdir()) == []


def test_what_is_restored_is_the_copy_and_what_was_there_is_kept(books: Path, tmp_path: Path) -> None:
    copy = Backups(books, tmp_path / "backup").make(NOW)
    _write(books, "第二")
    aside = restore(copy.path, books, NOW)
    assert _words(books) == ["第一"]
    assert aside is not None
    assert _words(aside) == ["第一", "第二"]


def test_a_damaged_copy_is_refused_and_nothing_changes(books: Path, tmp_path: Path) -> None:
    copy = Backups(books, tmp_path / "backup").make(NOW).path
    with copy.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (copy.stat().st_size - 8192))
    for bad in (copy, tmp_path / "nowhere.db", Path(__file__)):
        with pytest.raises(BadCopy):
            restore(bad, books, NOW)
    assert _words(books) == ["第一"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "jindu.db", "jindu.db.lock"]


def test_the_program_copies_beside_a_bot_at_work_but_restores_only_without(start: Start, tmp_path: Path) -> None:
    running = start("run", "--port", "0")
    running.url()
    copying = start("backup", "copy.db")
    copying.until("已备份并核对：copy.db")
    assert copying.end() == 0
    refused = start("restore", "copy.db")
    refused.until("另一个 Jindu 正在用")
    assert refused.end() == 1
    assert running.stop() == 0
    done = start("restore", "copy.db")
    done.until("恢复前的数据留在")
    assert done.end() == 0
    assert examine(tmp_path / "data" / "jindu.db").rows == examine(tmp_path / "copy.db").rows
    again = start("run", "--port", "0")
    again.url()
    assert again.stop() == 0
    over = start("backup", "copy.db")
    over.until("已经有了，不覆盖")
    assert over.end() == 1


@pytest.mark.parametrize("arguments", [("backup",), ("backup", "copy.db"), ("restore", "data/jindu.db")])
def test_a_file_from_before_never_passes_for_books_on_a_server(
    start: Start, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    old = start("migrate")
    assert old.end() == 0
    before = (tmp_path / "data" / "jindu.db").read_bytes()
    (tmp_path / "config.toml").write_text('[storage]\nurl = "postgresql+psycopg://jindu:s3cret@db.invalid/jindu"\n')
    refused = start(*arguments)
    refused.until("数据在 PostgreSQL")
    assert refused.end() == 1
    assert "s3cret" not in refused.words
    assert (tmp_path / "data" / "jindu.db").read_bytes() == before
    assert not (tmp_path / "data" / "backup").exists()
    assert not (tmp_path / "copy.db").exists()


def test_troubles_are_looked_for_on_the_server_too(start: Start, tmp_path: Path) -> None:
    old = start("migrate")
    assert old.end() == 0
    (tmp_path / "config.toml").write_text('[storage]\nurl = "postgresql+psycopg://jindu@127.0.0.1:1/jindu"\n')
    for arguments in (("outbox", "list"), ("outbox", "retry", "all"), ("replay",), ("audit", "verify")):
        refused = start(*arguments)
        refused.until("读不了数据")
        assert refused.end() == 1


# --- at night --------------------------------------------------------------------------------------------------------


@pytest.fixture
async def writer(books: Path) -> AsyncIterator[SqliteWriter]:
    database = Database(books)
    writer = SqliteWriter(database)
    writer.start()
    yield writer
    await writer.close()
    database.close()


def _size(path: str) -> int:
    return Path(path).stat().st_size


def _keeper(writer: SqliteWriter, books: Path, clock: VirtualClock, vitals: Vitals) -> Upkeep:
    backups = Backups(books, books.parent / "backup")
    return Upkeep(writer, vitals, clock, backups, ZoneInfo("Asia/Shanghai"))


async def test_a_bot_at_work_backs_up_by_itself_and_again_at_night(writer: SqliteWriter, books: Path) -> None:
    vitals, clock = Vitals(), _Watched(NOW)
    task = asyncio.create_task(_keeper(writer, books, clock, vitals).run(rest=0))
    await clock.waiting.wait()
    assert vitals.backup_at == NOW
    assert [path.name for path in (books.parent / "backup").iterdir()] == ["jindu-20260918-020000.db"]
    assert clock.until == datetime(2026, 9, 18, 19, 30, tzinfo=UTC)  # 03:30 in Shanghai
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_at_night_the_seal_is_noted_and_nothing_erased_stays_in_the_log(
    writer: SqliteWriter, books: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await writer.submit(lambda tx: Books(tx, "a", NOW).audit(None, "look", "done", "x"))
    caplog.set_level(logging.INFO, "jindu.upkeep")
    clock = _Watched(NOW)
    task = asyncio.create_task(_keeper(writer, books, clock, Vitals()).run(rest=0))
    await clock.waiting.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    rows, seal = await writer.submit(audit.head)
    (told,) = [record for record in caplog.records if record.message == "sealed"]
    assert (vars(told)["rows"], vars(told)["seal"], rows) == (1, seal, 1)
    assert _size(f"{books}-wal") == 0


def test_pictures_are_kept_as_long_as_cards(tmp_path: Path) -> None:
    for name, age in (("old", 401), ("new", 399)):
        path = tmp_path / f"{name}.png"
        path.touch()
        at = (NOW - timedelta(days=age)).timestamp()
        os.utime(path, (at, at))
    assert painter.forget(tmp_path, NOW - CARDS_KEPT) == 1
    assert [path.name for path in tmp_path.glob("*.png")] == ["new.png"]
    assert painter.forget(tmp_path / "none", NOW) == 0


async def test_what_nobody_needs_any_more_is_removed(writer: SqliteWriter, books: Path) -> None:
    def fill(tx: Tx) -> None:
        for age in (0, 5, 29, 31, 500):
            inbox.accept(tx, f"thing {age}", "message", ms(NOW - timedelta(days=age)))
        for age in (0, 89, 91, 399, 401):
            post = Books(tx, f"m{age}", NOW - timedelta(days=age)).outbox.post
            post("room", "群", text_card(say("话", "words")))
            post("room", "群", text_card(say("卡", "card")), name=f"task:{age}")
        waiting = [each.parcel for each in outbox.unsent(tx)]
        outbox.sent(tx, [(parcel.id, 1, "") for parcel in waiting if parcel.key != "m91/0"])

    await writer.submit(fill)
    keeper = _keeper(writer, books, VirtualClock(NOW), Vitals())
    assert await keeper.tidy() == 2 + 2 + 1 + 1  # things; messages but the unsent one; a card; the draft
    assert (THINGS_KEPT.days, MESSAGES_KEPT.days, CARDS_KEPT.days) == (30, 90, 400)
    with closing(sqlite3.connect(books)) as driver:
        things = {row[0] for row in driver.execute("SELECT key FROM inbox")}
        parcels = {row[0] for row in driver.execute("SELECT key FROM outbox")}
    assert things == {"thing 0", "thing 5", "thing 29"}
    assert parcels == {"m0/0", "m0/1", "m89/0", "m89/1", "m91/0", "m91/1", "m399/1"}
    assert await keeper.tidy() == 0


@pytest.mark.parametrize(
    ("made_of", "why"),
    [
        (None, "没有这个文件"),
        (b"", "它不是 Jindu 的备份"),
        (b"x" * 5000, "它不是 Jindu 的备份"),
        ("folder", "它是一个文件夹"),
    ],
)
def test_what_is_no_copy_is_named_in_plain_words(start: Start, tmp_path: Path, made_of: object, why: str) -> None:
    path = tmp_path / "copy.db"
    if isinstance(made_of, bytes):
        path.write_bytes(made_of)
    elif made_of:
        path.mkdir()
    refused = start("restore", str(path))
    assert why in refused.until("不能从")
    assert refused.end() == 1
