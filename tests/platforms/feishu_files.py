"""Files on Feishu's side: uploads, what people send, what is said in recordings; what the app is and may do."""

from __future__ import annotations

import base64
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

BOT = "ou_bot"
CARD = "card.action.trigger"
EVENTS = (
    "im.message.receive_v1", "im.message.recalled_v1", "im.chat.updated_v1", "im.chat.disbanded_v1",
    "im.chat.member.bot.added_v1", "im.chat.member.bot.deleted_v1", "im.chat.member.user.added_v1",
    "im.chat.member.user.deleted_v1", "im.chat.member.user.withdrawn_v1",
)  # fmt: skip
SCOPES = {
    "send": ("im:message:send_as_bot", "im:message"),
    "members": ("im:chat.members:read",),
    "contact": ("contact:user.base:readonly",),
    "chat": ("im:chat:readonly", "im:chat"),
    "message": ("im:message",),
    "group": ("im:message.group_at_msg:readonly",),
    "p2p": ("im:message.p2p_msg:readonly",),
    "resource": ("im:resource",),
    "speech": ("speech_to_text:speech",),
    "self": ("application:application:self_manage",),
    "approval": ("approval:approval", "approval:definition"),
}
"""What each kind of call needs: any of these."""


class Refusal(Exception):
    """A business error: HTTP 400 with a code of the table in ``adapters.feishu.errors``."""

    def __init__(
        self, code: int, message: str, headers: Mapping[str, str] | None = None, violations: Sequence[Any] = ()
    ) -> None:
        super().__init__(message)
        self.code = code
        self.headers = headers or {}
        self.violations = list(violations)


class Files(ABC):
    """``scopes``: what the app may do, by the keys of ``SCOPES``. A recording holds its own words, as UTF-8."""

    app_id: str

    def __init__(self) -> None:
        self.scopes = {"send", "members", "contact", "chat", "message", "group", "p2p", "resource", "self"}
        self.activated = 2
        self.about: Refusal | None = None
        """What a question about the app itself is answered with."""
        self.events = list(EVENTS)
        self.callbacks = [CARD]
        self.transport = "websocket"
        self.uploads: dict[str, bytes] = {}
        self.files: dict[str, bytes] = {}
        """What people sent, by its key."""

    @abstractmethod
    def number(self) -> int: ...

    def need(self, scope: str) -> None:
        if scope in self.scopes:
            return
        names = SCOPES[scope]
        link = f"https://open.feishu.cn/app/{self.app_id}/auth?q={','.join(names)}&op_from=openapi&token_type=tenant"
        raise Refusal(
            99991672,
            f"Access denied. One of the following scopes is required: [{', '.join(names)}]."
            f"应用尚未开通所需的应用身份权限：[{', '.join(names)}]，点击链接申请并开通任一权限即可：{link}",
            violations=[{"type": "action_scope_required", "subject": name} for name in names],
        )

    def upload(self, kind: str, fields: Mapping[str, bytes | str]) -> dict[str, Any]:
        content = fields.get("image" if kind == "image" else "file")
        if not isinstance(content, bytes):
            raise Refusal(234001, "no file")
        if not content:
            raise Refusal(234010, "the file is empty")
        if len(content) > (10 << 20 if kind == "image" else 30 << 20):
            raise Refusal(234006, "the file is too large")
        key = f"{'img' if kind == 'image' else 'file'}_v3_{self.number():08x}"
        self.uploads[key] = content
        return {"code": 0, "msg": "success", "data": {f"{kind}_key": key}}

    def resource(self, message: str, key: str, kind: str) -> bytes:
        self.need("message")
        if kind not in ("image", "file"):
            raise Refusal(234001, "Invalid request param: type")
        if not message.startswith("om_") or key not in self.files:
            raise Refusal(234003, "File not in msg")
        return self.files[key]

    def recognise(self, body: Mapping[str, Any]) -> dict[str, Any]:
        self.need("speech")
        config = body.get("config") or {}
        if config.get("format") != "pcm" or config.get("engine_type") != "16k_auto":
            raise Refusal(99992402, "field validation failed")
        if not re.fullmatch(r"[A-Za-z0-9_]{16}", str(config.get("file_id"))):
            raise Refusal(99992402, "file_id is 16 letters, digits or _")
        words = base64.b64decode(body["speech"]["speech"]).decode()
        return {"code": 0, "msg": "success", "data": {"recognition_text": words}}

    def about_app(self, path: str) -> dict[str, Any]:
        if self.about is not None:
            raise self.about
        if path == "bot/v3/info":
            bot = {"activate_status": self.activated, "app_name": "进度助手", "open_id": BOT}
            return {"code": 0, "msg": "ok", "bot": bot}
        return self._granted() if path.endswith("scopes") else self._application()

    def _granted(self) -> dict[str, Any]:
        """Which permissions the app asked for and has."""
        asked = [
            {"scope_name": names[0], "grant_status": 1 if key in self.scopes else 2} for key, names in SCOPES.items()
        ]
        return {"code": 0, "msg": "success", "data": {"scopes": asked}}

    def _application(self) -> dict[str, Any]:
        """How the app is set up."""
        self.need("self")
        app = {
            "app_id": self.app_id,
            "event": {"subscription_type": self.transport, "subscribed_events": self.events},
            "callback": {"callback_type": self.transport, "subscribed_callbacks": self.callbacks},
        }
        return {"code": 0, "msg": "success", "data": {"app": app}}
