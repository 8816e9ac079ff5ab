"""Customers: what is theirs to see, and what is refused."""

from __future__ import annotations

import pytest

from commands.help_topics import TOPICS
from tests.commands.conftest import Office

HOSTILE = ["{{7*7}}", "<at id=all></at>", "@所有人", "🎉🎉🎉", "\u202eevil", "周一见", "签约宝", "1"]
SECRET = "密"
HUGE = "x" * 10_000


async def begun(office: Office) -> None:
    await office.hears("~ 张三> @进度助手 /项目 新建 客户成功 11-11")
    await office.hears("~ 张三> @进度助手 /成员 加 @李四")


async def test_what_a_customer_is_shown_says_nothing_of_ours(office: Office) -> None:
    """Titles, notes, tags, people, numbers of tasks: none of it, whatever it was changed to."""
    await begun(office)
    await office.hears("~ 张三> @进度助手 /客户 新建 某某 签约2026-09-15 @李四")
    for number in range(2, 5):
        await office.hears(f"~ 张三> @进度助手 T{number} 改标题 标题{SECRET}{number}")
        await office.hears(f"~ 李四> @进度助手 T{number} 备注 备注{SECRET}")
        await office.hears(f"~ 张三> @进度助手 T{number} 标签 #标{SECRET}")
    await office.hears(f"~ 张三> @进度助手 T1 改标题 难缠{SECRET}")
    await office.hears(f"~ 张三> @进度助手 T2 阻塞 等{SECRET}")
    await office.hears("~ 李四> @进度助手 T4 50%")
    said = (await office.hears("李四> @进度助手 /客户 给客户看 T1"))[0]
    assert said == (
        "某某 服务进度\n签约｜2026-09-15｜已签\n培训｜2026-09-29｜进行中\n"
        "续费｜2027-09-15｜待办\n满意度调研｜2026-12-14｜进行中"
    )
    await office.hears("~ 李四> @进度助手 /language English")
    said = (await office.hears("李四> @进度助手 /customer show T1"))[0]
    assert SECRET not in said
    assert "张三" not in said
    assert "李四" not in said
    assert "T2" not in said


@pytest.mark.parametrize("name", HOSTILE)
async def test_odd_names(office: Office, name: str) -> None:
    await begun(office)
    said = await office.hears(f"张三> @进度助手 /客户 新建 {name} 签约2026-09-15")
    assert said[-1].startswith("🤝"), said
    assert await office.count("客户") == 1
    assert name.replace("\u202e", "") in (await office.hears("张三> @进度助手 /客户"))[-1]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "x" * 10_000 + " 签约2026-09-15",
        "某某 签约昨年",
        "某某 签约2026-09-15 续费2050-01-01",
        "某某 签约3026-09-15",
    ],
)
async def test_refusals_change_nothing(office: Office, words: str) -> None:
    await begun(office)
    await office.hears(f"张三> @进度助手 /客户 新建 {words}")
    assert await office.count("客户") == 0
    assert await office.count("任务") == 0
    assert await office.count("里程碑") == 0


async def test_a_guest_is_told_nothing(office: Office) -> None:
    """By any word or button: 王五 speaks in the group and may be the customer."""
    await begun(office)
    await office.hears("~ 张三> @进度助手 /客户 新建 某某 签约2026-09-15")
    chapter = next(one for one in TOPICS if one.name.en == "clients")
    for word in chapter.commands:
        for more in ("", " 某某", " 某某 2028-09-15"):
            said = await office.hears(f"王五> @进度助手 /{word}{more}")
            assert said == ["客户只给项目成员看。管理员可以加成员：/成员 加 @王五"], (word, more)
    assert await office.hears("王五 点 [给客户看]") == ["客户只给项目成员看。管理员可以加成员：/成员 加 @王五"]
    assert await office.count("客户") == 1


async def test_renewing_in_words(office: Office) -> None:
    await begun(office)
    await office.hears("~ 张三> @进度助手 /客户 新建 某某 签约2025-10-25")
    said = await office.hears("张三> @进度助手 /客户 续费 某某 续费日期：2027-12-31")
    assert "续费 T5｜2027-12-31（周五）" in said[-1]
    said = await office.hears("张三> @进度助手 /customer renew T1")
    assert "续费 T6｜2028-12-31（周日·休息）" in said[-1]
    assert await office.hears("张三> @进度助手 /客户 续费") == ["哪个客户？例：/客户 续费 某某 2028-09-15"]
