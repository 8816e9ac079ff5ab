"""History alone tells what a plan was: every link, tick and date can be recomputed from its rows, also after undo."""

from __future__ import annotations

from typing import Any

from storage.transaction import Tx
from tests.tasks.conftest import Office

LINKS = "SELECT after_kind, after_id, before_kind, before_id, kind, lag FROM link"
TASK_EVENTS = "SELECT task_id, field, before, after FROM task_event WHERE field IN ('depends', 'undepends') ORDER BY id"
EVENTS = "SELECT milestone_id, field, before, after FROM milestone_event ORDER BY id"
MILESTONES = "SELECT id, title, due, resources, state FROM milestone"
TICKS = "SELECT milestone_id, number, owner_by IS NOT NULL, verifier_by IS NOT NULL FROM criterion"


async def rows(office: Office, query: str) -> list[tuple[Any, ...]]:
    def read(tx: Tx) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in tx._connection.command(query).fetchall()]

    return await office.stage.app.writer.submit(read)


async def replayed_links(office: Office) -> set[tuple[Any, ...]]:
    found: dict[tuple[Any, ...], tuple[str, int]] = {}
    events = [("T", *row) for row in await rows(office, TASK_EVENTS)]
    events += [("M", *row) for row in await rows(office, EVENTS) if row[1] in ("depends", "undepends")]
    for kind, number, field, before, after in events:
        what, other, how, lag = (after or before).split(":")
        pair = (kind, number, what, int(other))
        if field == "depends":
            found[pair] = (how, int(lag))
        else:
            found.pop(pair, None)
    return {(*pair, *rest) for pair, rest in found.items()}


async def test_links_dates_and_ticks_follow_from_history(office: Office) -> None:
    for words in (
        "/任务 甲 9-22", "/任务 乙 9-24", "/任务 丙 9-28", "T2 依赖 T1", "T3 依赖 T1 T2 +2工作日",
        "T3 依赖 T2 +1工作日", "T3 不依赖 T1",
        "/撤销", "T2 不依赖 T1", "/里程碑 交付 9-29 包含 T1 T2", "/里程碑 上线 依赖 M1", "M1 不含 T1", "M2 改到 10-9",
        "M2 改到 10-12 因为：晚了", "M1 资源 两天", "M1 标准 一；二；三", "M1 验收人 @李四", "M1 勾 1",
        "M1 勾 2", "M1 不通过 2", "M1 删标准 3",
        "/撤销", "M1 改名 交付全部", "/撤销", "M1 取消", "/撤销", "M2 取消", "M2 重开",
    ):  # fmt: skip
        (said, *_) = await office.say("张三", words)
        assert "编号 " not in said, words
    await office.say("李四", "M1 勾 1")
    assert await replayed_links(office) == set(await rows(office, LINKS))
    events = await rows(office, EVENTS)
    for number, title, due, resources, state in await rows(office, MILESTONES):
        now = {field: after for milestone, field, _, after in events if milestone == number}
        assert now.get("title", now["created"]) == title
        assert (now.get("due") or None) in (due, None)
        assert now.get("resources", "") == resources
        assert now.get("state", "open") == state
    ticked: dict[tuple[int, int, str], bool] = {}
    for milestone, field, before, after in events:
        if field in ("tick", "untick"):
            number_said, side = (after or before).split()
            ticked[milestone, int(number_said), side] = field == "tick"
    for milestone, number, by_owner, by_verifier in await rows(office, TICKS):
        assert ticked.get((milestone, number, "owner"), False) == bool(by_owner)
        assert ticked.get((milestone, number, "verifier"), False) == bool(by_verifier)


async def test_what_was_planned_can_be_taken_back_step_by_step(office: Office) -> None:
    await office.say("张三", "/任务 甲 9-22")
    await office.say("张三", "/任务 乙 9-24")
    start = await rows(office, "SELECT title, due, days, start, stage, weight FROM task ORDER BY id")
    for words in (
        "T1 工期 3天",
        "T1 开始 9-18",
        "T1 阶段 设计",
        "T1 权重 4",
        "T2 依赖 T1",
        "/里程碑 交付 9-29 包含 T2",
    ):
        await office.say("张三", words)
    for _ in range(6):
        assert (await office.say("张三", "/撤销"))[0].startswith("已撤销")
    assert await rows(office, "SELECT title, due, days, start, stage, weight FROM task ORDER BY id") == start
    assert await rows(office, "SELECT * FROM link WHERE after_kind = 'T'") == []
    assert await office.count("里程碑") == 0
