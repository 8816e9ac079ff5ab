"""WeCom as one of the platforms of the contract suite.

WeCom acknowledges nothing that people say, so "acked" is written when the adapter has let go of a message; for a press
it is the moment at which WeCom has received the new card. Its toast is not shown: hence no "answers". Names are ids.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from adapters.wecom import open as open_wecom
from chat.messages import Incoming, Receipt
from tests.contract.platform import Fault, Ledger, Platform, Where
from tests.platforms.wecom_office import QUICK
from tests.platforms.wecom_server import BOT, GROUP, SECRET, FakeWeCom

CODES = {Fault.TOO_FAST: 45009, Fault.GONE: 93006, Fault.REFUSED: 40058, Fault.BROKEN: 6000}


class LettingGo(Ledger):
    async def submit(self, thing: Incoming) -> Receipt:
        receipt = await super().submit(thing)
        release = receipt.release
        if thing.kind == "message" and release is not None:

            def let_go() -> None:
                self.journal.append(("acked", thing.key))
                release()

            receipt.release = let_go
        return receipt


class Watched(list[Any]):
    """The fake's updates; each is an answered press."""

    def __init__(self, journal: list[tuple[str, str]]) -> None:
        super().__init__()
        self._journal = journal

    def append(self, update: Any) -> None:
        super().append(update)
        self._journal.append(("acked", f"wecom:{update['msgid']}"))


class WeComPlatform(Platform):
    name = "wecom"
    cannot = frozenset({"tokens", "edits", "signatures", "answers"})

    def __init__(self) -> None:
        super().__init__()
        self.ledger = LettingGo(self.journal)
        self.fake = FakeWeCom(now=lambda: self.clock.now().timestamp())
        self.fake.updates = Watched(self.journal)
        self.fake.awake |= {GROUP, "张三", "李四"}

    async def start(self) -> None:
        await self.fake.start()
        section = {"bot_id": BOT, "secret": SECRET, "ws_url": self.fake.url}
        self.adapter = open_wecom(section, self.clock, timing=QUICK)
        self.listening()
        await self.fake.connected()
        await self.until(self.adapter.connection.ready.is_set)

    async def stop(self) -> None:
        await self.deaf()
        await self.adapter.close()
        await self.fake.stop()

    async def say(self, text: str, who: str = "张三", where: Where = "group") -> str:
        return "wecom:" + self.fake.says(who, text, GROUP if where == "group" else "")

    async def press(self, message_id: str, who: str = "张三") -> str:
        return "wecom:" + self.fake.clicks(who, message_id, self._key(message_id))

    async def again(self, key: str) -> None:
        self.fake.again(key.removeprefix("wecom:"))

    def answer(self, key: str) -> tuple[str, str]:
        raise NotImplementedError

    def chat(self, where: Where = "group", who: str = "张三") -> str:
        return GROUP if where == "group" else who

    def shown(self, where: Where = "group", who: str = "张三") -> list[str]:
        views = self.fake.views(GROUP if where == "group" else who, who)
        return [re.sub("[\u200a\u200b]", "", view).replace("｀", "`") for view in views]

    def fail(self, fault: Fault) -> None:
        if fault is Fault.NO_ANSWER:
            self.fake.faults.broken = 1
        else:
            self.fake.faults.refuse = [CODES[fault]]

    async def strange(self, change: Callable[[Any], Any]) -> None:
        body = {
            "msgid": self.fake.fresh("m"),
            "aibotid": BOT,
            "chattype": "group",
            "chatid": GROUP,
            "from": {"userid": "张三"},
            "create_time": 1789000000,
            "msgtype": "text",
            "text": {"content": "@进度助手 奇怪"},
            "quote": {"msgtype": "text", "text": {"content": "引用"}},
        }
        frame = {"cmd": "aibot_msg_callback", "headers": {"req_id": self.fake.fresh("req")}, "body": body}
        self.fake.raw(json.dumps(change(frame), ensure_ascii=False))
        await self.fake.pinged()

    def _key(self, message_id: str) -> str:
        """Of the card's first button as it was sent, though the card may have changed since."""
        for frame in self.fake.frames:
            card = (frame.get("body") or {}).get("template_card") or {}
            if card.get("task_id") == message_id and "button_list" in card:
                return str(card["button_list"][0]["key"])
        return ""
