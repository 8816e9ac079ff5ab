"""A stopped clock, a room with its people, and the same with its page."""

from __future__ import annotations

import aiohttp
import pytest

from adapters.room.model import Room
from tests.room.client import Client, build
from tests.room.echo import Echo, StoppedClock, listening


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def room(clock: StoppedClock) -> Room:
    room = Room(clock)
    room.seed_trial()
    return room


@pytest.fixture
async def adapter(tmp_path):
    adapter = build(tmp_path)
    yield adapter
    await adapter.close()


@pytest.fixture
async def echo(adapter):
    echo = Echo(adapter)
    async with listening(adapter, echo):
        await adapter.idle()
        yield echo


@pytest.fixture
async def http():
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


@pytest.fixture
async def enter(adapter, echo, http):
    """enter(name) → a client that is this person."""
    sockets = []

    async def enter(name: str = "张三") -> Client:
        socket = await http.ws_connect(f"{adapter.url}/ws")
        sockets.append(socket)
        client = Client(socket)
        client.me = adapter.room.person(name)
        await client.ask("view")
        return client

    yield enter
    for socket in sockets:
        await socket.close()
