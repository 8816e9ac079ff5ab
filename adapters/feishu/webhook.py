"""Events and card callbacks over HTTP, for a bot behind a load balancer. One address for both: POST /feishu.

Feishu signs the raw bytes, may encrypt the body, and wants an answer within 3 s (a challenge within 1 s). Whatever is
not signed, not fresh or not ours gets the same 401; an event that could not be stored gets 503 and comes again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web
from Crypto.Cipher import AES

from adapters.feishu.config import Config
from adapters.listening import Forged, Listening, as_bytes, same
from chat.ports import Clock

PATH = "/feishu"
WINDOW = 300.0
"""Seconds a request may be old, or ahead of us."""
PATIENCE = 2.5


class Webhook(Listening):
    platform, word = "feishu", "msg"

    def __init__(self, config: Config, clock: Clock) -> None:
        super().__init__(config.host, config.port, PATH, PATIENCE)
        self._config = config
        self._clock = clock

    def admitted(self, raw: bytes, headers: Mapping[str, str]) -> str | web.Response:
        body, plain = self.opened(raw, headers)
        if body.get("type") == "url_verification":
            return web.json_response({"challenge": str(body.get("challenge") or "")})
        return plain

    def thanks(self, answer: Any) -> web.Response:
        return web.Response(body=orjson.dumps(answer or {}), content_type="application/json")

    def opened(self, raw: bytes, headers: Mapping[str, str]) -> tuple[Mapping[str, Any], str]:
        """(the event, its JSON text), checked and decrypted. headers: looked up without regard to case."""
        signed = self._signed(raw, headers)
        body, plain = _object(raw)
        if "encrypt" in body:
            if not self._config.encrypt_key:
                raise Forged("encrypted, but no encrypt_key is set")
            body, plain = _object(decrypted(self._config.encrypt_key, body["encrypt"]))
        if not signed and body.get("type") != "url_verification":
            raise Forged("no valid signature")
        token = self._config.verification_token
        if token and not same(_token(body), token):
            raise Forged("another verification token")
        return body, plain

    def _signed(self, raw: bytes, headers: Mapping[str, str]) -> bool:
        """True when signed and fresh, or when nothing can be signed because there is no key (then the token counts)."""
        key = self._config.encrypt_key
        if not key:
            return True
        stamp, nonce = headers.get("X-Lark-Request-Timestamp", ""), headers.get("X-Lark-Request-Nonce", "")
        if not same(signature(stamp, nonce, key, raw), _signature(headers)):
            return False
        if not (stamp.isascii() and stamp.isdecimal()) or len(stamp) > 13:
            return False
        at = float(stamp) / (1000 if len(stamp) == 13 else 1)
        return abs(self._clock.now().timestamp() - at) <= WINDOW


def signature(stamp: str, nonce: str, key: str, raw: bytes) -> str:
    return hashlib.sha256(as_bytes(stamp + nonce + key) + raw).hexdigest()


def decrypted(key: str, sealed: Any) -> bytes:
    """AES-256-CBC under SHA-256 of the key; the first 16 bytes are the IV. Raises Forged for whatever does not fit."""
    try:
        blob = base64.b64decode(sealed, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise Forged("not base64") from error
    if len(blob) < 32 or len(blob) % 16:
        raise Forged("not whole blocks")
    plain = AES.new(hashlib.sha256(key.encode()).digest(), AES.MODE_CBC, blob[:16]).decrypt(blob[16:])
    padding = plain[-1]
    if not 1 <= padding <= 16 or plain[-padding:] != bytes([padding]) * padding:
        raise Forged("wrong padding")
    return plain[:-padding]


def _signature(headers: Mapping[str, str]) -> str:
    return headers.get("X-Lark-Signature", "")


def _token(body: Mapping[str, Any]) -> str:
    """Where it stands depends on the version of the event."""
    header = body.get("header")
    token = header.get("token") if isinstance(header, dict) else body.get("token")
    return token if isinstance(token, str) else ""


def _object(raw: bytes) -> tuple[Mapping[str, Any], str]:
    try:
        body = orjson.loads(raw)
        if isinstance(body, dict):
            return body, raw.decode()
    except (orjson.JSONDecodeError, UnicodeDecodeError):
        pass
    raise Forged("not a JSON object")
