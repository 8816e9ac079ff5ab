"""The room's rules, without a bot and without sockets."""

from __future__ import annotations

import pytest

from adapters.room.model import Room
from adapters.room.store import Store
from chat.cards import Button, Buttons, Card, Field, Form, Paragraph, text_card
from chat.errors import Gone, Rejected, UserError
from chat.messages import TOKEN, Outgoing
from chat.text import Mention, say

GROUP = "双十一大促"
CARD = Card(
    (
        Paragraph(say("还差 {who}", "Waiting for {who}", who=Mention("p2", "李四"))),
        Buttons((Button(say("完成", "Done"), "done", ("T1",), version=3),)),
        Form(
            "daily",
            (Field("today", say("今日", "Today"), required=True), Field("note", say("备注", "Note"), value="无")),
            say("提交", "Send"),
            opener=say("填写日报", "Fill in"),
        ),
    )
)


def parcel(kind, chat: str, card: Card = CARD, *, key: str = "k1", **rest) -> Outgoing:
    return Outgoing(1, key, "room", kind, chat, card, **rest)


def last(room: Room):
    return list(room.pending.values())[-1]


def said(room: Room, who: str, text: str, **rest):
    room.say(room.person(who), room.group(GROUP), text, **rest)
    return last(room)


def test_seed_makes_six_people_one_group_and_tells_the_bot_who_invited_it(room):
    (event,) = room.pending.values()
    assert [person.full for person in room.people.values()] == [
        "张三", "李四（投放部）", "王五（设计部）", "赵六（商品部）", "陈晨", "王总",
    ]  # fmt: skip
    assert (event.kind, event.event, event.sender.name, event.chat.name) == ("event", "bot_added", "张三", GROUP)
    assert [one["name"] for one in event.data["members"]] == ["张三", "李四", "王五", "赵六", "陈晨", "王总"]


def test_typed_names_become_mentions_and_the_message_is_addressed_to_the_bot(room):
    thing = said(room, "张三", "＠进度助手 /任务 渠道投放 @李四 周五 @王五（设计部）@所有人 @陌生人")
    assert thing.text == f"{TOKEN} /任务 渠道投放 {TOKEN} 周五 {TOKEN}@所有人 @陌生人"
    assert [one.name for one in thing.mentions] == ["进度助手", "李四", "王五"]
    assert thing.addressed
    assert thing.bot_id == thing.mentions[0].id
    assert thing.key == f"room:{thing.message_id}"


def test_without_a_mention_the_bot_hears_it_unaddressed_even_when_its_card_is_quoted(room):
    card = room.deliver(parcel("post", room.group(GROUP)))
    thing = said(room, "张三", "今日：A", quote=card)
    assert not thing.addressed
    assert (thing.quote.message_id, thing.quote.sender.name) == (card, "进度助手")
    assert thing.quote.text == "还差 @李四\n[完成]\n[填写日报]"


def test_in_a_direct_chat_everything_is_addressed(room):
    person = room.person("李四")
    room.say(person, room.direct(person), "今天请假")
    assert last(room).addressed
    assert last(room).chat.kind == "direct"


def test_a_name_two_members_share_stays_text_until_the_department_is_typed(room):
    room.add_member(room.group(GROUP), room.add_person("李四（财务部）"), room.person("张三"))
    assert said(room, "张三", "@李四 看下").mentions == ()
    assert [one.name for one in said(room, "张三", "@李四(财务部) 看下").mentions] == ["李四（财务部）"]
    assert [room.people[one].label for one in ("p1", "p2", "p7")] == ["张三", "李四（投放部）", "李四（财务部）"]


def test_the_longest_name_wins_and_a_latin_name_ends_at_its_last_letter(room):
    by, group = room.person("张三"), room.group(GROUP)
    for name in ("李四光", "Al", "Al Green"):
        room.add_member(group, room.add_person(name), by)
    assert [one.name for one in said(room, "张三", "@李四光 @al green，@Alice").mentions] == ["李四光", "Al Green"]


def test_a_bot_name_with_spaces_is_mentioned_in_any_case(clock):
    room = Room(clock, bot_name="Jindu Bot")
    room.seed_trial()
    for space in (" ", "\u00a0", "\u2005", "\u3000"):
        assert said(room, "张三", f"@jindu{space}bot 进度").addressed


def test_the_mention_character_cannot_be_typed(room):
    thing = said(room, "张三", f"{TOKEN}@李四{TOKEN}")
    assert thing.text == TOKEN
    assert len(thing.mentions) == 1


@pytest.mark.parametrize("text", ["", "  \n ", "字" * 100_001])
def test_nothing_and_too_much_are_refused_and_change_nothing(room, text):
    before = len(room.messages(room.group(GROUP)))
    with pytest.raises(UserError):
        said(room, "张三", text)
    assert len(room.messages(room.group(GROUP))) == before


def test_the_same_act_sent_twice_is_one_message(room):
    person, group = room.person("张三"), room.group(GROUP)
    assert room.say(person, group, "一次", once="a") == room.say(person, group, "一次", once="a")
    assert room.say(person, group, "一次", once="b") != room.say(person, group, "一次", once="a")


def test_a_removed_bot_hears_nothing_and_cannot_be_mentioned(room):
    room.remove_bot(room.group(GROUP), room.person("张三"))
    assert last(room).event == "bot_removed"
    room.say(room.person("张三"), room.group(GROUP), "@进度助手 在吗")
    assert last(room).event == "bot_removed"
    assert room.messages(room.group(GROUP))[-1].mentions == ()
    room.add_bot(room.group(GROUP), room.person("李四"))
    assert (last(room).event, last(room).sender.name) == ("bot_added", "李四")


def test_memberships_and_names_are_events(room):
    by, group = room.person("张三"), room.group(GROUP)
    room.remove_member(group, room.person("王总"), by)
    room.add_member(group, room.person("王总"), by)
    room.rename(group, "双十二", by)
    room.dissolve(group, by)
    events = [thing for thing in room.pending.values() if thing.kind == "event"][1:]
    assert [thing.event for thing in events] == ["member_left", "member_joined", "renamed", "dissolved"]
    assert events[0].data == {"id": room.person("王总"), "name": "王总"}
    assert events[2].data == {"name": "双十二", "old": GROUP}
    with pytest.raises(UserError):
        room.say(by, group, "还在吗")
    assert [chat.kind for chat in room.chats_of(by)] == ["direct"]


def test_only_members_talk_and_only_the_sender_recalls(room):
    group, mike = room.group(GROUP), room.add_person("Mike")
    with pytest.raises(UserError):
        room.say(mike, group, "hi")
    message = room.say(room.person("张三"), group, "写错了")
    with pytest.raises(UserError):
        room.recall(room.person("李四"), message)
    room.recall(room.person("张三"), message)
    room.recall(room.person("张三"), message)
    assert (last(room).event, last(room).message_id, last(room).data) == ("recalled", message, {"message_id": message})
    assert sum(thing.event == "recalled" for thing in room.pending.values()) == 1
    assert said(room, "李四", "?", quote=message).quote.text == ""


def test_unread_counts_what_others_said_and_knows_who_was_called(room):
    group, li, zhang = room.group(GROUP), room.person("李四"), room.person("张三")
    said(room, "张三", "早")
    room.deliver(parcel("post", group))
    assert room.log.unread(li, group) == (2, True)
    assert room.log.unread(zhang, group) == (1, False)
    room.read(li, group)
    assert room.log.unread(li, group) == (0, False)


def test_delivery_is_idempotent_by_key_and_edits_in_place(room):
    group = room.group(GROUP)
    first = room.deliver(parcel("post", group))
    assert room.deliver(parcel("post", group)) == first
    count = len(room.messages(group))
    edit = parcel("edit", group, text_card(say("已完成", "Done")), key="k2", target=first)
    assert room.deliver(edit) == room.deliver(edit) == first
    message = room.messages(group)[-1]
    assert (room.text_of(first), message.version, len(room.messages(group))) == ("已完成", 2, count)


def test_a_direct_parcel_reaches_the_person_alone(room):
    li = room.person("李四")
    message = room.deliver(parcel("direct", li))
    assert room.messages(room.direct(li))[-1].id == message


def test_what_cannot_be_reached_is_gone_and_what_is_not_there_is_rejected(room):
    group, by = room.group(GROUP), room.person("张三")
    with pytest.raises(Rejected):
        room.deliver(parcel("edit", group, target="m999"))
    with pytest.raises(Gone):
        room.deliver(parcel("post", "g999"))
    with pytest.raises(Gone):
        room.deliver(parcel("direct", "p999"))
    room.remove_bot(group, by)
    with pytest.raises(Gone):
        room.deliver(parcel("post", group))
    room.add_bot(group, by)
    room.deliver(parcel("post", group))
    room.dissolve(group, by)
    with pytest.raises(Gone):
        room.deliver(parcel("post", group, key="k2"))


def test_a_press_carries_what_the_button_carried(room):
    card, li = room.deliver(parcel("post", room.group(GROUP))), room.person("李四")
    key = room.press(li, card, "完成")
    thing = room.pending[key]
    assert key.startswith("room:press:")
    assert (thing.kind, thing.addressed, thing.message_id) == ("click", True, card)
    assert (thing.action.verb, thing.action.args, thing.action.version) == ("done", ("T1",), 3)
    stale = room.pending[room.press(li, card, ("done", ("T9",)), version=1)]
    assert (stale.action.args, stale.action.version) == (("T9",), 1)
    assert room.press(li, card, "完成", once="x") == room.press(li, card, "完成", once="x")
    with pytest.raises(LookupError):
        room.press(li, card, "没有")


def test_a_form_is_sent_whole_or_refused(room):
    card, li = room.deliver(parcel("post", room.group(GROUP))), room.person("李四")
    with pytest.raises(UserError):
        room.send_form(li, card, {"today": " "})
    thing = room.pending[room.send_form(li, card, {"today": "定稿", "strange": "x"})]
    assert (thing.action.verb, thing.action.fields) == ("daily", {"today": "定稿", "note": "无"})


def test_everything_is_there_after_a_restart_and_the_rest_is_told_again(clock, tmp_path):
    path = tmp_path / "room.db"
    room = Room(clock, Store(path))
    group = room.seed_trial()
    zhang, li = room.person("张三"), room.person("李四")
    card = room.deliver(parcel("post", group))
    room.press(li, card, "完成")
    room.send_form(li, card, {"today": "x"})
    for n in range(11):
        message = room.say(zhang, group, f"@李四 {n}", quote=card, once=f"o{n}")
    acked = next(iter(room.pending))
    room.acknowledge(acked)
    things, unread = list(room.pending.values()), room.log.unread(li, group)
    room.store.close()

    again = Room(clock, Store(path))
    assert list(again.pending.values()) == things
    assert again.messages(group) == room.messages(group)
    assert again.chats == room.chats
    assert again.people == room.people
    assert again.log.unread(li, group) == unread
    assert again.deliver(parcel("post", group)) == card
    assert again.say(zhang, group, "@李四 10", once="o10") == message
    assert again.say(zhang, group, "新的") not in {one.id for one in room.messages(group)}
    assert again.press(li, card, "完成") not in {thing.key for thing in things}
    again.store.close()


def test_a_new_store_never_repeats_the_ids_of_an_old_one(clock, tmp_path):
    first, second = Room(clock, Store(tmp_path / "a.db")), Room(clock, Store(tmp_path / "b.db"))
    assert first.seed_trial() != second.seed_trial()
    first.store.close()
    second.store.close()


@pytest.mark.parametrize("name", ["", " \u200b", "@", "进度助手"])
def test_names_that_cannot_be(room, name):
    with pytest.raises(UserError):
        room.add_person(name)


def test_the_same_name_twice_is_told_apart(room):
    assert room.people[room.add_person("陈晨")].label == "陈晨（2）"
