"""Transcripts on the fake Feishu: events and presses as signed HTTP callbacks, everything else through its REST API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from adapters.feishu.adapter import FeishuAdapter
from adapters.feishu.client import Client
from adapters.feishu.config import read
from adapters.feishu.webhook import PATH, Webhook
from bot.script import Step
from chat.messages import Outgoing
from chat.ports import Adapter
from tests.platforms import feishu_rules as rules
from tests.platforms.feishu_contract import KEY, key_of
from tests.platforms.feishu_server import FeishuServer
from tests.platforms.feishu_world import BOT, Message
from tests.platforms.stage import BOT_NAME, PlatformStage, bare

AFTER_PRESS = 0.005
_FIELD = re.compile(r"(\S+?)[=＝](\S*)")


class FeishuStage(PlatformStage):
    platform = "飞书"
    tells_members = True

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.server = FeishuServer(self.clock, encrypt_key=KEY)
        self.world = self.server.world
        self.world.hurried = True

    async def open(self) -> Adapter:
        await self.server.start()
        section = {
            "app_id": self.world.app_id, "app_secret": self.world.secret, "domain": self.server.url,
            "transport": "webhook", "port": 0, "encrypt_key": KEY, "verification_token": self.server.token,
        }  # fmt: skip
        config = read(section)
        self._hook = Webhook(config, self.clock)
        client = Client(config, self.clock, total=5)
        self.world.scopes.add("speech")
        return FeishuAdapter(client, self._hook, self.clock, after_press=AFTER_PRESS, decode=as_it_is)

    async def ready(self) -> None:
        await self._hook.serving()
        self.server.hook = f"http://127.0.0.1:{self._hook.port}{PATH}"

    async def shut(self) -> None:
        await self.server.stop()

    def add_group(self, name: str, people: list[str]) -> str:
        chat = self.world.group(name, *people)
        self._happen("im.chat.member.bot.added_v1", chat, people[0], name=name)
        return chat

    async def idle(self) -> None:
        for delivery in list(self.server.deliveries):
            await delivery.finished.wait()
        await super().idle()

    # --- what people do ------------------------------------------------------------------------------------------

    def says(self, who: str, chat: str, step: Step) -> str:
        open_id = self.world.person(who)
        place = chat or self.world.direct(open_id)
        text, mentions = self._mentioning(step.text)
        if chat and not any(one["name"] == BOT_NAME for one in mentions):
            self.world.add(place, open_id, "text", {"text": text})
            return ""
        more: dict[str, Any] = {"mentions": mentions} if mentions else {}
        if step.more:
            more["parent_id"] = more["root_id"] = self._find(place, step.more).id
        if step.voice:
            key = f"file_v3_{self.world.number()}"
            self.world.files[key] = text.encode()
            more |= {"message_type": "audio", "content": json.dumps({"file_key": key, "duration": 2000})}
        message, _ = self.server.hear(place, open_id, text, **more)
        self.world.messages[message].recalled = step.recalled
        return f"feishu:{message}"

    def _mentioning(self, text: str) -> tuple[str, list[dict[str, Any]]]:
        """The text as Feishu brings it: a key for each @, and whom it means."""
        mentions: list[dict[str, Any]] = []
        names = sorted([BOT_NAME, *self.world.people.values()], key=len, reverse=True)

        def key(found: re.Match[str]) -> str:
            open_id = BOT if found[1] == BOT_NAME else self.world.person(found[1])
            mentions.append({"key": f"@_user_{len(mentions) + 1}", "id": {"open_id": open_id}, "name": found[1]})
            return f"@_user_{len(mentions)}"

        return re.sub(f"@({'|'.join(map(re.escape, names))})", key, text), mentions

    def presses(self, who: str, chat: str, step: Step) -> str:
        open_id = self.world.person(who)
        for message, card in self._cards(open_id, chat):
            labels = [button["text"]["content"] for button in rules.buttons(card)]
            if step.text in labels and step.more in rules.words(card, self.world.people):
                return key_of(self.server.press(message.id, open_id, step.text).event)
        raise LookupError(f"no [{step.text}] to press here")

    def fills(self, who: str, chat: str, step: Step) -> str:
        open_id = self.world.person(who)
        for message, card in self._cards(open_id, chat):
            form = next((one for one in card["body"]["elements"] if one["tag"] == "form"), None)
            if form is None:
                continue
            names = {_label(one): one["name"] for one in form["elements"] if "name" in one}
            submit = next(one for one in rules.buttons(form))
            filled = {
                next(name for label, name in names.items() if label.startswith(word)): words.replace("｜", "\n")
                for word, words in _FIELD.findall(step.more)
            }
            return key_of(self.server.press(message.id, open_id, submit["text"]["content"], **filled).event)
        raise LookupError("no form to fill in here")

    async def act(self, step: Step) -> None:
        """What is taken back at once is gone before the bot answers; that it was is told a moment later."""
        before = len(self.world.messages)
        await super().act(step)
        if step.recalled:
            message = list(self.world.messages.values())[before]
            await self._done(self._recall(message))

    def recalls(self, who: str, chat: str, step: Step) -> str:
        place = chat or self.world.direct(self.world.person(who))
        message = self._find(place, step.text, self.world.person(who))
        return self._recall(message)

    def _recall(self, message: Message) -> str:
        message.recalled = True
        return self._happen("im.message.recalled_v1", message.chat, "", message_id=message.id)

    def event(self, who: str, chat: str, step: Step) -> str:
        user = {"name": who, "user_id": {"open_id": self.world.person(who)}}
        match step.text:
            case "退群":
                return self._happen("im.chat.member.user.withdrawn_v1", chat, who, users=[user])
            case "入群":
                return self._happen("im.chat.member.user.added_v1", chat, who, users=[user])
            case "移出机器人":
                return self._happen("im.chat.member.bot.deleted_v1", chat, who)
            case "拉回机器人":
                return self._happen("im.chat.member.bot.added_v1", chat, who, name=self.group)
            case "离职":
                return self._left_company(who)
            case "解散":
                return self._happen("im.chat.disbanded_v1", chat, who)
            case "已读":
                self.world.reads(self.world.person(who))
                return ""
        raise LookupError(f"no such event: {step.text}")

    def _left_company(self, who: str) -> str:
        gone = {"open_id": self.world.person(who), "name": who}
        delivery = self.server.happen("contact.user.deleted_v3", {"object": gone, "old_object": {}})
        return f"feishu:{delivery.event['header']['event_id']}"

    def _happen(self, event_type: str, chat: str, who: str, **more: Any) -> str:
        operator = {"operator_id": {"open_id": self.world.person(who)}} if who else {}
        delivery = self.server.happen(event_type, {"chat_id": chat, **operator, **more})
        return f"feishu:{delivery.event['header']['event_id']}"

    # --- what people see -----------------------------------------------------------------------------------------

    def views(self, parcel: Outgoing) -> list[str]:
        return self.world.shown(self._chat_of(parcel))

    def place(self, parcel: Outgoing) -> str:
        chat = self.world.chats[self._chat_of(parcel)]
        return chat.name if chat.kind == "group" else "@" + bare(self.world.people[chat.members[0]])

    def _chat_of(self, parcel: Outgoing) -> str:
        """An edit is where its message is: an answer that nobody else shall see went to one person instead."""
        if parcel.kind == "edit" and parcel.target in self.world.messages:
            return self.world.messages[parcel.target].chat
        return self.world.direct(parcel.chat) if parcel.chat.startswith("ou_") else parcel.chat

    def _find(self, place: str, words: str, sender: str = "") -> Message:
        for message in reversed(self.world.messages.values()):
            if message.chat == place and sender in ("", message.sender) and words in self._words(message):
                return message
        raise LookupError(f"nothing here says “{words}”")

    def _words(self, message: Message) -> str:
        return self.world.words(message)

    def _cards(self, open_id: str, chat: str) -> Iterator[tuple[Message, dict[str, Any]]]:
        place = chat or self.world.direct(open_id)
        for message in reversed(self.world.messages.values()):
            if message.chat == place and message.kind == "interactive" and not message.recalled:
                yield message, message.content


async def as_it_is(recording: bytes) -> bytes:
    """The fake's recordings hold their words."""
    return recording


def _label(element: dict[str, Any]) -> str:
    return str(element.get("label", element.get("text", {})).get("content", ""))
