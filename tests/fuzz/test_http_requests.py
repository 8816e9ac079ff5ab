"""Whatever somebody sends to the bot's own address, it answers, and not with a fault of its own.

There is no HTTP interface that would have a description of its own to be tested by: these are the doors there are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.room.adapter import open as open_room
from bot.app import App
from bot.clock import VirtualClock
from bot.health import HealthPages
from storage.database import MEMORY, Database
from tests.fuzz.conftest import looks
from tests.road.conftest import NINE

JUNK = st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=255), max_size=12)
PART = JUNK | st.sampled_from(["..", "%2e%2e", "%00", "room.db", "-1", "0", "9" * 40, "%ff", "{{7*7}}", "a" * 900])
PATHS = ["/", "/healthz", "/readyz", "/metrics", "/static/{}", "/ws", "/files", "/files/{}", "/pictures/{}/{}",
         "/attachments/{}/{}", "/{}", "//{}", "*", "{}"]  # fmt: skip
HEADERS = ["Host", "Origin", "Cookie", "Authorization", "Range", "If-None-Match", "If-Modified-Since",
           "Content-Type", "Content-Encoding", "Upgrade", "Connection", "Sec-WebSocket-Key",
           "Sec-WebSocket-Version", "X-Forwarded-For"]  # fmt: skip
"""Not Expect: the library answers one that is not UTF-8 with 500 before we see it; nothing else comes of it."""
VALUES = JUNK | st.sampled_from([
    "websocket", "Upgrade", "gzip", "bytes=-1-", "bytes=0-99999999999", "null", "Bearer x", "jindu=x",
    "13", "multipart/form-data; boundary=",
])  # fmt: skip

UNREADY = 503
"""What a machine says that is too slow at that moment."""


class Door:
    """A room with its pages, on a port of its own, in a loop of its own."""

    def __init__(self, folder: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._app = App(Database(MEMORY), VirtualClock(NINE))
        pages = HealthPages(self._app).routes()
        room = open_room({"port": 0}, self._app.clock, data_dir=folder, pages=pages)
        self._app.add(room)
        self._loop.run_until_complete(self._app.start())
        self._loop.run_until_complete(room.ready())
        self.port = int(room.url.rsplit(":", 1)[1])

    def close(self) -> None:
        self._loop.run_until_complete(self._app.close())
        self._loop.close()

    def knock(self, raw: bytes) -> bytes:
        """The first line of the answer. No more may be promised than is sent: it would be waited for."""
        return self._loop.run_until_complete(self._knocked(raw))

    async def _knocked(self, raw: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(raw)
            return await reader.readline()
        finally:
            writer.close()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    door = Door(tmp_path_factory.mktemp("door"))
    yield door
    door.close()


@pytest.mark.sqlite
@looks(100, 20_000)
@given(
    st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "PRI", "get"]), st.sampled_from(PATHS),
    st.lists(PART, min_size=2, max_size=2), st.dictionaries(st.sampled_from(["name", "v", "as"]), PART, max_size=2),
    st.dictionaries(st.sampled_from(HEADERS), VALUES, max_size=4), st.binary(max_size=60) | PART.map(str.encode),
)  # fmt: skip
def test_every_door_answers_whatever_is_sent(
    door: Door, method: str, path: str, parts: list[str], query: dict[str, str], headers: dict[str, str], body: bytes
) -> None:
    where = path.format(*parts) + ("?" if query else "") + "&".join(f"{name}={value}" for name, value in query.items())
    lines = {"Host": f"127.0.0.1:{door.port}", "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    answer = door.knock(f"{method} {where} HTTP/1.1\r\n{head}\r\n".encode("latin-1", "replace") + body)
    code = int(answer.split()[1])
    assert code < 500 or (code == UNREADY and path == "/readyz"), answer
    assert door.knock(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").split()[1] == b"200"


def test_a_page_says_what_it_is(door: Door) -> None:
    """The way it is knocked at in the test above is a way that opens."""
    assert door.knock(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n").split()[1] == b"200"
