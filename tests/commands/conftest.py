"""A bot in its room, spoken to line by line as in a transcript; what it says is returned."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.play import Played, perform
from bot.room_stage import RoomStage
from bot.script import read
from chat.messages import File

START = datetime(2026, 9, 18, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


class Office:
    """``hears`` takes one step of a transcript (see ``bot.script``) and returns the bot's lines, toasts first."""

    def __init__(self, stage: RoomStage, folder: Path) -> None:
        self.stage = stage
        self._file = folder / "step.chat"
        self._played = Played(self._file)

    async def hears(self, step: str) -> list[str]:
        """Raises LookupError: there is nothing like that to press."""
        self._file.write_text(step, encoding="utf-8")
        self.stage.said.clear()
        self.stage.toasts.clear()
        for each in read(self._file):
            await perform(self.stage, each, self._played)
        return [*self.stage.toasts, *(line.text for line in self.stage.said)]

    async def sends(self, who: str, text: str, files: Sequence[File]) -> list[str]:
        """A direct message with files."""
        self.stage.said.clear()
        room = self.stage.room
        person = room.person(who)
        room.say(person, room.direct(person), text, files=files)
        await self.stage.idle()
        return [line.text for line in self.stage.said]

    async def count(self, what: str) -> int:
        return await self.stage.count(what)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """张三's group 双十一大促, where nothing is set up yet."""
    stage = RoomStage(START)
    await stage.start()
    office = Office(stage, tmp_path)
    await office.hears("群 双十一大促：张三 李四 王五 陈晨")
    yield office
    await stage.close()
