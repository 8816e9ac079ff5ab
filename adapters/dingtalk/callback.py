"""Robot messages over HTTP, for a bot that cannot hold a long connection: POST /dingtalk.

DingTalk signs the time with the app's secret and waits 2.5 s. Events and presses on cards do not come this way (their
callbacks are registered and signed differently), so this transport does without cards.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping

import orjson
from aiohttp import web

from adapters.dingtalk.config import Config
from adapters.dingtalk.wire import ROBOT
from adapters.link import State, Take
from chat.errors import IntakeUnavailable
from chat.ports import Clock

log = logging.getLogger("jindu.dingtalk")
PATH = "/dingtalk"
LARGEST = 1 << 20
WINDOW = 3600.0
"""Seconds a request may be old, or ahead of us."""
IN_FLIGHT = 64
PATIENCE = 2.2
AFTER_ANSWER = 0.05
"""Seconds that the answer has to arrive before what it causes is sent."""


class Callback:
    """A ``Connection`` that is an HTTP server. ``port`` is known once ``run`` serves."""

    unlinked = ""
    on_state: Callable[[State], None]

    def __init__(self, settings: Config, clock: Clock) -> None:
        self._secret = settings.client_secret
        self._host = settings.host
        self._clock = clock
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._serving = asyncio.Event()
        self.port = settings.port
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
            await web.TCPSite(runner, self._host, self.port).start()
            self.port = runner.addresses[0][1]
            self._serving.set()
            await asyncio.Event().wait()
        finally:
            self._serving.clear()
            await runner.cleanup()

    async def _answer(self, request: web.Request, take: Take) -> web.StreamResponse:
        if not self.is_signed(request.headers):
            self.forged += 1
            log.warning("turned away", extra={"action": "dingtalk.forged"})
            return web.json_response({"message": "unauthorized"}, status=401)
        body = (await request.read()).decode(errors="replace")
        frame = {"type": "CALLBACK", "headers": {"topic": ROBOT, "messageId": ""}, "data": body}
        try:
            async with asyncio.timeout(PATIENCE), self._slots:
                _, acked = await take(orjson.dumps(frame).decode())
        except (IntakeUnavailable, TimeoutError):
            return web.json_response({"message": "try again"}, status=503)
        except Exception:
            log.exception("not taken", extra={"action": "dingtalk.take"})
            return web.json_response({"message": "try again"}, status=503)
        response = web.json_response({"msgtype": "empty"})
        await response.prepare(request)
        await response.write_eof()
        asyncio.get_running_loop().call_later(AFTER_ANSWER, acked)
        return response

    def is_signed(self, headers: Mapping[str, str]) -> bool:
        """headers: looked up without regard to case."""
        stamp, given = headers.get("timestamp", ""), headers.get("sign", "")
        if not hmac.compare_digest(signature(stamp, self._secret).encode(), given.encode()):
            return False
        if not stamp.isdecimal() or len(stamp) > 13:
            return False
        return abs(self._clock.now().timestamp() - int(stamp) / 1000) <= WINDOW


def signature(stamp: str, secret: str) -> str:
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
