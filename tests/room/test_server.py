"""The page's server over real sockets: frames both ways."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from adapters.room.session import FRAME_LIMIT
from chat.cards import Button, Card, Field, Form, Paragraph, text_card
from chat.text import Mention, say
from tests.activity import until
from tests.room.client import GROUP

CARD = text_card(say("要办吗？", "Do it?"), Button(say("办", "Do"), "do", ("T1",), version=2))
FORM = Card((Form("daily", (Field("today", say("今日", "Today"), required=True),), say("提交", "Send")),))


async def test_a_page_is_told_who_it_is_and_what_there_is(enter, adapter):
    client = await enter("李四")
    state = client.told[0]
    assert (state["ev"], state["me"]) == ("state", adapter.room.person("李四"))
    assert sorted((one["kind"], one["name"]) for one in state["chats"]) == [("direct", ""), ("group", GROUP)]
    assert state["bot"]["name"] == "进度助手"
    assert state["zone"] == "Asia/Shanghai"
    assert state["clock"]["machine"] is False
    assert state["hints"][0]["usage"] == {"zh": "/任务 <标题>", "en": "/task <title>"}


async def test_what_one_says_all_members_see_and_the_bot_answers(enter, adapter):
    zhang, li = await enter("张三"), await enter("李四")
    group = adapter.room.group(GROUP)
    reply = await zhang.ask("say", chat=group, text="@进度助手 你好 @李四", once="a")
    seen = await li.message("你好")
    assert seen["id"] == reply["id"]
    assert seen["text"] == [{"at": "bot", "name": "进度助手"}, " 你好 ", {"at": li.me, "name": "李四"}]
    answer = await li.seen(lambda f: f["ev"] == "message" and f["message"]["sender"] == "bot")
    assert answer["message"]["quote"]["id"] == reply["id"]
    people = await li.hear(lambda f: f["ev"] == "people")
    assert {one["label"]: one["unread"] for one in people["people"]}["李四"] == 2
    again = await zhang.ask("say", chat=group, text="@进度助手 你好 @李四", once="a")
    assert again["id"] == reply["id"]


async def test_a_strangers_page_is_told_nothing(enter, adapter):
    zhang = await enter()
    adapter.room.add_person("Mike")
    mike = await enter("Mike")
    group = adapter.room.group(GROUP)
    refused = await mike.ask("open", chat=group)
    assert refused["ev"] == "error"
    await zhang.ask("say", chat=group, text="秘密")
    await mike.ask("read", chat=adapter.room.direct(mike.me))
    assert "秘密" not in str(mike.told)


async def test_a_press_is_answered_before_what_follows_is_released(enter, adapter, echo):
    client, other = await enter(), await enter("李四")
    card = await echo.send("post", adapter.room.group(GROUP), CARD)
    await client.message("要办吗")
    echo.gate.clear()
    ref = await client.send("press", message=card, verb="do", args=["T1"], version=2)
    await until(lambda: any("press" in key for key in echo.tried))
    echo.released.clear()
    writing = []
    socket = next(one for one in adapter.page.sessions if one.person == client.me)
    send = socket._send_now

    async def noted(frame):
        await send(frame)
        if frame["ev"] == "answer":
            writing.append(list(echo.released))

    socket._send_now = noted
    echo.gate.set()
    answer = await client.hear(lambda frame: frame.get("ref") == ref)
    assert (answer["ev"], answer["toast"], answer["message"]) == ("answer", "收到", card)
    assert answer["card"]["blocks"][0]["text"] == ["已处理"]
    await adapter.idle()
    assert writing == [[]]
    assert len(echo.released) == 1
    await other.ask("read", chat=adapter.room.direct(other.me))
    assert "已处理" not in str(other.told)
    assert echo.heard[-1].action.version == 2


async def test_a_slow_bot_is_said_to_be_slow_and_the_press_is_not_lost(enter, adapter, echo):
    client = await enter()
    card = await echo.send("post", adapter.room.group(GROUP), CARD)
    echo.refuse = 1
    ref = await client.send("press", message=card, verb="do", args=["T1"], version=2, once="p")
    assert (await client.hear(lambda frame: frame.get("ref") == ref))["ev"] == "wait"
    (key,) = adapter.room.pending
    adapter.hurry(key)
    assert (await client.hear(lambda frame: frame.get("ref") == ref))["toast"] == "收到"
    again = await client.ask("press", message=card, verb="do", args=["T1"], version=2, once="p")
    assert (again["ev"], again["toast"]) == ("answer", "收到")
    assert sum(thing.kind == "click" for thing in echo.heard) == 1


async def test_a_message_the_bot_does_not_take_says_so_to_its_sender_only(enter, adapter, echo):
    zhang, li = await enter("张三"), await enter("李四")
    echo.refuse = 1
    reply = await zhang.ask("say", chat=adapter.room.group(GROUP), text="慢")
    frame = await zhang.seen(lambda f: f["ev"] == "message" and f["message"].get("trouble"))
    assert frame["message"]["id"] == reply["id"]
    await zhang.ask("retry", message=reply["id"])
    await zhang.seen(
        lambda f: f["ev"] == "message" and f["message"]["id"] == reply["id"] and "waiting" not in f["message"]
    )
    await li.ask("read", chat=adapter.room.direct(li.me))
    assert "trouble" not in str(li.told)


async def test_a_form_a_recall_and_an_edit_in_place(enter, adapter, echo):
    client = await enter()
    group = adapter.room.group(GROUP)
    card = await echo.send("post", group, FORM)
    shown = await client.message("daily")
    assert shown["card"]["blocks"][0]["fields"][0] == {
        "name": "today", "label": "今日", "input": "line", "required": True, "value": "", "hint": "", "options": [],
    }  # fmt: skip
    refused = await client.ask("form", message=card, verb="daily", fields={"today": " "})
    assert (refused["ev"], refused["zh"]) == ("error", "还没填「今日」。")
    await client.ask("form", message=card, verb="daily", fields={"today": "定稿"})
    assert echo.heard[-1].action.fields == {"today": "定稿"}
    await echo.send("edit", group, text_card(say("已提交", "Sent")), target=card)
    edited = await client.message("已提交")
    assert edited["id"] == card
    assert edited["edited"]
    said = await client.ask("say", chat=group, text="写错了")
    await client.ask("recall", message=said["id"])
    gone = await client.seen(lambda f: f["ev"] == "message" and f["message"].get("recalled"))
    assert "text" not in gone["message"]


async def test_groups_people_and_the_bot_are_managed_from_the_page(enter, adapter, echo):
    client, li = await enter(), await enter("李四")
    mike = (await client.ask("person", name="Mike（London）"))["id"]
    group = (await client.ask("group", name="新群", people=[li.me], bot=True))["id"]
    await client.ask("add", chat=group, people=[mike])
    await client.ask("rename", chat=group, name="更新的群")
    row = await li.seen(lambda f: f["ev"] == "chat" and f["chat"]["name"] == "更新的群")
    assert row["chat"]["members"] == [client.me, li.me, mike]
    await client.ask("bot", chat=group, here=False)
    await client.ask("remove", chat=group, person=li.me)
    assert (await li.seen(lambda f: f["ev"] == "gone"))["chat"] == group
    await client.ask("dissolve", chat=group)
    await adapter.idle()
    events = [thing.event for thing in echo.heard if thing.chat.id == group]
    assert events == ["bot_added", "member_joined", "renamed", "bot_removed"]


async def test_history_comes_in_pages(enter, adapter):
    client = await enter()
    group = adapter.room.group(GROUP)
    for n in range(70):
        adapter.room.say(client.me, group, f"{n}")
    latest = await client.ask("open", chat=group)
    earlier = await client.ask("open", chat=group, before=latest["messages"][0]["n"])
    assert (len(latest["messages"]), latest["more"]) == (60, True)
    assert (len(earlier["messages"]), earlier["more"]) == (len(adapter.room.messages(group)) - 60, False)


@pytest.mark.parametrize(
    "frame",
    [
        *("", "{", "[]", "7", '"x"', "{}", '{"op":"nothing"}', '{"op":[]}', '{"op":"say","as":7}'),
        '{"op":"say","as":"p9","chat":"g1"}',
        '{"op":"open","as":"p1","chat":"g1","before":"x"}',
        '{"op":"press","as":"p1","message":"m1","args":[1]}',
        '{"op":"form","as":"p1","message":"m1","verb":"x","fields":[]}',
        '{"op":"time"}',
        '{"op":"group","people":{}}',
        '{"op":"recall","as":"p1","message":"nope"}',
        '{"op":"add","chat":"g1","as":"","people":["x"]}',
    ],
)
async def test_a_frame_that_cannot_be_done_is_answered_and_the_line_stays_open(enter, frame):
    client = await enter()
    await client.socket.send_str(frame)
    error = await client.hear(lambda f: f["ev"] == "error")
    assert error["zh"]
    assert error["en"]
    assert (await client.ask("view"))["ev"] == "state"


async def test_a_mebibyte_is_refused_politely_and_more_than_a_frame_closes(enter, adapter):
    client = await enter()
    reply = await client.ask("say", chat=adapter.room.group(GROUP), text="x" * 1024 * 1024)
    assert (reply["ev"], reply["zh"][:5]) == ("error", "这条太长了")
    assert (await client.ask("view"))["ev"] == "state"
    await client.socket.send_str("x" * (FRAME_LIMIT + 1))
    async with asyncio.timeout(20):
        while not client.socket.closed:
            await client.socket.receive()
    assert client.socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_words_are_data_and_turn_nothing_around(enter, adapter, echo):
    client = await enter()
    title = "\u202eabc <img src=x onerror=alert(1)> \ufffc0\ufffc"
    text = say("已建「{title}」给 {who}", "Made “{title}” for {who}", title=title, who=Mention("p1", "张三"))
    await echo.send("post", adapter.room.group(GROUP), Card((Paragraph(text),)))
    shown = await client.message("onerror")
    words, mention = shown["card"]["blocks"][0]["text"]
    assert words == "已建「\u2068\u202eabc <img src=x onerror=alert(1)> 0\u2069」给 "
    assert mention == {"at": "p1", "name": "张三"}
