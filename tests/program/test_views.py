"""The views for other programs: the same columns on both databases, and what they show is what is there."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.room_stage import RoomStage
from bot.script import Step
from storage.views import VIEWS, creating

START = datetime(2026, 9, 17, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"


async def _said(tmp_path: Path) -> Path:
    stage = RoomStage(START, tmp_path)
    await stage.start()
    await stage.open_group("双十一大促", ["张三", "李四"])
    for words in ("/任务 海报 @李四 9-18 #投放", "T1 30%", "/任务 删错的", "/撤销", "/里程碑 开售 9-29"):
        await stage.act(Step(0, "said", "张三", "", f"@进度助手 {words}"))
    await stage.close()
    return tmp_path / "jindu.db"


async def test_they_show_what_is_there(tmp_path: Path) -> None:
    with closing(sqlite3.connect(await _said(tmp_path))) as driver:
        driver.row_factory = sqlite3.Row
        (task,) = driver.execute("SELECT * FROM bi_task").fetchall()
        fields = [row["field"] for row in driver.execute("SELECT * FROM bi_task_event WHERE ref = 'T1'")]
        (tag,) = driver.execute("SELECT tag FROM bi_task_tag").fetchone()
        milestone = driver.execute("SELECT ref, due_day FROM bi_milestone").fetchone()
        for name, _ in VIEWS:
            driver.execute(f"SELECT * FROM {name}").fetchall()
    assert (task["ref"], task["owner"], task["state"], task["progress"]) == ("T1", "李四", "doing", 30)
    assert task["created_at"] == "2026-09-17T02:00:00Z"
    assert task["due_day"] == "2026-09-18"
    assert fields[0] == "created"
    assert "progress" in fields
    assert tag == "投放"
    assert tuple(milestone) == ("M1", "2026-09-29")


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_no_macro_is_left_over(dialect: str) -> None:
    assert not any("utc(" in statement for statement in creating(dialect))


def test_every_view_is_documented() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    named = set(re.findall(r"`(bi_[a-z_]+)`", text))
    assert named == {name for name, _ in VIEWS}
