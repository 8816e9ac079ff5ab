"""Bad lines about plans are answered, change nothing, and never break anything."""

from __future__ import annotations

import pytest

from storage.transaction import Tx
from tests.tasks.conftest import Office

TABLES = ("task", "task_event", "link", "milestone", "milestone_event", "criterion", "baseline", "alarm", "project")
HOSTILE = (
    "{{7*7}} {0} %s",
    "<at id=all></at> @所有人",
    "'; DROP TABLE milestone; --",
    "\u202egnp.exe",
    "😀",
    "مرحبا",
    "M1 T1",
)


async def books(office: Office) -> list[tuple[object, ...]]:
    """Everything a plan consists of."""

    def read(tx: Tx) -> list[tuple[object, ...]]:
        driver = tx._connection.command
        return [row for table in TABLES for row in driver(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()]

    return await office.stage.app.writer.submit(read)


@pytest.fixture
async def planned(office: Office) -> Office:
    """张三's project: T1 by 王五, T2 by 李四 after it, T3 below T1, M1 with one criterion."""
    for words in (
        "/任务 海报设计 @王五 9-23 18:00", "/任务 渠道投放 @李四 9-28", "T2 工期 2天", "T2 依赖 T1", "T1 子任务 草图",
        "/里程碑 预热启动 9-29 依赖 T2", "M1 标准 主图 3 张", "M1 验收人 @李四",
    ):  # fmt: skip
        await office.say("张三", words)
    return office


@pytest.mark.parametrize(
    "line",
    [
        "T2 依赖", "T2 依赖 T2", "T1 依赖 T2", "T2 依赖 T1", "T2 依赖 T9", "T2 依赖 M9", "T9 依赖 T1", "T1 依赖 M1",
        "T2 依赖 T1 -1工作日", "T2 依赖 T1 +0.5天", "T2 依赖 T1 +99999999999999999999天",
        "T2 依赖 T99999999999999999999",
        "T2 不依赖 T3", "T3 依赖 T1", "T1 依赖 T3", "T2 包含 T1", "M1 包含 M1", "M1 依赖 M1", "/依赖 海报",
        "/依赖 T2 T2",
        "T1 工期", "T1 工期 0", "T1 工期 -1天", "T1 工期 1.5天", "T1 工期 半天", "T1 工期 99999999天",
        "T1 工期 ２天半", "T2 工期 2",
        "T1 开始", "T1 开始 12-31", "T1 开始 猴年马月", "T9 开始 9-20", "T1 T2 工期 3天",
        "/里程碑 9-28", "/里程碑 昨天", "/里程碑 交付 昨天", "/里程碑 交付 包含 T77", "/里程碑 " + "长" * 101,
        "M9", "M9 达成", "M1 达成", "M1 改到", "M1 改到 9-30", "M1 改到 昨天 因为：x",
        "M1 标准", "M1 标准 " + "长" * 201,
        "M1 勾", "M1 勾 9", "M1 不通过 1", "M1 删标准 9", "M1 验收人", "M1 验收人 不认识的人", "M1 验收人 @张三",
        "M1 负责人 @李四", "M1 资源", "M1 改名", "M1 改名 " + "长" * 101, "M1 重开", "M1 包含", "M1 芯片",
        "/如果", "/如果 T1", "/如果 天塌了", "/如果 T9 延1天", "/如果 T1 延0天", "/如果 T1 延半天",
        "/如果 T1 延999天",
        "/如果 M1 工期 2天", "/如果 T1 改到 猴年马月", "/重排", "/重排 x", "/关键路径 T9", "/风险 什么",
        "/基线 3", "/聚焦", "/聚焦 M9", "/聚焦 结束", "/应急", "/应急 48h", "/应急 故障 0h", "/应急 进展 x",
        "/应急 结束",
        "/目标 一行", "/目标 甲\n- 乙\n-- 丙\n--- 丁\n---- 戊", "/目标 甲\n- 乙 ×0", "/目标 甲\n- 乙 ×101",
        "T3 权重 0", "T3 权重 101",
        "T3 权重 x", "T3 权重 1", "T1 阶段", "T1 阶段 装修", "/阶段 设置 甲", "/阶段 设置", "/阶段 什么",
        "/设置 风险预警", "/设置 风险预警 也许",
    ],
)  # fmt: skip
async def test_a_bad_line_changes_nothing(planned: Office, line: str) -> None:
    await planned.say("张三", "/基线") if line == "/基线 3" else None
    before = await books(planned)
    said = await planned.say("张三", line)
    assert said
    assert "编号 " not in said[0]
    assert await books(planned) == before


@pytest.mark.parametrize(
    "line",
    [
        "T2 依赖 T3", "T1 工期 3天", "T1 开始 9-20", "T1 阶段 设计", "M1 改到 9-30 因为：x", "M1 标准 新的",
        "M1 勾 1",
        "M1 达成", "M1 取消", "M1 验收人 @王五", "/基线", "/设置 风险预警 关", "/阶段 设置 甲 乙", "/应急 结束",
    ],
)  # fmt: skip
async def test_what_is_not_theirs_changes_nothing(planned: Office, line: str) -> None:
    before = await books(planned)
    said = await planned.say("赵六", line)
    assert said
    assert await books(planned) == before


@pytest.mark.parametrize("words", HOSTILE)
async def test_hostile_words_are_plain_text(office: Office, words: str) -> None:
    await office.say("张三", f"/任务 {words}")
    for line in (
        f"/里程碑 {words} 9-29", "M1 依赖 T1", "M1 包含 T1", f"M1 标准 {words}", f"M1 资源 {words}",
        f"M1 改名 {words}",
        f"M1 改到 9-30 因为：{words}", "M1", "M1 历史", "/里程碑", "/依赖", "/风险", "/关键路径",
        "/如果 T1 延1天", "/进度",
        f"/基线 冻结 {words}"[:30], "/基线", f"/应急 {words} 4h", f"/目标 {words}\n- {words}",
    ):  # fmt: skip
        for said in await office.say("张三", line):
            assert "编号 " not in said, (line, said)


async def test_ten_thousand_characters(office: Office) -> None:
    await office.say("张三", "/任务 甲")
    long = "长" * 10_000
    for line in (
        f"/里程碑 {long}",
        f"T1 依赖 {long}",
        f"T1 工期 {long}",
        f"/如果 T1 {long}",
        f"/如果 {'T1 延1天 ' * 2000}",
        f"/目标 {long}\n- {long}",
    ):
        (said,) = await office.say("张三", line)
        assert len(said) < 1000
        assert "编号 " not in said
    assert await office.count("里程碑") == 0


async def test_a_press_twice_and_an_old_card(planned: Office) -> None:
    await planned.say("张三", "/如果 T1 延1天")
    assert (await planned.press("张三", "应用")).startswith("已应用：")
    before = await books(planned)
    assert await planned.forge("张三", "whatif.apply", "nobody's") == "这个推算已经找不到了，请重新发。"
    assert await planned.forge("张三", "milestone.tick", "1", "77") != ""
    assert await planned.forge("张三", "milestone.reach", "99") == "没找到这个里程碑。"
    assert await planned.forge("张三", "plan.undo", "x") == "这一步已经撤销过了，或者不是你做的。"
    assert await planned.forge("张三", "plan.going", "1,2,x,99999999999999999999999") != ""
    assert await planned.forge("赵六", "focus.begin", "x") != ""
    assert await books(planned) == before
