"""Cards that Feishu takes: within its limits, literal, nothing lost; judged by the fake's rules."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.feishu import cards, words
from chat.cards import Attachment, Button, Buttons, Card, Field, Form, Paragraph, Picture, Table, text_card
from chat.messages import Answer
from chat.text import Mention, Text, say, verbatim
from tests.platforms import feishu_rules as rules

PEOPLE = {"ou_2": "李四"}
LI = Mention("ou_2", "李四")


def drawn(card: Card, **how: Any) -> list[cards.Json]:
    """Every part, checked as Feishu would, and small enough inside a request."""
    parts = cards.cards(card, "zh", **how)
    for part in parts:
        assert rules.problem(part) == ""
        assert len(orjson.dumps({"receive_id": "x" * 40, "content": orjson.dumps(part).decode()})) < 30 * 1024
    return parts


def read(card: Card, **how: Any) -> str:
    return "\n".join(rules.words(part, PEOPLE) for part in drawn(card, **how))


def test_a_card_with_everything():
    fields = (
        Field("done", say("今日进展", "Done"), "lines", required=True, hint=say("一行一件", "one a line")),
        Field("due", say("截止", "Due"), "date", value="2026-09-30"),
        Field(
            "state",
            say("状态", "State"),
            "choice",
            value="b",
            options=(("a", say("顺利", "ok")), ("b", say("卡住", "bad"))),
        ),
        Field("who", say("负责人", "Owner"), "person"),
        Field("title", say("标题", "Title"), value="旧标题"),
    )
    card = Card(
        (
            Paragraph(say("请 {who} 填写", "{who}, please", who=LI)),
            Paragraph(say("小字", "small"), quiet=True),
            Table((say("任务", "Task"), say("谁", "Who")), ((verbatim("登录页"), say("{w}", "{w}", w=LI)),)),
            Buttons(
                (
                    Button(say("同意", "Yes"), "approve", ("P1",), 3, "primary"),
                    Button(say("驳回", "No"), "no", style="danger"),
                )
            ),
            Form("daily", fields, say("提交", "Send"), ("5",), 2),
            Picture("a.png", say("燃尽图", "Burndown")),
            Attachment("周报.csv", "a,b"),
        ),
        say("日报", "Daily"),
        "warn",
    )
    (part,) = drawn(card, pictures={"a.png": "img_1"})
    assert part["header"] == {"template": "orange", "title": {"tag": "plain_text", "content": "日报"}}
    assert part["config"]["summary"] == {"content": "日报"}
    assert rules.words(part, PEOPLE) == (
        "日报\n请 @李四 填写\n小字\n任务｜谁\n登录页｜@李四\n[同意] [驳回]\n"
        "今日进展：\n截止\n状态\n负责人\n标题：旧标题\n[提交]\n🖼 燃尽图\n📎 周报.csv"
    )
    names = [one["name"] for one in _tagged(part) if "name" in one]
    assert names == ["form4", "f4_done", "f4_due", "f4_state", "f4_who", "f4_title", "send4"]
    values = [one["behaviors"][0]["value"] for one in rules.buttons(part)]
    assert values == [
        {"v": "approve", "a": ["P1"], "n": 3}, {"v": "no", "a": [], "n": 0}, {"v": "daily", "a": ["5"], "n": 2}
    ]  # fmt: skip


def test_a_card_for_one_person_says_so_in_its_buttons():
    (part,) = drawn(text_card(say("好吗", "ok?"), Button(say("好", "ok"), "ok")), direct=True)
    assert rules.buttons(part)[0]["behaviors"][0]["value"]["d"] == 1


def test_a_picture_that_was_not_uploaded_is_told_in_words():
    assert read(Card((Picture("a.png", say("完成 3/5", "3 of 5 done")),))) == "完成 3/5"


@pytest.mark.parametrize(
    "words",
    [
        "**粗** *斜* _x_ ~~删~~ `码` # 题", "<at id=all></at>", "<at id=ou_2></at>", "[链](https://x.cn)", "---",
        "<font color='red'>红</font>", "a < b && c > d", "&lt;at&gt; &#42;", "1. 一\n2) 二\n- 三\n+ 四\n* 五\n> 六",
        "    缩进\n  两格", "| a | b |\n|---|---|", "@所有人 {{7*7}} {x} %s", "\\*转义\\*", "😀\u202eمرحبا",
        "\ue0000\ue001", "https://x.cn/a_b?c=1&d=*2*", "```\nx\n```", ":OK: :DONE:完成", "标题\n====", "18:00:00",
    ],
)  # fmt: skip
def test_words_are_shown_as_they_are(words):
    shown = words.replace("\ue000", "").replace("\ue001", "")
    assert read(Card((Paragraph(verbatim(words)), Paragraph(say("完", "end"))))) == f"{shown}\n完"
    assert (
        read(Card((Table((say("列", "col"),), ((verbatim(words),), (say("{w}", "{w}", w=LI),))),)))
        == f"列\n{shown}\n@李四"
    )
    assert "<at id" not in str(drawn(Card((Paragraph(verbatim(words)), Paragraph(say("完", "end"))))))


@pytest.mark.parametrize("who", [Mention("all", "所有人"), Mention("", "李四"), Mention("x></at><at id=all", "李四")])
def test_a_mention_is_of_a_person_or_only_a_name(who):
    assert "<at" not in str(drawn(Card((Paragraph(say("{who} 好", "{who} hi", who=who)),))))
    assert "<at" not in words.texts(say("{who} 好", "{who} hi", who=who), "zh")[0]["text"]


def test_a_text_message():
    text = say("{who} 的「{title}」", "{title} of {who}", who=LI, title='<at user_id="all">x</at> a<b [t](u)')
    (content,) = words.texts(text, "zh")
    assert content["text"] == '<at user_id="ou_2">李四</at> 的「＜at user_id="all">x＜/at> a＜b [t] (u)」'
    assert words.texts(text, "en")[0]["text"].startswith("＜at")


def test_a_very_long_text_is_several():
    long = "\n".join(f"第 {n} 行" for n in range(20_000))
    parts = [content["text"] for content in words.texts(verbatim(long), "zh")]
    assert len(parts) > 1
    assert "\n".join(parts) == long
    assert all(len(part.encode()) < 140_000 for part in parts)


def test_a_large_table_is_several_cards_and_loses_no_row():
    rows = tuple((verbatim(f"任务 {n} " + "很长" * 20), verbatim(f"第{n}人")) for n in range(400))
    card = Card(
        (Paragraph(say("完成 12/400", "12 of 400")), Table((say("任务", "Task"), say("谁", "Who")), rows)),
        say("周报", "Weekly"),
    )
    parts = drawn(card)
    assert len(parts) > 2
    assert parts[0]["header"]["title"]["content"] == f"周报 (1/{len(parts)})"
    shown = read(card)
    assert all(f"第{n}人" in shown for n in range(400))
    assert all(sum(one["tag"] == "table" for one in _tagged(part)) <= 3 for part in parts)


def test_many_tables_are_shared_out():
    table = Table((say("列", "col"),), ((verbatim("x"),),))
    assert len(drawn(Card((table,) * 7))) == 3


def test_many_buttons_are_shared_out():
    rows = tuple(Buttons((Button(verbatim(f"按钮{n}"), "x"),)) for n in range(120))
    card = Card(rows)
    assert len(drawn(card)) > 1
    assert sum(len(rules.buttons(part)) for part in drawn(card)) == 120


def test_a_long_paragraph_is_cut_at_lines_and_not_within_a_tag():
    words = "\n".join("名" * 500 for _ in range(60))
    assert read(Card((Paragraph(verbatim(words)), Paragraph(say("完", "end"))))).replace("\n", "").count("名") == 30_000
    crowd = {f"p{n}": Mention("ou_2", "李四") for n in range(400)}
    text = say("".join("{" + name + "}" for name in crowd), "x", **crowd)
    assert read(Card((Paragraph(text),))).replace("\n", "") == "@李四" * 400


def test_a_table_without_a_header_is_lines():
    table = Table(
        (say("", ""), say("", "")),
        ((verbatim("昨天"), verbatim("登录页")), (verbatim("今天"), say("{w}", "{w}", w=LI))),
    )
    assert read(Card((table,))) == "昨天｜登录页\n今天｜@李四"


def test_an_input_takes_what_feishu_takes():
    field = Field("x", verbatim("很长的名字" * 50), "lines", value="值" * 5_000)
    (part,) = drawn(Card((Form("x", (field,), say("提交", "Send")),)))
    assert [len(one["default_value"]) for one in _tagged(part) if one["tag"] == "input"] == [1000]


def test_an_empty_card_is_still_a_card():
    assert drawn(Card(()))
    assert drawn(Card((Paragraph(say("", "")), Buttons(()), Table((say("列", "c"),), ()))))


def test_the_answer_to_a_press():
    answer = Answer(say("已同意 {t}", "Approved {t}", t="P1"), text_card(say("已同意", "Approved"), tone="good"))
    said = cards.answer(answer)
    assert said["toast"] == {"type": "info", "content": "已同意 P1"}
    assert said["card"]["type"] == "raw"
    assert rules.problem(said["card"]["data"]) == ""
    assert "card" not in cards.answer(Answer(say("好", "ok")))
    own = Answer(say("已提交", "Sent"), text_card(say("已提交", "Sent")), alone=True)
    assert "card" not in cards.answer(own), "everybody in the group would see it instead of the prompt"
    assert "card" in cards.answer(own, direct=True)
    assert len(cards.answer(Answer(verbatim("长" * 999)))["toast"]["content"]) == 200


@pytest.mark.parametrize("name", ["card_approval", "card_approval_done", "card_daily_report"])
def test_the_rules_take_the_sample_cards(name, feishu_fixtures):
    card = json.loads((feishu_fixtures / f"{name}.json").read_text())
    assert rules.problem(card) == ""


WORDS = st.text(max_size=40)
TEXTS = st.builds(verbatim, WORDS) | st.builds(lambda name: say("{w} 好", "{w}", w=Mention("ou_2", name)), WORDS)
BUTTON = st.builds(Button, st.builds(lambda words: verbatim("按" + words), WORDS), WORDS, st.tuples(WORDS))
BLOCKS = st.one_of(
    st.builds(Paragraph, TEXTS, st.booleans()),
    st.builds(Buttons, st.lists(BUTTON, max_size=4).map(tuple)),
    st.builds(
        Table, st.just((say("甲", "a"), say("乙", "b"))), st.lists(st.tuples(TEXTS, TEXTS), max_size=70).map(tuple)
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(BLOCKS, max_size=12).map(tuple), st.none() | TEXTS)
def test_whatever_the_bot_says_feishu_takes(blocks: tuple[Any, ...], title: Text | None):
    drawn(Card(blocks, title))


def _tagged(value: Any) -> list[dict[str, Any]]:
    return list(rules._walk(value))


@pytest.mark.parametrize("style", ["default", "primary"])
def test_a_card_has_one_main_button_and_its_form_shows_what_it_holds(style):
    own = Field("own", say("周报", "Report"), "lines", value="\n".join("一二三四五"))
    send = Buttons((Button(say("发到群里", "Send"), "send", style=style),))
    (part,) = drawn(Card((Paragraph(verbatim("草稿")), send, Form("send", (own,), say("发改过的", "Edited")))))
    assert orjson.dumps(part).decode().count("primary_filled") == 1
    assert '"rows":5' in orjson.dumps(part).decode()
