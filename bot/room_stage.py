"""The stage everybody has: the built-in room, which can do what it is told a platform can."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from adapters.room.adapter import RoomAdapter
from adapters.room.model import Room
from adapters.room.store import Store
from adapters.room.things import Change, Message
from bot.script import DEFAULT, Step
from bot.stage import PRIVATE, Line, Stage
from chat.cards import Buttons, Form
from chat.messages import Incoming
from chat.plain import plain
from chat.ports import Capabilities
from storage.database import Database

PLATFORMS = {
    DEFAULT: Capabilities(),
    "飞书": Capabilities(),
    "钉钉": Capabilities(recall_event=False, member_events=False),
    "企业微信": Capabilities(
        input_in_card=False, edit_seconds=0, push_unasked=False, recall_event=False, member_events=False, quotes=True
    ),
}


class RoomStage(Stage):
    """A whole bot around a room, in memory, or kept in ``folder`` for whoever opens it afterwards."""

    def __init__(self, start: datetime, folder: Path | None = None) -> None:
        super().__init__(start, Database(folder / "jindu.db") if folder else None)
        self.room = Room(self.clock, Store(folder / "room.db") if folder else None)
        self.adapter = RoomAdapter(self.room)
        self.app.add(self.adapter)
        self.room.watch(self._changed)

    async def idle(self) -> None:
        await self.adapter.idle()
        await self.app.idle()

    def can(self, platform: str) -> None:
        if platform not in PLATFORMS:
            raise LookupError(f"no such platform: {platform}")
        self.adapter.can = PLATFORMS[platform]

    async def spend(self, how: str) -> None:
        self.adapter.exhausted = how == "用完"
        used, _, limit = how.partition("/")
        if limit:
            self.adapter.allowances = {"messages": (("message",), int(limit))}
            known = self.app.quota.usages.get(self.adapter.name, ())
            self.adapter.spent["message"] += int(used) - sum(one.used for one in known)
        await self.idle()

    async def open_group(self, name: str, people: list[str], *, met: bool = True) -> None:
        ids = [self._person(person) for person in people]
        self.room.create_group(name, ids, ids[0])
        self.group = name
        await self.idle()

    def is_group(self, name: str) -> bool:
        return name in {chat.name for chat in self.room.chats.values()}

    async def act(self, step: Step) -> None:
        person = self._person(step.who)
        place = self._place(step, person)
        match step.kind:
            case "said":
                quote = self._find(place, step.more).id if step.more else None
                message = self.room.say(person, place, step.text, quote, voice=step.voice)
                if step.recalled:
                    self.room.recall(person, message)
            case "recall":
                self.room.recall(person, self._find(place, step.text, sender=person).id)
            case "press":
                await self._press(person, place, step)
            case "form":
                await self._fill(person, place, step)
        await self.idle()

    async def happen(self, step: Step) -> None:
        person = self._person(step.who)
        chat = self.room.group(self.group)
        match step.text:
            case "退群":
                self.room.remove_member(chat, person, person)
            case "入群":
                self.room.add_member(chat, person, self.room.chats[chat].owner)
            case "移出机器人":
                self.room.remove_bot(chat, person)
            case "拉回机器人":
                self.room.add_bot(chat, person)
            case "解散":
                self.room.dissolve(chat, person)
            case "离职":
                self._left_company(person)
            case "改名":
                self.room.rename(chat, step.more, person)
                self.group = step.more
            case _:
                raise LookupError(f"no such event: {step.text}")
        await self.idle()

    def _left_company(self, person: str) -> None:
        waiting, data = self.room.waiting, {"id": person, "name": self.room.people[person].name}
        waiting.tell(
            Incoming(
                waiting.key("event"), "event", "room", self.clock.now(), event="person_left_company", data=data
            )
        )  # fmt: skip

    def _person(self, name: str) -> str:
        for person in self.room.people.values():
            if name in (person.label, person.full, person.name):
                return person.id
        return self.room.add_person(name)

    def _place(self, step: Step, person: str) -> str:
        if step.where == PRIVATE:
            return self.room.direct(person)
        return self.room.group(step.where or self.group)

    def _find(self, place: str, words: str, sender: str = "") -> Message:
        for message in reversed(self.room.messages(place)):
            if words in self.room.text_of(message.id) and sender in ("", message.sender):
                return message
        raise LookupError(f"nothing here says “{words}”")

    async def _press(self, person: str, place: str, step: Step) -> None:
        message = self._with(place, person, step, Buttons)
        self._told(self.room.press(person, message.id, step.text))
        await self.idle()
        self._hear()

    async def _fill(self, person: str, place: str, step: Step) -> None:
        message = self._with(place, person, step, Form)
        card = self.room.card_for(person, message)
        form = next(block for block in card.blocks if isinstance(block, Form)) if card else None
        assert form is not None
        names = {field.label.render(message.locale): field.name for field in form.fields}
        values: dict[str, str] = {}
        for label, words in re.findall(r"(\S+?)[=＝](\S*)", step.more):
            values[names.get(label, label)] = words.replace("｜", "\n")
        self._told(self.room.send_form(person, message.id, values, form.verb))
        await self.idle()
        self._hear()

    def _with(self, place: str, person: str, step: Step, kind: type[Buttons] | type[Form]) -> Message:
        """The newest card here that has this button or form and, if asked, these words."""
        for message in reversed(self.room.messages(place)):
            card = self.room.card_for(person, message)
            words = plain(card, message.locale) if card else ""
            if f"[{step.text}]" in words and ((kind is Buttons and step.more in words) or kind is Form):
                return message
        raise LookupError(f"no [{step.text}] to press here")

    def _told(self, key: str) -> None:
        self._pressed = key

    def _hear(self) -> None:
        answer = self.room.answer(self._pressed)
        if answer is not None:
            self.toasts.append(answer.toast.render(answer.locale))

    def _changed(self, change: Change) -> None:
        message = change.message
        if change.what != "message" or message is None or message.kind != "card":
            return
        chat = self.room.chats[message.chat]
        place = chat.name if chat.kind == "group" else "@" + self.room.people[chat.members[0]].name
        at = message.edited or message.at
        self.said.append(
            Line(place, self.room.text_of(message.id), message.edited is not None, at.astimezone(self.zone))
        )
