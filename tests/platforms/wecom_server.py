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

from tests.platforms.wecom_http import HttpSide
from tests.platforms.wecom_rules import PUSHED, REPLIED, Json, Refusal, Window, check_message, need
from tests.platforms.wecom_things import Faults, Message, Request, Socket, Streams
from tests.platforms.wecom_uploads import Uploads

BOT, SECRET, BOT_NAME = "bot1", "sec1", "进度助手"
GROUP = "wrkSFfCgAAxxxxGROUPaaaa"


class FakeWeCom:
    def __init__(
        self,
        bots: dict[str, str] | None = None,
        *,
        now: Callable[[], float] = time.time,
        card_window: float = 5.0,
        reply_window: float = 86400.0,
        stream_window: float = 600.0,
    ) -> None:
        self.bots = bots or {BOT: SECRET}
        self.now = now
        self.card_window, self.reply_window = card_window, reply_window
        self.groups: set[str] = {GROUP}
        self.awake: set[str] = set()
        self.frames: list[Json] = []
        self.messages: list[Message] = []
        self.cards: dict[str, Message] = {}
        self.tasks: set[str] = set()
        self.updates: list[Json] = []
        self.subs: list[str] = []
        self.welcomes: list[str] = []
        self.advisory: list[str] = []
        self.faults = Faults()
        self.sockets: dict[str, Socket] = {}
        self.told: dict[str, Json] = {}
        self.requests: dict[str, Request] = {}
        self.missed: list[Json] = []
        self.chat_limit = Window(now, (30, 60.0), (1000, 3600.0))
        self.uploads = Uploads(now)
        self.http = HttpSide(now)
        self._streams = Streams(now, stream_window)
        self._count = self._pongs = 0
        self._under_way: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None

    # --- life ----------------------------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=8 << 20)
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
        """Return when ``condition`` holds; it is looked at whenever something happened here."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._changed.clear()
                try:
                    async with asyncio.timeout(0.02):
                        await self._changed.wait()
                except TimeoutError:
                    continue

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

    def views(self, chat: str, user: str = "") -> list[str]:
        """What this chat shows (to this user), oldest first."""
        return [message.words(user) for message in self.messages if message.chat == chat]

    # --- bad days ------------------------------------------------------------------------------------------------

    def close(self, code: int = WSCloseCode.GOING_AWAY, bot: str = BOT) -> None:
        if bot in self.sockets:
            self._spawn(self.sockets.pop(bot).ws.close(code=code))

    def reset(self) -> None:
        """Every socket is cut without a word."""
        for socket in list(self.sockets.values()):
            self._cut(socket)
        self.sockets.clear()

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
                self._changed.set()
        finally:
            if self.sockets.get(socket.bot) is socket:
                del self.sockets[socket.bot]
            self._changed.set()
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
                self._push(body)
            case "aibot_respond_msg":
                self._reply(socket, req_id, body)
            case "aibot_respond_welcome_msg":
                self._request(socket, req_id, "enter_chat", self.card_window).used = True
                need(body.get("msgtype") in ("text", "template_card"), 40008)
                self.welcomes.append(str((body.get("text") or {}).get("content")))
            case "aibot_respond_update_msg":
                self._update(socket, req_id, body)
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

    def _push(self, body: Json) -> None:
        check_message(body, PUSHED, self.advisory)
        chat, kind = str(body.get("chatid")), body.get("chat_type", 0)
        is_group = kind == 2 or (kind == 0 and chat in self.groups)
        need(not is_group or chat in self.groups, 93006)
        need(chat in self.awake, 93001)
        self._show(chat, body)

    def _reply(self, socket: Socket, req_id: str, body: Json) -> None:
        request = self._request(socket, req_id, "message", self.reply_window)
        check_message(body, REPLIED, self.advisory)
        if body["msgtype"] != "stream":
            return self._show(request.chat, body, request.msgid)
        if self._streams.finished(req_id, body["stream"]):
            self._show(request.chat, {"msgtype": "markdown", "markdown": body["stream"]}, request.msgid)
        return None

    def _show(self, chat: str, body: Json, quoting: str = "") -> None:
        kind = body["msgtype"]
        part = dict(body[kind])
        if kind == "template_card" and "task_id" in part:
            need(part["task_id"] not in self.tasks, 42014)
        if kind in ("image", "file", "voice", "video"):
            need(part.get("media_id") in self.uploads.done, 40058, "media_id")
        self.chat_limit.count(chat)
        message = Message(chat, kind, part, quoting)
        self.messages.append(message)
        if kind == "template_card" and "task_id" in part:
            self.tasks.add(part["task_id"])
            self.cards[part["task_id"]] = message

    def _update(self, socket: Socket, req_id: str, body: Json) -> None:
        request = self._request(socket, req_id, "template_card_event", self.card_window)
        need(body.get("response_type") == "update_template_card", 40058)
        card = body.get("template_card") or {}
        check_message({"msgtype": "template_card", "template_card": card}, PUSHED, self.advisory)
        need(card.get("task_id") == request.task, 42014)
        request.used = True
        message = self.cards[request.task]
        self.updates.append({**body, "msgid": request.msgid})
        if body.get("userids"):
            message.own |= dict.fromkeys(body["userids"], card)
        else:
            message.body, message.own = card, {}

    def _request(self, socket: Socket, req_id: str, kind: str, window: float) -> Request:
        request = socket.requests.get(req_id)
        need(request is not None and request.kind == kind, 846605)
        assert request is not None
        need(self.now() - request.at <= window and not request.used, 846605)
        return request

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
