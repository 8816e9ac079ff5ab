"""DingTalk as one of the platforms of the contract suite: over the Stream connection, and over robot callbacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import aiohttp

from adapters.dingtalk.adapter import DingTalkAdapter
from adapters.dingtalk.callback import PATH, Callback, signature
from adapters.dingtalk.client import Client
from adapters.dingtalk.codes import read
from adapters.dingtalk.config import read as read_config
from adapters.dingtalk.connection import StreamConnection
from tests.contract.platform import Fault, Platform, Where
from tests.platforms import dingtalk_rules as rules
from tests.platforms.dingtalk_people import CARD, Delivery
from tests.platforms.dingtalk_rules import Refusal
from tests.platforms.dingtalk_server import DingTalkServer


def key_of(delivery: Delivery) -> str:
    return f"dingtalk:card:{delivery.id}" if delivery.topic == CARD else f"dingtalk:{delivery.data['msgId']}"


class DingTalkPlatform(Platform):
    """The real dingtalk-stream client in its own process, against the fake."""

    name = "dingtalk"
    cannot = frozenset({"signatures"})

    def __init__(self) -> None:
        super().__init__()
        self.server = DingTalkServer(self.clock, ack_within=1.0)
        self.server.on_ack = self._acked
        self.group = self.server.world.group("双十一大促", "张三", "李四")
        self._delivered: dict[str, Delivery] = {}
        self._answers: dict[str, Any] = {}

    def section(self) -> dict[str, Any]:
        world = self.server.world
        bases = {"api_base": self.server.url, "oapi_base": self.server.url}
        return {"client_id": world.client_id, "client_secret": world.secret, **bases}

    async def start(self) -> None:
        await self.server.start()
        config = read_config(self.section())
        connection = StreamConnection(config)
        self.adapter: DingTalkAdapter = DingTalkAdapter(
            config, Client(config, self.clock, total=5), connection, self.clock, after_press=0.02
        )
        self.listening()
        await connection.reached("ready")

    async def stop(self) -> None:
        await self.deaf()
        await self.adapter.close()
        await self.server.stop()

    async def say(self, text: str, who: str = "张三", where: Where = "group") -> str:
        person = self.server.world.person(who)
        message, delivery = self.server.hear(person, text, self.group if where == "group" else "")
        return self._known(f"dingtalk:{message}", delivery)

    async def press(self, message_id: str, who: str = "张三") -> str:
        delivery = self.server.press(self.server.world.person(who), message_id)
        return self._known(key_of(delivery), delivery)

    async def again(self, key: str) -> None:
        self.server.again(self._delivered[key])

    def answer(self, key: str) -> tuple[str, str]:
        params = dict(self._answers[key]["response"]["cardData"]["cardParamMap"])
        tips = params.pop("tips", "")
        return tips, rules.card_words(params) if params else ""

    def chat(self, where: Where = "group", who: str = "张三") -> str:
        return self.group if where == "group" else self.server.world.person(who).staff

    def shown(self, where: Where = "group", who: str = "张三") -> list[str]:
        world = self.server.world
        return world.shown(self.group if where == "group" else world.person(who).staff)

    def impatient(self) -> None:
        self.adapter.presses.seconds = 0.05

    def fail(self, fault: Fault) -> None:
        world = self.server.world
        match fault:
            case Fault.STALE_TOKEN:
                world.tokens.update(dict.fromkeys(world.tokens, 0.0))
            case Fault.TOO_FAST:
                world.refusals.append(Refusal("send.too.fast", "发送过快"))
            case Fault.GONE:
                world.removed_from.add(self.group)
            case Fault.REFUSED:
                world.refusals.append(Refusal("contain.notAllowed.words", "包含敏感词"))
            case Fault.NO_ANSWER:
                self.server.swallow += 1
            case Fault.BROKEN:
                self.server.broken += 1

    @property
    def tokens(self) -> int:
        return len(self.server.world.tokens)

    async def strange(self, change: Callable[[Any], Any]) -> None:
        person = self.server.world.person("张三")
        _, delivery = self.server.hear(person, "奇怪", self.group, change=change)
        await delivery.finished.wait()

    def _known(self, key: str, delivery: Delivery) -> str:
        self._delivered[key] = delivery
        return key

    def _acked(self, delivery: Delivery, taken: bool) -> None:
        try:
            key = key_of(delivery)
        except (KeyError, TypeError):
            return
        self.journal.append(("acked" if taken else "refused", key))
        if taken and delivery.topic == CARD:
            self._answers[key] = delivery.answer


class Hook(DingTalkServer):
    """Brings robot messages over HTTP instead: signed, once for every try."""

    address = ""
    headers: Callable[[], dict[str, str]]

    async def _attempt(self, delivery: Delivery) -> bool:
        headers = {"Content-Type": "application/json", **self.headers()}
        try:
            timeout = aiohttp.ClientTimeout(total=self.ack_within)
            async with (
                self._lane,
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self.address, data=BytesIO(json.dumps(delivery.data).encode()), headers=headers) as answer,
            ):
                delivery.answer = await answer.read()
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


class DingTalkCallbackPlatform(DingTalkPlatform):
    """Robot callbacks over HTTP; no cards, so a press is a message that the person's own client sends."""

    cannot = frozenset({"edits", "answers", "cards"})

    def __init__(self) -> None:
        super().__init__()
        self.server = Hook(self.clock, ack_within=1.0)
        self.server.headers = self._signed
        self.server.on_ack = self._acked
        self.group = self.server.world.group("双十一大促", "张三", "李四")

    async def start(self) -> None:
        await self.server.start()
        config = read_config({**self.section(), "transport": "webhook", "port": 0})
        connection = Callback(config, self.clock)
        self.adapter = DingTalkAdapter(config, Client(config, self.clock, total=5), connection, self.clock)
        self.listening()
        await connection.serving()
        self.server.address = f"http://127.0.0.1:{connection.port}{PATH}"

    async def press(self, message_id: str, who: str = "张三") -> str:
        """The link under the last message sends its words for the one who presses it."""
        body = self.server.world.messages[-1].raw
        content = body.get("markdown") or body["sampleMarkdown"]
        line = next(iter(rules.links(content["text"]).values()))
        assert read(line.rpartition("#")[2])
        return await self.say(line, who)

    def _signed(self, at: float = 0.0, secret: str = "") -> dict[str, str]:
        stamp = str(int((at or self.clock.now().timestamp()) * 1000))
        return {"timestamp": stamp, "sign": signature(stamp, secret or self.server.world.secret)}

    async def forged(self) -> list[bool]:
        now = self.clock.now().timestamp()
        tries = [
            {}, {"timestamp": "x", "sign": "x"}, self._signed(secret="another"), self._signed(now - 7200),
            self._signed(now + 7200), {**self._signed(), "sign": ""}, {"sign": self._signed()["sign"]},
        ]  # fmt: skip
        statuses = []
        async with aiohttp.ClientSession() as session:
            for headers in tries:
                async with session.post(self.server.address, json={"msgId": "m"}, headers=headers) as answer:
                    statuses.append(answer.status)
        return [status == 401 for status in statuses]
