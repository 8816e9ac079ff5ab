"""``/体检``: each thing that is not well says how to mend it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from storage.calendars import Calendars
from storage.transaction import Tx
from tests.commands.conftest import START, Office

HEALTHY = "✓ 连接 ✓ 发群消息 ✓ 私聊 ✓ 改卡片 ✓ 时区数据 ✓ 中文字体 ✓ 备份 ✓ 时钟误差 0.0 秒"


async def examined(office: Office) -> list[str]:
    said = await office.hears("张三> @进度助手 /体检")
    return said[0].split("\n")


async def test_all_is_well_but_for_the_next_year(office: Office) -> None:
    assert await examined(office) == [
        "体检 9 项：8 正常 1 注意",
        HEALTHY,
        "! 2027 年放假安排尚未导入（影响 2027-01-01 起）→ /日历 导入 2027",
    ]


async def test_two_calendars_that_differ_are_named_and_the_imported_one_counts(office: Office) -> None:
    document = {"year": 2026, "days": [{"name": "国庆", "date": "2026-10-01", "isOffDay": True}]}

    def published(tx: Tx) -> None:
        Calendars(tx, START).import_year("CN", json.dumps(document))

    await office.stage.app.writer.submit(published)
    lines = await examined(office)
    assert any(line.startswith("! 日历来源不一致 ") and line.endswith("，以导入的为准") for line in lines)
    shown = await office.hears("张三> @进度助手 /日历 10月")
    assert "10-1（周四）休息（国庆）" in shown[0]
    assert "10-7" not in shown[0]


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("font", "! 没有中文字体，图片里的汉字会变方框 → sudo apt install fonts-noto-cjk"),
        ("no backup", "! 还没有备份：程序运行时每天自动备份到数据目录的 backup 文件夹，过几分钟再看"),
        ("old backup", "! 上次备份是 9-15：检查磁盘空间和数据目录权限"),
        ("connection", "✗ 连接断开：看程序日志，再重启程序"),
    ],
)
async def test_what_is_wrong_comes_with_its_remedy(office: Office, what: str, line: str) -> None:
    vitals = office.stage.app.vitals
    match what:
        case "font":
            vitals.font = False
        case "no backup":
            vitals.backup_at = None
        case "old backup":
            vitals.backup_at = START - timedelta(days=3)
        case "connection":
            vitals.connected.clear()
    assert line in await examined(office)


async def test_a_message_that_did_not_arrive_is_a_fault(office: Office) -> None:
    await office.hears("张三> @进度助手 /成员")
    sql = "UPDATE outbox SET state = 'dead', error = 'no permission' WHERE id = (SELECT max(id) FROM outbox)"
    app = office.stage.app
    await app.writer.submit(lambda tx: tx._connection.command(sql))  # type: ignore[attr-defined]
    lines = await examined(office)
    assert lines[0] == "体检 9 项：7 正常 1 注意 1 不行"
    assert "✗ 发群消息失败（no permission）：确认我还在「双十一大促」、没被禁言，再发一次" in lines
