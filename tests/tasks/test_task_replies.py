"""What may be said of a task in half a sentence: after its number, or in reply to its card."""

from __future__ import annotations

import pytest

from tests.tasks.conftest import Office

SAID = [
    ("截止周五", "T1 海报 改到 2026-09-18（周五·今天）18:00。"),
    ("改到周四", "T1 海报 改到 2026-09-24（周四）18:00。"),
    ("下周三", "T1 海报 改到 2026-09-23（周三）18:00。"),
    ("明天9点提醒", "T1 海报 会在 2026-09-19（周六·休息）09:00 提醒。"),
    ("80% 素材已回", "T1 80%"),
    ("完成50%", "T1 50%"),
    ("已完成 30%", "T1 30%"),
    ("做了60%", "T1 60%"),
    ("!高", "T1 海报 优先级 高。"),
    ("#设计 #急", "T1 海报 标签：#急 #设计。"),
    ("交给@李四", "T1 海报 已交给李四。"),
    ("取消", "T1 海报 已取消。"),
    ("取消，客户不做了", "T1 海报 已取消。"),
    ("备注 等客户", "已记到 T1：等客户"),
]
NO_ORDER = [
    "完成了一半",
    "完成大半",
    "完成不了",
    "还没完成",
    "取消预约的客户要回访",
    "取消不了",
    "周五下午客户来看",
    "做了一半",
    "记录在共享表里",
]


@pytest.mark.parametrize(("words", "answer"), SAID)
@pytest.mark.parametrize("quoted", [False, True], ids=["number", "reply"])
async def test_understood(office: Office, words: str, answer: str, quoted: bool) -> None:
    await office.say("张三", "/任务 海报 @张三")
    said = await office.say("张三", words, quote="海报") if quoted else await office.say("张三", f"T1 {words}")
    assert any(line.startswith(answer) for line in said), said


@pytest.mark.parametrize("words", NO_ORDER)
async def test_a_sentence_about_a_task_changes_nothing(office: Office, words: str) -> None:
    await office.say("张三", "/任务 海报 @张三")
    before = await office.rows()
    if not words.startswith("记录"):
        assert (await office.say("张三", f"T1 {words}"))[0].startswith("没看懂要对 T1 做什么。记成备注请发")
    assert await office.rows() == before
    assert (await office.say("张三", words, quote="海报"))[0].startswith(f"已记到 T1：{words}")


async def test_to_whom(office: Office) -> None:
    await office.say("张三", "/任务 海报 @张三")
    assert await office.say("张三", "T1 交给") == ["T1 交给谁？例：T1 交给 @李四"]
