"""A whole bot on a platform of its own, which may end itself with SIGKILL at a named point. Started by ``crash``.

``python -m bench.crash_child BOOKS PORT IDEMPOTENT POINT NTH``; BOOKS: a file, or the address of a database.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson

from bot.app import App
from bot.clock import SystemClock
from chat.errors import InDoubt
from chat.messages import Incoming, Outgoing, Place, Sender, Sent
from chat.plain import plain
from chat.ports import Capabilities, Clock, Intake
from storage.database import Database
from storage.stores import open_store
from storage.writer import SqliteWriter

if TYPE_CHECKING:
    from storage.pg import PgConnection, PgDatabase

POINTS = (
    "before the transaction", "within a thing", "between two things", "before commit", "after commit", "before ack",
    "after ack", "before sending", "after sending", "after the platform's answer",
)  # fmt: skip
ON_ITS_WAY = "commit sent, not answered"
"""On a server: nobody but it knows what became of the group."""
WORDS = {"BEGIN IMMEDIATE": "before the transaction", "COMMIT": "before commit"}


class Killer:
    """Counts how often a point is passed and ends the process at the ``nth``. An unknown point: never."""

    def __init__(self, point: str, nth: int) -> None:
        self._point = point
        self._left = nth

    def passes(self, point: str) -> None:
        if point == self._point:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def before(self, point: str, act: Callable[[], None]) -> Callable[[], None]:
        """``act``, with the point passed first."""

        def watched() -> None:
            self.passes(point)
            act()

        return watched

    def watching(self, command: Callable[[str], Any]) -> Callable[[str], Any]:
        """The connection's ``command``, watched."""

        def watched(word: str) -> Any:
            if word in WORDS:
                self.passes(WORDS[word])
            done = command(word)
            if word == "COMMIT":
                self.passes("after commit")
            return done

        return watched

    def watching_server(self, database: PgDatabase) -> None:
        """Watch each of its connections where it is at people's things: those are the groups that hold a key."""
        connect = database.connect

        def connected() -> PgConnection:
            connection = connect()
            begin, queue, commit = connection.begin, connection.queue, connection.commit

            def watched_begin(keys: set[int]) -> None:
                if keys:
                    self.passes("before the transaction")
                begin(keys)

            def watched_queue(sql: bytes) -> None:
                if sql == b"RELEASE thing" and connection.held:
                    self.passes("between two things")
                queue(sql)
                if sql == b"SAVEPOINT thing" and connection.held:
                    self.passes("within a thing")

            def watched_commit() -> None:
                of_people = bool(connection.held)
                if of_people:
                    self.passes("before commit")
                    asyncio.get_running_loop().call_soon(self.passes, ON_ITS_WAY)
                commit()
                if of_people:
                    self.passes("after commit")

            connection.begin, connection.queue, connection.commit = (  # type: ignore[method-assign]
                watched_begin, watched_queue, watched_commit
            )  # fmt: skip
            return connection

        database.connect = connected  # type: ignore[method-assign]


class LineAdapter:
    """Speaks JSON lines to ``crash``: what it says is repeated until acknowledged; what we say is answered."""

    name = "line"

    def __init__(self, clock: Clock, port: int, killer: Killer, *, idempotent: bool) -> None:
        self.clock = clock
        self.can = Capabilities(idempotent=idempotent)
        self._port = port
        self._killer = killer
        self._out: asyncio.StreamWriter | None = None
        self.connected = asyncio.Event()
        self._asked: dict[str, asyncio.Future[None]] = {}

    async def listen(self, intake: Intake) -> None:
        reader, self._out = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        self.connected.set()
        async with asyncio.TaskGroup() as crowd:
            while line := await reader.readline():
                frame = orjson.loads(line)
                if "ok" in frame:
                    self._asked.pop(frame["ok"]).set_result(None)
                else:
                    crowd.create_task(self._take(frame, intake))

    async def _take(self, frame: dict[str, Any], intake: Intake) -> None:
        thing = Incoming(
            frame["k"], "message", self.name, self.clock.now(), Place(frame["c"], "group", frame["c"]),
            Sender(frame["p"], frame["p"]), text=frame["t"], addressed=True, message_id=frame["k"],
        )  # fmt: skip
        receipt = await intake.submit(thing)
        self._killer.passes("before ack")
        self._write({"a": frame["k"]})
        self._killer.passes("after ack")
        receipt.acked()

    async def deliver(self, parcel: Outgoing) -> Sent:
        if self._out is None:
            raise InDoubt("not connected yet")
        answered = self._asked[parcel.key] = asyncio.get_running_loop().create_future()
        self._killer.passes("before sending")
        self._write({"o": parcel.key, "r": parcel.reply_to, "t": plain(parcel.card, parcel.locale)})
        self._killer.passes("after sending")
        await answered
        self._killer.passes("after the platform's answer")
        return Sent(f"m:{parcel.key}")

    async def close(self) -> None:
        if self._out is not None:
            self._out.close()

    def _write(self, frame: dict[str, str]) -> None:
        assert self._out is not None
        self._out.write(orjson.dumps(frame) + b"\n")


async def main(store: str, port: int, idempotent: bool, point: str, nth: int) -> None:
    clock, killer = SystemClock(), Killer(point, nth)
    database = open_store(store)
    if not isinstance(database, Database):
        killer.watching_server(database)
    app = App(database, clock)
    app.add(LineAdapter(clock, port, killer, idempotent=idempotent))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await app.start()
    if isinstance(app.writer, SqliteWriter):
        connection = app.writer.connection
        connection.command = killer.watching(connection.command)  # type: ignore[assignment]
        connection.accepted = killer.before("within a thing", connection.accepted)  # type: ignore[method-assign]
        connection.over = killer.before("between two things", connection.over)  # type: ignore[method-assign]
    await stop.wait()
    await app.close()


if __name__ == "__main__":
    store, port, idempotent, point, nth = sys.argv[1:6]
    asyncio.run(main(store, int(port), idempotent == "yes", point, int(nth)))
