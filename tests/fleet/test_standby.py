"""Two bots, one of which may talk to the platform: the other stands by, says so, and is ready all the same."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.health import HealthPages
from bot.status import of, read, write
from chat.ports import Capabilities
from commands.conditions import connection
from tests.postgres import Server
from tests.road.conftest import NINE, Road


async def ready(road: Road) -> tuple[int, Any]:
    """What ``/readyz`` says."""
    site = web.Application()
    site.add_routes(HealthPages(road.app).routes())
    async with TestClient(TestServer(site)) as client, client.get("/readyz") as answer:
        return answer.status, json.loads(await answer.text())["platforms"]


async def test_it_is_ready_and_says_that_it_stands_by(postgres: Server, tmp_path: Any) -> None:
    address = postgres.fresh()
    holding, waiting = (Road(address, Capabilities(exclusive=True)) for _ in range(2))
    await holding.app.start()
    await waiting.app.start()
    assert holding.app.fleet is not None
    assert waiting.app.fleet is not None
    await holding.app.fleet.held("post")
    await asyncio.sleep(0)
    assert await ready(holding) == (200, {"post": "ready"})
    assert await ready(waiting) == (200, {"post": "standby"})
    assert not waiting.app.vitals.look("post").connected
    assert [(one.mark, one.topic) for one in connection(waiting.app.vitals.look("post"), pressed=True)] == [
        ("✓", "connection")
    ]
    waiting.app.vitals.links["post"] = Line()
    write(tmp_path, of(waiting.app.vitals, (), NINE))
    kept = read(tmp_path)
    assert kept is not None
    assert kept.platforms["post"].standby
    del waiting.app.vitals.links["post"]
    await holding.app.close()
    await waiting.app.fleet.held("post")
    await asyncio.sleep(0)
    assert await ready(waiting) == (200, {"post": "ready"})
    assert waiting.app.vitals.look("post").connected
    await waiting.app.close()
    postgres.back(address)


async def test_each_knows_how_many_share_what_an_app_may_send(postgres: Server) -> None:
    address = postgres.fresh()
    first, second = (Road(address) for _ in range(2))
    await first.app.start()
    assert first.app.courier.processes() == 1
    await second.app.start()
    assert second.app.courier.processes() == 2
    assert first.app.fleet is not None
    await first.app.fleet._turn()
    assert first.app.courier.processes() == 2
    await second.app.close()
    await first.app.fleet._turn()
    assert first.app.courier.processes() == 1
    await first.app.close()
    postgres.back(address)


class Line:
    """A link that nobody opened."""

    state = "new"
    trouble = None
