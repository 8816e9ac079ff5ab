"""Who is erased is in no row and in no free page of the books any more, whatever they and others did before."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from bot.play import Played, perform
from bot.room_stage import RoomStage
from bot.script import read
from commands import grammar
from storage.personal import called
from storage.transaction import Tx
from tests.fuzz.conftest import looks
from tests.fuzz.two_teams import START

WHO, MARK, LEAD, MATE, GROUP = "钱七密X9", "秘语Q8", "张三", "李四", "甲群"
TABLE = grammar.load()
WORDS = sorted(TABLE.commands)
BEFORE = f"""
{LEAD}@{GROUP}> @进度助手 /项目 新建 大促 11-11
{LEAD}@{GROUP}> @进度助手 /成员 加 @{WHO} @{MATE}
{LEAD}@{GROUP}> @进度助手 /日报 设置 17:30 18:30
{WHO}@私聊> 你好
{WHO}@私聊> /任务 我的事
{LEAD}@{GROUP}> @进度助手 /任务 选品 @{WHO} 周五18:00
{LEAD}@{GROUP}> @进度助手 /任务 主图 @{LEAD} 9-17
{WHO}@{GROUP}> @进度助手 T1 50%
{WHO}@{GROUP}> @进度助手 今日：{MARK}一 明日：{MARK}二 阻塞：{MARK}三
{WHO}@{GROUP}> @进度助手 今日：改成{MARK}四 明日：{MARK}五 阻塞：{MARK}六
{LEAD}@{GROUP}> @进度助手 /里程碑 上线 9-30 @{WHO}
{LEAD}@{GROUP}> @进度助手 /审批 预算 @{WHO} @{MATE}
{WHO}@{GROUP}> @进度助手 /审批 加班 @{LEAD}
{LEAD}@{GROUP}> @进度助手 /决策 方案 @{WHO}
{LEAD}@{GROUP}> @进度助手 /请回复 报价 @{WHO} 明天
{WHO}@{GROUP}> @进度助手 R1 {MARK}七
{LEAD}@{GROUP}> @进度助手 /周期 每周一 周报 @{WHO}
{LEAD}@{GROUP}> @进度助手 /基线 冻结
{LEAD}@{GROUP}> @进度助手 /交接 @{WHO}→@{MATE}
{WHO}@{GROUP}> @进度助手 /请假 9-21 {MARK}八
{WHO}@私聊> /邮箱 {MARK}@example.com
{WHO}@私聊> /我的数据
{WHO}@私聊> /时区 Europe/London
{MATE}@{GROUP}> @进度助手 /成员 加 @{WHO}
{LEAD}@{GROUP}> @进度助手 /周报
{LEAD}@{GROUP}> @进度助手 /日报
== 2026-09-18 19:00 ==
{LEAD}@{GROUP}> @进度助手 /进度
"""
ERASE = f"""
{LEAD}@{GROUP}> @进度助手 /成员 清除数据 @{WHO}
{LEAD}@{GROUP} 点 [清除]
"""
SAID = ["", f"@{WHO}", f"T1 @{WHO}", f"@{WHO} 明天", f"@{WHO}→@{MATE}", f"P1 @{WHO}", "T1", "P1", "R1", "M1", "B1"]
STEP = st.tuples(st.sampled_from([WHO, LEAD, MATE]), st.sampled_from([GROUP, "私聊"]), st.sampled_from(WORDS),
                 st.sampled_from(SAID))  # fmt: skip


class Story:
    """A room, its bot and their books in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stage = RoomStage(START, folder)
        self._file = folder / "step.chat"
        self._played = Played(self._file)

    async def tell(self, lines: str) -> None:
        self._file.write_text(lines, encoding="utf-8")
        for step in read(self._file):
            await perform(self.stage, step, self._played)
            await self.stage.idle()
            self.stage.said.clear()
            self.stage.toasts.clear()

    async def says(self, who: str, where: str, words: str) -> None:
        room, person = self.stage.room, self.stage._person(who)
        place = room.direct(person) if where == "私聊" else room.group(where)
        room.say(person, place, words if where == "私聊" else f"@进度助手 {words}")
        await self.stage.idle()

    async def names(self) -> list[str]:
        def read(tx: Tx) -> list[str]:
            return [name for (name,) in tx._connection.command("SELECT name FROM person").fetchall()]

        return await self.stage.app.writer.submit(read)


async def told(folder: Path, steps: list[tuple[str, str, str, str]]) -> str:
    """Returns the erased person's id on the platform. Raises LookupError: after all that nobody may erase them."""
    story = Story(folder)
    await story.stage.start()
    try:
        await story.tell(f"群 {GROUP}：{LEAD} {MATE} {WHO}\n" + BEFORE)
        for who, where, word, more in steps:
            await story.says(who, where, f"/{word} {more}")
        external = story.stage._person(WHO)
        await story.tell(ERASE)
        if WHO in await story.names():
            raise LookupError("they are still there")
        await story.stage.go(story.stage.now() + timedelta(minutes=5))
        return external
    finally:
        await story.stage.close()


def left(folder: Path, external: str) -> list[tuple[str, str, str]]:
    """(table, column, value) of every row that still tells who it was; and of the file's bytes."""
    found = []
    file = folder / "jindu.db"
    with closing(sqlite3.connect(file)) as driver:
        tables = driver.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
        for (table,) in tables.fetchall():
            cursor = driver.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor:
                found += [
                    (table, column, value)
                    for column, value in zip(names, row, strict=True)
                    if isinstance(value, str)
                    and (WHO in value or MARK in value or value == external or f'"{external}"' in value)
                ]
    content = file.read_bytes()
    found += [("the file", word, "") for word in (WHO, MARK) if word.encode() in content]
    return found


@pytest.mark.sqlite
def test_nothing_of_who_is_erased_remains(tmp_path: Path) -> None:
    external = asyncio.run(told(tmp_path, []))
    assert left(tmp_path, external) == []
    with closing(sqlite3.connect(tmp_path / "jindu.db")) as driver:
        names = [name for (name,) in driver.execute("SELECT name FROM person WHERE name LIKE '已离开成员%'")]
    assert len(names) == 1
    assert names[0].startswith(called(0)[:-1])


@pytest.mark.sqlite
@looks(4, 200)
@given(steps=st.lists(STEP, min_size=10, max_size=40))
def test_nothing_remains_whatever_was_done_before(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("erased")
    try:
        external = asyncio.run(told(folder, steps))
    except LookupError:
        reject()
    assert left(folder, external) == []
