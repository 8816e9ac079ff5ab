"""Transcripts on the fake WeCom.

People's ids are their names, as in a company that made them so. Nobody tells the bot who is in a group: in a group
where it is already, everybody has spoken to it once. Toasts are the words that the card or a line then shows.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.wecom import WeComAdapter
from adapters.wecom import open as open_wecom
from adapters.wecom.codes import PICK
from adapters.wecom.wire import DIRECT
from bot.script import Step
from chat.messages import Outgoing
from chat.ports import Adapter
from tests.platforms.stage import BOT_NAME, PlatformStage, bare, label_fits
from tests.platforms.wecom_office import QUICK
from tests.platforms.wecom_rules import Json, Window
from tests.platforms.wecom_server import BOT, SECRET, FakeWeCom
from tests.platforms.wecom_things import Message


class WeComStage(PlatformStage):
    platform = "企业微信"
    adapter: WeComAdapter

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.fake = FakeWeCom(now=lambda: self.clock.now().timestamp())
        self.fake.chat_limit = Window(self.fake.now, (10_000, 60.0))
        self._said: list[tuple[str, str]] = []

    async def open(self) -> Adapter:
        await self.fake.start()
        section = {"bot_id": BOT, "secret": SECRET, "ws_url": self.fake.url}
        self.adapter = open_wecom(section, self.clock, data_dir=Path(), timing=QUICK)
        return self.adapter

    async def ready(self) -> None:
        await self.fake.until(self.adapter.connection.ready.is_set)

    async def shut(self) -> None:
        await self.fake.stop()

    def add_group(self, name: str, people: list[str]) -> str:
        chat = f"wr{len(self.fake.groups):04d}"
        self.fake.groups.add(chat)
        return chat

    def says(self, who: str, chat: str, step: Step) -> str:
        self._said.append((chat or who, step.text))
        if chat and f"@{BOT_NAME}" not in step.text:
            return ""
        more: dict[str, Any] = {}
        if step.more:
            more["quote"] = {"msgtype": "text", "text": {"content": self._quoted(chat or who, who, step.more)}}
        kind = "voice" if step.voice else "text"
        return "wecom:" + self.fake.sends(who, kind, {"content": step.text}, chat, **more)

    def _quoted(self, chat: str, who: str, words: str) -> str:
        """The newest message with these words, somebody's or the bot's."""
        texts = [text for place, text in self._said if place == chat] + self.fake.views(chat, who)
        found = next((text for text in reversed(texts) if words in text), None)
        if found is None:
            raise LookupError(f"nothing here says “{words}”")
        return found

    def presses(self, who: str, chat: str, step: Step) -> str:
        for message in reversed(self.fake.messages):
            if message.chat != (chat or who) or message.kind != "template_card" or step.more not in message.words(who):
                continue
            pressed = _key(message, who, step.text)
            if pressed is not None:
                task, key, selected = pressed
                return "wecom:" + self.fake.clicks(who, task, key, selected)
        raise LookupError(f"no [{step.text}] to press here")

    def views(self, parcel: Outgoing) -> list[str]:
        return self.fake.views(parcel.chat.removeprefix(DIRECT))

    def place(self, parcel: Outgoing) -> str:
        who = parcel.chat.removeprefix(DIRECT)
        return self.group_name(who) if who in self.fake.groups else "@" + bare(who)


def _key(message: Message, who: str, label: str) -> tuple[str, str, dict[str, str] | None] | None:
    """(task_id, key, what is selected) of the button as this person sees it."""
    card: Json = message.own.get(who, message.body)
    for button in card.get("button_list", ()):
        if label_fits(button["text"], label):
            return card["task_id"], button["key"], None
    for option in (card.get("checkbox") or {}).get("option_list", ()):
        if label_fits(option["text"], label):
            return card["task_id"], card["submit_button"]["key"], {PICK: option["id"]}
    return None
