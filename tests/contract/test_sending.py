"""A parcel arrives once, or the adapter says which remedy there is."""

from __future__ import annotations

import asyncio

import pytest

from chat.cards import Card, Field, Form, Paragraph, Table
from chat.errors import DeliveryError, Gone, InDoubt, Rejected, RetryLater
from chat.text import Mention, say, verbatim
from tests.contract.platform import CARD, DONE, Fault, Platform

HOSTILE = (
    '<at user_id="all">所有人</at>',
    "<at id=all></at>",
    "**粗** _斜_ [链](https://x.cn)",
    "{{7*7}} {x} %s",
    "`x`",
)


async def test_a_message_is_shown_once_however_often_its_parcel_is_carried(platform: Platform) -> None:
    first = await platform.deliver("你好", key="k/1")
    if platform.adapter.can.idempotent:
        again = await platform.deliver("你好", key="k/1")
        assert again.message_id == first.message_id
    assert platform.shown() == ["你好"]


async def test_parcels_of_one_chat_are_shown_in_the_order_carried(platform: Platform) -> None:
    for n in range(3):
        await platform.deliver(f"第 {n} 条")
    assert platform.shown() == ["第 0 条", "第 1 条", "第 2 条"]


@pytest.mark.needs("directs")
async def test_a_direct_message_is_for_one_person(platform: Platform) -> None:
    await platform.deliver("只给你", where="direct", who="李四")
    assert platform.shown("direct", "李四") == ["只给你"]
    assert platform.shown("direct", "张三") == []
    assert platform.shown() == []


@pytest.mark.needs("edits")
async def test_an_edit_takes_the_place_of_the_card(platform: Platform) -> None:
    sent = await platform.deliver(CARD, name="task:1")
    await platform.deliver(DONE, kind="edit", target=sent.message_id, name="task:1")
    assert platform.shown() == ["已处理"]
    await platform.deliver(CARD, kind="edit", target=sent.message_id, name="task:1")
    assert len(platform.shown()) == 1
    assert "要办吗？" in platform.shown()[0]


async def test_users_words_are_shown_as_they_are(platform: Platform) -> None:
    for words in HOSTILE:
        await platform.deliver(words)
        await platform.deliver(Card((Paragraph(verbatim(words)), Paragraph(say("完", "end")))))
    shown = "\n".join(platform.shown())
    assert "@所有人" not in shown.replace(" ", "")
    assert "{{7*7}} {x} %s" in shown
    assert shown.count("**粗** _斜_") == 2


async def test_a_large_card_arrives_in_words_at_least(platform: Platform) -> None:
    cell = verbatim("任务标题很长很长很长很长")
    table = Table((say("任务", "Task"), say("谁", "Who")), tuple((cell, verbatim(f"第{n}人")) for n in range(400)))
    fields = tuple(Field(f"f{n}", say("第 {n} 项", "Item {n}", n=n), "lines") for n in range(3))
    form = Form("daily", fields, say("提交", "Send"))
    card = Card((Paragraph(say("长报表", "Long report")), table, form), say("周报", "Weekly"))
    try:
        await platform.deliver(card)
    except Rejected:
        await platform.deliver("长报表")
    assert any("长报表" in shown for shown in platform.shown())


async def test_a_person_is_addressed(platform: Platform) -> None:
    thing_key = await platform.say("你好", "李四")
    await platform.acked(thing_key)
    sender = platform.ledger.thing(thing_key).sender
    assert sender is not None
    await platform.deliver(
        Card((Paragraph(say("请 {who} 看一下", "{who}, please look", who=Mention(sender.id, "李四"))),))
    )
    assert "李四" in platform.shown()[0]


@pytest.mark.needs("tokens")
async def test_many_sends_at_once_fetch_one_token(platform: Platform) -> None:
    before = platform.tokens
    platform.fail(Fault.STALE_TOKEN)
    await asyncio.gather(*(platform.deliver(f"{n}") for n in range(4)))
    assert platform.tokens <= before + 2
    assert sorted(platform.shown()) == ["0", "1", "2", "3"]


@pytest.mark.needs("tokens")
async def test_a_stale_token_is_renewed_once_and_the_message_arrives(platform: Platform) -> None:
    await platform.deliver("先")
    before = platform.tokens
    platform.fail(Fault.STALE_TOKEN)
    await platform.deliver("后")
    assert platform.tokens == before + 1
    assert platform.shown() == ["先", "后"]


@pytest.mark.needs("faults")
async def test_too_fast_says_how_long_to_wait(platform: Platform) -> None:
    platform.fail(Fault.TOO_FAST)
    with pytest.raises(RetryLater) as caught:
        await platform.deliver("你好", key="k/1")
    assert 0 < caught.value.after <= 3600
    await platform.forward(caught.value.after)
    await platform.deliver("你好", key="k/1")
    assert platform.shown() == ["你好"]


@pytest.mark.needs("faults")
async def test_a_chat_that_cannot_be_reached_is_gone(platform: Platform) -> None:
    platform.fail(Fault.GONE)
    with pytest.raises(Gone):
        await platform.deliver("你好")


@pytest.mark.needs("faults")
async def test_refused_content_is_not_repeated(platform: Platform) -> None:
    platform.fail(Fault.REFUSED)
    with pytest.raises(Rejected):
        await platform.deliver(CARD)
    assert platform.shown() == []


@pytest.mark.needs("faults")
async def test_a_send_without_an_answer_is_in_doubt_and_its_repetition_harmless(platform: Platform) -> None:
    platform.fail(Fault.NO_ANSWER)
    with pytest.raises(InDoubt):
        await platform.deliver("你好", key="k/1")
    if platform.adapter.can.idempotent:
        await platform.deliver("你好", key="k/1")
        assert platform.shown() == ["你好"]


@pytest.mark.needs("faults")
async def test_a_broken_gateway_is_worth_another_try(platform: Platform) -> None:
    platform.fail(Fault.BROKEN)
    with pytest.raises(DeliveryError) as caught:
        await platform.deliver("你好", key="k/1")
    assert not isinstance(caught.value, Rejected | Gone)
    await platform.deliver("你好", key="k/1")
    assert "你好" in platform.shown()
