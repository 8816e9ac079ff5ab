"""A press is answered by the card itself, within five seconds, or by one line."""

from __future__ import annotations

from chat.cards import Button, Buttons, Card, Field, Form, Paragraph, text_card
from chat.messages import Answer
from chat.text import say, verbatim
from tests.platforms.wecom_office import Office, office
from tests.platforms.wecom_server import GROUP

YES = Button(say("同意", "Yes"), "approve", ("P1",), 1, "primary")
NO = Button(say("拒绝…", "No"), "reject", ("P1",), 1, "danger")
CARD = text_card(say("P1 预算\n待：王五、赵六", "P1"), YES, NO)
HALF = text_card(say("P1 预算\n王五 已同意，待：赵六", "P1"), YES, NO)
DONE = text_card(say("P1 预算\n已通过", "P1 approved"))
TOAST = say("已同意", "Approved")


async def sent(place: Office) -> str:
    await place.speak("在", "wangwu")
    return (await place.deliver(CARD, name="p:1")).message_id


async def test_a_change_is_shown_to_everybody_and_the_last_one_takes_the_buttons_away() -> None:
    async with office() as place:
        task = await sent(place)
        place.bot.answers = [Answer(TOAST, HALF), Answer(TOAST, DONE)]
        msgid = await place.press(task, "wangwu")
        thing = place.bot.things[-1]
        assert thing.action is not None
        assert (thing.action.verb, thing.action.args, thing.action.version) == ("approve", ("P1",), 1)
        assert (thing.key, thing.message_id) == (f"wecom:{msgid}", task)
        assert place.fake.views(GROUP) == ["P1 预算\n王五 已同意，待：赵六\n[同意] [拒绝…]"]
        assert "userids" not in place.fake.updates[0]
        await place.press(task, "zhaoliu")
        assert place.fake.views(GROUP) == ["P1 预算\n已通过"]
        assert place.fake.cards[task].body["card_type"] == "text_notice"
        assert not place.fake.advisory


async def test_a_toast_alone_is_shown_to_the_presser_alone() -> None:
    async with office() as place:
        task = await sent(place)
        place.bot.answers = [Answer(say("P1 需要 王五、赵六 处理", "x"))]
        await place.press(task, "chenchen")
        assert place.fake.updates[0]["userids"] == ["chenchen"]
        assert place.fake.views(GROUP, "chenchen") == [
            "P1 预算\nP1 需要 王五、赵六 处理\n待：王五、赵六\n[同意] [拒绝…]"
        ]
        assert place.fake.views(GROUP, "wangwu") == ["P1 预算\n待：王五、赵六\n[同意] [拒绝…]"]


async def test_the_release_comes_after_the_answer() -> None:
    async with office() as place:
        task = await sent(place)
        place.bot.answers = [Answer(TOAST, DONE)]
        place.fake.faults.hold = True
        msgid = place.fake.clicks("wangwu", task)
        await place.fake.until(lambda: place.fake.updates)
        assert f"wecom:{msgid}" not in place.bot.released
        place.fake.release()
        await place.fake.until(lambda: f"wecom:{msgid}" in place.bot.released)


async def test_a_press_delivered_twice_is_answered_twice_and_counts_once() -> None:
    async with office() as place:
        task = await sent(place)
        place.bot.answers = [Answer(TOAST, DONE)]
        msgid = await place.press(task, "wangwu")
        place.fake.again(msgid)
        await place.fake.until(lambda: len(place.fake.updates) == 2)
        assert len(place.bot.things) == 2
        assert place.fake.updates[1]["userids"] == ["wangwu"]
        assert place.fake.views(GROUP, "wangwu") == ["P1 预算\n已同意\n已通过"]
        assert place.fake.views(GROUP) == ["P1 预算\n已通过"]


async def test_an_edit_from_elsewhere_is_shown_at_the_next_press() -> None:
    async with office() as place:
        task = await sent(place)
        await place.deliver(DONE, kind="edit", target=task, name="p:1")
        place.bot.answers = [Answer(say("P1 已撤回", "x"))]
        await place.press(task, "wangwu")
        assert place.fake.views(GROUP) == ["P1 预算\n已通过"]
        assert "userids" not in place.fake.updates[0]


async def test_each_part_of_a_card_is_brought_up_to_date_by_its_own_press() -> None:
    async with office() as place:
        await place.speak("在")
        rows = [b for n in range(2) for b in (Paragraph(verbatim(f"T{n}")), Buttons((YES,)))]
        base = (await place.deliver(Card(tuple(rows)))).message_id
        done = Card((Paragraph(say("全部处理完", "All done")),))
        place.bot.answers = [Answer(TOAST, done), Answer(TOAST, done), Answer(TOAST, done)]
        await place.press(base)
        assert place.fake.views(GROUP) == ["全部处理完", "T1\n[同意]"]
        await place.press(f"{base}-1", key='["approve",["P1"],1]')
        assert place.fake.views(GROUP) == ["全部处理完", "全部处理完"]
        await place.press(f"{base}-1", "lisi", key='["approve",["P1"],1]')
        assert place.fake.views(GROUP, "lisi") == ["全部处理完", "全部处理完\n已同意"]


async def test_too_late_for_the_card_one_line_says_it() -> None:
    async with office() as place:
        task = await sent(place)
        place.bot.answers = [Answer(TOAST, DONE)]
        place.bot.gate.clear()
        msgid = place.fake.clicks("zhaoliu", task)
        await place.fake.pinged()
        place.forward(6)
        place.bot.gate.set()
        await place.fake.until(lambda: f"wecom:{msgid}" in place.bot.released)
        assert place.fake.views(GROUP)[1:] == ["已同意"]
        place.fake.again(msgid)
        await place.fake.until(lambda: len(place.bot.released) == 3)
        assert place.fake.views(GROUP)[1:] == ["已同意"]


async def test_a_press_that_takes_long_is_told_to_be_under_way_and_then_how_it_ended() -> None:
    async with office() as place:
        task = await sent(place)
        place.adapter.lanes.slow_seconds = 0.02
        place.bot.answers = [Answer(TOAST, DONE), Answer(say("P1 已通过", "x"))]
        place.bot.gate.clear()
        msgid = place.fake.clicks("zhaoliu", task)
        await place.fake.until(lambda: place.fake.updates)
        assert place.fake.updates[0]["userids"] == ["zhaoliu"]
        assert "处理中…" in place.fake.views(GROUP, "zhaoliu")[0]
        assert place.fake.views(GROUP) == ["P1 预算\n待：王五、赵六\n[同意] [拒绝…]"]
        place.bot.gate.set()
        await place.fake.until(lambda: f"wecom:{msgid}" in place.bot.released)
        assert place.fake.views(GROUP)[1:] == ["已同意"]
        place.adapter.lanes.slow_seconds = 3.0
        await place.press(task, "wangwu")
        assert place.fake.views(GROUP)[0] == "P1 预算\n已通过", "shown at the next press"


async def test_after_a_restart_the_new_card_is_still_shown_and_a_toast_is_a_line() -> None:
    async with office() as place:
        task = await sent(place)
        place.adapter._answers._cards.clear()
        place.bot.answers = [Answer(say("P1 需要 王五、赵六 处理", "x")), Answer(TOAST, DONE)]
        await place.press(task, "wangwu")
        assert place.fake.views(GROUP)[1:] == ["P1 需要 王五、赵六 处理"]
        await place.press(task, "wangwu")
        assert place.fake.views(GROUP)[0] == "P1 预算\n已通过"


async def test_a_line_for_the_presser_goes_to_their_own_chat_where_that_is_open() -> None:
    async with office() as place:
        task = await sent(place)
        await place.speak("你好", "wangwu", "")
        place.fake.faults.refuse = [846605]
        place.bot.answers = [Answer(TOAST, DONE)]
        await place.press(task, "wangwu")
        assert place.fake.views("wangwu") == ["已同意"]
        assert place.fake.views(GROUP) == ["P1 预算\n待：王五、赵六\n[同意] [拒绝…]"]


async def test_choices_are_sent_as_fields() -> None:
    async with office() as place:
        await place.speak("在")
        options = (("g", say("正常", "Fine")), ("r", say("阻塞", "Stuck")))
        form = Form(
            "mood", (Field("mood", say("状态", "Mood"), "choice", True, "", None, options),), say("提交", "Send")
        )
        task = (await place.deliver(Card((Paragraph(say("今天？", "Today?")), form)))).message_id
        place.bot.answers = [Answer(say("收到", "OK"), text_card(say("已提交 18:26", "Sent")))]
        await place.press(task, selected={"mood": "r"})
        action = place.bot.things[-1].action
        assert action is not None
        assert dict(action.fields) == {"mood": "r"}
        assert place.fake.views(GROUP) == ["已提交 18:26"]


async def test_what_concerns_the_presser_alone_leaves_the_card_to_the_others() -> None:
    async with office() as place:
        task = await sent(place)
        place.bot.answers = [Answer(TOAST, text_card(say("已提交 18:26", "Sent")), alone=True), Answer(TOAST, DONE)]
        await place.press(task, "lisi")
        assert place.fake.updates[0]["userids"] == ["lisi"]
        assert place.fake.views(GROUP, "lisi") == ["已提交 18:26"]
        assert place.fake.views(GROUP, "wangwu") == ["P1 预算\n待：王五、赵六\n[同意] [拒绝…]"]
        await place.press(task, "wangwu")
        assert "userids" not in place.fake.updates[1]
        assert place.fake.views(GROUP, "lisi") == ["P1 预算\n已通过"]


async def test_one_action_under_two_names_has_two_buttons() -> None:
    async with office() as place:
        await place.speak("在")
        named = [Button(say(name, name), "daily.all", ("1",)) for name in ("展开", "看全部", "看全部")]
        task = (await place.deliver(text_card(say("日汇总", "Digest"), *named))).message_id
        assert place.fake.views(GROUP) == ["日汇总\n[展开] [看全部]"]
        for button in place.fake.cards[task].body["button_list"]:
            await place.press(task, key=button["key"])
            action = place.bot.things[-1].action
            assert action is not None
            assert (action.verb, action.args, dict(action.fields)) == ("daily.all", ("1",), {})


async def test_who_opens_the_chat_is_welcomed_until_they_have_written() -> None:
    async with office() as place:
        place.fake.enters("lisi")
        await place.fake.until(lambda: place.fake.welcomes)
        assert "先发我一句「你好」" in place.fake.welcomes[0]
        await place.speak("你好", "lisi", "")
        place.fake.enters("lisi")
        await place.fake.pinged()
        await place.speak("在", "lisi", "")
        assert len(place.fake.welcomes) == 1


async def test_unknown_events_are_counted_and_nothing_else() -> None:
    async with office() as place:
        place.fake.event("lisi", "feedback_event", {"feedback_event": {"id": "f", "type": 1}})
        place.fake.event("lisi", "auth_change_event", {})
        await place.speak("在")
        assert place.adapter.connection.counts["feedback_event"] == 1
        assert len(place.bot.things) == 1
