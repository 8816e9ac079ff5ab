"""The adapter without a page: told until committed, in order, acknowledged before anything is released."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress

import pytest

from adapters.room.adapter import RoomAdapter
from adapters.room.model import Room
from adapters.room.store import Store
from chat.cards import Button, text_card
from chat.errors import Unreachable
from chat.text import say
from tests.activity import Patience, until
from tests.room.echo import Echo, listening

GROUP = "双十一大促"
CARD = text_card(say("要办吗？", "Do it?"), Button(say("办", "Do"), "do", ("T1",)))


@pytest.fixture
def adapter(room) -> RoomAdapter:
    return RoomAdapter(room, patience=0.02)


@pytest.fixture
def echo(adapter) -> Echo:
    return Echo(adapter)


async def test_what_is_said_is_committed_answered_and_acknowledged(adapter, echo, room):
    async with listening(adapter, echo):
        message = room.say(room.person("张三"), room.group(GROUP), "@进度助手 你好")
        await adapter.idle()
    answer = room.messages(room.group(GROUP))[-1]
    assert room.text_of(answer.id) == "你好"
    assert answer.quote.message_id == message
    assert not room.pending
    assert room.log.get(message).key == ""
    assert echo.released == [thing.key for thing in echo.heard]


async def test_what_the_bot_could_not_take_is_told_again_and_the_sender_sees_it(adapter, echo, room):
    seen = []
    room.watch(lambda change: change.message and seen.append((change.message.kind, change.message.trouble)))
    async with listening(adapter, echo):
        await adapter.idle()
        echo.refuse = 2
        message = room.say(room.person("张三"), room.group(GROUP), "嗯")
        key = f"room:{message}"
        for tries in (1, 2):
            await until(lambda n=tries: echo.tried.count(key) == n and key in adapter._hurry)
            assert room.log.get(message).trouble
            adapter.hurry(key)
        await adapter.idle()
    assert echo.tried.count(key) == 3
    assert seen == [("said", False), ("said", True), ("said", False)]


async def test_a_bot_that_hangs_is_asked_again_under_the_same_key(adapter, echo, room):
    async with listening(adapter, echo):
        await adapter.idle()
        echo.gate.clear()
        message = room.say(room.person("张三"), room.group(GROUP), "嗯")
        await until(lambda: room.log.get(message).trouble)
        echo.gate.set()
        adapter.hurry(f"room:{message}")
        await adapter.idle()
    assert [thing.key for thing in echo.heard].count(f"room:{message}") == 1


async def test_a_bot_that_breaks_loses_nothing(adapter, room, caplog):
    class Broken(Echo):
        async def submit(self, thing):
            if not self.tried:
                self.tried.append(thing.key)
                raise ZeroDivisionError
            return await super().submit(thing)

    echo = Broken(adapter)
    async with listening(adapter, echo):
        await adapter.idle()
    assert [thing.event for thing in echo.heard] == ["bot_added"]
    assert "not taken" in caplog.text


async def test_each_chat_keeps_its_order_and_a_stuck_chat_stops_no_other(adapter, echo, room):
    zhang, li, group = room.person("张三"), room.person("李四"), room.group(GROUP)
    adapter._patience = 5
    async with listening(adapter, echo):
        await adapter.idle()
        echo.heard.clear()
        echo.gate.clear()
        for n in range(20):
            room.say(zhang, group, f"{n}")
            room.say(li, room.direct(li), f"{n}")
        await until(lambda: len(set(echo.tried)) == 3)
        echo.gate.set()
        await adapter.idle()
    for chat in (group, room.direct(li)):
        assert [thing.text for thing in echo.heard if thing.chat.id == chat] == [str(n) for n in range(20)]


async def test_a_redelivered_thing_is_a_duplicate_to_the_bot(adapter, echo, room):
    async with listening(adapter, echo):
        message = room.say(room.person("张三"), room.group(GROUP), "@进度助手 你好")
        await adapter.idle()
        count = len(room.messages(room.group(GROUP)))
        room.redeliver(f"room:{message}")
        await adapter.idle()
    assert echo.tried.count(f"room:{message}") == 2
    assert len(room.messages(room.group(GROUP))) == count


async def test_a_press_is_answered_to_the_presser_alone(adapter, echo, room):
    zhang, li = room.person("张三"), room.person("李四")
    async with listening(adapter, echo):
        card = await echo.send("post", room.group(GROUP), CARD)
        key = room.press(zhang, card, "办")
        await adapter.idle()
        message = room.log.get(card)
        assert room.answer(key).toast.render() == "收到"
        assert room.card_for(zhang, message) == text_card(say("已处理", "Done"))
        assert room.card_for(li, message) == CARD
        done = text_card(say("都好了", "All done"))
        await echo.send("edit", room.group(GROUP), done, target=card)
        assert room.card_for(zhang, message) == room.card_for(li, message) == done


async def test_after_a_restart_the_rest_is_told_under_the_same_keys(clock, tmp_path):
    path = tmp_path / "room.db"
    room = Room(clock, Store(path))
    group = room.seed_trial()
    adapter = RoomAdapter(room, patience=5)
    echo = Echo(adapter)
    echo.gate.clear()
    async with listening(adapter, echo):
        room.say(room.person("张三"), group, "一")
        room.say(room.person("张三"), group, "二")
        await until(lambda: echo.tried)
    keys = list(room.pending)
    assert len(keys) == 3
    await adapter.close()

    again = RoomAdapter(Room(clock, Store(path)))
    echo = Echo(again)
    async with listening(again, echo):
        await again.idle()
    assert [thing.key for thing in echo.heard] == keys
    await again.close()


async def test_nothing_is_told_before_it_is_kept_and_a_full_disk_is_a_remedy(clock, tmp_path):
    room = Room(clock, Store(tmp_path / "room.db"))
    adapter = RoomAdapter(room)
    echo = Echo(adapter)
    group = room.seed_trial()
    room.store._db.execute("PRAGMA query_only = ON")
    with pytest.raises(Unreachable):
        await echo.send("post", group, CARD, key="k")
    async with listening(adapter, echo):
        (event,) = room.pending
        await until(lambda: event in adapter._hurry)
        assert echo.tried == []
        room.store._db.execute("PRAGMA query_only = OFF")
        adapter.hurry(event)
        await adapter.idle()
    assert len(echo.heard) == 1
    assert await echo.send("post", group, CARD, key="k") == room.messages(group)[-1].id
    await adapter.close()
    with sqlite3.connect(tmp_path / "room.db") as db:
        assert db.execute("SELECT count(*) FROM thing WHERE kind = 'message'").fetchone() == (3,)
    db.close()


async def test_it_stops_within_a_second(adapter, echo, room):
    echo.gate.clear()
    patience = Patience()
    async with listening(adapter, echo):
        pass
    await adapter.close()
    assert patience.seconds < 1


async def test_a_write_cut_short_by_the_end_is_written_by_the_end(clock, tmp_path):
    room = Room(clock, Store(tmp_path / "room.db"))
    group = room.seed_trial()
    writing = asyncio.create_task(room.store.flush())
    await asyncio.sleep(0)
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing
    room.say(room.person("张三"), group, "最后一句")
    room.store.close()
    again = Room(clock, Store(tmp_path / "room.db"))
    assert [message.text for message in again.messages(group)][-1] == "最后一句"
    assert len(again.messages(group)) == 3
    again.store.close()
