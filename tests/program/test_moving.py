"""``jindu migrate --to``: a lived-in file to PostgreSQL and back; refusals change nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli import main
from bot.room_stage import RoomStage
from bot.script import Step
from storage.database import Database
from storage.ddl import HEAD
from storage.migrations import alembic_road
from storage.pg import PgDatabase
from storage.pg_schema import version
from storage.schema import prepare
from storage.stores import Store
from tests.postgres import Server

START = datetime(2026, 9, 18, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
LINES = (
    "/任务 写周报 周五",
    "/任务 拍主图 #拍摄 @李四 明天18:00",
    "T2 40%",
    "/阻塞 等样品",
    "/任务 a\0b 零",
    "完成 T1",
)


async def live(folder: Path) -> None:
    stage = RoomStage(START, folder)
    await stage.start()
    await stage.open_group("双十一大促", ["张三", "李四"])
    for line in LINES:
        await stage.act(Step(1, "said", "张三", "", f"@进度助手 {line}"))
    await stage.go(START + timedelta(days=4))
    await stage.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    asyncio.run(live(tmp_path))
    return tmp_path


def counted(store: Store) -> dict[str, int]:
    connection = store.connect()
    tables = ("task", "task_event", "inbox", "outbox", "person", "schedule", "blocker", "audit")
    found = {name: connection.command(f"SELECT count(*) FROM {name}").fetchone() for name in tables}
    connection.close()
    store.close()
    return {name: row[0] for name, row in found.items() if row}


def run(data: Path, to: str, url: str = "") -> int:
    config = data / "config.toml"
    config.write_text(f'[storage]\nurl = "{url}"\n', encoding="utf-8")
    return main(["migrate", "--config", str(config), "--data", str(data), "--to", to])


def test_to_postgresql_and_back(data: Path, postgres: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server = postgres.empty()
    assert run(data, server) == 0
    said = capsys.readouterr().out
    assert "已搬好" in said or "Copied" in said
    before = counted(Database(data / "jindu.db"))
    assert before["task"] == 3
    assert counted(PgDatabase(server)) == before
    assert run(data, str(data / "back.db"), server) == 0
    assert counted(Database(data / "back.db")) == before
    again = capsys.readouterr().out
    sums = [line.strip() for line in said.splitlines() if line.startswith("  ")]
    assert sums == [line.strip() for line in again.splitlines() if line.startswith("  ")], "the same, there and back"


async def test_the_bot_goes_on_where_it_was(tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    await live(tmp_path)
    server = postgres.empty()
    assert await asyncio.to_thread(run, tmp_path, server) == 0
    monkeypatch.setattr(RoomStage, "books", f"{server}&connections=1")
    stage = RoomStage(START + timedelta(days=5))
    await stage.start()
    await stage.open_group("双十一大促", ["张三", "李四"])
    await stage.act(Step(1, "said", "张三", "", "@进度助手 /任务 新的一件事"))
    await stage.close()
    assert counted(PgDatabase(server))["task"] == 4, "numbers of rows go on after those that were copied"


def test_a_target_with_books_is_refused(data: Path, postgres: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server = postgres.empty()
    assert run(data, server) == 0
    before = counted(PgDatabase(server))
    assert run(data, server) == 1
    assert "已经有数据" in (said := capsys.readouterr().err) or "holds books already" in said
    assert counted(PgDatabase(server)) == before


@pytest.mark.parametrize("to", ["mysql://x/y", "postgresql://host", "postgres"])
def test_an_address_that_is_none_is_refused(data: Path, to: str) -> None:
    assert run(data, to) in (1, 2) or to == "postgres"


def test_nothing_to_copy_is_said(tmp_path: Path, postgres: Server) -> None:
    assert run(tmp_path, postgres.empty()) == 1


def test_a_server_that_is_not_there_is_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(data, f"postgresql+psycopg://jindu:geheim@/books?host={data}") == 1
    said = capsys.readouterr().err
    assert "storage.url" in said
    assert "geheim" not in said


def test_migrations_and_the_tables_made_at_once_are_the_same_on_postgresql(postgres: Server) -> None:
    steps, once = PgDatabase(postgres.empty()), PgDatabase(postgres.empty())
    alembic_road.upgrade(alembic_road.server(steps.conninfo))
    prepare(once)
    assert shape(steps) == shape(once)
    assert alembic_road.differences(alembic_road.server(steps.conninfo)) == []
    alembic_road.downgrade(alembic_road.server(steps.conninfo), "base")
    assert {row[0] for row in shape(steps)} == {"alembic_version"}
    alembic_road.upgrade(alembic_road.server(steps.conninfo))
    connection = steps.connect()
    assert version(connection) == HEAD
    connection.close()


def shape(store: PgDatabase) -> list[tuple[object, ...]]:
    connection = store.connect()
    rows = connection.command(
        "SELECT table_name::text, column_name::text, data_type::text, is_nullable::text, collation_name::text "
        "FROM information_schema.columns WHERE table_schema = 'public' "
        "UNION ALL SELECT tablename::text, indexname::text, indexdef, '', '' FROM pg_indexes "
        "WHERE schemaname = 'public' ORDER BY 1, 2, 3"
    ).fetchall()
    connection.close()
    return rows


def test_somebody_elses_file_is_not_touched(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "photos.db"
    books = sqlite3.connect(other)
    with books:
        books.execute("CREATE TABLE photos (id)")
    books.close()
    assert run(data, str(other)) == 1
