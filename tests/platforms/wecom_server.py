"""A WeCom of our own on real sockets: the AI bot's long connection with its rules, its limits and its bad days.

``FakeWeCom().start()`` returns when it serves at ``url`` (``ws://``) and ``http_url``. People act through ``says``,
``clicks``, ``enters``, ``sends``; what they see is in ``views``, what the bot did in ``frames`` and ``messages``.
``faults`` make the next things go wrong. Times are parameters, hours come from ``now``; nothing here waits by itself.

It differs from the real one, or the real one is unknown, in: the order of checks, the close code after a kick, the
words of errors, whether refreshed streams count against the limits.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.activity import until
from tests.platforms.dated import dated
from tests.platforms.wecom_http import HttpSide
from tests.platforms.wecom_rules import Json, Refusal, need
from tests.platforms.wecom_things import Faults, Request, Socket
from tests.platforms.wecom_world import World

BOT, SECRET, BOT_NAME = "bot1", "sec1", "进度助手"
GROUP = "wrkSFfCgAAxxxxGROUPaaaa"


class FakeWeCom(World):
    def __init__(
        self,
        bots: dict[str, str] | None = None,
        *,
        now: Callable[[], float] = time.time,
        card_window: float = 5.0,
        reply_window: float = 86400.0,
        stream_window: float = 600.0,
    ) -> None:
        super().__init__(now, card_window, reply_window, stream_window)
        self.groups.add(GROUP)
        self.bots = bots or {BOT: SECRET}
        self.frames: list[Json] = []
        self.subs: list[str] = []
        self.faults = Faults()
        self.sockets: dict[str, Socket] = {}
        self.told: dict[str, Json] = {}
        self.requests: dict[str, Request] = {}
        self.missed: list[Json] = []
        self.skew = 0.0
        """Seconds by which this server's clock is ahead."""
        self.http = HttpSide(now)
        self._count = self._pongs = 0
        self._under_way: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None

    # --- life ----------------------------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=8 << 20)
        dated(app, lambda: self.now() + self.skew)
        app.router.add_get("/", self._serve)
        self.http.routes(app)
        self._runner = web.AppRunner(app, shutdown_timeout=0.05, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.port = int(self._runner.addresses[0][1])
        self.url, self.http_url = f"ws://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        if self._runner is not None:
            self.reset()
            await self._runner.cleanup()
            self._runner = None

    async def until(self, condition: Callable[[], object], seconds: float = 10.0) -> None:
        """Return when ``condition`` holds."""
        await until(condition, seconds)

    async def connected(self, bot: str = BOT) -> None:
        await self.until(lambda: bot in self.sockets)

    # --- people --------------------------------------------------------------------------------------------------

    def says(self, user: str, text: str, chat: str = "", *, name: str = BOT_NAME, **more: Any) -> str:
        """Somebody writes: in a group with the @ in front, or (no ``chat``) directly. Returns the msgid."""
        content = f"@{name} {text}" if chat and name else text
        return self.sends(user, "text", {"content": content}, chat, **more)

    def sends(self, user: str, kind: str, part: Json, chat: str = "", **more: Any) -> str:
        """A message of any kind. more: quote, create_time, … of the body."""
        self.awake.add(chat or user)
        return self._tell("aibot_msg_callback", user, chat, {"msgtype": kind, kind: part, **more}, "message")

    def clicks(self, user: str, task: str, key: str = "", selected: dict[str, str] | None = None) -> str:
        """Somebody presses a button of a card (the first one if no ``key``), or sends its selections."""
        message = self.cards[task]
        if not key:
            card = message.body
            key = (card.get("button_list") or [card.get("submit_button", {"key": "?"})])[0]["key"]
        event: Json = {"card_type": message.body.get("card_type"), "event_key": key, "task_id": task}
        if selected:
            items = [{"question_key": q, "option_ids": {"option_id": [o]}} for q, o in selected.items()]
            event["selected_items"] = {"selected_item": items}
        chat = message.chat if message.chat in self.groups else ""
        return self.event(user, "template_card_event", {"template_card_event": event}, chat, task=task)

    def enters(self, user: str) -> str:
        return self.event(user, "enter_chat", {})

    def event(self, user: str, name: str, fields: Json, chat: str = "", task: str = "") -> str:
        body = {"msgtype": "event", "event": {"eventtype": name, **fields}, "create_time": int(self.now())}
        return self._tell("aibot_event_callback", user, chat, body, name, task)

    def again(self, msgid: str) -> None:
        """The same callback once more, under a new req_id."""
        frame = self.told[msgid]
        req_id = self.fresh("req")
        socket = self.sockets[frame["body"]["aibotid"]]
        socket.requests[req_id] = replace(self.requests[msgid], at=self.now(), used=False)
        self.raw(json.dumps({**frame, "headers": {"req_id": req_id}}, ensure_ascii=False))

    def raw(self, text: str | bytes, bot: str = BOT) -> None:
        """These very bytes to the client."""
        socket = self.sockets[bot]
        if isinstance(text, bytes) or self.faults.binary:
            data = text if isinstance(text, bytes) else text.encode()
            self._spawn(socket.ws.send_bytes(data))
        else:
            self._spawn(socket.ws.send_str(text))

    async def pinged(self, bot: str = BOT) -> None:
        """Returns once the client has read everything sent so far."""
        await asyncio.gather(*self._under_way)
        before = self._pongs
        await self.sockets[bot].ws.ping()
        await self.until(lambda: self._pongs > before or bot not in self.sockets)

    # --- bad days ------------------------------------------------------------------------------------------------

    def close(self, code: int = WSCloseCode.GOING_AWAY, bot: str = BOT) -> None:
        if bot in self.sockets:
            self._spawn(self.sockets.pop(bot).ws.close(code=code))

    def reset(self) -> None:
        """Every socket is cut without a word."""
        for socket in list(self.sockets.values()):
            self._cut(socket)
        self.sockets.clear()

    def release(self, *, backwards: bool = False) -> None:
        """Send the acknowledgements that were held."""
        self.faults.hold = False
        held, self.faults.held = self.faults.held, []
        for ack in reversed(held) if backwards else held:
            self.raw(json.dumps(ack))

    def forget_subscription(self, bot: str = BOT) -> None:
        """The socket stays open, the subscription is lost: 846609 from now on."""
        self.sockets.pop(bot).bot = ""

    def kick(self, bot: str = BOT) -> None:
        """What a subscription from elsewhere does to the one here."""
        socket = self.sockets.pop(bot, None)
        if socket is None:
            return
        socket.bot = ""
        if self.faults.abrupt_kick:
            self._cut(socket)
            return
        self._spawn(socket.say_goodbye(self.fresh("m"), self.fresh("req")))

    @staticmethod
    def _cut(socket: Socket) -> None:
        if socket.request.transport is not None:
            socket.request.transport.abort()

    # --- the wire ------------------------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(autoping=False, max_msg_size=8 << 20)
        await ws.prepare(request)
        socket = Socket(ws, request)
        try:
            async for message in ws:
                if message.type is WSMsgType.PING:
                    await ws.pong(message.data)
                elif message.type is WSMsgType.PONG:
                    self._pongs += 1
                elif message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await self._take(socket, json.loads(message.data))
        finally:
            if self.sockets.get(socket.bot) is socket:
                del self.sockets[socket.bot]
        return ws

    async def _take(self, socket: Socket, frame: Json) -> None:
        self.frames.append(frame)
        cmd, req_id = frame["cmd"], frame["headers"]["req_id"]
        if cmd in self.faults.silent:
            return
        ack: Json = {"headers": {"req_id": req_id}, "errcode": 0, "errmsg": "ok"}
        try:
            body = self._act(socket, cmd, req_id, frame.get("body") or {})
            if body:
                ack["body"] = body
        except Refusal as refusal:
            ack |= {"errcode": refusal.code, "errmsg": refusal.message}
        if cmd.startswith(("aibot_send", "aibot_respond")):
            if self.faults.broken:
                self.faults.broken -= 1
                self.sockets.pop(socket.bot, None)
                self._cut(socket)
                return
            if self.faults.unanswered:
                self.faults.unanswered -= 1
                return
        elif cmd == "aibot_subscribe" and self.faults.deaf_subscribe:
            self.faults.deaf_subscribe -= 1
            return
        if self.faults.hold:
            self.faults.held.append(ack)
            return
        if not socket.ws.closed:
            await socket.ws.send_str(json.dumps(ack, ensure_ascii=False))

    def _act(self, socket: Socket, cmd: str, req_id: str, body: Json) -> Json | None:
        if cmd == "aibot_subscribe":
            self._subscribe(socket, body)
            return None
        need(socket.bot, 846609)
        if cmd == "ping":
            return None
        if cmd.startswith("aibot_upload"):
            return self.uploads.take(cmd, body)
        if self.faults.refuse and (code := self.faults.refuse.pop(0)):
            raise Refusal(code)
        match cmd:
            case "aibot_send_msg":
                self.push(body)
            case "aibot_respond_msg":
                self.reply(socket.requests.get(req_id), req_id, body)
            case "aibot_respond_welcome_msg":
                self.welcome(socket.requests.get(req_id), body)
            case "aibot_respond_update_msg":
                self.update(socket.requests.get(req_id), body)
            case _:
                raise Refusal(40008)
        return None

    def _subscribe(self, socket: Socket, body: Json) -> None:
        bot = str(body.get("bot_id"))
        self.subs.append(bot)
        need(self.bots.get(bot) == body.get("secret"), 853000)
        if self.sockets.get(bot) is not socket:
            self.kick(bot)
        if self.faults.deaf_subscribe:
            return
        socket.bot = bot
        self.sockets[bot] = socket

    def _tell(self, cmd: str, user: str, chat: str, body: Json, kind: str, task: str = "") -> str:
        msgid, req_id = self.fresh("m"), self.fresh("req")
        links: list[tuple[str, Socket | None]] = [*self.sockets.items()]
        for bot, socket in links or [("", None)]:
            whole: Json = {"msgid": msgid, "aibotid": bot, "chattype": "group" if chat else "single"}
            whole |= {"from": {"userid": user}, **({"chatid": chat} if chat else {}), **body}
            frame = {"cmd": cmd, "headers": {"req_id": req_id}, "body": whole}
            if socket is None:
                self.missed.append(frame)
                continue
            self.requests[msgid] = socket.requests[req_id] = Request(kind, chat or user, self.now(), msgid, task)
            self.told[msgid] = frame
            self.raw(json.dumps(frame, ensure_ascii=False), bot)
        return msgid

    def fresh(self, what: str) -> str:
        self._count += 1
        return f"{what}{self._count}"

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._gone)

    def _gone(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()
