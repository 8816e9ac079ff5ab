"""The built-in room as one of the platforms."""

from __future__ import annotations

import asyncio

from adapters.room.adapter import RoomAdapter
from adapters.room.model import Room
from chat.messages import Answer
from chat.plain import plain
from tests.contract.platform import Platform, Where


class WatchedRoom(Room):
    """Writes the journal; a thing that was not taken is tried again at once."""

    platform: RoomPlatform

    def acknowledge(self, key: str, answer: Answer | None = None) -> None:
        super().acknowledge(key, answer)
        self.platform.journal.append(("acked", key))

    def in_trouble(self, key: str) -> None:
        super().in_trouble(key)
        self.platform.journal.append(("refused", key))
        asyncio.get_running_loop().call_later(0.001, self.platform.adapter.hurry, key)


class RoomPlatform(Platform):
    name = "room"
    cannot = frozenset({"tokens", "wire", "signatures", "faults", "late answers"})

    def __init__(self) -> None:
        super().__init__()
        self.room = WatchedRoom(self.clock)
        self.room.platform = self
        self._people = {name: self.room.add_person(name) for name in ("张三", "李四")}
        people = list(self._people.values())
        self._group = self.room.create_group("双十一大促", people, people[0])
        for key in list(self.room.pending):
            self.room.acknowledge(key)
        self.journal.clear()
        self.adapter: RoomAdapter = RoomAdapter(self.room, patience=0.2)

    async def start(self) -> None:
        self.listening()
        await self.adapter.ready()

    async def stop(self) -> None:
        await self.deaf()
        await self.adapter.close()

    async def say(self, text: str, who: str = "张三", where: Where = "group") -> str:
        person = self._people[who]
        place = self._group if where == "group" else self.room.direct(person)
        words = f"@{self.room.bot_name} {text}" if where == "group" else text
        return f"room:{self.room.say(person, place, words)}"

    async def press(self, message_id: str, who: str = "张三") -> str:
        return self.room.press(self._people[who], message_id, "办")

    async def again(self, key: str) -> None:
        self.room.redeliver(key)

    def answer(self, key: str) -> tuple[str, str]:
        answer = self.room.answer(key)
        if answer is None:
            return "", ""
        return answer.toast.render(), plain(answer.card) if answer.card else ""

    def chat(self, where: Where = "group", who: str = "张三") -> str:
        return self._group if where == "group" else self._people[who]

    def shown(self, where: Where = "group", who: str = "张三") -> list[str]:
        place = self._group if where == "group" else self.room.direct(self._people[who])
        return [self.room.text_of(one.id) for one in self.room.messages(place) if one.kind == "card"]
