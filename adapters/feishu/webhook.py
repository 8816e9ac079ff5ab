"""Events and card callbacks over HTTP, for a bot behind a load balancer. One address for both: POST /feishu.

Feishu signs the raw bytes, may encrypt the body, and wants an answer within 3 s (a challenge within 1 s). Whatever is
not signed, not fresh or not ours gets the same 401; an event that could not be stored gets 503 and comes again.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import logging
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web
from Crypto.Cipher import AES

from adapters.feishu.config import Config
from adapters.link import State, Take
from chat.errors import IntakeUnavailable
from chat.ports import Clock

log = logging.getLogger("jindu.feishu")
PATH = "/feishu"
LARGEST = 1 << 20
WINDOW = 300.0
"""Seconds a request may be old, or ahead of us."""
IN_FLIGHT = 64
PATIENCE = 2.5


class Forged(Exception):
    """Not from Feishu, or not for this app."""


class Webhook:
    """A ``Connection`` that is an HTTP server. ``port`` is known once ``run`` serves."""

    unlinked = ""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._serving = asyncio.Event()
        self.port = config.port
        self.forged = 0

    @property
    def state(self) -> State:
        return "ready" if self._serving.is_set() else "stopped"

    async def serving(self) -> None:
        await self._serving.wait()

    async def run(self, take: Take) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            return await self._answer(request, take)

        app = web.Application(client_max_size=LARGEST)
        app.router.add_post(PATH, answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.3, handler_cancellation=True)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self._config.host, self._config.port)
            await site.start()
            self.port = runner.addresses[0][1]
            self._serving.set()
            await asyncio.Event().wait()
        finally:
            self._serving.clear()
            await runner.cleanup()

    async def _answer(self, request: web.Request, take: Take) -> web.StreamResponse:
        raw = await request.read()
        try:
            body, plain = self.opened(raw, request.headers)
        except Forged as error:
            self.forged += 1
            log.warning("turned away", extra={"action": "feishu.forged", "why": str(error)})
            return web.json_response({"msg": "unauthorized"}, status=401)
        if body.get("type") == "url_verification":
            return web.json_response({"challenge": str(body.get("challenge") or "")})
        try:
            async with asyncio.timeout(PATIENCE), self._slots:
                answer, acked = await take(plain)
        except (IntakeUnavailable, TimeoutError):
            return web.json_response({"msg": "try again"}, status=503)
        except Exception:
            log.exception("not taken", extra={"action": "feishu.take"})
            return web.json_response({"msg": "try again"}, status=503)
        response = web.Response(body=orjson.dumps(answer or {}), content_type="application/json")
        await response.prepare(request)
        await response.write_eof()
        acked()
        return response

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
        if token and not hmac.compare_digest(_token(body).encode(), token.encode()):
            raise Forged("another verification token")
        return body, plain

    def _signed(self, raw: bytes, headers: Mapping[str, str]) -> bool:
        """True when signed and fresh, or when nothing can be signed because there is no key (then the token counts)."""
        key = self._config.encrypt_key
        if not key:
            return True
        stamp, nonce = headers.get("X-Lark-Request-Timestamp", ""), headers.get("X-Lark-Request-Nonce", "")
        if not hmac.compare_digest(signature(stamp, nonce, key, raw).encode(), _signature(headers).encode()):
            return False
        if not stamp.isdecimal() or len(stamp) > 13:
            return False
        at = float(stamp) / (1000 if len(stamp) == 13 else 1)
        return abs(self._clock.now().timestamp() - at) <= WINDOW


def signature(stamp: str, nonce: str, key: str, raw: bytes) -> str:
    return hashlib.sha256((stamp + nonce + key).encode() + raw).hexdigest()


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
