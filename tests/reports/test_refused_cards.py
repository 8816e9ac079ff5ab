"""A platform refuses cards, or their pictures: every report of planning arrives as words, none is lost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import orjson
import pytest

from bot.painter import Painter
from bot.play import Played, moment, perform
from bot.room_stage import RoomStage
from bot.script import read
from chat.cards import Picture, decode
from chat.errors import Rejected
from chat.messages import Outgoing, Sent
from chat.plain import plain

PREPARED = """\
== 2026-09-18 10:00 ==
群 双十一大促：张三 李四 王五 王总
~ 张三> @进度助手 /成员 加 @李四 @王五 只看 @王总
~ 张三> @进度助手 /日报 设置 17:30 收 18:30 截止
~ 张三> @进度助手 /任务 海报设计 @王五 9-21 18:00
~ 张三> @进度助手 /任务 渠道投放 @李四 9-24
~ 张三> @进度助手 T2 依赖 T1
~ 张三> @进度助手 T1 T2 阶段 设计
~ 张三> @进度助手 /里程碑 预热启动 9-24 @李四 依赖 T2
~ 张三> @进度助手 /基线
~ 张三> @进度助手 /日报 关
~ 张三> @进度助手 /日报 设置 17:30 收 18:30 截止
~ == 2026-09-21 08:00 ==
"""
ASKED = (
    "/风险", "/关键路径", "/如果 T1 再延1天", "/重排", "/里程碑", "M1", "/依赖 T2", "/阶段", "/基线", "/聚焦 M1",
    "/应急 支付故障 48h @张三", "/负荷", "/负荷 @王五", "/建议 T1", "/预测", "/预测 回测", "/指标", "/指标 完成率",
    "/重评", "/晨会",
    "/图 甘特", "/图 看板", "/图 燃起", "/图 负荷", "/图 累积", "/图 偏差", "/进度", "/导出",
)  # fmt: skip
"""Besides, the clock says: agenda, weighing, early warnings, risk, the lagging stage, the weekly digest."""


async def _played(tmp_path: Path, *, cards: bool) -> tuple[list[str], list[str]]:
    """(what was to be said, what arrived). ``cards``: are cards taken, if not pictures?"""
    script = tmp_path / "refused.chat"
    asked = "".join(f"~ 张三> @进度助手 {words}\n" for words in ASKED)
    script.write_text(PREPARED + asked + "~ 张三@私聊> /周报\n~ == 2026-09-24 18:45 ==\n", encoding="utf-8")
    steps, played = read(script), Played(script)
    stage = RoomStage(moment(steps[0], datetime(2026, 1, 1).astimezone(), script))
    stage.app.courier.painter = Painter(tmp_path)
    deliver, arrived = stage.adapter.deliver, list[str]()

    async def refusing(parcel: Outgoing) -> Sent:
        pictured = any(isinstance(block, Picture) for block in parcel.card.blocks)
        if parcel.kind != "edit" and not parcel.card.is_text and (pictured or not cards):
            raise Rejected("not that")
        if parcel.kind != "edit":
            arrived.append(plain(parcel.card, parcel.locale))
        return await deliver(parcel)

    stage.adapter.deliver = refusing  # type: ignore[method-assign]
    await stage.start()
    try:
        for step in steps:
            await perform(stage, step, played)
        rows = stage.app.writer.connection._driver.execute(
            "SELECT body, locale, state FROM outbox WHERE kind <> 'edit' ORDER BY id"
        ).fetchall()
    finally:
        await stage.close()
    assert {state for _, _, state in rows} == {"sent"}
    return [plain(decode(orjson.loads(body)), locale) for body, locale, _ in rows], arrived


@pytest.mark.timeout(120)
@pytest.mark.parametrize("cards", [False, True])
async def test_whatever_is_refused_arrives_as_words(tmp_path: Path, *, cards: bool) -> None:
    meant, arrived = await _played(tmp_path, cards=cards)
    assert sorted(arrived) == sorted(meant)
    said = "\n".join(meant)
    for words in (
        "风险 高", "关键路径", "这只是推算", "完成率", "晨会", "重评", "阶段最慢", "工作周 9-20 ~ 9-24", "甘特",
    ):  # fmt: skip
        assert words in said, words
