"""What happens on a platform reaches the bot once, in order, and is acknowledged only after commit."""

from __future__ import annotations

import asyncio

import pytest

from tests.activity import Patience
from tests.contract.platform import Platform, texts


async def test_what_is_said_reaches_the_bot_and_is_acknowledged(platform: Platform) -> None:
    key = await platform.say("任务 写周报")
    await platform.acked(key)
    thing = platform.ledger.thing(key)
    assert texts([thing]) == ["任务 写周报"]
    assert (thing.kind, thing.platform, thing.addressed) == ("message", platform.name, True)
    assert thing.chat is not None
    assert (thing.chat.kind, thing.chat.id) == ("group", platform.chat())
    assert thing.sender is not None
    assert thing.sender.name == "张三"
    assert thing.bot_id
    assert thing.bot_id in [one.id for one in thing.mentions]
    assert thing.message_id
    assert thing.at.tzinfo is not None


async def test_a_direct_message_needs_no_mention(platform: Platform) -> None:
    key = await platform.say("帮助", where="direct")
    await platform.acked(key)
    thing = platform.ledger.thing(key)
    assert thing.addressed
    assert thing.chat is not None
    assert thing.chat.kind == "direct"
    assert not thing.mentions


async def test_nothing_is_acknowledged_before_it_is_committed(platform: Platform) -> None:
    platform.ledger.gate.clear()
    key = await platform.say("任务 写周报")
    await platform.until(lambda: platform.times("tried", key))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not platform.times("acked", key)
    platform.ledger.gate.set()
    await platform.acked(key)
    assert platform.journal.index(("committed", key)) < platform.journal.index(("acked", key))


async def test_what_a_message_causes_is_released_once_after_the_commit(platform: Platform) -> None:
    """For a message it is enough that the acknowledgement was written; whether it has arrived does not matter."""
    key = await platform.say("任务 写周报")
    await platform.until(lambda: platform.times("released", key) and platform.times("acked", key))
    assert platform.times("released", key) == 1
    assert platform.journal.index(("committed", key)) < platform.journal.index(("released", key))


@pytest.mark.needs("redelivery")
async def test_what_could_not_be_stored_comes_again(platform: Platform) -> None:
    platform.ledger.refuse = 2
    key = await platform.say("任务 写周报")
    await platform.acked(key)
    assert platform.times("tried", key) == 3
    assert platform.times("committed", key) == 1


@pytest.mark.needs("redelivery")
async def test_a_fault_of_the_bots_own_costs_one_round_not_the_message(platform: Platform, caplog) -> None:
    platform.ledger.explode = 1
    key = await platform.say("任务 写周报")
    await platform.acked(key)
    assert platform.times("committed", key) == 1


async def test_the_same_thing_twice_is_committed_once_and_acknowledged_twice(platform: Platform) -> None:
    key = await platform.say("任务 写周报")
    await platform.acked(key)
    await platform.again(key)
    await platform.until(lambda: platform.times("acked", key) == 2)
    assert platform.times("committed", key) == 1


async def test_each_chat_keeps_its_order(platform: Platform) -> None:
    keys = []
    for n in range(15):
        keys.append(await platform.say(f"群 {n}"))
        keys.append(await platform.say(f"私 {n}", where="direct"))
    await platform.acked(*keys)
    said = texts(platform.ledger.things)
    assert [text for text in said if text.startswith("群")] == [f"群 {n}" for n in range(15)]
    assert [text for text in said if text.startswith("私")] == [f"私 {n}" for n in range(15)]


@pytest.mark.needs("wire")
@pytest.mark.parametrize(
    "hostile", ["\ufffc\ufffc", "a\ufffcb", "@所有人", '<at user_id="all"></at>', "{{7*7}}", "‮abc"]
)
async def test_a_user_cannot_write_a_mention_by_hand(platform: Platform, hostile: str) -> None:
    key = await platform.say(hostile)
    await platform.acked(key)
    thing = platform.ledger.thing(key)
    assert thing.text.count("\ufffc") == len(thing.mentions) == 1


async def test_a_long_message_arrives_whole(platform: Platform) -> None:
    words = "很长的话。" * 2_000
    key = await platform.say(words)
    await platform.acked(key)
    assert texts([platform.ledger.thing(key)]) == [words]


async def test_it_stops_within_a_second_under_load_and_nothing_is_acknowledged_uncommitted(platform: Platform) -> None:
    platform.ledger.gate.clear()
    first = await platform.say("0")
    for n in range(1, 20):
        await platform.say(f"{n}")
    await platform.until(lambda: platform.times("tried", first))
    patience = Patience()
    await platform.deaf()
    await platform.adapter.close()
    assert patience.seconds < 1.0
    committed = {key for what, key in platform.journal if what == "committed"}
    assert {key for what, key in platform.journal if what == "acked"} <= committed
