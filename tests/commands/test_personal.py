"""What is known about a person: all of it in a file for them alone; gone when they, or who may, want it gone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import SQLModel

from bot.clock import VirtualClock
from bot.config import RetentionSection
from bot.upkeep import Upkeep
from chat.cards import Attachment
from storage import audit
from storage.statement import Statement
from storage.transaction import Tx
from tests.commands.conftest import START, Office
from tests.commands.test_leaving import prepared


async def file_of(office: Office, who: str) -> dict[str, Any]:
    room = office.stage.room
    for message in reversed(room.messages(room.direct(room.person(who)))):
        for block in message.card.blocks if message.card else ():
            if isinstance(block, Attachment):
                content: dict[str, Any] = json.loads(block.content)
                return content
    raise LookupError("no file")


async def everything(office: Office) -> str:
    """Every text in the books but what was said in chats: that stays until messages are pruned."""

    def read(tx: Tx) -> str:
        tables = [table for table in SQLModel.metadata.sorted_tables if table.name != "outbox"]
        return "\n".join(str(row) for table in tables for row in tx.rows(Statement(select(table))))

    return await office.stage.app.writer.submit(read)


async def test_a_file_about_oneself(office: Office) -> None:
    await prepared(office)
    await office.hears("王五> @进度助手 /任务 别人的事")
    assert (await office.hears("李四> @进度助手 /我的数据")) == ["这是你自己的事，请私聊我发。"]
    await office.hears("李四@私聊> /我的数据")
    found = await file_of(office, "李四")
    assert [row["title"] for row in found["task"]] == ["选品"]
    assert [row["done"] for row in found["daily"]] == ["选了 20 款"]
    assert found["daily_version"]
    assert [row["name"] for row in found["person"]] == ["李四"]
    assert "别人的事" not in json.dumps(found, ensure_ascii=False)


async def test_erased_by_oneself(office: Office) -> None:
    await prepared(office)
    await office.hears("李四@私聊> 你好")
    asked = await office.hears("李四@私聊> /删除我的数据")
    assert asked[0].startswith("要清除 李四 的个人数据吗？不能恢复。")
    assert "1 项未完成的任务" in asked[0]
    assert "选了 20 款" in await everything(office)
    said = await office.hears("李四@私聊 点 [不清除]")
    assert said[0] == "好的，一切照旧。"
    await office.hears("李四@私聊> /删除我的数据")
    said = await office.hears("李四@私聊 点 [清除]")
    assert said[0] == "已清除。"
    await office.hears("== 2026-09-18 10:05 ==")
    left = await everything(office)
    for words in ("选了 20 款", "等预算", "再选", "李四"):
        assert words not in left, words
    task = await office.hears("张三> @进度助手 /任务 T1")
    assert "待指派" in task[0]
    assert "李四" not in task[0]
    history = await office.hears("张三> @进度助手 T1 历史")
    assert "李四" not in history[0].replace("@李四", "")
    chain = await office.stage.app.writer.submit(audit.verify)
    assert chain.sound
    again = await office.hears("李四@私聊> /我的数据")
    assert again
    assert "daily" not in await file_of(office, "李四")


async def test_who_may_not(office: Office) -> None:
    await prepared(office)
    before = await everything(office)
    assert (await office.hears("李四> @进度助手 /成员 清除数据 @王五"))[0].startswith(
        "只有管理员（张三）能清除成员的个人数据"
    )
    assert "一次清除一个人" in (await office.hears("张三> @进度助手 /成员 清除数据"))[0]
    assert "最后的管理员" in (await office.hears("张三@私聊> /删除我的数据"))[0]
    await office.hears("群 别的群：王五 李四")
    await office.hears("李四> @进度助手 你好")
    said = await office.hears("张三@双十一大促> @进度助手 /成员 清除数据 @李四")
    assert said == ["李四 还在别的项目里，不能由你清除。请 李四 自己私聊我发：/删除我的数据"]
    assert "选了 20 款" in before
    assert "选了 20 款" in await everything(office)


async def test_erased_by_an_admin(office: Office) -> None:
    await prepared(office)
    asked = await office.hears("张三> @进度助手 /成员 清除数据 @李四")
    assert asked[0].startswith("要清除 李四 的个人数据吗？")
    assert "没找到" in (await forged(office, "张三", "999"))
    assert "只有管理员" in (await forged(office, "王五", "2"))
    said = await office.hears("张三 点 [清除]")
    assert said[0] == "已清除。"
    members = await office.hears("张三> @进度助手 /成员")
    assert "李四" not in members[0].partition("\n加人")[0]
    assert await office.count("日报") == 1
    assert await forged(office, "张三", "2") == "没找到这个人。"


async def forged(office: Office, who: str, person: str) -> str:
    room = office.stage.room
    place = room.group("双十一大促")
    card = next(message for message in reversed(room.messages(place)) if message.kind == "card")
    key = room.press(room.person(who), card.id, ("person.erase", (person,)))
    await office.stage.idle()
    answer = room.answer(key)
    assert answer is not None
    return answer.toast.render("zh")


async def test_words_are_kept_as_long_as_the_owner_wants(office: Office) -> None:
    await prepared(office)
    await office.hears("张三> @进度助手 /请假 9-21")
    app = office.stage.app
    keep = RetentionSection(dailies=365, absences=365, audit_details=365)
    for kept, days, there in ((RetentionSection(), 4000, True), (keep, 364, True), (keep, 366, False)):
        clock = VirtualClock(START + timedelta(days=days))
        await Upkeep(app.writer, app.vitals, clock, None, ZoneInfo("Asia/Shanghai"), kept).tidy()
        assert ("选了 20 款" in await everything(office)) is there
    chain = await app.writer.submit(audit.verify)
    assert chain.sound
    assert await office.count("日报") == 1
