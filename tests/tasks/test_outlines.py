"""A pasted outline with real indentation, which a transcript cannot hold."""

from __future__ import annotations

from tests.tasks.conftest import Office

OUTLINE = "/目标 大促\n  页面\n    主会场 @王五 ×2\n    详情页\n  投放 9-30"


async def test_an_indented_outline_becomes_tasks_within_tasks(office: Office) -> None:
    (preview,) = await office.say("张三", OUTLINE)
    assert preview.startswith("将建 5 项：")
    assert await office.count() == 0
    assert await office.press("张三", "全部创建") == "已建 5 项"
    office.heard()
    await office.say("张三", "T3 完成")
    (tree,) = await office.say("张三", "/目标")
    assert tree.split("\n") == [
        "目标 T1 大促 34%",
        "　模块 T2 页面 67%",
        "　　任务 T3 主会场 ×2 ✅ 王五",
        "　　任务 T4 详情页 0%",
        "　模块 T5 投放 0%",
    ]


async def test_undo_takes_the_whole_tree_back(office: Office) -> None:
    await office.say("张三", OUTLINE)
    await office.press("张三", "全部创建")
    assert (await office.press("张三", "撤销")).startswith("已撤销 T1 大促、")
    assert await office.count() == 0


async def test_another_person_may_not_create_what_somebody_pasted(office: Office) -> None:
    await office.say("张三", OUTLINE)
    await office.press("李四", "不用")
    assert await office.count() == 0
