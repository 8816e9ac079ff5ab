"""What the fake WeCom keeps: messages, requests that may be answered, sockets, and what is to go wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, web

from tests.platforms.wecom_rules import Json, card_words, need


@dataclass(slots=True)
class Message:
    """Something the bot said. own: {user: the card as this user alone sees it}."""

    chat: str
    kind: str
    body: Json
    quoting: str = ""
    own: dict[str, Json] = field(default_factory=dict)

    def words(self, user: str = "") -> str:
        if self.kind == "template_card":
            return card_words(self.own.get(user, self.body))
        return str(self.body.get("content") or f"[{self.kind} {self.body.get('media_id')}]")


@dataclass(slots=True)
class Faults:
    """What goes wrong. Numbers count down; sets hold commands.

    refuse: codes for the next business frames, 0: let it pass. silent: commands neither acknowledged nor carried out.
    unanswered: business frames that are carried out and not acknowledged. hold: acknowledgements are kept in ``held``.
    broken: the socket is cut after the next business frame was carried out, before its acknowledgement.
    """

    refuse: list[int] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)
    unanswered: int = 0
    broken: int = 0
    hold: bool = False
    held: list[Json] = field(default_factory=list)
    deaf_subscribe: int = 0
    abrupt_kick: bool = False
    binary: bool = False


@dataclass(slots=True)
class Request:
    """A callback that may be answered. kind: message, enter_chat, template_card_event."""

    kind: str
    chat: str
    at: float
    msgid: str = ""
    task: str = ""
    used: bool = False


class Socket:
    """One client's connection."""

    def __init__(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        self.ws = ws
        self.request = request
        self.bot = ""
        self.requests: dict[str, Request] = {}

    async def say_goodbye(self, msgid: str, req_id: str) -> None:
        body = {"msgid": msgid, "aibotid": self.bot, "msgtype": "event", "event": {"eventtype": "disconnected_event"}}
        frame = {"cmd": "aibot_event_callback", "headers": {"req_id": req_id}, "body": body}
        await self.ws.send_str(json.dumps(frame))
        await self.ws.close(code=WSCloseCode.OK)


class Streams:
    """Replies that grow. Each must be finished in time; a finished one is closed for good."""

    def __init__(self, now: Callable[[], float], seconds: float) -> None:
        self._now = now
        self._seconds = seconds
        self._began: dict[tuple[str, str], float] = {}

    def finished(self, req_id: str, stream: Json) -> bool:
        name = (req_id, str(stream.get("id")))
        began = self._began.setdefault(name, self._now())
        need(began >= 0 and self._now() - began <= self._seconds, 846608)
        if stream.get("finish"):
            self._began[name] = -1.0
        return bool(stream.get("finish"))
