"""A fake Feishu on real sockets: REST, the long connection, HTTP callbacks, and everything that goes wrong with them.

Checked against the real lark-oapi client (``test_feishu_oracle.py``). Delays are parameters: ``ack_within`` (3 s at
Feishu's) and ``retries`` (15 s, 5 min, 1 h, 6 h) are real seconds here, made short by tests; whatever has a date goes
by the clock.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp import web

from chat.ports import Clock
from tests.platforms import feishu_rules as rules
from tests.platforms.dated import dated
from tests.platforms.feishu_frames import CONTROL, Frame, decode, encode
from tests.platforms.feishu_push import CARD, Delivery, Pusher
from tests.platforms.feishu_world import BOT, PER_MINUTE, PER_SECOND, TENANT, Refusal


class FeishuServer(Pusher):
    """``url`` is the domain to configure. ``world`` holds people, chats and messages."""

    def __init__(
        self,
        clock: Clock,
        *,
        ack_within: float = 3.0,
        retries: tuple[float, ...] = (0.02, 0.05, 0.1, 0.2),
        encrypt_key: str = "",
        token: str = "vtok",
        ping: float = 120,
    ) -> None:
        super().__init__(clock, ack_within, retries, encrypt_key)
        self.token = token
        self.ping = ping
        self.endpoint_calls = 0
        self.pings = 0
        self.endpoint: deque[tuple[int, str]] = deque()
        """Codes that the next endpoint calls are answered with; code -1: HTTP 500; -2: no answer at all."""
        self.handshakes: deque[dict[str, str]] = deque()
        """Headers with which the next upgrades are refused."""
        self.swallow = 0
        """So many REST calls take effect, but the connection breaks before the answer."""
        self.broken = 0
        """So many REST calls are answered with HTTP 500 and do nothing."""
        self.skew = 0.0
        """Seconds by which this server's clock is ahead."""
        self.limits = 0
        """So many REST calls are answered by the gateway: too fast."""
        self.approvals: set[str] = set()
        """Codes of approvals whose events were asked for."""
        self._thaw = asyncio.Event()
        self._held = ""
        self._free = asyncio.Event()
        self._free.set()

    async def start(self) -> None:
        app = web.Application(client_max_size=64 << 20)
        dated(app, lambda: self.clock.now().timestamp() + self.skew)
        app.router.add_post("/callback/ws/endpoint", self._endpoint)
        app.router.add_get("/ws/v2", self._socket)
        app.router.add_route("*", "/open-apis/{path:.*}", self._rest)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._client = aiohttp.ClientSession()

    async def stop(self) -> None:
        self._thaw.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.drop()
        await self._runner.cleanup()
        if self._client:
            await self._client.close()
        if self.faults:
            raise AssertionError("the fake itself failed") from self.faults[0]

    # --- what people do ------------------------------------------------------------------------------------------

    def hear(self, chat: str, who: str, text: str, *, mention: bool = False, change: Callable[[Any], Any] | None = None,
             **extra: Any) -> tuple[str, Delivery]:  # fmt: skip
        """Somebody (open_id) writes. ``extra``: fields of the message. Returns (message id, the delivery)."""
        words = {"text": f"@_user_1 {text}" if mention else text}
        message = self.world.add(chat, who, "text", words)
        if extra.get("content"):
            message.content = json.loads(extra["content"])
        event = self._envelope(
            "im.message.receive_v1",
            {
                "sender": {"sender_id": _ids(who), "sender_type": "user", "tenant_key": TENANT},
                "message": {
                    "message_id": message.id,
                    "create_time": self._ms(),
                    "update_time": self._ms(),
                    "chat_id": chat,
                    "chat_type": self.world.chats[chat].kind,
                    "message_type": "text",
                    "content": json.dumps(words, ensure_ascii=False),
                    **({"mentions": [_mention(1, BOT, "进度助手")]} if mention else {}),
                    **extra,
                },
            },
        )
        return message.id, self.push(change(event) if change else event)

    def press(self, message_id: str, who: str, label: str = "", **form: str) -> Delivery:
        """Press a button of the bot's card: the first, or the one with this label."""
        message = self.world.messages[message_id]
        card = message.content
        button = next(one for one in rules.buttons(card) if label in ("", one["text"]["content"]))
        action: dict[str, Any] = {
            "value": button["behaviors"][0]["value"],
            "tag": "button",
            "timezone": "Asia/Shanghai",
        }
        if form:
            action |= {"name": button["name"], "form_value": form}
        event = self._envelope(
            CARD,
            {
                "operator": {"tenant_key": TENANT, **_ids(who)},
                "token": f"c-{self.world.number():032x}",
                "action": action,
                "host": "im_message",
                "context": {"open_message_id": message_id, "open_chat_id": message.chat},
            },
            micro=True,
        )
        message.pending.add(event["header"]["event_id"])
        return self.push(event)

    def happen(self, event_type: str, event: dict[str, Any]) -> Delivery:
        return self.push(self._envelope(event_type, event))

    def happen_before(self, kind: str, event: dict[str, Any]) -> Delivery:
        """An event of the older shape, without a header."""
        number = f"{self.world.number():032x}"
        moment = f"{self.clock.now().timestamp():.6f}"
        whole = {"app_id": self.world.app_id, "tenant_key": TENANT, "type": kind, **event}
        return self.push({"ts": moment, "uuid": number, "token": "v", "type": "event_callback", "event": whole})

    def hold(self, words: str) -> None:
        """REST calls with these words in their path wait for ``release``."""
        self._held = words
        self._free.clear()

    def release(self) -> None:
        self._free.set()

    # --- disasters -----------------------------------------------------------------------------------------------

    def drop(self) -> None:
        """Every connection is cut without a word."""
        for socket in self.sockets:
            if socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()
        self.sockets.clear()

    async def close(self, code: int = 1001) -> None:
        """Every connection is closed politely."""
        sockets, self.sockets = self.sockets, []
        for socket in sockets:
            await socket.close(code=code)

    def freeze(self) -> None:
        self.frozen = True
        self._thaw.clear()

    def thaw(self) -> None:
        self.frozen = False
        self._thaw.set()

    # --- the long connection -------------------------------------------------------------------------------------

    async def _endpoint(self, request: web.Request) -> web.StreamResponse:
        self.endpoint_calls += 1
        if self.endpoint:
            code, message = self.endpoint.popleft()
            if code == -2:
                await self._thaw.wait()
            return web.json_response({"code": code, "msg": message}, status=500 if code == -1 else 200)
        body = await request.json()
        if body.get("AppID") != self.world.app_id or body.get("AppSecret") != self.world.secret:
            return web.json_response({"code": 10015, "msg": "app secret is invalid"})
        url = (
            f"{self.url.replace('http', 'ws')}/ws/v2?device_id=device-{self.endpoint_calls}&service_id=33&ticket=TICKET"
        )
        return web.json_response({"code": 0, "msg": "", "data": {"URL": url, "ClientConfig": self._config()}})

    def _config(self) -> dict[str, Any]:
        return {"ReconnectCount": -1, "ReconnectInterval": 120, "ReconnectNonce": 0, "PingInterval": self.ping}

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.handshakes:
            return web.Response(status=400, headers=self.handshakes.popleft())
        if len(self.sockets) >= 50:
            refused = {
                "Handshake-Status": "514",
                "Handshake-Msg": "exceed conn limit",
                "Handshake-Autherrcode": "1000040350",
            }
            return web.Response(status=400, headers=refused)
        socket = web.WebSocketResponse(autoping=False, max_msg_size=64 << 20)
        await socket.prepare(request)
        self.sockets.append(socket)
        try:
            async for message in socket:
                if self.frozen:
                    await self._thaw.wait()
                if message.type is aiohttp.WSMsgType.PING:
                    await socket.pong(message.data)
                elif message.type is aiohttp.WSMsgType.BINARY:
                    await self._frame(socket, decode(message.data))
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)
        return socket

    async def _frame(self, socket: web.WebSocketResponse, frame: Frame) -> None:
        if frame.method == CONTROL:
            self.pings += 1
            await socket.send_bytes(encode(Frame(CONTROL, {"type": "pong"}, json.dumps(self._config()).encode())))
        else:
            self._acked(frame)

    # --- REST ----------------------------------------------------------------------------------------------------

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.world.calls.append((request.method, path))
        if self._held and self._held in path:
            await self._free.wait()
        try:
            if self.broken and "auth" not in path:
                self.broken -= 1
                return web.json_response({"code": 2200, "msg": "Internal Error"}, status=500)
            if self.limits and "auth" not in path:
                self.limits -= 1
                raise Refusal(99991400, "request trigger frequency limit", {"x-ogw-ratelimit-reset": "3"})
            answer = await self._call(request, path)
        except Refusal as refusal:
            more = {"permission_violations": refusal.violations} if refusal.violations else {}
            body = {"code": refusal.code, "msg": str(refusal), "error": {"log_id": "2026", **more}}
            return web.json_response(body, status=400, headers=refusal.headers)
        if self.swallow and request.method != "GET" and "auth" not in path:
            self.swallow -= 1
            assert request.transport is not None
            request.transport.abort()
        if isinstance(answer, bytes):
            return web.Response(body=answer, content_type="application/octet-stream")
        return web.json_response(answer)

    async def _call(self, request: web.Request, path: str) -> dict[str, Any] | bytes:
        world = self.world
        if path == "auth/v3/tenant_access_token/internal":
            return world.token(await request.json())
        world.authorise(request.headers.get("Authorization", ""))
        world.limit("app second", PER_SECOND, 1.0, 99991400)
        world.limit("app minute", PER_MINUTE, 60.0, 99991400)
        match request.method, path.split("/"):
            case "GET", ["bot", "v3", "info"] | ["application", *_]:
                return world.about_app(path)
            case "POST", ["im", "v1", "messages"]:
                return world.send(request.query.get("receive_id_type", ""), await request.json())
            case "POST", ["im", "v1", "messages", message, "reply"]:
                return world.reply(message, await request.json())
            case "PATCH", ["im", "v1", "messages", message]:
                return world.redraw(message, await request.json())
            case "PUT", ["im", "v1", "messages", message]:
                return world.rewrite(message, await request.json())
            case "GET", ["im", "v1", "messages", message] | ["im", "v1", "messages", message, "read_users"]:
                return world.read_users(message, request.query) if path.endswith("users") else world.message(message)
            case _, [*_, "resources", _] | [*_, "file_recognize" | "subscribe"] | ["im", "v1", "images" | "files"]:
                return await self._others(request, path)
            case "GET", ["im", "v1", "chats", chat]:
                return world.chat(chat)
            case "GET", ["im", "v1", "chats", chat, "members"]:
                return world.members(chat, request.query.get("page_token", ""))
            case "GET", ["contact", "v3", "users", person]:
                return world.user(person)
        raise Refusal(99992402, f"no such interface: {request.method} {path}")

    async def _others(self, request: web.Request, path: str) -> dict[str, Any] | bytes:
        """Files, speech, approvals."""
        match request.method, path.split("/"):
            case "GET", ["im", "v1", "messages", message, "resources", key]:
                return self.world.resource(message, key, request.query.get("type", ""))
            case "POST", ["speech_to_text", "v1", "speech", "file_recognize"]:
                return self.world.recognise(await request.json())
            case "POST", ["approval", "v4", "approvals", code, "subscribe"]:
                self.world.need("approval")
                if code in self.approvals:
                    raise Refusal(1390007, "subscription existed")
                self.approvals.add(code)
                return {"code": 0, "msg": "success", "data": {}}
            case "POST", ["im", "v1", what]:
                return self.world.upload(what.removesuffix("s"), await _multipart(request))
        raise Refusal(99992402, f"no such interface: {request.method} {path}")

    # --- small things --------------------------------------------------------------------------------------------

    def _ms(self) -> str:
        return str(int(self.clock.now().timestamp() * 1000))

    def _envelope(self, event_type: str, event: dict[str, Any], micro: bool = False) -> dict[str, Any]:
        header = {
            "event_id": f"{self.world.number():032x}",
            "event_type": event_type,
            "create_time": self._ms() + ("000" if micro else ""),
            "token": self.token,
            "app_id": self.world.app_id,
            "tenant_key": TENANT,
        }
        return {"schema": "2.0", "header": header, "event": event}


def _ids(open_id: str) -> dict[str, Any]:
    return {"union_id": open_id.replace("ou_", "on_"), "user_id": None, "open_id": open_id}


def _mention(number: int, open_id: str, name: str) -> dict[str, Any]:
    return {"key": f"@_user_{number}", "id": _ids(open_id), "name": name, "tenant_key": TENANT}


async def _multipart(request: web.Request) -> dict[str, bytes | str]:
    fields: dict[str, bytes | str] = {}
    async for part in await request.multipart():
        assert isinstance(part, aiohttp.BodyPartReader)
        fields[part.name or ""] = bytes(await part.read()) if part.name in ("file", "image") else await part.text()
    return fields
