"""The page's server over real sockets: frames both ways, and who is let in."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta

import aiohttp
import orjson
import pytest

from adapters.room.adapter import RoomAdapter
from adapters.room.adapter import open as open_room
from adapters.room.server import FILE_LIMIT
from adapters.room.session import FRAME_LIMIT
from chat.cards import Attachment, Button, Card, Field, Form, Paragraph, Picture, text_card
from chat.ports import Hint
from chat.text import Mention, say
from tests.room.echo import Echo, StoppedClock, listening, until

GROUP = "双十一大促"
CARD = text_card(say("要办吗？", "Do it?"), Button(say("办", "Do"), "do", ("T1",), version=2))
FORM = Card((Form("daily", (Field("today", say("今日", "Today"), required=True),), say("提交", "Send")),))


class Machine(StoppedClock):
    """A clock that can be moved; waits for ``gate`` on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.nothing = False

    async def forward(self, seconds: float) -> None:
        await self.gate.wait()
        self.time += timedelta(seconds=seconds)

    async def forward_to_next(self):
        if self.nothing:
            return None
        await self.forward(1800)
        return self.time


class Client:
    """A program that drives the room: asks, waits for the reply, collects what else it is told."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.told: list[dict] = []
        self.me = ""
        self._refs = 0

    async def ask(self, op: str, **args) -> dict:
        ref = await self.send(op, **args)
        return await self.hear(lambda frame: frame.get("ref") == ref)

    async def send(self, op: str, **args) -> int:
        self._refs += 1
        await self.socket.send_json({"op": op, "ref": self._refs, "as": self.me, **args})
        return self._refs

    async def hear(self, wanted) -> dict:
        """The next frame that is ``wanted``; the others are kept in ``told``."""
        async with asyncio.timeout(5):
            while True:
                frame = await self.socket.receive_json()
                self.told.append(frame)
                if wanted(frame):
                    return frame

    async def seen(self, wanted) -> dict:
        """A frame that is ``wanted``, told already or still to come."""
        return next((frame for frame in self.told if wanted(frame)), None) or await self.hear(wanted)

    async def message(self, words: str) -> dict:
        frame = await self.seen(lambda f: f["ev"] == "message" and words in orjson.dumps(f["message"]).decode())
        return frame["message"]


def build(tmp_path, machine=None, **section) -> RoomAdapter:
    hints = [Hint(("任务", "task"), say("/任务 <标题>", "/task <title>"), "/任务 写周报")]
    clock = machine or StoppedClock()
    adapter = open_room({"port": 0, **section}, clock, hints=hints, time_machine=machine, data_dir=tmp_path)
    adapter.room.seed_trial()
    return adapter


@pytest.fixture
async def adapter(tmp_path):
    adapter = build(tmp_path)
    yield adapter
    await adapter.close()


@pytest.fixture
async def echo(adapter):
    echo = Echo(adapter)
    async with listening(adapter, echo):
        await adapter.idle()
        yield echo


@pytest.fixture
async def http():
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


@pytest.fixture
async def enter(adapter, echo, http):
    """enter(name) → a client that is this person."""
    sockets = []

    async def enter(name: str = "张三") -> Client:
        socket = await http.ws_connect(f"{adapter.url}/ws")
        sockets.append(socket)
        client = Client(socket)
        client.me = adapter.room.person(name)
        await client.ask("view")
        return client

    yield enter
    for socket in sockets:
        await socket.close()


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
    async with asyncio.timeout(5):
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


# --- files ---------------------------------------------------------------------------------------------------------


async def test_a_file_goes_up_and_comes_down_as_a_download(enter, adapter, echo, http):
    client = await enter()
    async with http.post(f"{adapter.url}/files", params={"name": "../方案\n.html"}, data=b"<script>") as answer:
        file = await answer.json()
    assert file == {"ref": file["ref"], "name": "../方案.html", "size": 8}
    await client.ask("say", chat=adapter.room.group(GROUP), text="", files=[file["ref"], "unknown"])
    shown = await client.message("files")
    assert shown["files"] == [file]
    await adapter.idle()
    assert [(one.name, one.ref, one.size) for one in echo.heard[-1].files] == [("../方案.html", file["ref"], 8)]
    async with http.get(f"{adapter.url}/files/{file['ref']}") as answer:
        assert await answer.read() == b"<script>"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''..%2F%E6%96%B9")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_a_file_over_ten_mebibytes_is_refused(enter, adapter, http):
    async with http.post(f"{adapter.url}/files?name=a", data=io.BytesIO(b"x" * (FILE_LIMIT + 1))) as answer:
        assert answer.status == 413
    async with http.post(f"{adapter.url}/files?name=", data=b"x") as answer:
        assert answer.status == 400


async def test_what_a_card_carries_is_served_and_nothing_else(enter, adapter, echo, http, tmp_path):
    (tmp_path / "chart.png").write_bytes(b"\x89PNG")
    (tmp_path.parent / "secret.png").write_bytes(b"secret")
    group, twin = adapter.room.group(GROUP), say("图", "A picture")
    blocks = (Picture("chart.png", twin), Picture("../secret.png", twin), Picture("room.db", twin))
    card = await echo.send("post", group, Card((*blocks, Attachment("表.csv", "a,b"))))
    wanted = {"pictures/{}/0": 200, "pictures/{}/1": 404, "pictures/{}/2": 404, "pictures/{}/9": 404}
    wanted |= {"attachments/{}/3": 200, "attachments/{}/0": 404, "pictures/{}/3": 404, "pictures/x/0": 404}
    wanted |= {"static/room.js": 200, "static/..%2Fserver.py": 404, "static/%2e%2e/server.py": 404, "files/x": 404}
    for path, status in wanted.items():
        async with http.get(f"{adapter.url}/{path.format(card)}") as answer:
            assert (path, answer.status) == (path, status)


# --- who may come in -----------------------------------------------------------------------------------------------


async def test_only_this_origin_and_only_loopback_names(enter, adapter, http):
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await http.ws_connect(f"{adapter.url}/ws", origin="http://evil.example")
    async with http.post(f"{adapter.url}/files?name=a", data=b"x", headers={"Origin": "http://evil.example"}) as answer:
        assert answer.status == 403
    async with http.get(adapter.url, headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403
    async with http.ws_connect(f"{adapter.url}/ws", origin=adapter.url) as socket:
        assert not socket.closed
    async with http.get(adapter.url) as answer:
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "<script>" not in await answer.text()
    async with http.post(f"{adapter.url}/", data=b"x") as answer:
        assert answer.status == 405


async def test_with_a_token_the_door_is_shut_until_it_is_given(tmp_path, http):
    adapter = build(tmp_path, host="0.0.0.0", token="open sesame")
    async with listening(adapter, Echo(adapter)):
        url = adapter.url.replace("0.0.0.0", "127.0.0.1")
        for path, status in {"/": 401, "/files/x": 401, "/static/room.css": 200, "/?token=wrong": 401}.items():
            async with http.get(url + path) as answer:
                assert (path, answer.status) == (path, status)
        async with http.get(url) as answer:
            assert "访问口令" in await answer.text()
        with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
            await http.ws_connect(f"{url}/ws")
        async with http.ws_connect(f"{url}/ws", headers={"Authorization": "Bearer open sesame"}) as socket:
            assert not socket.closed
        async with http.get(url, params={"token": "open sesame"}) as answer:
            assert answer.status == 200
            assert "token" not in str(answer.url)
            assert "open sesame" not in str(answer.history[0].cookies)
        async with http.ws_connect(f"{url}/ws") as socket:
            assert not socket.closed
    await adapter.close()


def test_a_host_others_can_reach_needs_a_token(tmp_path):
    with pytest.raises(ValueError, match="token"):
        open_room({"host": "0.0.0.0"}, StoppedClock(), data_dir=tmp_path)


# --- time, and the end ---------------------------------------------------------------------------------------------


async def test_time_is_moved_from_the_page_one_journey_at_a_time(tmp_path, http):
    machine = Machine()
    adapter = build(tmp_path, machine)
    async with listening(adapter, Echo(adapter)), http.ws_connect(f"{adapter.url}/ws") as socket:
        client = Client(socket)
        assert (await client.ask("view"))["clock"]["machine"]
        machine.gate.clear()
        await client.ask("time", seconds=3600)
        assert (await client.ask("time"))["ev"] == "error"
        assert [frame["running"] for frame in client.told if frame["ev"] == "clock"] == [True]
        machine.gate.set()
        done = await client.hear(lambda f: f["ev"] == "clock" and not f["running"])
        assert done["now"] == "2026-09-18T03:00:00+00:00"
        machine.nothing = True
        await client.ask("time")
        assert (await client.hear(lambda f: f["ev"] == "clock" and not f["running"]))["outcome"] == "nothing"
        assert (await client.ask("time", seconds=-1))["ev"] == "error"
        assert (await client.ask("time", seconds=1e9))["ev"] == "error"
    await adapter.close()


async def test_it_stops_within_a_second_with_pages_open_and_a_bot_that_hangs(tmp_path, http):
    adapter = build(tmp_path)
    echo = Echo(adapter)
    echo.gate.clear()
    async with listening(adapter, echo):
        sockets = [await http.ws_connect(f"{adapter.url}/ws") for _ in range(3)]
        await Client(sockets[0]).ask("view")
        await until(lambda: echo.tried)
        started = asyncio.get_running_loop().time()
    await adapter.close()
    assert asyncio.get_running_loop().time() - started < 1
    for socket in sockets:
        await socket.close()


async def test_a_page_that_stops_reading_holds_nobody_up(enter, adapter, echo):
    client, _deaf = await enter(), await enter("李四")
    group = adapter.room.group(GROUP)
    for n in range(300):
        adapter.room.say(client.me, group, "长" * 3_000 + f"#{n}")
        await asyncio.sleep(0)
    await client.message("#299")
    await adapter.idle()
