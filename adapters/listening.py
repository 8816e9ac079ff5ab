"""Platforms that call us: an address of our own, served until cancelled; what is forged is turned away, what could not
be stored comes again."""

from __future__ import annotations

import asyncio
import hmac
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from adapters.link import State, Take
from chat.errors import IntakeUnavailable
from chat.seldom import Seldom

LARGEST = 1 << 20
"""Bytes of a request."""
IN_FLIGHT = 64
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Forged(Exception):
    """Not from the platform, or not for this app. Why is for the log alone."""


def same(one: str, other: str) -> bool:
    """In a time that tells nothing about either; a header may hold anything."""
    return hmac.compare_digest(as_bytes(one), as_bytes(other))


def as_bytes(words: str) -> bytes:
    """Also of what came as no UTF-8."""
    return words.encode(errors="surrogatepass")


@asynccontextmanager
async def served(host: str, port: int, method: str, path: str, answer: Answer) -> AsyncIterator[int]:
    """One address, for as long as the block lasts. Yields the port, which is a free one for 0."""
    app = web.Application(client_max_size=LARGEST)
    app.router.add_route(method, path, answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.3, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


class Listening(ABC):
    """A ``Connection`` that is an HTTP server. ``port`` is known once it serves; ``forged``: calls turned away.

    ``patience``: seconds a call may take until the platform is told to come again. ``after``: seconds that an answer
    has to arrive before what it causes is sent.
    """

    unlinked = ""
    on_state: Callable[[State], None]
    platform: str
    word: str
    """Under which the platform's own answers have their message."""

    def __init__(self, host: str, port: int, path: str, patience: float, after: float = 0.0) -> None:
        self._host = host
        self._path = path
        self._after = after
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._serving = asyncio.Event()
        self._log = logging.getLogger(f"jindu.{self.platform}")
        self.patience = patience
        self.port = port
        self.forged = 0
        self._turned_away = Seldom(self._log, "turned away")

    @abstractmethod
    def admitted(self, raw: bytes, headers: Mapping[str, str]) -> str | web.Response:
        """The event for ``Take``, or an answer that needs none. headers: looked up without regard to case.

        Raises Forged.
        """

    @abstractmethod
    def thanks(self, answer: Any) -> web.Response:
        """What the platform is answered once the event is stored."""

    @property
    def state(self) -> State:
        return "ready" if self._serving.is_set() else "stopped"

    async def serving(self) -> None:
        await self._serving.wait()

    async def run(self, take: Take) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            return await self._answer(request, take)

        async with served(self._host, self.port, "POST", self._path, answer) as self.port:
            self._serving.set()
            try:
                await asyncio.Event().wait()
            finally:
                self._serving.clear()

    async def _answer(self, request: web.Request, take: Take) -> web.StreamResponse:
        try:
            async with asyncio.timeout(self.patience):
                raw = await request.read()
        except TimeoutError:
            return web.json_response({self.word: "too slow"}, status=408)
        try:
            event = self.admitted(raw, request.headers)
        except Forged as error:
            self.forged += 1
            self._turned_away(action=f"{self.platform}.forged", why=str(error))
            return web.json_response({self.word: "unauthorized"}, status=401)
        if isinstance(event, web.Response):
            return event
        try:
            async with asyncio.timeout(self.patience), self._slots:
                answer, acked = await take(event)
        except (IntakeUnavailable, TimeoutError):
            return web.json_response({self.word: "try again"}, status=503)
        except Exception:
            self._log.exception("not taken", extra={"action": f"{self.platform}.take"})
            return web.json_response({self.word: "try again"}, status=503)
        response = self.thanks(answer)
        await response.prepare(request)
        await response.write_eof()
        if self._after:
            asyncio.get_running_loop().call_later(self._after, acked)
        else:
            acked()
        return response
