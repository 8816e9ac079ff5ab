"""A table through the room: a workbook goes up, its tasks come back in an export, which brings nothing new."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.reading import words_of
from bot.painter import Painter
from bot.room_stage import RoomStage
from bot.script import Step
from chat.cards import Attachment
from chat.messages import File
from chat.sheets import table, workbook

START = datetime(2026, 9, 17, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


class _Team:
    def __init__(self, stage: RoomStage) -> None:
        self.stage = stage

    async def say(self, words: str, *files: File) -> str:
        """What the bot answers."""
        room = self.stage.room
        self.stage.said.clear()
        person = next(name for name, one in room.people.items() if one.name == "张三")
        room.say(person, room.group("双十一大促"), f"@进度助手 {words}", None, list(files))
        await self.stage.idle()
        return "\n".join(line.text for line in self.stage.said)

    async def press(self, label: str) -> None:
        await self.stage.act(Step(0, "press", "张三", "", label))
        await self.stage.go(self.stage.now() + timedelta(minutes=1))

    def file(self) -> Attachment:
        """The newest in the group."""
        room = self.stage.room
        shown = [m.card for m in room.messages(room.group("双十一大促")) if m.card]
        return [block for card in shown for block in card.blocks if isinstance(block, Attachment)][-1]


@pytest.fixture
async def team(tmp_path):
    stage = RoomStage(START)
    stage.app.courier.painter = Painter(tmp_path)
    await stage.start()
    await stage.open_group("双十一大促", ["张三", "李四"])
    yield _Team(stage)
    await stage.close()


def _uploaded(name: str, content: bytes) -> File:
    return File(name, "r", len(content), words_of(name, content))


async def test_a_workbook_in_and_out_and_in_again(team: _Team) -> None:
    rows = "".join(f"任务{n},,2026-10-{n % 28 + 1:02d}\n" for n in range(250))
    seen = await team.say("/导入", _uploaded("计划.xlsx", workbook("标题,负责人,截止\n" + rows, "计划")))
    assert "可以导入 250 项" in seen
    await team.press("导入 250 项")
    assert "全部任务，250 项" in await team.say("/导出")
    exported = team.file()
    assert (exported.name, exported.form) == ("双十一大促-2026-09-17.xlsx", "base64")
    lines = table(exported.data).splitlines()
    assert lines[0] == "编号,标题,负责人,状态,进度,优先级,开始,截止,工期,标签,阶段,上级,创建,完成时间,描述"
    assert len(lines) == 251
    again = await team.say("/导入", _uploaded("双十一大促.xlsx", exported.data))
    assert "可以导入 0 项，已经有 250 项（跳过），有问题 0 行" in again
    same = await team.say("/导入", _uploaded("计划.xlsx", workbook("标题,负责人,截止\n" + rows, "计划")))
    assert "可以导入 0 项，已经有 250 项（跳过）" in same


async def test_a_file_that_is_no_table_is_refused(team: _Team) -> None:
    assert "读不了「照片.png」" in await team.say("/导入", _uploaded("照片.png", b"\x89PNG"))
    assert "读不了「坏.xlsx」" in await team.say("/导入", _uploaded("坏.xlsx", b"PK"))
    assert "没有未完成的任务" in await team.say("/进度")
