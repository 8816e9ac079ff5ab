"""What people see in the fake WeCom, and the rules by which a bot may change it."""

from __future__ import annotations

from collections.abc import Callable

from tests.platforms.wecom_rules import PUSHED, REPLIED, Json, Window, check_message, need
from tests.platforms.wecom_things import Message, Request, Streams
from tests.platforms.wecom_uploads import Uploads


class World:
    """``groups``: chat ids that exist; ``awake``: chats in which somebody has spoken to the bot.

    ``advisory``: texts that a client would cut off.
    """

    def __init__(self, now: Callable[[], float], card_window: float, reply_window: float, stream_window: float) -> None:
        self.now = now
        self.card_window, self.reply_window = card_window, reply_window
        self.groups: set[str] = set()
        self.awake: set[str] = set()
        self.messages: list[Message] = []
        self.cards: dict[str, Message] = {}
        self.tasks: set[str] = set()
        self.updates: list[Json] = []
        self.welcomes: list[str] = []
        self.advisory: list[str] = []
        self.chat_limit = Window(now, (30, 60.0), (1000, 3600.0))
        self.uploads = Uploads(now)
        self._streams = Streams(now, stream_window)

    def push(self, body: Json) -> None:
        check_message(body, PUSHED, self.advisory)
        chat, kind = str(body.get("chatid")), body.get("chat_type", 0)
        is_group = kind == 2 or (kind == 0 and chat in self.groups)
        need(not is_group or chat in self.groups, 93006)
        need(chat in self.awake, 93001)
        self._show(chat, body)

    def reply(self, request: Request | None, req_id: str, body: Json) -> None:
        request = self._checked(request, "message", self.reply_window)
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

    def update(self, request: Request | None, body: Json) -> None:
        request = self._checked(request, "template_card_event", self.card_window)
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

    def welcome(self, request: Request | None, body: Json) -> None:
        self._checked(request, "enter_chat", self.card_window).used = True
        need(body.get("msgtype") in ("text", "template_card"), 40008)
        self.welcomes.append(str((body.get("text") or {}).get("content")))

    def views(self, chat: str, user: str = "") -> list[str]:
        """What this chat shows (to this user), oldest first."""
        return [message.words(user) for message in self.messages if message.chat == chat]

    def _checked(self, request: Request | None, kind: str, window: float) -> Request:
        """A callback that may be answered in this way, and still."""
        need(request is not None and request.kind == kind, 846605)
        assert request is not None
        need(self.now() - request.at <= window and not request.used, 846605)
        return request
