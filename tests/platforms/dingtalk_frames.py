"""DingTalk's frames made by hand, and what becomes of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from adapters.dingtalk import codes, wire
from chat.messages import Incoming

NOW = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
BOT = "$:LWCP_v1:$bot"
GROUP = "cidGROUP=="


class Known:
    """``wire.People`` from three tables."""

    def __init__(self, names: dict[str, str] | None = None) -> None:
        self.names = names or {}

    def name(self, person: str) -> str:
        return self.names.get(person, "")

    def staff(self, sealed: str) -> str:
        return {"$:LWCP_v1:$u2": "u2"}.get(sealed, "")

    def card_chat(self, message_id: str) -> str:
        return {codes.track("k"): "cidKNOWN=="}.get(message_id, "")

    def message(self, carrier: str) -> str:
        return {"carrier1": codes.track("k")}.get(carrier, "")


def frame(data: Any, topic: str = wire.ROBOT, kind: str = "CALLBACK", **headers: str) -> str:
    head = {"topic": topic, "messageId": "push1", **headers}
    return json.dumps({"specVersion": "1.0", "type": kind, "headers": head, "data": json.dumps(data)})


def message(**fields: Any) -> dict[str, Any]:
    return {
        "conversationId": GROUP, "conversationType": "2", "conversationTitle": "双十一", "chatbotUserId": BOT,
        "isInAtList": True, "atUsers": [{"dingtalkId": BOT}], "msgId": "m1", "senderNick": "张三",
        "senderStaffId": "u1", "senderId": "$:LWCP_v1:$u1", "createAt": 1_789_696_700_000, "msgtype": "text",
        "text": {"content": " 任务 写周报 "}, **fields,
    }  # fmt: skip


def read(data: Any, names: dict[str, str] | None = None, **how: Any) -> tuple[Incoming, ...]:
    return wire.read(wire.frame(frame(data, **how)), Known(names), ("进度助手",), NOW)


def one(data: Any, names: dict[str, str] | None = None, **how: Any) -> Incoming:
    (thing,) = read(data, names, **how)
    return thing
