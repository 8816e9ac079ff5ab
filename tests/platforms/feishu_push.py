"""How a fake Feishu brings events to the bot, until they are acknowledged: over sockets or HTTP, whole or in pieces."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from Crypto.Cipher import AES

from chat.ports import Clock
from tests.activity import until
from tests.platforms import feishu_rules as rules
from tests.platforms.feishu_frames import DATA, Frame, encode
from tests.platforms.feishu_world import World

CARD = "card.action.trigger"
FRAGMENT = 512 * 1024


@dataclass
class Delivery:
    """One event on its way. ``state``: waiting, acked, failed. ``answer``: what the acknowledgement carried.

    ``seconds``: from the frame to its acknowledgement, on the long connection.
    """

    event: dict[str, Any]
    number: int
    state: str = "waiting"
    attempts: int = 0
    answer: Any = None
    trouble: int = 0
    seconds: float = 0.0
    finished: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_press(self) -> bool:
        header = self.event.get("header")
        return isinstance(header, dict) and header.get("event_type") == CARD


class Pusher:
    """Delivers events. What goes wrong on the way is set by attributes."""

    def __init__(self, clock: Clock, ack_within: float, retries: tuple[float, ...], encrypt_key: str) -> None:
        self.clock = clock
        self.world = World(clock)
        self.ack_within = ack_within
        self.retries = retries
        self.encrypt_key = encrypt_key
        self.hook = ""
        """The address of the bot's webhook; empty: the long connection is used."""
        self.on_ack: Callable[[Delivery, bool], None] = lambda delivery, taken: None
        self.deliveries: list[Delivery] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.frozen = False
        """Half-open: nothing is read or answered on the sockets any more, nothing is closed."""
        self.shuffle = self.twice = False
        self.fragment = FRAGMENT
        self._waiting: dict[str, tuple[Delivery, asyncio.Event]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.faults: list[BaseException | None] = []
        """Of the fake's own; ``stop`` raises the first."""
        self._lane = asyncio.Lock()
        self._client: aiohttp.ClientSession | None = None

    def push(self, event: dict[str, Any]) -> Delivery:
        """Deliver an event until it is acknowledged, or given up."""
        delivery = Delivery(event, self.world.number())
        self.deliveries.append(delivery)
        self._spawn(self._carry(delivery))
        return delivery

    def again(self, delivery: Delivery) -> Delivery:
        """The same event once more, as if its acknowledgement had been lost."""
        return self.push(delivery.event)

    async def until(self, condition: Callable[[], object], seconds: float = 15) -> None:
        await until(condition, seconds)

    # --- inside --------------------------------------------------------------------------------------------------

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.faults.append(task.exception())

    async def _carry(self, delivery: Delivery) -> None:
        """Send, wait for the acknowledgement, send again by the schedule. Presses are sent once only."""
        try:
            if delivery.is_press and CARD not in self.world.callbacks:
                delivery.trouble, delivery.state = 200340, "failed"
                return
            for pause in (*self.retries, None):
                delivery.attempts += 1
                taken = await self._attempt(delivery)
                self.on_ack(delivery, taken)
                if taken or delivery.is_press or pause is None:
                    delivery.state = "acked" if taken else "failed"
                    return
                await asyncio.sleep(pause)
        finally:
            delivery.finished.set()

    async def _attempt(self, delivery: Delivery) -> bool:
        if self.hook:
            return await self._post(delivery)
        async with self._lane:
            await self.until(lambda: self.sockets and not self.frozen, 60)
            socket = random.choice(self.sockets)
            name = f"frame-{delivery.number}-{delivery.attempts}"
            done = asyncio.Event()
            self._waiting[name] = (delivery, done)
            try:
                await self._write(socket, name, json.dumps(delivery.event, ensure_ascii=False).encode())
            except ConnectionError:
                return False
        start = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self.ack_within):
                await done.wait()
        except TimeoutError:
            delivery.trouble = 200341
            return False
        delivery.seconds = asyncio.get_running_loop().time() - start
        return delivery.trouble == 0

    async def _write(self, socket: web.WebSocketResponse, name: str, payload: bytes) -> None:
        parts = [payload[at : at + self.fragment] for at in range(0, len(payload), self.fragment)]
        common = {"type": "event", "message_id": name, "sum": str(len(parts)), "trace_id": f"trace-{name}"}
        frames = [
            encode(Frame(DATA, {**common, "seq": str(number)}, part, sequence=1, log=7))
            for number, part in enumerate(parts)
        ]
        if self.shuffle:
            random.Random(7).shuffle(frames)
        for frame in frames * (2 if self.twice else 1):
            await socket.send_bytes(frame)

    def _acked(self, frame: Frame) -> None:
        waiting = self._waiting.pop(frame.headers.get("message_id", ""), None)
        if waiting is None:
            return
        delivery, done = waiting
        reply = json.loads(frame.payload or b"{}")
        data = base64.b64decode(reply["data"]) if reply.get("data") else None
        self._judge(delivery, reply.get("code") == 200 and "biz_rt" in frame.headers, data)
        done.set()

    def _judge(self, delivery: Delivery, taken: bool, data: bytes | None) -> None:
        """The platform's own checks of an answer; for a press they decide what the person sees."""
        delivery.trouble = 0
        if not taken:
            delivery.trouble = 200671
        elif delivery.is_press:
            delivery.trouble, delivery.answer = _checked(data)
            self._answered(delivery)

    def _answered(self, delivery: Delivery) -> None:
        event = delivery.event["event"]
        message = self.world.messages.get(event["context"]["open_message_id"])
        if message is None:
            return
        message.pending.discard(delivery.event["header"]["event_id"])
        card = (delivery.answer or {}).get("card") if not delivery.trouble else None
        if card:
            if rules.problem(card["data"]):
                delivery.trouble = 200830 if card["data"].get("schema") != "2.0" else 200673
            else:
                message.content = card["data"]

    async def _post(self, delivery: Delivery) -> bool:
        status, data = await self.call_hook(delivery.event)
        self._judge(delivery, status == 200, data)
        return delivery.trouble == 0

    async def call_hook(
        self, event: Any, *, key: str | None = None, at: float | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """POST an event to the bot, signed and encrypted. The keywords forge it. Returns (status, body)."""
        key = self.encrypt_key if key is None else key
        raw = json.dumps(event, ensure_ascii=False).encode()
        if key:
            raw = json.dumps({"encrypt": encrypted(key, raw)}).encode()
        stamp, nonce = str(int(at or self.clock.now().timestamp())), f"nonce{self.world.number()}"
        signed = hashlib.sha256((stamp + nonce + key).encode() + raw).hexdigest()
        sent = {"x-lark-request-timestamp": stamp, "X-LARK-REQUEST-NONCE": nonce, "X-Lark-Signature": signed}
        assert self._client is not None
        try:
            timeout = aiohttp.ClientTimeout(total=self.ack_within)
            headers = sent | (headers or {}) if key else {}
            async with self._client.post(self.hook, data=io.BytesIO(raw), headers=headers, timeout=timeout) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError):
            return 0, b""


def encrypted(key: str, plain: bytes) -> str:
    padding = 16 - len(plain) % 16
    vector = hashlib.md5(plain).digest()
    cipher = AES.new(hashlib.sha256(key.encode()).digest(), AES.MODE_CBC, vector)
    return base64.b64encode(vector + cipher.encrypt(plain + bytes([padding]) * padding)).decode()


def _checked(data: bytes | None) -> tuple[int, Any]:
    """(what the person's client complains about, the answer) for the answer to a press."""
    try:
        answer = json.loads(data) if data else None
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or set(answer) - {"toast", "card"}:
        return 200672, None
    toast = answer.get("toast", {"type": "info", "content": "x"})
    if toast.get("type") not in ("info", "success", "error", "warning") or not isinstance(toast.get("content"), str):
        return 200672, None
    card = answer.get("card")
    if card is not None and (card.get("type") != "raw" or not isinstance(card.get("data"), dict)):
        return 200673, answer
    return 0, answer
