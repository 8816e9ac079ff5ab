"""Who has read a question, from what a platform tells to what the asker sees, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapters.room.adapter import RoomAdapter
from bot.room_stage import RoomStage
from bot.script import Step
from chat.errors import RetryLater
from chat.messages import Outgoing, Sent
from chat.ports import Intake

START = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)


class Telling:
    """The room, if it told who has read what. ``seen``: who; None: it does not say; an error: not now."""

    def __init__(self, room: RoomAdapter) -> None:
        self.name = room.name
        self.can = replace(room.can, read_seconds=86_400.0)
        self.seen: set[str] | Exception | None = set()
        self.asked: list[tuple[str, bool]] = []
        self._room = room

    async def listen(self, intake: Intake) -> None:
        await self._room.listen(intake)

    async def deliver(self, parcel: Outgoing) -> Sent:
        return await self._room.deliver(parcel)

    async def close(self) -> None:
        await self._room.close()

    async def readers(self, message_id: str, chat: str, *, direct: bool) -> frozenset[str] | None:
        self.asked.append((message_id, direct))
        if isinstance(self.seen, Exception):
            raise self.seen
        return None if self.seen is None else frozenset(self.seen)


async def _asked() -> tuple[RoomStage, Telling]:
    stage = RoomStage(START)
    telling = Telling(stage.adapter)
    stage.app.add(telling)
    await stage.start()
    await stage.open_group("双十一大促", ["张三", "王五", "赵六"])
    await stage.act(Step(1, "said", "张三", text='@进度助手 /请回复 @王五 @赵六 16:00 "主图尺寸定哪个？"'))
    stage.said.clear()
    return stage, telling


def _to(stage: RoomStage, who: str) -> list[str]:
    lines = [line.text for line in stage.said if line.place == f"@{who}"]
    stage.said.clear()
    return lines


async def _state(stage: RoomStage) -> list[str]:
    await stage.go(stage.now() + timedelta(minutes=1))
    await stage.act(Step(1, "said", "张三", "私聊", "R1"))
    return [line.splitlines()[1] for line in _to(stage, "张三")]


async def test_the_asker_sees_it_at_once_and_again_as_it_changes(books: str) -> None:
    stage, telling = await _asked()
    try:
        assert await _state(stage) == ["王五 未回，赵六 未回", "王五 未回（未读），赵六 未回（未读）"]
        wang = next(one.id for one in stage.room.people.values() if one.name == "王五")
        telling.seen = {wang, "nobody we know"}
        assert await _state(stage) == ["王五 未回（未读），赵六 未回（未读）", "王五 未回（已读），赵六 未回（未读）"]
        assert await _state(stage) == ["王五 未回（已读），赵六 未回（未读）"]
        telling.seen = set()
        assert await _state(stage) == ["王五 未回（已读），赵六 未回（未读）"], "who has read it, has"
    finally:
        await stage.close()


async def test_what_is_not_told_is_not_shown(books: str) -> None:
    stage, telling = await _asked()
    try:
        telling.seen = None
        assert await _state(stage) == ["王五 未回，赵六 未回"]
        telling.seen = RetryLater("busy", 5)
        assert await _state(stage) == ["王五 未回，赵六 未回"]
    finally:
        await stage.close()


async def test_nobody_asks_about_what_is_over_answered_or_too_old(books: str) -> None:
    stage, telling = await _asked()
    try:
        await stage.act(Step(1, "said", "王五", text="@进度助手 R1 3:4"))
        telling.asked.clear()
        stage.said.clear()
        telling.can = replace(telling.can, read_seconds=60.0)
        await stage.go(START + timedelta(minutes=5))
        await _state(stage)
        assert not telling.asked, "the platform tells for a minute only"
        telling.can = replace(telling.can, read_seconds=86_400.0)
        await _state(stage)
        assert [direct for _, direct in telling.asked] == [False]
        await stage.act(Step(1, "said", "赵六", text="@进度助手 R1 4:3"))
        telling.asked.clear()
        await stage.act(Step(1, "said", "张三", "私聊", "R1"))
        assert not telling.asked
    finally:
        await stage.close()


async def test_the_reminder_of_one_person_is_asked_about_for_that_person_alone(books: str) -> None:
    stage, telling = await _asked()
    try:
        await stage.go(START + timedelta(hours=3, minutes=1))
        stage.said.clear()
        telling.seen = {one.id for one in stage.room.people.values()}
        await stage.go(START + timedelta(hours=6))
        assert sorted(direct for _, direct in telling.asked) == [False, True, True]
        (told,) = _to(stage, "张三")
        assert told.startswith("R1 截止：王五 未回（已读），赵六 未回（已读）。")
    finally:
        await stage.close()
