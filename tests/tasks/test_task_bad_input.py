"""Bad lines are answered, change nothing, and never break anything."""

from __future__ import annotations

import pytest

from tests.tasks.conftest import Office

NASTY = (
    "{{7*7}} ${jndi:ldap://x}",
    "<at id=all></at> @所有人",
    "a'; DROP TABLE task; --",
    "\u202egnp.exe",
    "😀",
    "مرحبا بالعالم",
    "%s %d {0} {x}",
    '" OR "1"="1',
    "\u200b看不见\u200b的",
    "[链接](http://x) **粗** `码`",
    "-",
)


@pytest.mark.parametrize("title", NASTY)
async def test_a_hostile_title_is_plain_text_everywhere(office: Office, title: str) -> None:
    assert "✅ T1" in (await office.say("张三", f"/任务 {title}"))[0]
    lines = ("T1", "/进度", "/任务 历史 T1", "/我的", f"/查 {title}", f"T1 备注 {title}", f"T1 改名 {title}2")
    for words in lines:
        said = await office.say("张三", words)
        assert said
        assert "编号" not in said[0]
    assert await office.count() == 1


async def test_ten_thousand_characters_are_kept_and_found(office: Office) -> None:
    said = await office.say("张三", "/任务 " + "长" * 9_990 + "尾巴很特别")
    assert "全文已存描述" in said[0]
    assert len(said[0]) < 300
    assert "没找到" in (await office.say("张三", "/查 特别的"))[0]


@pytest.mark.parametrize(
    "line",
    [
        "/任务",
        "/任务 @李四",
        "/任务 !高 #双十一",
        "/任务 周五",
        "T1 120%",
        "T1 -1%",
        "T1 100.5%",
        "T1 8O%",
        "T1 50",
        "T1 !火急",
        "T1 改到",
        "T1 改到 猴年马月",
        "T1 交给",
        "T1 交给 不认识的人",
        "T1 改名",
        "T1 备注",
        "T1 提醒",
        "T1 提醒 昨天9点",
        "T1 随便说点什么",
        "T99 完成",
        "T99 80%",
        "T1 重开",
        "T1 子任务",
        "T1 T2 改到 周五",
        "/完成",
        "完成 没有这个任务",
        "/任务 T1 完成",
        "/任务 历史",
        "/任务 删除",
        "/任务 删除 T0",
        "/批量任务",
        "/批量任务\n@王五 周三\n昨天",
        "/查",
        "/撤销 T5",
        "转任务",
        "帮我建个任务",
        "提醒我交周报",
        "T99999999 完成",
    ],
)
async def test_a_refusal_says_something_and_changes_nothing(office: Office, line: str) -> None:
    await office.say("张三", "/任务 海报 @李四 周五20:00")
    before = await office.rows()
    said = await office.say("张三", line)
    assert len(said) == 1
    assert "编号" not in said[0]
    assert await office.rows() == before


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("task.done", ("999", "")),
        ("task.done", ("x", "")),
        ("task.done", ("1' OR 1=1", "")),
        ("task.due.set", ("1", "not a day", "0")),
        ("task.due.set", ("1", "2026-09-30", "x")),
        ("task.remind.set", ("1", "", "")),
        ("task.owner.set", ("1", "999")),
        ("task.owner.set", ("1", "x")),
        ("task.anyway", ("no such draft",)),
        ("task.undo", ("1", "no such change")),
        ("task.redo", ("1", "no such change")),
        ("task.progress.set", ("1", "1000", "")),
        ("task.reopen", ("1",)),
        ("tasks.make", ("no such draft",)),
        ("search.more", ("{", "x", "")),
        ("search.more", ('{"x": 1}', "0", "")),
    ],
)
async def test_a_forged_press_is_refused(office: Office, verb: str, args: tuple[str, ...]) -> None:
    await office.say("张三", "/任务 海报 @李四 周五20:00")
    before = await office.rows()
    toast = await office.forge("王五", verb, *args)
    assert toast
    assert "编号" not in toast
    assert await office.rows() == before


@pytest.mark.parametrize("verb", ["task.due", "task.owner", "task.take", "task.done", "task.undo", "task.due.form"])
async def test_a_press_without_its_arguments_is_answered(office: Office, verb: str) -> None:
    await office.say("张三", "/任务 海报")
    before = await office.rows()
    assert await office.forge("张三", verb)
    assert await office.rows() == before


async def test_a_stranger_cannot_touch_another_projects_task(office: Office) -> None:
    await office.say("张三", "/任务 海报")
    await office.stage.open_group("别的群", ["孙七"])
    office.stage.group = "别的群"
    await office.say("孙七", "你好")
    before = await office.rows()
    room = office.stage.room
    person = next(p.id for p in room.people.values() if p.name == "孙七")
    card = next(m for m in reversed(room.messages(room.group("别的群"))) if m.kind == "card")
    for verb in ("task.done", "task.due", "task.take", "task.owner"):
        key = room.press(person, card.id, (verb, ("1",)))
        await office.stage.idle()
        answer = room.answer(key)
        assert answer is not None
        assert answer.toast.plain() == "没找到这个任务。"
    assert await office.rows() == before
