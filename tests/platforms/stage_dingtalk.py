"""Transcripts on the fake DingTalk, over the vendor's Stream client, with a card template of the bot's own.

DingTalk tells the bot neither that it was added nor who is in a group; who is @ed it tells by id.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from adapters.dingtalk.adapter import DingTalkAdapter
from adapters.dingtalk.client import Client
from adapters.dingtalk.config import read
from adapters.dingtalk.connection import StreamConnection
from adapters.dingtalk.wire import DIRECT
from bot.script import Step
from chat.messages import Outgoing
from chat.ports import Adapter
from tests.platforms import dingtalk_rules as rules
from tests.platforms.dingtalk_contract import key_of
from tests.platforms.dingtalk_server import DingTalkServer
from tests.platforms.dingtalk_world import Message
from tests.platforms.stage import BOT_NAME, PlatformStage, bare, label_fits

AFTER_PRESS = 0.005
_FIELD = re.compile(r"(\S+?)[=＝](\S*)")


class DingTalkStage(PlatformStage):
    platform = "钉钉"

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.server = DingTalkServer(self.clock)
        self.world = self.server.world
        self.world.hurried = True
        self._said: list[tuple[str, str, str, str, float]] = []

    async def open(self) -> Adapter:
        await self.server.start()
        config = read(
            {
                "client_id": self.world.client_id, "client_secret": self.world.secret, "card_template": "own.schema",
                "api_base": self.server.url, "oapi_base": self.server.url,
            }
        )  # fmt: skip
        self._stream = StreamConnection(config)
        client = Client(config, self.clock, total=5, per_second=10_000)
        return DingTalkAdapter(config, client, self._stream, self.clock, after_press=AFTER_PRESS)

    async def ready(self) -> None:
        await self._stream.reached("ready")

    async def shut(self) -> None:
        await self.server.stop()

    def add_group(self, name: str, people: list[str]) -> str:
        return self.world.group(name, *people)

    async def idle(self) -> None:
        for delivery in list(self.server.deliveries):
            await delivery.finished.wait()
        await super().idle()

    # --- what people do ------------------------------------------------------------------------------------------

    def says(self, who: str, chat: str, step: Step) -> str:
        person = self.world.person(who)
        place, text = chat or person.staff, step.text
        if not chat or f"@{BOT_NAME}" in text:
            text = text.replace(f"@{BOT_NAME}", "", 1).strip()
            more = self._quoting(place, step.more) if step.more else {}
            others = [one for one in self.world.people.values() if f"@{one.name}" in text]
            if step.voice:
                more |= {"msgtype": "audio", "content": {"recognition": text, "downloadCode": "d"}}
            else:
                more |= {"msgtype": "text", "text": {"content": f" {text}" if chat else text, **more.pop("text", {})}}
            message, _ = self.server.says(person, chat, at=others, **more)
            key = f"dingtalk:{message}"
        else:
            message, key = f"unheard{self.world.number()}", ""
        self._said.append((place, text, message, person.sealed, self.world.now()))
        return key

    def _quoting(self, place: str, words: str) -> dict[str, Any]:
        """What DingTalk tells of the newest message with these words: somebody's, or the bot's."""
        for card in reversed([one for one in self.world.messages if one.chat == place]):
            if words in self._words(card, ""):
                return {"originalProcessQueryKey": self.world.cards[card.track].carrier if card.track else ""}
        for where, text, message, sealed, at in reversed(self._said):
            if where == place and words in text:
                replied = {"msgId": message, "senderId": sealed, "createdAt": int(at * 1000), "msgType": "text"}
                replied["content"] = {"text": text}
                return {"originalMsgId": message, "text": {"isReplyMsg": True, "repliedMsg": replied}}
        raise LookupError(f"nothing here says “{words}”")

    def presses(self, who: str, chat: str, step: Step) -> str:
        person = self.world.person(who)
        for message in reversed(self.world.messages):
            card = self.world.cards.get(message.track)
            if message.chat != (chat or person.staff) or card is None or step.more not in self._words(message, who):
                continue
            labels = [button["text"] for button in rules.buttons_of(card.seen_by(person.staff))]
            found = next((label for label in labels if label_fits(label, step.text)), None)
            if found is not None:
                return key_of(self.server.press(person, message.track, found))
        raise LookupError(f"no [{step.text}] to press here")

    def fills(self, who: str, chat: str, step: Step) -> str:
        person = self.world.person(who)
        for message in reversed(self.world.messages):
            card = self.world.cards.get(message.track)
            if message.chat != (chat or person.staff) or card is None or not card.seen_by(person.staff).get("form"):
                continue
            form = json.loads(card.seen_by(person.staff)["form"])
            filled = {
                next(one["name"] for one in form["fields"] if one["label"].startswith(word)): words.replace("｜", "\n")
                for word, words in _FIELD.findall(step.more)
            }
            return key_of(self.server.press(person, message.track, **filled))
        raise LookupError("no form to fill in here")

    def event(self, who: str, chat: str, step: Step) -> str:
        if step.text == "已读":
            self.world.reads(self.world.person(who))
            return ""
        if step.text != "离职":
            return super().event(who, chat, step)
        delivery = self.server.happen("user_leave_org", {"userId": [self.world.person(who).staff]})
        return f"dingtalk:{delivery.headers['eventId']}"

    # --- what people see -----------------------------------------------------------------------------------------

    def views(self, parcel: Outgoing) -> list[str]:
        return self.world.shown(parcel.chat.removeprefix(DIRECT))

    def place(self, parcel: Outgoing) -> str:
        if parcel.chat.removeprefix(DIRECT) in self.world.people:
            return "@" + bare(self.world.people[parcel.chat.removeprefix(DIRECT)].name)
        return self.world.groups[parcel.chat][0]

    def _words(self, message: Message, who: str) -> str:
        card = self.world.cards.get(message.track)
        return rules.card_words(card.seen_by(self.world.person(who).staff if who else "")) if card else message.words
