"""Where a task was changed: the message itself is answered, and the history of two platforms says which was which."""

from __future__ import annotations

from tests.tasks.conftest import GROUP, Office


async def test_the_message_that_changed_it_is_quoted(office: Office) -> None:
    await office.say("张三", "/任务 海报 @李四")
    await office.say("李四", "T1 30%")
    await office.say("张三", "/任务 原话 T1")
    room = office.stage.room
    quoted = [one.quote.text for one in room.messages(room.group(GROUP))[-3:] if one.quote]
    assert quoted == ["@进度助手 /任务 海报 @李四", "@进度助手 T1 30%", "@进度助手 /任务 原话 T1"]


async def test_what_the_clock_did_is_of_no_message(office: Office) -> None:
    await office.say("张三", "/任务 海报 @李四")
    rows = [row for row in await office.rows() if "created" in row]
    assert all(row[-2] and row[-1] for row in rows), "chat and message"
