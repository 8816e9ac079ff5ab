"""The views for other programs: the same columns on both databases, and what they show is what is there."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.rows import dict_row

from bot.room_stage import RoomStage
from bot.script import Step
from storage.database import DIALECT, MEMORY
from storage.ddl import everything
from storage.pg import PgDatabase
from storage.views import VIEWS, creating

START = datetime(2026, 9, 17, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"
SAID = (
    "/成员 加 @李四", "/日报 设置 17:30", "/任务 海报 @李四 9-18 #投放", "T1 30%", "/任务 删错的", "/撤销",
    "/里程碑 开售 9-29", "/任务 详情页", "/状态 设置 进行：设计中、评审中", "T1 状态 评审中", "T3 依赖 T1 +2工作日",
    "M1 依赖 T3", "T1 指标 UV 12.4万", "M1 指标 GMV 1.2亿",
)  # fmt: skip


def _read(address: str, folder: Path) -> Iterator[Any]:
    """Something that runs SQL and gives rows by name."""
    if address == MEMORY:
        with closing(sqlite3.connect(folder / "jindu.db")) as driver:
            driver.row_factory = sqlite3.Row
            yield driver
        return
    with psycopg.connect(PgDatabase(address).conninfo, row_factory=dict_row) as connection:  # type: ignore[arg-type]
        yield connection


async def test_they_show_what_is_there(tmp_path: Path, books: str) -> None:
    stage = RoomStage(START, tmp_path if books == MEMORY else None)
    await stage.start()
    await stage.open_group("双十一大促", ["张三", "李四"])
    for words in SAID:
        await stage.act(Step(0, "said", "张三", "", f"@进度助手 {words}"))
    await stage.go(START.replace(hour=19))
    await stage.go(START.replace(day=18, hour=19))
    await stage.close()
    for driver in _read(books, tmp_path):
        read = {name: driver.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name, _ in VIEWS}
    found = {name: [dict(row) for row in rows] for name, rows in read.items()}
    task, other = found["bi_task"]
    assert (task["ref"], task["owner"], task["state"], task["progress"]) == ("T1", "李四", "doing", 30)
    assert (task["created_at"], task["due_day"]) == ("2026-09-17T02:00:00Z", "2026-09-18")
    assert (task["state_name"], other["state_name"]) == ("评审中", "")
    assert list(task)[-1] == "state_name", "new columns are added at the end"
    fields = [(row["field"], row["to_value"]) for row in found["bi_task_event"] if row["ref"] == "T1"]
    assert fields[0][0] == "created"
    assert {("progress", "30"), ("label", "评审中")} <= set(fields)
    assert [row["tag"] for row in found["bi_task_tag"]] == ["投放"]
    assert [(row["ref"], row["due_day"]) for row in found["bi_milestone"]] == [("M1", "2026-09-29")]
    links = {(row["ref"], row["needs_ref"], row["kind"], row["lag_days"]) for row in found["bi_dependency"]}
    assert links == {("T3", "T1", "after", 2), ("M1", "T3", "after", 0)}
    numbers = [(row["ref"], row["name"], row["value"], row["week_day"]) for row in found["bi_number"]]
    assert numbers == [("T1", "UV", 124_000, "2026-09-14"), ("M1", "GMV", 120_000_000, "2026-09-14")]
    assert [(row["first_day"], row["tasks_due"], row["tasks_done"]) for row in found["bi_weekly"]] == [
        ("2026-09-14", 1, 0)
    ]
    documented = _documented()
    for name, rows in found.items():
        assert not rows or list(rows[0]) == documented[name], name


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_no_macro_is_left_over(dialect: str) -> None:
    assert not any("utc(" in statement for statement in creating(dialect))


def _documented() -> dict[str, list[str]]:
    """{view: its columns} as the page says."""
    rows = re.findall(r"^\| `(bi_[a-z_]+)` \|[^|]*\| ([^|]+) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: columns.split(", ") for name, columns in rows}


def test_every_view_is_documented_with_its_columns() -> None:
    with closing(sqlite3.connect(":memory:")) as driver:
        for statement in everything(DIALECT):
            driver.execute(statement)
        shown = {name: [row[1] for row in driver.execute(f"PRAGMA table_info({name})")] for name, _ in VIEWS}
    assert _documented() == shown
