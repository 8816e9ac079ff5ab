"""Neutral cards as WeCom messages: within its limits, pressable, and never at the mercy of what people write."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.wecom import codes, markdown
from adapters.wecom.render import Media, Template, Words, Writer
from chat.cards import Attachment, Button, Buttons, Card, Field, Form, Paragraph, Picture, Table, text_card
from chat.text import Mention, say, verbatim
from tests.platforms.wecom_rules import PUSHED, card_words, check_message

WRITER = Writer("https://work.weixin.qq.com")
BASE = codes.base_id("parcel")
HOSTILE = (
    "{{7*7}} ${jndi:x} <at id=all></at> @所有人",
    "<@all> <@zhangsan> <font color='warning'>x</font>",
    "[点我](https://evil.example)",
    "**粗** _斜_ ~~删~~ `码` ```\n围栏",
    "# 标题\n> 引用\n- 列表\n1. 编号",
    "a | b | c",
    "\u202e反",
    "😀" * 50,
    "长" * 10_000,
)


def press(*labels: str) -> Buttons:
    return Buttons(tuple(Button(verbatim(label), "do", (str(n),)) for n, label in enumerate(labels)))


def checked(card: Card) -> list[Any]:
    """The parts of a card, each within the rules."""
    parts = WRITER.parts(card, "zh", BASE)
    for part in parts:
        advisory: list[str] = []
        if isinstance(part, Words):
            check_message({"msgtype": "markdown", "markdown": {"content": part.content}}, PUSHED, advisory)
        elif isinstance(part, Template):
            check_message({"msgtype": "template_card", "template_card": part.card}, PUSHED, advisory)
        assert not advisory
    return parts


def test_a_text_is_markdown() -> None:
    who = Mention("lisi", "李四")
    assert checked(text_card(say("请 {who} 看 {what}", "x", who=who, what="主图"))) == [Words("请 **@李四** 看 主图")]


def test_a_short_card_is_one_template_card() -> None:
    card = text_card(
        say("P1 预算追加3万元\n待：{a}、赵六", "x", a=Mention("wangwu", "王五")),
        Button(say("同意", "Yes"), "approve", ("P1",), 3, "primary"),
        Button(say("拒绝…", "No"), "reject", ("P1",), 3, "danger"),
    )
    (part,) = checked(card)
    assert card_words(part.card) == "P1 预算追加3万元\n待：@王五、赵六\n[同意] [拒绝…]"
    assert part.card["task_id"] == BASE
    assert [button["style"] for button in part.card["button_list"]] == [1, 3]
    assert part.words == "P1 预算追加3万元\n待：**@王五**、赵六\n[同意] [拒绝…]"


def test_a_long_card_says_all_in_words_first() -> None:
    body = "\n".join(f"第 {n} 行写了很多很多的字" for n in range(20))
    words, card = checked(Card((Paragraph(verbatim(body)), press("同意")), say("审批", "Approval")))
    assert body in words.content
    assert card.said
    assert card_words(card.card) == "审批\n[同意]"


def test_a_first_line_too_long_for_a_title_is_parted_at_a_mark() -> None:
    line = "✅ T1 渠道投放｜负责人 李四｜截止 2026-09-18（周五·今天）18:00｜优先级 高"
    (part,) = checked(Card((Paragraph(verbatim(line)), press("完成"))))
    assert card_words(part.card) == "✅ T1 渠道投放｜负责人 李四\n截止 2026-09-18（周五·今天）18:00｜优先级 高\n[完成]"
    (part,) = checked(Card((Paragraph(verbatim("无" * 30)), press("完成"))))
    assert card_words(part.card) == f"{'无' * 25}…\n{'无' * 30}\n[完成]"


def test_labels_too_long_for_a_button_are_numbered() -> None:
    (part,) = checked(Card((Paragraph(say("哪天？", "When?")), press("改到 9-20（周日·调休上班）10:00", "加截止"))))
    assert part.card["sub_title_text"] == "1. 改到 9-20（周日·调休上班）10:00"
    assert [button["text"] for button in part.card["button_list"]] == ["1. 改到 9-2…", "加截止"]


def test_more_than_six_buttons_become_a_list_to_choose_from() -> None:
    (part,) = checked(Card((Paragraph(say("选", "Pick")), press(*(f"第{n}项" for n in range(20))))))
    assert part.card["card_type"] == "vote_interaction"
    options = part.card["checkbox"]["option_list"]
    assert len(options) == 20
    assert codes.read_key(part.card["submit_button"]["key"], {"pick": options[7]["id"]}).args == ("7",)


def test_many_buttons_with_long_keys_become_several_cards() -> None:
    buttons = tuple(Button(verbatim(f"第{n}项"), "do", ("x" * 200, str(n))) for n in range(8))
    parts = checked(Card((Paragraph(say("选", "Pick")), Buttons(buttons))))
    assert [len(part.card["button_list"]) for part in parts] == [6, 2]
    assert [part.card["task_id"] for part in parts] == [BASE, f"{BASE}-1"]


def test_each_row_of_buttons_is_a_card_with_its_words_and_closing_words_stay() -> None:
    rows = [one for n in range(3) for one in (Paragraph(verbatim(f"T{n}")), press("必须", "可以"))]
    parts = checked(Card((*rows, Paragraph(say("下一页", "Next")))))
    assert [card_words(part.card) for part in parts] == [
        "T0\n[必须] [可以]",
        "T1\n[必须] [可以]",
        "T2\n下一页\n[必须] [可以]",
    ]


def test_the_way_to_turn_a_reminder_off_is_on_its_own_card_while_there_is_room() -> None:
    """A reminder is one message, not two."""
    ways = [Button(verbatim(f"做法{n}"), "do", (str(n),)) for n in range(6)]
    off = Button(verbatim("关闭此类"), "push.mute", ("overdue",))
    for count, messages in ((1, 1), (4, 1), (5, 1), (6, 2)):
        foot = (Paragraph(verbatim("逾期提醒"), quiet=True), Buttons((off,)))
        card = Card((Paragraph(verbatim("T5 到期未完成。")), Buttons(tuple(ways[:count])), *foot))
        parts = WRITER.parts(card, "zh", "b")
        assert len(parts) == messages
        last = parts[-1]
        assert isinstance(last, Template)
        assert last.card["button_list"][-1]["text"] == "关闭此类"
        assert "逾期提醒" in last.words


def test_the_same_button_twice_is_one() -> None:
    button = Button(say("办", "Do"), "do", ("1",))
    (part,) = checked(Card((Paragraph(say("要办吗", "Do it?")), Buttons((button, button)))))
    assert len(part.card["button_list"]) == 1


MOOD = Field(
    "mood", say("状态", "Mood"), "choice", True, "g", None, (("g", say("正常", "Fine")), ("r", say("阻塞", "Stuck")))
)


def test_a_form_of_choices_can_be_filled_in() -> None:
    note = Field("note", say("备注", "Note"), "line", False, "旧的")
    card = Card((Paragraph(say("今天？", "Today?")), Form("mood", (MOOD, note), say("提交", "Send"), ("9-18",), 2)))
    (part,) = checked(card)
    assert part.card["card_type"] == "multiple_interaction"
    assert part.card["select_list"][0]["selected_id"] == "g"
    action = codes.read_key(part.card["submit_button"]["key"], {"mood": "r"})
    assert (action.verb, action.args, action.version) == ("mood", ("9-18",), 2)
    assert dict(action.fields) == {"note": "旧的", "mood": "r"}


@pytest.mark.parametrize(
    "fields",
    [
        (Field("today", say("今日", "Today"), "lines", True),),
        (MOOD, Field("why", say("原因", "Why"), "line", True)),
        (MOOD, MOOD, MOOD, MOOD),
        (Field("x", say("x", "x"), "choice", True, "", None, ()),),
        (Field("x", say("x", "x"), "choice", True, "", None, (("", say("空", "Empty")),)),),
        (Field("x", say("x", "x"), "choice", True, "", None, tuple((str(n), verbatim("o")) for n in range(11))),),
        (Field("d", say("日期", "Date"), "date"),),
    ],
)
def test_a_form_that_must_be_typed_is_left_out_and_the_words_remain(fields: tuple[Field, ...]) -> None:
    form = Form("daily", fields, say("提交", "Send"), opener=say("填写日报", "Fill in"))
    card = Card((Paragraph(say("发 3 行，或私聊我发 3 行：", "Send 3 lines")), form, press("今天请假")))
    (part,) = checked(card)
    assert card_words(part.card) == "发 3 行，或私聊我发 3 行：\n[今天请假]"
    assert checked(Card((Paragraph(say("只有表", "Only")), form))) == [Words("只有表")]


def test_a_finished_card_has_no_buttons_and_leads_somewhere() -> None:
    card = WRITER.again(text_card(say("P1 已通过（王五 10:01）", "Approved")), "zh", BASE)
    check_message({"msgtype": "template_card", "template_card": card}, PUSHED, [])
    assert (card["card_type"], card["task_id"]) == ("text_notice", BASE)
    assert card_words(card) == "P1 已通过（王五 10:01）"


def test_a_toast_stands_in_the_card_of_the_presser() -> None:
    card = text_card(say("P1 预算\n待：王五", "x"), Button(say("同意", "Yes"), "approve"))
    assert (
        card_words(WRITER.again(card, "zh", BASE, "P1 需要 王五 处理"))
        == "P1 预算\nP1 需要 王五 处理\n待：王五\n[同意]"
    )
    done = text_card(say("已处理", "Done"))
    assert card_words(WRITER.again(done, "zh", BASE, "你已于 10:01 同意")) == "已处理\n你已于 10:01 同意"


def test_the_pressed_card_of_several_is_the_one_redrawn() -> None:
    rows = [one for n in range(3) for one in (Paragraph(verbatim(f"T{n}")), press("必须"))]
    card = WRITER.again(Card(tuple(rows)), "zh", f"{BASE}-2")
    assert card_words(card) == "T2\n[必须]"
    assert card_words(WRITER.again(Card(tuple(rows[:2])), "zh", f"{BASE}-2")) == "T0\n[必须]"


def test_pictures_and_files_go_last_with_their_twins() -> None:
    card = Card(
        (
            Picture("charts/gantt.png", say("甘特：T4 逾期", "x")),
            Paragraph(say("本周", "x")),
            Attachment("a.csv", "1,2"),
        )
    )
    words, picture, file = checked(card)
    assert words == Words("本周")
    assert picture == Media("image", "gantt.png", "甘特：T4 逾期", path="charts/gantt.png")
    assert (file.kind, file.name, file.content) == ("file", "a.csv", b"1,2")


@pytest.mark.parametrize("words", HOSTILE)
def test_peoples_words_are_words(words: str) -> None:
    escaped = markdown.escape(words)
    assert not re.search(r"<[@\w/]|\]\(|`|\|", escaped)
    assert not re.search(r"(?m)^\s*([#>-]|\d+\.)\s", escaped)
    assert not re.search("[*~](?!\u200a)|(?<!\u200a)[*~]", escaped)
    seen = re.sub("[\u200a\u200b]", "", escaped).replace("｀", "`").replace("｜", "|")
    assert seen == words
    for card in (text_card(verbatim(words)), Card((Paragraph(verbatim(words)), press("同意")), verbatim(words))):
        checked(card)


def test_a_large_table_is_cut_at_rows_and_keeps_its_head() -> None:
    rows = tuple((verbatim(f"任务 {n} " + "很长" * 20), verbatim("张三")) for n in range(400))
    parts = checked(Card((Paragraph(say("周报", "Weekly")), Table((say("任务", "Task"), say("谁", "Who")), rows))))
    assert len(parts) > 1
    assert all("| 任务 | 谁 |\n| :-- | :-- |" in part.content for part in parts)
    assert sum(part.content.count("张三") for part in parts) == 400


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.integers(16, 64))
def test_a_text_is_split_without_losing_a_character(words: str, limit: int) -> None:
    pieces = markdown.split(words, limit)
    assert all(len(piece.encode()) <= limit for piece in pieces)
    if "| :--" not in words:
        assert "".join(pieces).replace("\n", "") == words.replace("\n", "")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=8), st.lists(st.text(max_size=30), max_size=25))
def test_whatever_people_write_the_card_is_within_the_rules(lines: list[str], labels: list[str]) -> None:
    labels = [label or "x" for label in labels]
    blocks = [Paragraph(verbatim(line)) for line in lines]
    card = Card((*blocks, press(*labels)) if labels else tuple(blocks), verbatim(lines[0]))
    for part in WRITER.parts(card, "zh", BASE):
        if isinstance(part, Template):
            check_message({"msgtype": "template_card", "template_card": part.card}, PUSHED, [])
            check_message(
                {"msgtype": "template_card", "template_card": WRITER.again(card, "zh", part.card["task_id"], "好")},
                PUSHED,
                [],
            )
