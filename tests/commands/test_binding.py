"""One project over several groups (F140): a code said in both."""

from __future__ import annotations

import re

from tests.commands.conftest import Office


async def code_of(office: Office) -> str:
    said = await office.hears("张三@双十一大促> @进度助手 /项目 绑定")
    found = re.search(r"绑定 (\d{6})」", said[0])
    assert found is not None
    return found.group(1)


async def two_groups(office: Office) -> None:
    await office.hears("张三> @进度助手 /项目 新建 双十一大促 11-11")
    await office.hears("张三> @进度助手 /成员 加 @李四")
    await office.hears("张三> @进度助手 /任务 选品 @李四")
    await office.hears("群 投放群：李四 陈晨")


async def test_a_group_joins_with_the_code_and_both_list_the_same_tasks(office: Office) -> None:
    await two_groups(office)
    code = await code_of(office)
    said = await office.hears(f"李四@投放群> @进度助手 /项目 绑定 {code}")
    assert sorted(said) == sorted(
        [
            "✅ 本群加入「双十一大促」，共 2 个群：双十一大促、投放群。任务、日报、成员共用。",
            "「投放群」加入了项目「双十一大促」。",
        ]
    )
    here = await office.hears("李四@投放群> @进度助手 /进度")
    there = await office.hears("张三@双十一大促> @进度助手 /进度")
    assert sorted(here) == sorted(there)
    assert "选品" in "\n".join(here)


async def test_a_code_works_once_and_for_ten_minutes(office: Office) -> None:
    await two_groups(office)
    code = await code_of(office)
    await office.hears("== +11分 ==")
    wrong = f"绑定码 {code} 不对或已过期。请在项目的群里再发一次「/项目 绑定」。"
    assert await office.hears(f"李四@投放群> @进度助手 /项目 绑定 {code}") == [wrong]
    code = await code_of(office)
    await office.hears(f"李四@投放群> @进度助手 /项目 绑定 {code}")
    await office.hears("群 第三群：王五 陈晨")
    wrong = f"绑定码 {code} 不对或已过期。请在项目的群里再发一次「/项目 绑定」。"
    assert await office.hears(f"王五@第三群> @进度助手 /项目 绑定 {code}") == [wrong]


async def test_a_group_with_tasks_of_its_own_is_asked_first(office: Office) -> None:
    await two_groups(office)
    await office.hears("李四@投放群> @进度助手 /任务 写投放计划")
    code = await code_of(office)
    said = await office.hears(f"李四@投放群> @进度助手 /项目 绑定 {code}")
    assert said[0].startswith("本群现在的项目「投放群」有 1 项进行中的任务")
    assert (await office.hears("李四@投放群 点 [绑定]「投放群」"))[0] == "已绑定。"
    assert "群：双十一大促、投放群" in (await office.hears("李四@投放群> @进度助手 /项目"))[0]


async def test_only_admins_of_both_sides_may(office: Office) -> None:
    await two_groups(office)
    refused = await office.hears("李四@双十一大促> @进度助手 /项目 绑定")
    assert refused[0].startswith("只有管理员（张三）能绑定群。")
    code = await code_of(office)
    refused = await office.hears(f"陈晨@投放群> @进度助手 /项目 绑定 {code}")
    assert refused[0].startswith("只有管理员（李四）能绑定群。")
    assert await office.count("被拒") == 2


async def test_a_group_can_leave_again(office: Office) -> None:
    await two_groups(office)
    code = await code_of(office)
    await office.hears(f"李四@投放群> @进度助手 /项目 绑定 {code}")
    assert await office.hears("张三@双十一大促> @进度助手 /项目 解绑") == [
        "✅ 本群已退出「双十一大促」，那边的任务和日报照旧。要在这里用，发「/设置」。"
    ]
    assert "未完成" not in (await office.hears("张三@双十一大促> @进度助手 /项目"))[0]
    alone = await office.hears("张三@双十一大促> @进度助手 /项目 解绑")
    assert alone == ["这个项目只在一个群里，不用解绑。"]
