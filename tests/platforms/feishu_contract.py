"""Feishu as one of the platforms of the contract suite: over its long connection, and over HTTP callbacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from adapters.feishu.adapter import FeishuAdapter, LongConnection
from adapters.feishu.client import Client
from adapters.feishu.config import read
from adapters.feishu.webhook import PATH, Webhook
from tests.contract.platform import Fault, Platform, Where
from tests.platforms import feishu_rules as rules
from tests.platforms.feishu_push import Delivery
from tests.platforms.feishu_server import FeishuServer
from tests.platforms.feishu_world import Refusal

KEY = "an encrypt key"


def key_of(event: dict[str, Any]) -> str:
    if event["header"]["event_type"] == "card.action.trigger":
        return f"feishu:card:{event['header']['event_id']}"
    return f"feishu:{event['event']['message']['message_id']}"


class FeishuPlatform(Platform):
    """The real lark-oapi client in its own process, against the fake."""

    name = "feishu"
    cannot = frozenset({"signatures"})
    encrypt_key = ""

    def __init__(self) -> None:
        super().__init__()
        self.server = FeishuServer(self.clock, encrypt_key=self.encrypt_key, retries=(0.002,) * 4)
        self.server.on_ack = self._acked
        self.group = self.server.world.group("双十一大促", "张三", "李四")
        self._delivered: dict[str, Delivery] = {}
        self._answers: dict[str, Any] = {}

    async def start(self) -> None:
        await self.server.start()
        section = {
            "app_id": self.server.world.app_id,
            "app_secret": self.server.world.secret,
            "domain": self.server.url,
        }
        config = read(section)
        connection = LongConnection(config)
        self.adapter = FeishuAdapter(Client(config, self.clock, total=5), connection, self.clock, after_press=0.02)
        self.listening()
        await connection.reached("ready")

    async def stop(self) -> None:
        await self.deaf()
        await self.adapter.close()
        await self.server.stop()

    async def say(self, text: str, who: str = "张三", where: Where = "group") -> str:
        person = self.server.world.person(who)
        chat = self.group if where == "group" else self.server.world.direct(person)
        message, delivery = self.server.hear(chat, person, text, mention=where == "group")
        return self._known(f"feishu:{message}", delivery)

    async def press(self, message_id: str, who: str = "张三") -> str:
        delivery = self.server.press(message_id, self.server.world.person(who))
        return self._known(key_of(delivery.event), delivery)

    async def again(self, key: str) -> None:
        self.server.again(self._delivered[key])

    def answer(self, key: str) -> tuple[str, str]:
        answer = self._answers[key]
        card = answer.get("card")
        return (
            answer.get("toast", {}).get("content", ""),
            rules.words(card["data"], self.server.world.people) if card else "",
        )

    def chat(self, where: Where = "group", who: str = "张三") -> str:
        return self.group if where == "group" else self.server.world.person(who)

    def shown(self, where: Where = "group", who: str = "张三") -> list[str]:
        world = self.server.world
        return world.shown(self.group if where == "group" else world.direct(world.person(who)))

    def impatient(self) -> None:
        self.adapter.presses.seconds = 0.05

    def fail(self, fault: Fault) -> None:
        world = self.server.world
        match fault:
            case Fault.STALE_TOKEN:
                world.revoked.update(world.tokens)
            case Fault.TOO_FAST:
                self.server.limits += 1
            case Fault.GONE:
                world.refusals.append(Refusal(230002, "The bot can not be outside the group."))
            case Fault.REFUSED:
                world.refusals.append(Refusal(230022, "sensitive content"))
            case Fault.NO_ANSWER:
                self.server.swallow += 1
            case Fault.BROKEN:
                self.server.broken += 1

    @property
    def tokens(self) -> int:
        return len(self.server.world.tokens)

    async def strange(self, change: Callable[[Any], Any]) -> None:
        person = self.server.world.person("张三")
        _, delivery = self.server.hear(self.group, person, "奇怪", mention=True, change=change)
        await delivery.finished.wait()

    def _known(self, key: str, delivery: Delivery) -> str:
        self._delivered[key] = delivery
        return key

    def _acked(self, delivery: Delivery, taken: bool) -> None:
        try:
            key = key_of(delivery.event)
        except (KeyError, TypeError):
            return
        self.journal.append(("acked" if taken else "refused", key))
        if taken and isinstance(delivery.answer, dict):
            self._answers[key] = delivery.answer


class FeishuWebhookPlatform(FeishuPlatform):
    """HTTP callbacks, signed and encrypted."""

    cannot = frozenset()
    encrypt_key = KEY

    async def start(self) -> None:
        await self.server.start()
        config = read(
            {
                "app_id": self.server.world.app_id,
                "app_secret": self.server.world.secret,
                "domain": self.server.url,
                "transport": "webhook",
                "port": 0,
                "encrypt_key": KEY,
                "verification_token": self.server.token,
            }
        )
        webhook = Webhook(config, self.clock)
        self.adapter = FeishuAdapter(Client(config, self.clock, total=5), webhook, self.clock, after_press=0.02)
        self.listening()
        await webhook.serving()
        self.server.hook = f"http://127.0.0.1:{webhook.port}{PATH}"

    async def forged(self) -> list[bool]:
        event = {"schema": "2.0", "header": {"event_type": "x", "token": self.server.token}, "event": {}}
        now = self.clock.now().timestamp()
        tries: list[dict[str, Any]] = [
            {"headers": {"X-Lark-Signature": "0" * 64}},
            {"headers": {"X-Lark-Signature": ""}},
            {"headers": {"X-LARK-REQUEST-NONCE": "another"}},
            {"key": "another key"},
            {"key": ""},
            {"at": now - 3600},
            {"at": now + 3600},
        ]
        statuses = [(await self.server.call_hook(event, **how))[0] for how in tries]
        foreign = json.loads(json.dumps(event)) | {"header": {"event_type": "x", "token": "not ours"}}
        statuses.append((await self.server.call_hook(foreign))[0])
        assert (await self.server.call_hook(event))[0] == 200
        return [status == 401 for status in statuses]
