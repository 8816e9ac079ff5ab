"""``/退出``: all data in a file to the admin alone, and silence until the schedules are resumed."""

from __future__ import annotations

import json
from typing import Any

from chat.cards import Attachment
from tests.commands.conftest import Office


def document(office: Office) -> dict[str, Any]:
    """The file 张三 got last."""
    room = office.stage.room
    for message in reversed(room.messages(room.direct(room.person("张三")))):
        for block in message.card.blocks if message.card else ():
            if isinstance(block, Attachment):
                content: dict[str, Any] = json.loads(block.content)
                return content
    raise LookupError("no file")


async def prepared(office: Office) -> None:
    await office.hears("张三> @进度助手 /项目 新建 双十一大促 11-11")
    await office.hears("张三> @进度助手 /成员 加 @李四")
    await office.hears("张三> @进度助手 /日报 设置 17:30 收 18:30 截止")
    await office.hears("张三> @进度助手 /任务 选品 @李四 #双十一")
    await office.hears("李四> @进度助手 今日：选了 20 款 明日：再选 阻塞：等预算")


async def test_everything_about_the_project_is_in_the_file_and_nothing_of_others(office: Office) -> None:
    await prepared(office)
    await office.hears("群 别的群：王五 陈晨")
    await office.hears("王五> @进度助手 /任务 别人的事")
    said = await office.hears("张三@双十一大促> @进度助手 /项目 导出")
    assert "✅ 「双十一大促」的全部数据已私聊发出。" in said
    data = document(office)
    assert [row["title"] for row in data["task"]] == ["选品"]
    assert [row["tag"] for row in data["task_tag"]] == ["双十一"]
    assert [row["done"] for row in data["daily"]] == ["选了 20 款"]
    assert [row["words"] for row in data["blocker"]] == ["等预算"]
    assert {row["name"] for row in data["person"]} == {"张三", "李四"}
    assert data["project"][0]["name"] == "双十一大促"
    assert data["task_event"]


async def test_after_leaving_nothing_is_sent_until_it_is_resumed(office: Office) -> None:
    await prepared(office)
    asked = await office.hears("张三@双十一大促> @进度助手 /退出")
    assert "[导出并停用] [只导出] [不用]" in asked[0]
    said = await office.hears("张三@双十一大促 点 [导出并停用]")
    assert "已停用。" in said
    assert await office.hears("== 2026-09-21 20:00 ==") == []
    assert document(office)["format"] == 1
    await office.hears("张三@双十一大促 点 [恢复定时]")
    assert any("日报" in line for line in await office.hears("== 2026-09-22 17:30 =="))


async def test_only_admins_get_the_data(office: Office) -> None:
    await prepared(office)
    for line in ("/退出", "/退出 导出", "/退出 只导出"):
        said = await office.hears(f"李四@双十一大促> @进度助手 {line}")
        assert said[0].startswith("只有管理员（张三）能导出项目数据。")
    assert await office.count("被拒") == 3
