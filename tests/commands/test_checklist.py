"""Checklists and quality debt: columns and history agree, and odd words change nothing."""

from __future__ import annotations

import random

import pytest

from tests.commands.conftest import Office

STEPS = (
    "T{n} 勾 {i}", "T{n} 取消勾 {i}", "T{n} 跳过 {i} 赶上线", "T{n} 完成", "T{n} 重开", "T{n} 清单 再看一遍",
    "T{n} 取消", "T{n} 删清单 {i}", "/撤销", "/撤销 T{n}", "T{n} 勾 全部",
)  # fmt: skip


async def begun(office: Office) -> None:
    await office.hears("~ 张三> @进度助手 /项目 新建 双十一大促 11-11")
    for title in ("会场页面", "详情页"):
        await office.hears(f"~ 张三> @进度助手 /任务 {title} @张三 9-25")


async def owed(office: Office, words: str) -> list[str]:
    said = (await office.hears(f"张三> @进度助手 {words}"))[-1]
    return [line for line in said.splitlines() if " 第 " in line and " 项 " in line]


@pytest.mark.parametrize("seed", range(4))
async def test_history_tells_the_same_as_the_columns(office: Office, seed: int) -> None:
    await begun(office)
    chance = random.Random(seed)
    for number in (1, 2):
        await office.hears(f"~ 张三> @进度助手 T{number} 清单 甲；乙；丙")
    for _ in range(30):
        step = chance.choice(STEPS).format(n=chance.randint(1, 2), i=chance.randint(1, 4))
        await office.hears(f"~ 张三> @进度助手 {step}")
        assert await owed(office, "/质量") == await owed(office, "/指标 质量欠账"), step


@pytest.mark.parametrize("words", ["；；；", "x" * 10_000, "a\n" * 40, "1.", "☐"])
async def test_odd_items_are_refused(office: Office, words: str) -> None:
    await begun(office)
    await office.hears(f"张三> @进度助手 T1 清单 {'；'.join(words.splitlines())}")
    assert (await office.hears("张三> @进度助手 T1 清单"))[-1].startswith("T1 会场页面 没有清单")


@pytest.mark.parametrize("words", ["{{7*7}}", "<at id=all></at>", "@所有人", "🎉", "\u202eabc", "1 2 3"])
async def test_odd_words_stay_words(office: Office, words: str) -> None:
    await begun(office)
    await office.hears(f"张三> @进度助手 T1 清单 {words}")
    said = (await office.hears("张三> @进度助手 T1 清单"))[-1]
    assert words.replace("\u202e", "") in said


async def test_a_press_on_an_old_card(office: Office) -> None:
    await begun(office)
    await office.hears("~ 张三> @进度助手 T1 清单 甲")
    await office.hears("~ 张三> @进度助手 T1 完成")
    await office.hears("~ 张三> @进度助手 /质量")
    assert (await office.hears("张三 点 [补勾 T1·1]"))[0] == "T1 勾了 1. 甲。清单全部勾完。"
    assert (await office.hears("张三 点 [补勾 T1·1]"))[0] == "T1 清单 1. 甲 没有变。"
    await office.hears("~ 张三> @进度助手 T1 重开")
    await office.hears("~ 张三> @进度助手 T1 删清单 1")
    assert (await office.hears("张三 点 [补勾 T1·1]"))[0] == "T1 没有清单。先加：T1 清单 主图三张；A/B 测试"


async def test_the_next_copy_of_a_repeating_task_has_the_same_list(office: Office) -> None:
    await office.hears("~ 张三> @进度助手 /项目 新建 双十一大促 11-11")
    await office.hears("~ 张三> @进度助手 /任务 发布 @张三 每周五17:00")
    await office.hears("~ 张三> @进度助手 T1 清单 备份；回滚方案")
    await office.hears("~ 张三> @进度助手 T1 勾 1 2")
    await office.hears("~ 张三> @进度助手 T1 完成")
    assert (await office.hears("张三> @进度助手 T2 清单"))[-1].endswith("清单 0/2\n☐ 1. 备份\n☐ 2. 回滚方案")
