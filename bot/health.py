"""Is it alive, is it ready, how does it do: ``/healthz``, ``/readyz`` and ``/metrics``, for machines that watch.

They stand beside the room's page, or, when ``[ops] port`` is set, on an address of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from time import monotonic

from aiohttp import web

from bot.app import App
from storage import pulse, schedules, undelivered
from storage.errors import Unstorable
from storage.transaction import Tx

PATIENCE = 2.0
"""Seconds for the books to answer before they count as not answering."""
TRIED = 1.0
"""Seconds for which what came of trying to store something is taken for granted: strangers may ask, too."""
METRICS_TYPE = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}


class HealthPages:
    """The three pages of one bot."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._turn = asyncio.Lock()
        self._why, self._tried_at = "", float("-inf")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/healthz", self._alive),
            web.get("/readyz", self._ready),
            web.get("/metrics", self._metrics),
        ]

    async def _alive(self, _: web.Request) -> web.Response:
        """The process turns its loop and its writer has not ended: otherwise it should be started anew."""
        alive = self._app.alive
        return web.Response(text="ok\n" if alive else "not at work\n", status=200 if alive else 503)

    async def _ready(self, _: web.Request) -> web.Response:
        """It can store something now. Platforms are told of, but one that is away does not make the bot useless.

        Nor does standing by: what another process hears is for all to handle, and this one may be the next to hear it.
        """
        async with self._turn:
            if monotonic() - self._tried_at >= TRIED:
                self._why = await self._cannot_store()
                self._tried_at = monotonic()
            why = self._why
        body = {"ready": not why, "storage": why or "ok", "platforms": self._links()}
        return web.json_response(body, status=503 if why else 200)

    async def _metrics(self, _: web.Request) -> web.Response:
        from bot.metrics import Look, exposition

        app, vitals, now = self._app, self._app.vitals, self._app.clock.now()
        try:
            async with asyncio.timeout(PATIENCE):
                waiting, due = await app.writer.submit(_read)
        except (TimeoutError, Unstorable):
            waiting, due = {}, None
        late = max(0.0, (now - due).total_seconds()) if due else 0.0
        age = (now - vitals.backup_at).total_seconds() if vitals.backup_at else None
        look = Look(waiting, self._links(), late, age)
        text = await asyncio.to_thread(partial(exposition, app.meter, look))
        return web.Response(body=text, headers=METRICS_TYPE)

    async def _cannot_store(self) -> str:
        """Why nothing can be stored; "" when it can."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._app.writer.submit(pulse.touch)
        except TimeoutError:
            return "the storage does not answer"
        except Unstorable as error:
            return str(error)
        return ""

    def _links(self) -> dict[str, str]:
        vitals = self._app.vitals
        plain = {name: "ready" if name in vitals.connected else "stopped" for name in self._app.adapters}
        linked = {name: link.state for name, link in vitals.links.items()}
        return plain | linked | dict.fromkeys(vitals.standby, "standby") | dict.fromkeys(vitals.absent, "stopped")


@asynccontextmanager
async def apart(app: App, host: str, port: int) -> AsyncIterator[None]:
    """The pages on an address of their own. Raises OSError when it cannot be had."""
    site = web.Application()
    site.add_routes(HealthPages(app).routes())
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.3)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()


def _read(tx: Tx) -> tuple[dict[str, int], datetime | None]:
    return undelivered.counts(tx), schedules.next_due(tx)
