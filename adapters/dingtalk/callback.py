"""Robot messages over HTTP, for a bot that cannot hold a long connection: POST /dingtalk.

DingTalk signs the time with the app's secret and waits 2.5 s. Events and presses on cards do not come this way (their
callbacks are registered and signed differently), so this transport does without cards.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web

from adapters.dingtalk.config import Config
from adapters.dingtalk.wire import ROBOT
from adapters.listening import Forged, Listening, as_bytes, same
from chat.ports import Clock

PATH = "/dingtalk"
WINDOW = 3600.0
"""Seconds a request may be old, or ahead of us."""
PATIENCE = 2.2
AFTER_ANSWER = 0.05
"""Seconds that the answer has to arrive before what it causes is sent."""


class Callback(Listening):
    platform, word = "dingtalk", "message"

    def __init__(self, settings: Config, clock: Clock) -> None:
        super().__init__(settings.host, settings.port, PATH, PATIENCE, AFTER_ANSWER)
        self._secret = settings.client_secret
        self._clock = clock

    def admitted(self, raw: bytes, headers: Mapping[str, str]) -> str:
        if not self.is_signed(headers):
            raise Forged("no valid signature")
        frame = {"type": "CALLBACK", "headers": {"topic": ROBOT, "messageId": ""}, "data": raw.decode(errors="replace")}
        return orjson.dumps(frame).decode()

    def thanks(self, answer: Any) -> web.Response:
        return web.json_response({"msgtype": "empty"})

    def is_signed(self, headers: Mapping[str, str]) -> bool:
        """headers: looked up without regard to case."""
        stamp, given = headers.get("timestamp", ""), headers.get("sign", "")
        if not same(signature(stamp, self._secret), given):
            return False
        if not (stamp.isascii() and stamp.isdecimal()) or len(stamp) > 13:
            return False
        return abs(self._clock.now().timestamp() - int(stamp) / 1000) <= WINDOW


def signature(stamp: str, secret: str) -> str:
    digest = hmac.new(secret.encode(), as_bytes(f"{stamp}\n{secret}"), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
