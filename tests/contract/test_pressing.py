"""A press is answered in its own acknowledgement; what it changes for others follows after."""

from __future__ import annotations

import pytest

from tests.contract.platform import CARD, Platform


@pytest.mark.needs("cards")
async def test_a_press_carries_what_our_card_said(platform: Platform) -> None:
    sent = await platform.deliver(CARD)
    key = await platform.press(sent.message_id, "李四")
    await platform.acked(key)
    thing = platform.ledger.thing(key)
    assert thing.kind == "click"
    assert thing.action is not None
    assert (thing.action.verb, thing.action.args, thing.action.version) == ("do", ("T1",), 3)
    assert thing.message_id == sent.message_id
    assert thing.sender is not None
    assert thing.sender.name == "李四"
    assert thing.chat is not None
    assert thing.chat.id == platform.chat()


@pytest.mark.needs("answers")
async def test_the_presser_is_answered_in_the_acknowledgement(platform: Platform) -> None:
    sent = await platform.deliver(CARD)
    key = await platform.press(sent.message_id)
    await platform.acked(key)
    assert platform.answer(key) == ("收到", "已处理")


async def test_what_a_press_causes_is_released_after_the_answer(platform: Platform) -> None:
    sent = await platform.deliver(CARD)
    key = await platform.press(sent.message_id)
    await platform.until(lambda: platform.times("released", key))
    assert platform.journal.index(("acked", key)) < platform.journal.index(("released", key))


@pytest.mark.needs("answers")
async def test_a_press_that_comes_twice_gets_the_same_answer(platform: Platform) -> None:
    sent = await platform.deliver(CARD)
    key = await platform.press(sent.message_id)
    await platform.acked(key)
    await platform.again(key)
    await platform.until(lambda: platform.times("acked", key) == 2)
    assert platform.times("committed", key) == 1
    assert platform.answer(key) == ("收到", "已处理")


async def test_two_people_press_and_each_press_counts(platform: Platform) -> None:
    sent = await platform.deliver(CARD)
    keys = [await platform.press(sent.message_id, who) for who in ("张三", "李四")]
    await platform.acked(*keys)
    assert len(set(keys)) == 2
    assert {platform.ledger.thing(key).sender.name for key in keys} == {"张三", "李四"}


@pytest.mark.needs("answers", "late answers")
async def test_a_press_that_takes_too_long_is_answered_at_once_and_shown_later(platform: Platform) -> None:
    sent = await platform.deliver(CARD)
    platform.impatient()
    platform.ledger.gate.clear()
    key = await platform.press(sent.message_id)
    await platform.acked(key)
    assert platform.answer(key) == ("处理中…", "")
    assert platform.times("committed", key) == 0
    platform.ledger.gate.set()
    await platform.until(lambda: platform.times("released", key))
    assert platform.shown()[-1] == "已处理"
    assert [what for what, _ in platform.journal if what != "tried"] == ["acked", "committed", "released"]


@pytest.mark.needs("answers", "late answers")
@pytest.mark.parametrize(("refused", "told"), [(0, "收到"), (1, "这次没办成，没有改动。请再点一次。")])
async def test_what_does_not_change_the_card_is_told_to_the_presser_alone(
    platform: Platform, refused: int, told: str
) -> None:
    sent = await platform.deliver(CARD)
    before = platform.shown()
    platform.impatient()
    platform.ledger.done = None
    platform.ledger.refuse = refused
    platform.ledger.gate.clear()
    key = await platform.press(sent.message_id, "李四")
    await platform.acked(key)
    platform.ledger.gate.set()
    await platform.until(lambda: platform.shown("direct", "李四"))
    assert platform.shown("direct", "李四") == [told]
    assert platform.shown() == before
