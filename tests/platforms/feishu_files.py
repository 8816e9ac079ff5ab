"""Files on Feishu's side: uploads, what people send, what is said in recordings; and what calls may be made at all."""

from __future__ import annotations

import base64
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

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
