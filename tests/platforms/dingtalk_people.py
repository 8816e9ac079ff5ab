"""What people do in a fake DingTalk, and how it is pushed to the bot until it is acknowledged."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from chat.ports import Clock
from tests.activity import until
from tests.platforms import dingtalk_rules as rules
from tests.platforms.dingtalk_rules import Json
from tests.platforms.dingtalk_world import BOT, CORP, Person, World

ROBOT, CARD = "/v1.0/im/bot/messages/get", "/v1.0/card/instances/callback"
_SAME: Callable[[Any], Any] = lambda data: data  # noqa: E731


@dataclass
class Link:
    """A connection and what it wants to hear."""

    ws: web.WebSocketResponse
    topics: set[tuple[str, str]]
    name: str


@dataclass
class Delivery:
    """One thing on its way. ``id``: of its latest push. ``answer``: what the acknowledgement carried."""

    type: str
    topic: str
    data: Any
    headers: Json = field(default_factory=dict)
    id: str = ""
    state: str = "waiting"
    attempts: int = 0
    answer: Any = None
    seconds: float = 0.0
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    taken: bool = False


class People:
    """Pushes. What goes wrong on the way is set by attributes."""

    def __init__(self, clock: Clock, ack_within: float, redeliver: tuple[float, ...]) -> None:
        self.clock = clock
        self.world = World(clock)
        self.ack_within = ack_within
        self.redeliver = redeliver
        self.on_ack: Callable[[Delivery, bool], None] = lambda delivery, taken: None
        self.deliveries: list[Delivery] = []
        self.links: list[Link] = []
        self.acks: list[Json] = []
        """Whatever was said on the sockets."""
        self.frozen = False
        self.twice = False
        """Every frame is sent twice."""
        self._waiting: dict[str, Delivery] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._lane = asyncio.Lock()

    async def until(self, condition: Callable[[], object], seconds: float = 15) -> None:
        await until(condition, seconds)

    # --- what people do ------------------------------------------------------------------------------------------

    def hear(
        self, who: Person, text: str, chat: str = "", *, change: Callable[[Any], Any] = _SAME, **more: Any
    ) -> tuple[str, Delivery]:
        """Somebody writes: in a group with an @ on the bot, or (no ``chat``) directly. more: fields of the message."""
        return self.says(who, chat, change, msgtype="text", text={"content": f" {text}" if chat else text}, **more)

    def says(
        self, who: Person, chat: str = "", change: Callable[[Any], Any] = _SAME, **fields: Any
    ) -> tuple[str, Delivery]:
        """A message of any kind. at: people who are @ed besides the bot. Returns (msgId, the delivery)."""
        others: list[Person] = fields.pop("at", [])
        message = f"msg{self.world.number():020d}=="
        session, until = self.world.session(chat or who.staff)
        data: Json = {
            "senderPlatform": "Mac",
            "conversationId": chat or f"cidDIRECT{who.staff}==",
            "chatbotCorpId": CORP,
            "chatbotUserId": BOT,
            "msgId": message,
            "senderNick": who.name,
            "isAdmin": True,
            "senderStaffId": "" if who.external else who.staff,
            "sessionWebhookExpiredTime": until,
            "createAt": int(self.world.now() * 1000),
            "senderCorpId": CORP,
            "conversationType": "2" if chat else "1",
            "senderId": who.sealed,
            "sessionWebhook": f"{self.url}/robot/sendBySession?session={session}",
            "robotCode": self.world.client_id,
        }
        if chat:
            ats = [{"dingtalkId": one.sealed, "staffId": one.staff} for one in others]
            random.Random(7).shuffle(ats)
            data |= {"isInAtList": True, "atUsers": [{"dingtalkId": BOT}, *ats]}
            data["conversationTitle"] = self.world.groups[chat][0]
        return message, self.push("CALLBACK", ROBOT, change({**data, **fields}))

    def press(self, who: Person, track: str, label: str = "", **form: str) -> Delivery:
        """Press a button of a card: the first, or the one with this label. With a form: send it."""
        card = self.world.cards[track]
        params = card.seen_by(who.staff)
        if form:
            carried: Json = {"id": json.loads(params["form"])["id"], "form": form}
        else:
            button = next(one for one in rules.buttons_of(params) if label in ("", one["text"]))
            carried = dict(button["params"])
        content = json.dumps({"cardPrivateData": {"actionIds": [carried["id"]], "params": carried}})
        data = {
            "extension": "{}", "corpId": CORP, "spaceType": "im", "userIdType": 1, "type": "actionCallback",
            "userId": who.staff, "content": content, "value": content, "outTrackId": track,
            "spaceId": f"cidDIRECT{who.staff}==" if card.direct else card.chat,
        }  # fmt: skip
        return self.push("CALLBACK", CARD, data)

    def happen(self, event_type: str, data: Json) -> Delivery:
        headers = {
            "eventType": event_type, "eventId": f"ev{self.world.number()}", "eventCorpId": CORP,
            "eventBornTime": str(int(self.world.now() * 1000)), "eventUnifiedAppId": "u",
        }  # fmt: skip
        return self.push("EVENT", "*", data, headers)

    # --- how it is brought ---------------------------------------------------------------------------------------

    url: str

    def push(self, kind: str, topic: str, data: Any, headers: Json | None = None) -> Delivery:
        """Until it is acknowledged, or given up."""
        delivery = Delivery(kind, topic, data, headers or {}, self._push_id())
        self.deliveries.append(delivery)
        self._spawn(self._carry(delivery))
        return delivery

    def again(self, delivery: Delivery) -> Delivery:
        """The same once more, as if its acknowledgement had been lost."""
        repeated = Delivery(delivery.type, delivery.topic, delivery.data, delivery.headers, delivery.id)
        self.deliveries.append(repeated)
        self._spawn(self._carry(repeated))
        return repeated

    def joined(self, ws: web.WebSocketResponse, subscriptions: list[Json]) -> Link:
        topics = {(one["type"], one["topic"]) for one in subscriptions}
        link = Link(ws, topics, f"connection-{self.world.number()}")
        self.links.append(link)
        return link

    def acked(self, said: Json) -> None:
        self.acks.append(said)
        delivery = self._waiting.pop(said["headers"].get("messageId"), None)
        if delivery is not None:
            delivery.taken = said.get("code") == 200
            delivery.answer = json.loads(said["data"]) if isinstance(said.get("data"), str) else said.get("data")
            delivery.done.set()

    def frame(self, kind: str, topic: str, data: Any, push: str = "", headers: Json | None = None) -> str:
        head = {
            "appId": "app", "connectionId": "c", "contentType": "application/json", "topic": topic,
            "messageId": push or self._push_id(), "time": str(int(self.world.now() * 1000)), **(headers or {}),
        }  # fmt: skip
        whole = {"specVersion": "1.0", "type": kind, "headers": head, "data": json.dumps(data, ensure_ascii=False)}
        return json.dumps(whole, ensure_ascii=False)

    def _push_id(self) -> str:
        return f"push{self.world.number():020d}"

    async def _carry(self, delivery: Delivery) -> None:
        """Messages and events come again, under another push id; presses do not."""
        for pause in (*self.redeliver, None):
            delivery.attempts += 1
            delivery.taken = await self._attempt(delivery)
            self.on_ack(delivery, delivery.taken)
            if delivery.taken or pause is None or delivery.topic == CARD:
                break
            await asyncio.sleep(pause)
            delivery.id = self._push_id()
        delivery.state = "acked" if delivery.taken else "failed"
        if delivery.topic == CARD and delivery.taken:
            self.world.answered(delivery.data["outTrackId"], delivery.data["userId"], delivery.answer)
        delivery.finished.set()

    def _listening(self, delivery: Delivery) -> list[Link]:
        return [link for link in self.links if (delivery.type, delivery.topic) in link.topics and not self.frozen]

    async def _attempt(self, delivery: Delivery) -> bool:
        delivery.done.clear()
        async with self._lane:
            await self.until(lambda: self._listening(delivery), 60)
            link = random.choice(self._listening(delivery))
            self._waiting[delivery.id] = delivery
            text = self.frame(delivery.type, delivery.topic, delivery.data, delivery.id, delivery.headers)
            try:
                for _ in range(2 if self.twice else 1):
                    await link.ws.send_str(text)
            except ConnectionError:
                return False
        start = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self.ack_within):
                await delivery.done.wait()
        except TimeoutError:
            self._waiting.pop(delivery.id, None)
            return False
        delivery.seconds = asyncio.get_running_loop().time() - start
        return delivery.taken

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
