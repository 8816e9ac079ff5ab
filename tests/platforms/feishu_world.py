"""Feishu's side of things without sockets: people, chats, messages, tokens, and what REST calls do to them.

Time is the clock's, so limits, expiry and ages are tested by moving it.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chat.ports import Clock
from tests.platforms import feishu_rules as rules
from tests.platforms.feishu_files import BOT, Files, Refusal

TENANT = "736588c9260f175e"
TEXT_BYTES, CARD_BYTES = 150 * 1024, 30 * 1024
EDIT_SECONDS, READ_SECONDS = 14 * 86_400, 7 * 86_400
UUID_SECONDS = 3600
PER_CHAT, PER_MESSAGE, PER_SECOND, PER_MINUTE = 5, 5, 50, 1000
TOKEN_SECONDS = 7200


@dataclass
class Chat:
    id: str
    kind: str
    name: str
    members: list[str]
    bot: bool = True
    dissolved: bool = False


@dataclass
class Message:
    """``pending``: presses on it that the bot has not answered yet. ``read``: who has read it, and when."""

    id: str
    chat: str
    sender: str
    kind: str
    content: Any
    at: datetime
    reply_to: str = ""
    recalled: bool = False
    edits: int = 0
    pending: set[str] = field(default_factory=set)
    read: dict[str, datetime] = field(default_factory=dict)


class World(Files):
    """One tenant with one app."""

    def __init__(self, clock: Clock, app_id: str = "cli_fake", secret: str = "fake-secret-0123456789") -> None:
        super().__init__()
        self.clock = clock
        self.app_id = app_id
        self.secret = secret
        self.people: dict[str, str] = {BOT: "进度助手"}
        self.chats: dict[str, Chat] = {}
        self.messages: dict[str, Message] = {}
        self.tokens: dict[str, datetime] = {}
        self.revoked: set[str] = set()
        self.violations: list[str] = []
        self.calls: list[tuple[str, str]] = []
        self.refusals: deque[Refusal] = deque()
        """What the next send, reply or edit is answered with."""
        self._uuids: dict[str, tuple[datetime, str]] = {}
        self.hurried = False
        """No limits are kept: for a clock that stands still."""
        self._rates: dict[str, deque[float]] = {}
        self._count = 0

    # --- people and chats ----------------------------------------------------------------------------------------

    def number(self) -> int:
        self._count += 1
        return self._count

    def person(self, name: str) -> str:
        """The open_id of somebody, made when new."""
        for open_id, known in self.people.items():
            if known == name:
                return open_id
        open_id = f"ou_{self.number():032x}"
        self.people[open_id] = name
        return open_id

    def group(self, name: str, *people: str) -> str:
        chat = Chat(f"oc_{self.number():032x}", "group", name, [self.person(one) for one in people])
        self.chats[chat.id] = chat
        return chat.id

    def direct(self, person: str) -> str:
        """The chat of one person with the bot. person: open_id."""
        for chat in self.chats.values():
            if chat.kind == "p2p" and chat.members == [person]:
                return chat.id
        chat = Chat(f"oc_{self.number():032x}", "p2p", "", [person])
        self.chats[chat.id] = chat
        return chat.id

    def add(self, chat: str, sender: str, kind: str, content: Any, reply_to: str = "") -> Message:
        message = Message(f"om_{self.number():032x}", chat, sender, kind, content, self.clock.now(), reply_to)
        self.messages[message.id] = message
        return message

    def shown(self, chat: str) -> list[str]:
        """What the bot has said in a chat, as everybody sees it now."""
        return [
            self.words(message)
            for message in self.messages.values()
            if message.chat == chat and message.sender == self.app_id and not message.recalled
        ]

    def words(self, message: Message) -> str:
        if message.kind == "text":
            return rules.text_shown(message.content["text"], self.people)
        if message.kind == "interactive":
            return rules.words(message.content, self.people)
        return f"📎 {message.content}"

    # --- calls ---------------------------------------------------------------------------------------------------

    def token(self, body: Mapping[str, Any]) -> dict[str, Any]:
        if body.get("app_id") != self.app_id or body.get("app_secret") != self.secret:
            raise Refusal(10015, "app secret is invalid")
        token = f"t-{self.number():032x}"
        self.tokens[token] = self.clock.now()
        return {"code": 0, "msg": "ok", "tenant_access_token": token, "expire": TOKEN_SECONDS}

    def authorise(self, header: str) -> None:
        if not header:
            raise Refusal(99991661, "Missing access token for authorization.")
        token = header.removeprefix("Bearer ")
        if not header.startswith("Bearer t-"):
            raise Refusal(99991671, "Invalid access token format.")
        made = self.tokens.get(token)
        if made is None or token in self.revoked:
            raise Refusal(99991663, "Invalid access token for authorization.")
        if (self.clock.now() - made).total_seconds() > TOKEN_SECONDS:
            raise Refusal(99991677, "Authentication token expired.")

    def limit(self, name: str, count: int, seconds: float, code: int) -> None:
        """A sliding window."""
        if self.hurried:
            return
        now = self.clock.now().timestamp()
        taken = self._rates.setdefault(name, deque())
        while taken and taken[0] <= now - seconds:
            taken.popleft()
        if len(taken) >= count:
            reset = {"x-ogw-ratelimit-limit": str(count), "x-ogw-ratelimit-reset": f"{seconds:.0f}"}
            raise Refusal(code, "request trigger frequency limit", reset)
        taken.append(now)

    def send(self, id_type: str, body: Mapping[str, Any]) -> dict[str, Any]:
        self._refuse()
        self.need("send")
        to = str(body.get("receive_id") or "")
        if id_type == "open_id":
            if to not in self.people or to == BOT:
                raise Refusal(99992351, "The open_id is unknown")
            chat = self.chats[self.direct(to)]
        elif id_type == "chat_id":
            if to not in self.chats:
                raise Refusal(230034, "The receive_id is invalid")
            chat = self.chats[to]
        else:
            raise Refusal(230001, f"invalid receive_id_type {id_type}")
        return self._put(chat, body, "")

    def reply(self, message_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        self._refuse()
        self.need("send")
        answered = self.messages.get(message_id)
        if answered is None:
            raise Refusal(230110, "the message is deleted")
        if answered.recalled:
            raise Refusal(230011, "the message was withdrawn")
        return self._put(self.chats[answered.chat], body, message_id)

    def redraw(self, message_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        self._refuse()
        message = self._own(message_id)
        if message.kind != "interactive":
            raise Refusal(230001, "This message is NOT a card")
        if (self.clock.now() - message.at).total_seconds() > EDIT_SECONDS:
            raise Refusal(230031, "the message is older than 14 days")
        self.limit(f"patch {message_id}", PER_MESSAGE, 1.0, 230020)
        if message.content.get("config", {}).get("update_multi", True) is not True:
            raise Refusal(230099, "ErrCode: 11311; the card in place is not update_multi")
        card = self._content("interactive", body)
        if message.pending:
            self.violations.append("PATCH before the press was answered: the client shows the old card again")
        message.content, message.edits = card, message.edits + 1
        return {"code": 0, "msg": "success", "data": {}}

    def rewrite(self, message_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        self._refuse()
        message = self._own(message_id)
        if message.kind != "text":
            raise Refusal(230001, "only text and post can be edited")
        message.content, message.edits = self._content("text", body), message.edits + 1
        return {"code": 0, "msg": "success", "data": {}}

    def chat(self, chat_id: str) -> dict[str, Any]:
        self.need("chat")
        chat = self._chat(chat_id)
        return {"code": 0, "msg": "success", "data": {"name": chat.name, "chat_mode": chat.kind, "user_count": "2"}}

    def members(self, chat_id: str, page: str) -> dict[str, Any]:
        """Pages of two, so that paging is walked."""
        self.need("members")
        chat, start = self._chat(chat_id), int(page or 0)
        items = [
            {"member_id_type": "open_id", "member_id": one, "name": self.people[one], "tenant_key": TENANT}
            for one in chat.members[start : start + 2]
        ]
        more = len(chat.members) > start + 2
        data = {"items": items, "has_more": more, "page_token": str(start + 2) if more else "", "member_total": 2}
        return {"code": 0, "msg": "success", "data": data}

    def user(self, open_id: str) -> dict[str, Any]:
        self.need("contact")
        if open_id not in self.people:
            raise Refusal(99992351, "The open_id is unknown")
        return {"code": 0, "msg": "success", "data": {"user": {"open_id": open_id, "name": self.people[open_id]}}}

    def message(self, message_id: str) -> dict[str, Any]:
        self.need("message")
        message = self.messages.get(message_id)
        if message is None:
            raise Refusal(230110, "the message is deleted")
        own = message.sender == self.app_id
        item = {
            "message_id": message_id,
            "msg_type": message.kind,
            "create_time": str(int(message.at.timestamp() * 1000)),
            "deleted": message.recalled,
            "sender": {"id": message.sender, "id_type": "app_id" if own else "open_id", "sender_type": "user"},
            "mentions": [{"key": "@_user_1", "id": BOT, "id_type": "open_id", "name": "进度助手"}],
        }
        if not message.recalled:
            lossy = (
                {"title": "", "elements": [[{"tag": "text", "text": self.words(message)}]]} if own else message.content
            )
            item["body"] = {"content": json.dumps(lossy, ensure_ascii=False)}
        return {"code": 0, "msg": "success", "data": {"items": [item]}}

    def reads(self, person: str) -> None:
        """Somebody (open_id) opens every chat they are in."""
        for message in self.messages.values():
            if person in self.chats[message.chat].members and message.sender != person:
                message.read.setdefault(person, self.clock.now())

    def read_users(self, message_id: str, query: Mapping[str, str]) -> dict[str, Any]:
        """Pages of two, so that paging is walked."""
        self.need("message")
        message = self.messages.get(message_id)
        kind, size = query.get("user_id_type"), query.get("page_size", "20")
        if message is None or kind != "open_id" or not size.isdecimal() or not 1 <= int(size) <= 100:
            raise Refusal(230001, "Your request contains an invalid request parameter.")
        if message.sender != self.app_id:
            raise Refusal(230012, "Bot is NOT the sender of the message.")
        self._chat(message.chat)
        if (self.clock.now() - message.at).total_seconds() > READ_SECONDS:
            raise Refusal(230033, "Get the reading status must be done within 7 days after the message is sent.")
        start = int(query.get("page_token") or 0)
        items = [
            {"user_id_type": "open_id", "user_id": who, "timestamp": _ms(at), "tenant_key": TENANT}
            for who, at in list(message.read.items())[start : start + 2]
        ]
        more = len(message.read) > start + 2
        data = {"items": items, "has_more": more, "page_token": str(start + 2) if more else ""}
        return {"code": 0, "msg": "success", "data": data}

    # --- inside --------------------------------------------------------------------------------------------------

    def _refuse(self) -> None:
        if self.refusals:
            raise self.refusals.popleft()

    def _chat(self, chat_id: str) -> Chat:
        chat = self.chats.get(chat_id)
        if chat is None:
            raise Refusal(99992356, "no such chat")
        if not chat.bot:
            raise Refusal(230002, "The bot can not be outside the group.")
        return chat

    def _own(self, message_id: str) -> Message:
        message = self.messages.get(message_id)
        if message is None:
            raise Refusal(230110, "the message is deleted")
        if message.recalled:
            raise Refusal(230011, "the message was withdrawn")
        if message.sender != self.app_id:
            raise Refusal(230017, "not the bot's own message")
        return message

    def _put(self, chat: Chat, body: Mapping[str, Any], reply_to: str) -> dict[str, Any]:
        uuid = str(body.get("uuid") or "")
        if len(uuid) > 50:
            raise Refusal(230001, "uuid is longer than 50")
        if chat.dissolved:
            raise Refusal(232009, "the chat is dissolved")
        if not chat.bot:
            raise Refusal(230002, "The bot can not be outside the group.")
        known = self._uuids.get(uuid)
        if uuid and known and (self.clock.now() - known[0]).total_seconds() < UUID_SECONDS:
            return self._sent(self.messages[known[1]])
        kind = str(body.get("msg_type") or "")
        content = self._content(kind, body)
        self.limit(f"chat {chat.id}", PER_CHAT, 1.0, 230020)
        message = self.add(chat.id, self.app_id, kind, content, reply_to)
        if uuid:
            self._uuids[uuid] = (self.clock.now(), message.id)
        return self._sent(message)

    def _content(self, kind: str, body: Mapping[str, Any]) -> Any:
        raw = body.get("content")
        try:
            content = json.loads(raw) if isinstance(raw, str) else None
        except ValueError:
            content = None
        if not isinstance(content, dict) or kind not in ("text", "interactive", "file", "image"):
            raise Refusal(230001, "invalid content or msg_type")
        size = len(json.dumps(body, ensure_ascii=False).encode())
        if size > (TEXT_BYTES if kind == "text" else CARD_BYTES):
            raise Refusal(230025, "The length of the message content reaches its limit")
        if kind == "text" and not str(content.get("text") or "").strip():
            raise Refusal(230001, "text is empty")
        if kind == "interactive" and (wrong := rules.problem(content)):
            raise Refusal(230099, f"Failed to create card content, ext={wrong}")
        if kind == "file" and content.get("file_key") not in self.uploads:
            raise Refusal(230001, "unknown file_key")
        return content

    def _sent(self, message: Message) -> dict[str, Any]:
        sender = {"id": self.app_id, "id_type": "app_id", "sender_type": "app", "tenant_key": TENANT}
        data = {"message_id": message.id, "chat_id": message.chat, "msg_type": message.kind, "sender": sender}
        return {"code": 0, "msg": "success", "data": data}


def _ms(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))
