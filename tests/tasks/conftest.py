"""An office to talk in: the whole bot around a room, with a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.room_stage import RoomStage
from bot.script import Step
from storage.transaction import Tx

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 9, 18, 14, tzinfo=ZONE)
GROUP = "双十一大促"
PEOPLE = ["张三", "李四", "王五", "赵六"]


class Office:
    """Speak, press, look. What the bot said is given back as lines, edits of cards left out."""

    def __init__(self) -> None:
        self.stage = RoomStage(START)

    async def open(self) -> None:
        await self.stage.start()
        await self.stage.open_group(GROUP, PEOPLE)
        for person in PEOPLE:
            await self.say(person, "你好")

    async def say(self, who: str, words: str, *, quote: str = "", voice: bool = False, where: str = "") -> list[str]:
        """In the group to the bot, or directly (``where="私聊"``)."""
        text = words if where else f"@进度助手 {words}"
        await self.stage.act(Step(1, "said", who, where, text, quote, voice))
        return self.heard()

    async def press(self, who: str, label: str, on: str = "", where: str = "") -> str:
        """The toast."""
        await self.stage.act(Step(1, "press", who, where, label, on))
        return self.stage.toasts.pop() if self.stage.toasts else ""

    async def forge(self, who: str, verb: str, *args: str) -> str:
        """Press a button nobody drew, on the newest card of the group; the toast."""
        room = self.stage.room
        person = next(p.id for p in room.people.values() if p.name == who)
        chat = room.group(GROUP)
        card = next(message for message in reversed(room.messages(chat)) if message.kind == "card")
        key = room.press(person, card.id, (verb, args))
        await self.stage.idle()
        answer = room.answer(key)
        return answer.toast.render(answer.locale) if answer else ""

    def heard(self) -> list[str]:
        """What was said since, edits left out."""
        lines = [line.text for line in self.stage.said if not line.edited]
        self.stage.said.clear()
        return lines

    async def later(self, **time: float) -> list[str]:
        await self.stage.go(self.stage.now() + timedelta(**time))
        return self.heard()

    async def count(self, what: str = "任务") -> int:
        return await self.stage.count(what)

    async def rows(self) -> list[tuple[object, ...]]:
        """Every task and its history, to see that nothing changed."""

        def read(tx: Tx) -> list[tuple[object, ...]]:
            driver = tx._connection.command
            return [
                *driver("SELECT * FROM task ORDER BY id").fetchall(),
                *driver("SELECT * FROM task_event ORDER BY id").fetchall(),
                *driver("SELECT * FROM task_tag ORDER BY task_id, tag").fetchall(),
            ]

        return await self.stage.app.writer.submit(read)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    made = Office()
    await made.open()
    yield made
    await made.stage.close()
