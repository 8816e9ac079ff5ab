"""What is wrong with a line is said in a sentence, and nothing is changed."""

from __future__ import annotations

import pytest

from tests.approvals.conftest import ASK, Office

REFUSED = [
    ("/审批 @王五", "请写上审批什么。"),
    ("/审批 预算追加3万元", "请写上谁来审批。"),
    ("/审批 预算追加3万元 会签", "请写上谁来审批。"),
    ("/审批 预算追加3万元 @王五 截止 昨天", "截止 9-17（周四） 已过去"),
    ("/审批 预算追加3万元 @王五 截止 25:70", "没有「25:70」这个时间，没有改动。"),
    ("/审批 预算追加3万元 @王五 截止 2036-01-01", "截止最远一年内。"),
    ("/审批 预算追加3万元 @王五 @查无此人", "没找到「查无此人」。"),
    ("/审批 预算追加3万元 @王五 @所有人", "没找到「所有人」。"),
    ("/审批 预算追加3万元 @张三", "默认不能自审"),
    ("/审批 买灯 或签 会签 @王五 @赵六", "会签、或签、依次只能选一种，没有改动。"),
    ("/审批 改 P1 或签、依次", "会签、或签、依次只能选一种，没有改动。"),
    ("/审批 改 P1", "P1 没有变化。"),
    ("/审批 改 P1 @张三", "P1 没有变化。"),
    ("/审批 改 P9 新", "没找到审批 P9。"),
    ("/审批 撤回 P9", "没找到审批 P9。"),
    ("/审批 撤回", "撤回哪个审批？"),
    ("/审批 转交 P1 @李四", "P1 需要 王五、赵六 处理"),
    ("/审批 加签 P1", "请写一位。"),
    ("/审批 加签 P1 @李四 @王五", "请写一位。"),
    ("/审批 加签 P1 @王五", "王五 已经是 P1 的审批人。"),
    ("/审批 加签 P1 @张三", "默认不能自审"),
    ("/审批 导出 P0", "没找到审批 P0。"),
    ("/设置 审批 随便", "没看懂。"),
    ("/设置 审批 后备 @查无此人", "没看懂。"),
    ("同意 P1", "P1 需要 王五、赵六 处理"),
    ("退回 P1 缺报价", "P1 需要 王五、赵六 处理"),
    ("同意 P9999999", "没找到审批 P9999999。"),
    ("拒绝", "拒绝哪个审批？"),
]


@pytest.mark.parametrize(("words", "answer"), REFUSED)
async def test_refused_and_nothing_changed(office: Office, words: str, answer: str) -> None:
    await office.say("张三", ASK)
    before = await office.ledger()
    said = await office.say("张三", words)
    assert len(said) == 1
    assert said[0].startswith(answer), said
    assert await office.ledger() == before


@pytest.mark.parametrize(
    "words",
    [
        "/审批 改 P1 预算追加9万元", "/审批 撤回 P1", "/审批 加签 P1 @李四", "/审批 导出 P1", "/设置 审批 自审 开",
        "/设置 审批 后备 @李四", "同意 P1", "拒绝 P1 不行", "P1 同意",
    ],
)  # fmt: skip
async def test_strangers_change_nothing(office: Office, words: str) -> None:
    await office.say("张三", ASK)
    before, refused = await office.ledger(), await office.count("被拒")
    assert len(await office.say("李四", words)) == 1
    assert await office.ledger() == before
    assert await office.count("被拒") == refused + 1


@pytest.mark.parametrize(
    ("words", "votes"),
    [
        ("可以", 1),
        ("ok", 1),
        ("我同意", 1),
        ("👍", 1),
        ("不行：太贵", 1),
        ("拒绝", 0),
        ("为什么要3万", 0),
        ("同意吗", 0),
    ],
)
async def test_a_reply_to_the_card_in_many_words(office: Office, words: str, votes: int) -> None:
    """Another one waits as well: it is the card that says which."""
    await office.say("张三", "/审批 别的事 @王五 明天12:00")
    await office.say("张三", ASK.replace("预算", "预算再"))
    said = await office.say("王五", words, quote="P2 预算再追加")
    assert len(said) == 1
    assert "P2" in said[0] or "你" in said[0]
    assert await office.count("表态") == votes


async def test_a_reply_to_a_reminder_is_about_what_it_names(office: Office) -> None:
    await office.say("张三", "/审批 别的事 @王五 明天12:00")
    await office.say("张三", "/审批 急事 @王五 截止 17:00")
    assert any("⏰ P2" in line for line in await office.later(hours=2))
    assert await office.say("王五", "同意", quote="⏰ P2") == ["✅ P2 急事 已通过（王五 16:00）"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("统一 P1", "P1 要做什么？可以发：同意 P1 · "), ("P1 怎么说", "🖊 P1 预算追加3万元　会签 0/2"),
        ("同意 T1", "T1 不是审批，没有改动。审批的编号是 P 开头，例：同意 P1"), ("同意 2", "没找到审批 P2。"),
        ("同意 P1 和 P2", "一次只能处理一个，没有改动。请分开发，例：同意 P1"),
        ("同意P1了吗", "🖊 P1 预算追加3万元　会签 0/2"),
        ("approve P9", "没找到审批 P9。"),
    ],
)  # fmt: skip
async def test_what_is_no_vote_is_answered_and_changes_nothing(office: Office, words: str, answer: str) -> None:
    await office.say("张三", ASK)
    before = await office.ledger()
    for _ in range(2):
        said = await office.say("王五", words)
        assert len(said) == 1
        assert said[0].startswith(answer), said
    assert await office.ledger() == before


async def test_who_is_not_asked_looks_at_the_card(office: Office) -> None:
    await office.say("张三", ASK)
    assert (await office.say("张三", "approve P1"))[0].startswith("🖊 P1 预算追加3万元")
    assert await office.count("表态") == 0


HOSTILE = [
    "{{7*7}} ${jndi:x}",
    "<at id=all></at>",
    "＠所有人 {0} %s",
    "🎉🎉🎉",
    "\u202e反过来",
    "'; DROP TABLE approval; --",
]


@pytest.mark.parametrize("title", HOSTILE)
async def test_a_title_is_only_words(office: Office, title: str) -> None:
    said = await office.say("张三", f"/审批 {title} @王五 明天12:00")
    assert len(said) == 1
    await office.press("王五", "同意")
    assert await office.count("表态") == (1 if said[0].startswith("🖊") else 0)


async def test_a_very_long_request_is_cut_in_the_card_and_kept(office: Office) -> None:
    said = await office.say("张三", "/审批 " + "长" * 9000 + " @王五 明天12:00")
    assert len(said[0]) < 600
    assert "长" * 100 + "…　会签 0/1" in said[0]


async def test_the_card_does_not_say_twice_how_a_long_request_begins(office: Office) -> None:
    (card,) = await office.say("张三", f"/审批 买{'三' * 120}台 会签 @王五 明天12:00")
    assert f"P1 买{'三' * 99}…　会签 0/1" in card
    assert f"\n…{'三' * 21}台\n" in card
    (card,) = await office.say("张三", "/审批 预算追加3万元 会签 @王五 明天12:00\n买灯箱两个")
    assert card.count("预算追加3万元") == 1
    assert "\n买灯箱两个\n" in card


@pytest.mark.parametrize(
    ("words", "votes"),
    [
        ("同意P1", 1), ("批准 p1", 1), ("P1 同意。", 1), ("ｐ１同意", 1), ("yes P1", 1), ("/同意P1", 1),
        ("/同意 P1 没问题", 1),
        ("不同意P1 太贵", 1), ("P1 不同意 太贵", 1), ("驳回P1太贵", 1), ("P1退回 缺报价", 1), ("back P1", 1),
        ("同意", 1),
        ("approve P1", 1), ("Approve p1!", 1), ("ok P1", 1), ("P1 可以", 1), ("我同意 P1", 1), ("准了P1", 1),
        ("👍 P1", 1),
        ("P1 没问题了", 1), ("同意 1", 1), ("同意 #1", 1), ("同意 p-1", 1), ("打回 P1 缺报价", 1), ("不批P1 太贵", 1),
        ("decline P1 too late", 1), ("拒绝 1 太贵", 1),
        ("P1 通过测试了", 0), ("不同意P1", 0), ("P12 同意", 0), ("P1", 0), ("同意吧", 0), ("同意P1了吗", 0),
        ("同意 P1 的有谁", 0), ("通过 P1 了没", 0), ("yes P1?", 0), ("拒绝 P1 了吗？", 0), ("可以 P1 先放放", 0),
        ("同意 P1 和 P2", 0), ("拒绝 P1、P2", 0), ("同意 T1", 0), ("同意 2", 0), ("/approve P1", 0), ("统一P1", 0),
    ],
)  # fmt: skip
async def test_a_vote_in_many_words(office: Office, words: str, votes: int) -> None:
    await office.say("张三", ASK)
    assert len(await office.say("王五", words)) >= votes
    assert await office.count("表态") == votes


@pytest.mark.parametrize(
    ("line", "title", "due"),
    [
        ("/审批 双十一方案 @王五 周一", "双十一方案", "2026-09-21（周一）18:00"),
        ("/审批 会议改到周六 @王五", "会议改到周六", "2026-09-22（周二）18:00"),
        ("/审批 10:00的会取消 @王五", "10:00的会取消", "2026-09-22（周二）18:00"),
        ("/审批 10月团建预算 @王五 截止 周日 12:00", "10月团建预算", "2026-09-20（周日·调休上班）12:00"),
        ("/审批 买电脑 @王五", "买电脑", "2026-09-22（周二）18:00"),
    ],
)
async def test_which_date_is_the_deadline(office: Office, line: str, title: str, due: str) -> None:
    said = (await office.say("张三", line))[0].split("\n")
    assert said[:2] == [f"🖊 P1 {title}　会签 0/1", f"发起：张三｜截止 {due}"]


@pytest.mark.parametrize(
    ("line", "first", "second"),
    [
        ("／审批　买电脑　@王五　明天１２：００", "买电脑", "会签 0/1"),
        ("审批 买电脑 或签 @王五 @赵六 周一10点", "买电脑", "或签 0/2"),
        ("/审批 会签流程培训 依次审批 @王五 @赵六", "会签流程培训", "依次 0/2"),
        ("/审批 @王五 @赵六 会签 买电脑 明天12:00 截止", "买电脑", "会签 0/2"),
        ("/审批 @王五 @王五 买电脑", "买电脑", "会签 0/1"),
        ("/审批 买电脑 或签 或签 @王五", "买电脑", "或签 0/1"),
        ("/approve laptops any of @王五 @赵六 due tomorrow 12:00", "laptops", "或签 0/2"),
    ],
)
async def test_the_same_in_many_words(office: Office, line: str, first: str, second: str) -> None:
    said = await office.say("张三", line)
    assert said[0].startswith(f"🖊 P1 {first}　{second}"), said


@pytest.mark.parametrize("words", ["/审批 催 P1 @赵六", "/审批 P1 @李四", "/审批 帮我看看 P1 @李四"])
async def test_a_word_about_another_request_is_no_new_one(office: Office, words: str) -> None:
    await office.say("张三", ASK)
    before = await office.ledger()
    assert (await office.say("张三", words))[0].startswith("P1 要做什么？可以发：同意 P1 · ")
    assert await office.ledger() == before


async def test_words_that_people_use_for_it(office: Office) -> None:
    await office.say("张三", ASK)
    assert await office.say("王五", "/审批 转 P1 @李四") == ["P1 由 @李四 代 王五 处理。"]
    assert await office.say("王五", "撤回 P1") == ["P1 由 张三 发起，只有 张三 或管理员能撤回。"]
    assert await office.say("张三", "撤回P1。") == ["P1 预算追加3万元 已撤回。"]
    assert "转正申请" in (await office.say("张三", "/审批 转正申请 @李四"))[0]
    assert await office.say("李四", "/审批 同意 P2") == ["✅ P2 转正申请 已通过（李四 14:00）"]


async def test_whom_nobody_knows_is_not_left_out_of_a_question(office: Office) -> None:
    known = "没找到「小明」。请用 @ 选人，或先请 TA 在群里说句话。"
    assert await office.say("张三", '/请回复 @王五 @小明 今天16:00 "尺寸？"') == [known]
    assert await office.count("请回复") == 0
    await office.say("张三", '/请回复 @王五 今天16:00 "问 @小明 的尺寸？"')
    assert await office.count("请回复") == 1
    said = "R1 的回答直接发：R1 你的话；不等了发：R1 结束"
    assert await office.say("张三", "/请回复 取消 R1") == [said]
