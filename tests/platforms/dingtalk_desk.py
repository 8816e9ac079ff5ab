"""What the tests of DingTalk's adapter share: an adapter without a connection, the fake, a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.dingtalk.adapter import DingTalkAdapter
from adapters.dingtalk.client import Client
from adapters.dingtalk.config import read
from adapters.link import Take
from bot.clock import VirtualClock
from chat.cards import Button, Card, text_card
from chat.messages import Answer, Incoming, Outgoing, Receipt, Sent
from chat.text import say
from tests.platforms.dingtalk_people import ROBOT
from tests.platforms.dingtalk_server import DingTalkServer

APPROVE = text_card(
    say("同意预算吗？", "Approve the budget?"),
    Button(say("同意", "Approve"), "approve", ("P42",), 3, "primary"),
    Button(say("驳回", "Reject"), "reject", ("P42",), 3, "danger"),
)
DONE = text_card(say("已同意", "Approved"))


class Books:
    """An intake that remembers."""

    def __init__(self) -> None:
        self.things: list[Incoming] = []

    async def submit(self, thing: Incoming) -> Receipt:
        self.things.append(thing)
        return Receipt(Answer(say("收到", "Got it"), DONE) if thing.kind == "click" else None)


class Frames:
    """A connection whose frames the test writes itself."""

    take: Take

    async def run(self, take: Take) -> None:
        self.take = take


class Desk:
    """An adapter, the fake, a clock that stands still, and 张三 and 李四 in a group."""

    def __init__(self) -> None:
        self.clock = VirtualClock(datetime(2026, 9, 18, 2, 0, tzinfo=UTC))
        self.server = DingTalkServer(self.clock)
        self.world = self.server.world
        self.group = self.world.group("双十一", "张三", "李四")
        self.zhang, self.li = self.world.person("张三"), self.world.person("李四")
        self.books = Books()
        self._number = 0

    async def open(self, folder: Path = Path(), **section: Any) -> DingTalkAdapter:
        given = {"client_id": self.world.client_id, "client_secret": self.world.secret}
        given |= {"api_base": self.server.url, "oapi_base": self.server.url, **section}
        settings, self.frames = read(given), Frames()
        client = Client(settings, self.clock, total=5)
        self.adapter = DingTalkAdapter(settings, client, self.frames, self.clock, folder, after_press=0)
        await self.adapter.listen(self.books)
        return self.adapter

    def forward(self, seconds: float) -> None:
        self.clock.set(self.clock.now() + timedelta(seconds=seconds))

    async def hear(self, text: str, chat: str = "", who: Any = None, **more: Any) -> Incoming:
        """A message, given to the adapter as a frame; answered at once."""
        _, delivery = self.server.hear(who or self.zhang, text, chat, **more)
        return await self.frame(ROBOT, delivery.data)

    async def frame(self, topic: str, data: Any) -> Incoming:
        _, acked = await self.frames.take(self.server.frame("CALLBACK", topic, data))
        acked()
        return self.books.things[-1]

    async def send(self, card: Card, chat: str = "", kind: Any = "post", **more: Any) -> Sent:
        self._number += 1
        key = more.pop("key", f"k/{self._number}")
        self.forward(0.1)
        parcel = Outgoing(self._number, key, "dingtalk", kind, chat or self.group, card, **more)
        return await self.adapter.deliver(parcel)

    def shown(self, chat: str = "", reader: str = "") -> list[str]:
        return self.world.shown(chat or self.group, reader)
