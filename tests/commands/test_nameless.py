"""Tables without people: nobody's name, number or address is in the file, and the other columns are as they were."""

from __future__ import annotations

import pytest

from chat.cards import Attachment
from commands.nameless import Nameless, asked
from tests.commands.conftest import Office


def file_of(office: Office) -> Attachment:
    """The newest in the group."""
    room = office.stage.room
    group = next(one for one in room.chats.values() if one.kind == "group")
    cards = [message.card for message in room.messages(group.id) if message.card]
    return [block for card in cards for block in card.blocks if isinstance(block, Attachment)][-1]


async def met(office: Office) -> None:
    for who in ("李四", "王五"):
        await office.hears(f"{who}> @进度助手 你好")


async def test_tasks_leave_without_names(office: Office) -> None:
    await met(office)
    await office.hears("张三> @进度助手 /任务 等李四的海报 13800138000 li@example.com @李四 9-23 #王五")
    await office.hears("张三> @进度助手 /任务 没人管的")
    said = (await office.hears("张三> @进度助手 /导出 csv 匿名"))[0]
    assert "2 项。姓名换成了编号。" in said
    content = str(file_of(office).content)
    assert not [name for name in ("张三", "李四", "王五", "13800138000", "li@example.com") if name in content]
    first = content.splitlines()[1].split(",")
    assert first[0] == "T1"
    assert first[1].startswith("等成员#")
    assert first[2].startswith("成员#")
    assert content.splitlines()[2].split(",")[2] == ""
    await office.hears("张三> @进度助手 /导出 csv")
    assert "等李四的海报" in str(file_of(office).content)


async def test_reports_leave_without_names(office: Office) -> None:
    await met(office)
    await office.hears("张三> @进度助手 /日报 设置 17:30")
    await office.hears("== 17:31 ==")
    await office.hears("张三> @进度助手 今日：和李四对了稿\n    明日：找@王五\n    阻塞：无")
    assert await office.hears("张三> @进度助手 /日报 导出 今天 匿名")
    content = str(file_of(office).content)
    assert "对了稿" in content
    assert not [name for name in ("张三", "李四", "王五") if name in content]


async def test_in_english_and_refused_words(office: Office) -> None:
    await office.hears("张三> @进度助手 /任务 海报 @李四")
    await office.hears("张三> @进度助手 /语言 英文")
    said = (await office.hears("张三> @进度助手 /export csv without names"))[0]
    assert "Numbers stand for names." in said
    assert "member#" in str(file_of(office).content)
    said = (await office.hears("张三> @进度助手 /export csv anonymous salaries"))[0]
    assert "I do not know how to export" in said


@pytest.mark.parametrize(
    ("words", "rest", "wanted"),
    [
        ("csv 匿名", "csv", True),
        ("不含姓名", "", True),
        ("csv", "csv", False),
        ("no names md", "md", True),
        ("", "", False),
    ],
)
def test_how_it_is_asked_for(words: str, rest: str, wanted: bool) -> None:
    assert asked(words) == (rest, wanted)


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("@李四 和李四方", "成员#2 和成员#3"),
        ("等@丁 签", "等成员#4 签"),
        ("问@孙七，再说", "问***，再说"),
        ("丁字路口", "丁字路口"),
        ("+86 138-0013-8000 a.b+c@x.cn", "*** ***"),
        ("订单 20260918001234", "订单 20260918001234"),
    ],
)
def test_what_was_written(written: str, left: str) -> None:
    assert Nameless([(2, "李四"), (3, "李四方"), (4, "丁"), (5, "")], "zh").words(written) == left


def test_a_project_without_people() -> None:
    assert Nameless([], "zh").words("李四") == "李四"
