"""Cards: their codes, their limits, their changes; forms in a template of one's own."""

from __future__ import annotations

import json

import pytest

from adapters.dingtalk import codes, wire
from adapters.dingtalk.config import PUBLIC_TEMPLATE
from chat.cards import Button, Buttons, Card, Field, Form, Paragraph, Table, text_card
from chat.charts import Chart
from chat.errors import Gone, Rejected, RetryLater
from chat.messages import Action
from chat.text import say, verbatim
from reports.rules import MILESTONE, OVERDUE, RISK, WARN, foot
from tests.platforms import dingtalk_rules as rules
from tests.platforms.dingtalk_desk import APPROVE, DONE, Desk


async def test_a_card_has_our_codes_on_its_buttons(desk: Desk) -> None:
    sent = await desk.send(APPROVE, name="approval:42")
    card = desk.world.cards[sent.message_id]
    assert card.template == PUBLIC_TEMPLATE
    first, second = rules.buttons_of(card.params)
    assert (first["text"], first["color"], second["color"]) == ("同意", "blue", "red")
    assert first["id"] == first["params"]["id"] == codes.code("approve", ("P42",), 3)
    assert desk.shown() == ["同意预算吗？\n[同意] [驳回]"]


async def test_an_edit_is_for_everybody_and_takes_the_buttons_away(desk: Desk) -> None:
    sent = await desk.send(APPROVE, name="approval:42")
    desk.world.answered(sent.message_id, desk.li.staff, {"response": {"cardData": {"cardParamMap": {"tips": "收到"}}}})
    await desk.send(DONE, kind="edit", target=sent.message_id, name="approval:42")
    assert desk.shown() == ["已同意"]
    assert desk.shown(reader=desk.li.staff) == ["已同意\n收到"]


async def test_a_card_for_one_person_stays_one_also_when_it_is_changed(desk: Desk) -> None:
    """However the chat is named when it is changed, a press on it is not one in a group."""
    for chat, kind in ((desk.li.staff, "direct"), (f"user:{desk.li.staff}", "post")):
        sent = await desk.send(APPROVE, chat, kind, name="approval:42")
        assert desk.world.cards[sent.message_id].direct
        await desk.send(APPROVE, chat, "edit", target=sent.message_id, name="approval:42")
        thing = await desk.frame(wire.CARD, desk.server.press(desk.li, sent.message_id).data)
        assert thing.chat is not None
        assert (thing.chat.id, thing.chat.kind) == (f"user:{desk.li.staff}", "direct")
        assert thing.message_id == sent.message_id


async def test_a_card_that_arrived_before_is_not_sent_again(desk: Desk) -> None:
    desk.server.swallow = 1
    with pytest.raises(RetryLater):
        await desk.send(APPROVE, key="same", name="x")
    sent = await desk.send(APPROVE, key="same", name="x")
    assert sent.message_id in desk.world.cards
    assert len(desk.shown()) == 1


async def test_what_is_wrong_inside_a_success_is_noticed(desk: Desk) -> None:
    desk.world.undelivered.append("unknown reason")
    with pytest.raises(Rejected):
        await desk.send(APPROVE)
    desk.world.undelivered.append("robot not in group")
    with pytest.raises(Gone):
        await desk.send(APPROVE)


async def test_an_edit_of_what_is_not_there_or_not_a_card(desk: Desk) -> None:
    for target in (codes.track("never"), "pqk1", ""):
        with pytest.raises(Gone):
            await desk.send(DONE, kind="edit", target=target, name="x")


async def test_a_long_body_goes_before_its_card(desk: Desk) -> None:
    body = "\n".join(f"第 {n} 行，内容不少" for n in range(60))
    sent = await desk.send(
        Card((Paragraph(verbatim(body)), Buttons((Button(say("好", "OK"), "ok"),))), say("周报", "Weekly")), name="w"
    )
    words, card = desk.shown()
    assert words == f"周报\n{body}"
    assert card == "周报\n内容见上一条消息。\n[好]"
    await desk.send(Card((Paragraph(verbatim(body)),)), kind="edit", target=sent.message_id, name="w")
    assert desk.shown()[1].startswith("第 0 行")
    assert desk.shown()[1].endswith("…")


async def test_more_buttons_than_one_card_holds(desk: Desk) -> None:
    buttons = tuple(Button(verbatim(f"选项{n}"), "choose", (f"T{n}", "很长的参数"), n) for n in range(20))
    sent = await desk.send(text_card(say("选一个", "Choose"), *buttons), name="choice")
    assert len(desk.shown()) > 2
    found = [button["text"] for card in desk.world.cards.values() for button in rules.buttons_of(card.params)]
    assert found == [f"选项{n}" for n in range(20)]
    assert [codes.track_of(track) for track in desk.world.cards] == [sent.message_id] * len(desk.world.cards)


async def test_what_a_reminder_of_several_rules_and_projects_offers_is_on_one_card(desk: Desk) -> None:
    late = ("overdue.done", ("12345", "2026-09-21"), 2)
    ways = (
        Button(verbatim("年货节 T1 完成"), *late), Button(verbatim("年货节 T5 已续一年"), "customer.renew", ("123",)),
        Button(verbatim("双十一 T1 完成"), *late), Button(verbatim("双十一 M1 正常推进"), "plan.going", ("12",)),
    )  # fmt: skip
    rules_off = foot(OVERDUE, RISK, WARN, MILESTONE)
    await desk.send(Card((Paragraph(verbatim("逾期 1 个工作日")), Buttons(ways), *rules_off)), name="slot")
    assert len(desk.shown()) == 1
    assert desk.shown()[0].count("[") == 8


async def test_tables_are_lists_and_words_are_harmless(desk: Desk) -> None:
    hostile = "- **粗** _斜_ [链](https://x.cn) `x` a|b\n# 标题\n1. 一 <font color=red>"
    table = Table((say("任务", "Task"), say("谁", "Who")), ((verbatim("写*周报*"), verbatim("李四")),))
    await desk.send(Card((Paragraph(verbatim(hostile)), table), say("标题", "Title")))
    shown = desk.shown()[0]
    assert shown == (
        "标题\n- **粗** _斜_ [链](https://x.cn) ｀x｀ a｜b\n# 标题\n1. 一 <font color=red>\n任务｜谁\n- 写*周报*｜李四"
    )
    assert rules.links(desk.world.messages[0].raw["sampleMarkdown"]["text"]) == {}


async def test_our_own_words_are_shown_as_they_are_too(desk: Desk) -> None:
    usage = say("用法：/任务 <标题> [@某人]\n* 例：{what}", "{what}", what="**x** \ue0000\ue001")
    await desk.send(Card((Paragraph(usage), Paragraph(say("完", "End")))))
    assert desk.shown() == ["用法：/任务 <标题> [@某人]\n* 例：**x** 0\n完"]
    assert "<标题>" not in desk.world.messages[0].raw["sampleMarkdown"]["text"]


async def test_long_words_are_cut_into_messages(desk: Desk) -> None:
    for words in ("很长的话。" * 4000, "😀" * 9000, "\n" * 5000 + "x", '"\\' * 9000):
        desk.world.messages.clear()
        desk.forward(60)
        await desk.send(text_card(verbatim(words)))
        assert "".join(desk.shown()).replace("\n", "") == words.replace("\n", "")


async def test_a_form_is_only_for_a_template_of_ones_own(desk: Desk) -> None:
    form = Form("daily", (Field("done", say("今日", "Today"), "lines", True), Field("d", say("日", "Day"), "date")), say("提交", "Send"), ("D1",), 2)  # fmt: skip  # noqa: E501
    card = Card((Paragraph(say("日报", "Daily")), form))
    assert not desk.adapter.can.input_in_card
    await desk.send(card, name="d")
    assert desk.shown() == ["日报"]
    await desk.adapter.close()
    adapter = await desk.open(card_template="mine.schema")
    assert adapter.can.input_in_card
    sent = await desk.send(card, name="d", key="form")
    drawn = json.loads(desk.world.cards[sent.message_id].params["form"])
    assert [(field["name"], field["type"]) for field in drawn["fields"]] == [("done", "TEXT_AREA"), ("d", "DATE")]
    delivery = desk.server.press(desk.zhang, sent.message_id, done="写完", d="2026-09-30")
    thing = await desk.frame(wire.CARD, delivery.data)
    assert thing.action == Action("daily", ("D1",), 2, {"done": "写完", "d": "2026-09-30"})


async def test_a_chart_that_nobody_drew_is_told_in_words(desk: Desk) -> None:
    chart = Chart("lines", say("燃尽", "Burndown"), (), (), say("剩 3 项，*9-30* 做完", "3 left"))
    await desk.send(Card((Paragraph(say("周报", "Weekly")), chart)))
    assert desk.shown() == ["周报\n剩 3 项，*9-30* 做完"]
