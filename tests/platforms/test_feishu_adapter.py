"""The adapter against the fake: names that Feishu hides, events, presses."""

from __future__ import annotations

import pytest

from chat.cards import Card, Field, Form, Paragraph
from chat.text import say
from tests.contract.platform import CARD, DONE
from tests.platforms.feishu_contract import FeishuWebhookPlatform
from tests.platforms.feishu_world import BOT

ZHANG = "张三"


def calls(feishu: FeishuWebhookPlatform, words: str) -> int:
    return sum(words in path for _, path in feishu.server.world.calls)


# --- names ---


async def test_names_are_asked_for_once_and_then_known(feishu):
    for n in range(3):
        key = await feishu.say(f"{n}", "李四")
        await feishu.acked(key)
        assert feishu.ledger.thing(key).sender.name == "李四"
        assert feishu.ledger.thing(key).chat.name == "双十一大促"
    assert calls(feishu, "members") == 1
    assert calls(feishu, "chats/") == 2


async def test_without_permissions_people_are_heard_all_the_same(feishu):
    feishu.server.world.scopes -= {"members", "contact", "chat"}
    key = await feishu.say("你好")
    await feishu.acked(key)
    assert feishu.ledger.thing(key).sender.name == ""
    assert set(feishu.adapter.client.trouble) == {"members", "person", "chat"}
    asked = len(feishu.server.world.calls)
    await feishu.acked(await feishu.say("还是我"))
    assert len(feishu.server.world.calls) == asked
    feishu.server.world.scopes |= {"members", "contact", "chat"}
    await feishu.forward(601)
    key = await feishu.say("又是我")
    await feishu.acked(key)
    assert feishu.ledger.thing(key).sender.name == ZHANG
    assert not set(feishu.adapter.client.trouble) & {"members", "chat"}


async def test_who_is_mentioned_is_known_without_asking(feishu):
    world = feishu.server.world
    new = world.person("韩梅梅")
    mention = {"key": "@_user_1", "id": {"open_id": BOT}, "name": "进度助手"}
    other = {"key": "@_user_2", "id": {"open_id": new}, "name": "韩梅梅"}
    message, _ = feishu.server.hear(
        feishu.group, world.person(ZHANG), "@_user_2 来", mention=True, mentions=[mention, other]
    )
    await feishu.acked(f"feishu:{message}")
    world.scopes -= {"members", "contact"}
    key = await feishu.say("到", "韩梅梅")
    await feishu.acked(key)
    assert feishu.ledger.thing(key).sender.name == "韩梅梅"


async def test_while_a_name_is_asked_for_its_chat_waits_and_no_other_does(feishu):
    world = feishu.server.world
    other = world.group("另一个群", "王五")
    feishu.server.hold("members")
    first = await feishu.say("一", "李四")
    await feishu.until(lambda: calls(feishu, "members"))
    second = await feishu.say("二", "李四")
    world.scopes.discard("members")
    message, _ = feishu.server.hear(other, world.person("王五"), "三", mention=True)
    feishu.adapter.directory.names.keep(world.person("王五"), "王五")
    await feishu.acked(f"feishu:{message}")
    feishu.server.release()
    await feishu.acked(first, second)
    assert [thing.text.strip("\ufffc ") for thing in feishu.ledger.things] == ["三", "一", "二"]


async def test_the_words_of_what_is_answered_are_fetched(feishu):
    world = feishu.server.world
    asked = world.add(feishu.group, world.person("李四"), "text", {"text": "@_user_1 把首页文案改一下 @_all"})
    message, _ = feishu.server.hear(
        feishu.group, world.person(ZHANG), "转任务", mention=True, parent_id=asked.id, root_id=asked.id
    )
    await feishu.acked(f"feishu:{message}")
    quote = feishu.ledger.things[-1].quote
    assert (quote.text, quote.sender.name, quote.at) == ("@进度助手 把首页文案改一下 @所有人", "李四", asked.at)
    message, _ = feishu.server.hear(feishu.group, world.person(ZHANG), "再转", mention=True, parent_id=asked.id)
    await feishu.acked(f"feishu:{message}")
    assert feishu.ledger.things[-1].quote == quote, "asked twice, told twice"


@pytest.mark.parametrize("restarted", [False, True])
async def test_an_answer_to_the_bot_says_so(feishu, restarted):
    sent = await feishu.deliver("✅ T1 写周报", name="task:1")
    if restarted:
        feishu.adapter.directory.said.clear()
    message, _ = feishu.server.hear(
        feishu.group, feishu.server.world.person(ZHANG), "完成", mention=True, parent_id=sent.message_id
    )
    await feishu.acked(f"feishu:{message}")
    quote = feishu.ledger.things[-1].quote
    assert (quote.text, quote.sender.id, quote.message_id) == ("✅ T1 写周报", BOT, sent.message_id)


@pytest.mark.parametrize("why", ["recalled", "forbidden", "unknown"])
async def test_an_answer_to_something_unreadable_is_still_heard(feishu, why):
    world = feishu.server.world
    asked = world.add(feishu.group, world.person("李四"), "text", {"text": "x"})
    asked.recalled = why == "recalled"
    if why == "forbidden":
        world.scopes.discard("message")
    parent = "om_unknown" if why == "unknown" else asked.id
    message, _ = feishu.server.hear(feishu.group, world.person(ZHANG), "转任务", mention=True, parent_id=parent)
    await feishu.acked(f"feishu:{message}")
    assert feishu.ledger.things[-1].quote.text == ""


async def test_the_bot_learns_everybody_when_it_is_added(feishu):
    world = feishu.server.world
    group = world.group("新项目", "张三", "李四", "王五")
    event = {"chat_id": group, "operator_id": {"open_id": world.person(ZHANG)}, "name": "新项目"}
    delivery = feishu.server.happen("im.chat.member.bot.added_v1", event)
    await delivery.finished.wait()
    (thing,) = feishu.ledger.things
    assert (thing.event, thing.chat.name, thing.sender.name) == ("bot_added", "新项目", ZHANG)
    assert [one["name"] for one in thing.data["members"]] == ["张三", "李四", "王五"]
    await feishu.server.happen("im.chat.member.bot.added_v1", event).finished.wait()
    assert feishu.ledger.things[-1].data == thing.data, "added again, told again"


async def test_members_come_one_by_one_under_keys_of_their_own(feishu):
    world = feishu.server.world
    users = [{"name": name, "user_id": {"open_id": world.person(name)}} for name in ("甲", "乙")]
    event = {"chat_id": feishu.group, "operator_id": {"open_id": world.person(ZHANG)}, "users": users}
    delivery = feishu.server.happen("im.chat.member.user.added_v1", event)
    await delivery.finished.wait()
    assert delivery.state == "acked"
    assert [thing.data["name"] for thing in feishu.ledger.things] == ["甲", "乙"]
    assert len({thing.key for thing in feishu.ledger.things}) == 2


async def test_a_recall_names_the_writer_even_after_a_restart(feishu):
    key = await feishu.say("说错了", "李四")
    await feishu.acked(key)
    message = key.removeprefix("feishu:")
    feishu.adapter.directory._writers.clear()
    event = {"chat_id": feishu.group, "message_id": message, "recall_time": "1", "recall_type": "message_owner"}
    await feishu.server.happen("im.message.recalled_v1", event).finished.wait()
    thing = feishu.ledger.things[-1]
    assert (thing.event, thing.message_id, thing.sender.name) == ("recalled", message, "李四")


async def test_a_recall_by_nobody_we_can_name_is_told_without_a_name(feishu):
    event = {"chat_id": feishu.group, "message_id": "om_unknown"}
    delivery = feishu.server.happen("im.message.recalled_v1", event)
    await delivery.finished.wait()
    assert delivery.state == "acked"
    thing = feishu.ledger.things[-1]
    assert (thing.event, thing.message_id, thing.sender) == ("recalled", "om_unknown", None)


async def test_who_left_the_company_is_told_in_no_chat(feishu):
    gone = {"open_id": "ou_1", "name": "赵六", "department_ids": None}
    await feishu.server.happen("contact.user.deleted_v3", {"object": gone}).finished.wait()
    thing = feishu.ledger.things[-1]
    assert (thing.kind, thing.event, thing.chat, thing.sender) == ("event", "person_left_company", None, None)
    assert thing.data == {"id": "ou_1", "name": "赵六"}
    for strange in ({}, {"object": None}, {"object": {"open_id": ""}}, {"object": ["ou_1"]}):
        await feishu.server.happen("contact.user.deleted_v3", strange).finished.wait()
    assert len(feishu.ledger.things) == 1
    assert feishu.adapter.counts["malformed"] == 4


async def test_unknown_events_are_acknowledged_and_counted(feishu):
    delivery = feishu.server.happen("im.message.reaction.created_v1", {"message_id": "om_1"})
    await delivery.finished.wait()
    assert (delivery.state, delivery.attempts) == ("acked", 1)
    assert feishu.adapter.counts == {"im.message.reaction.created_v1": 1}


async def test_nothing_is_taken_before_the_bot_knows_itself(feishu):
    feishu.server.broken = 2
    key = await feishu.say("你好")
    await feishu.acked(key)
    assert feishu.times("refused", key) == 2
    assert feishu.times("committed", key) == 1


# --- presses ---


async def test_a_press_on_a_card_for_one_person_is_in_their_direct_chat(feishu):
    sent = await feishu.deliver(CARD, "direct", who="李四")
    key = await feishu.press(sent.message_id, "李四")
    await feishu.acked(key)
    thing = feishu.ledger.thing(key)
    assert (thing.chat.kind, thing.chat.id) == ("direct", feishu.server.world.messages[sent.message_id].chat)


async def test_a_form_brings_its_fields(feishu):
    fields = (Field("done", say("今日进展", "Done"), "lines", required=True), Field("due", say("截止", "Due"), "date"))
    form = Form("daily.send", fields, say("提交", "Send"), ("5",), 2)
    sent = await feishu.deliver(Card((Paragraph(say("日报", "Daily")), form)), "direct", who="李四")
    filled = {"f1_done": "登录页\n联调", "f1_due": "2026-09-20 +0800"}
    delivery = feishu.server.press(sent.message_id, feishu.server.world.person("李四"), "提交", **filled)
    await delivery.finished.wait()
    action = feishu.ledger.things[-1].action
    assert (action.verb, action.args, action.version) == ("daily.send", ("5",), 2)
    assert action.fields == {"done": "登录页\n联调", "due": "2026-09-20"}


async def test_a_press_in_a_direct_chat_the_bot_has_forgotten_is_asked_for(feishu):
    world = feishu.server.world
    chat = world.direct(world.person("李四"))
    sent = await feishu.adapter.client.send("chat_id", chat, "interactive", _card(), "k")
    key = await feishu.press(sent, "李四")
    await feishu.acked(key)
    assert feishu.ledger.thing(key).chat.kind == "direct"


async def test_an_edit_after_a_press_does_not_overtake_its_answer(feishu):
    sent = await feishu.deliver(CARD, name="task:1")
    key = await feishu.press(sent.message_id)
    await feishu.until(lambda: feishu.times("released", key))
    await feishu.deliver(DONE, kind="edit", target=sent.message_id, name="task:1")
    assert feishu.server.world.violations == []
    early = await feishu.deliver(CARD)
    feishu.ledger.gate.clear()
    key = await feishu.press(early.message_id)
    await feishu.until(lambda: feishu.times("tried", key))
    await feishu.deliver(DONE, kind="edit", target=early.message_id)
    feishu.ledger.gate.set()
    await feishu.acked(key)
    assert len(feishu.server.world.violations) == 1, "the fake notices an edit that comes too early"


def _card():
    from adapters.feishu import cards

    return cards.cards(CARD, "zh")[0]
