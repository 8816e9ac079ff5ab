"""One PostgreSQL connection in libpq's pipeline mode.

Questions are queued; they leave together when somebody needs an answer, and only then is there a wait. Within the event
loop waiting is a switch of greenlets, so that the loop goes on; outside of it — at the start, in ``jindu migrate`` — it
simply waits.
"""

from __future__ import annotations

import asyncio
import select
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

import psycopg
from greenlet import getcurrent, greenlet
from psycopg.pq import DiagnosticField, ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from storage.errors import Lost, StatementFailed
from storage.pg_dial import dial

_SETTINGS = (
    "SET application_name = 'jindu'",
    "SET idle_in_transaction_session_timeout = '5s'",
    "SET lock_timeout = '15s'",
    "SET tcp_keepalives_idle = 3",
    "SET tcp_keepalives_interval = 1",
    "SET tcp_keepalives_count = 3",
    "SET jit = off",
)
"""A process that hangs or is cut off in the middle of a transaction must not hold up the others for longer."""
ANSWERED = 30.0
"""Seconds for an answer: longer than any lock is waited for. A server that hangs, or a proxy before one that is gone,
keeps a connection open and says nothing."""
SILENT = "the server does not answer"


class Ask:
    """One thing sent to the server. ``use`` is called with its result; ``forget`` when the server did not take it."""

    __slots__ = ("done", "forget", "result", "use")

    def __init__(self, use: Callable[[PGresult], None] | None = None, forget: Callable[[], None] | None = None) -> None:
        self.use = use
        self.forget = forget
        self.done = False
        self.result: PGresult | None = None


class Link:
    """Speaks to the server; one greenlet at a time."""

    def __init__(self, pgconn: PGconn) -> None:
        self._pgconn = pgconn
        self._expected: deque[Ask] = deque()
        self._failure: StatementFailed | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiter: greenlet | None = None
        self._wanted: Ask | None = None
        self._socket = pgconn.socket
        self._since = 0.0
        self._patience: asyncio.TimerHandle | None = None
        self.lost = ""
        """Why the connection is gone; "" while it is there."""
        self.limit: float | None = None
        """Seconds for an answer outside of a loop, where a migration may take its time."""
        self.on_notify: Callable[[str], None] | None = None
        """Told of each payload that other processes send."""
        pgconn.nonblocking = 1
        pgconn.enter_pipeline_mode()

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on waiting, from within a greenlet, lets this loop run."""
        self._loop = loop
        loop.add_reader(self._socket, self._readable)

    def prepare(self, name: bytes, sql: bytes, forget: Callable[[], None]) -> None:
        self._queue(Ask(forget=forget), self._pgconn.send_prepare, name, sql)

    def send(self, name: bytes, values: Sequence[bytes | None], use: Callable[[PGresult], None] | None = None) -> Ask:
        """Queue a prepared statement. Whatever was wrong with it is told at the next wait."""
        return self._queue(Ask(use), self._pgconn.send_query_prepared, name, values)

    def command(self, sql: bytes) -> Ask:
        """Queue words of the database's own."""
        return self._queue(Ask(), self._pgconn.send_query_params, sql, None)

    def wait(self, ask: Ask) -> PGresult:
        """Until it is answered. Raises StatementFailed for it or for anything queued before it; Lost."""
        if not ask.done:
            self._ask_for_answers()
            self._until(ask)
        if self._failure is not None:
            failure = self._failure
            self.sync()
            raise failure
        assert ask.result is not None
        return ask.result

    def sync(self) -> None:
        """Everything queued is answered; a failure is forgotten. Raises Lost."""
        self._until(self._queue(Ask(), self._pgconn.pipeline_sync))
        self._failure = None

    def _queue(self, ask: Ask, send: Callable[..., None], *words: object) -> Ask:
        if self.lost:
            raise Lost(self.lost)
        try:
            send(*words)
        except psycopg.OperationalError as error:
            self._broken(error)
            raise Lost(self.lost) from None
        self._expected.append(ask)
        return ask

    def _ask_for_answers(self) -> None:
        """By a Sync: after a mere Flush the server holds us for busy, and ``idle_in_transaction_session_timeout`` never
        ends the transaction of a process that hangs."""
        with suppress(Lost):
            self._queue(Ask(), self._pgconn.pipeline_sync)

    def close(self) -> None:
        self._gone("closed")
        self._pgconn.finish()

    def _gone(self, why: str) -> None:
        if self.lost:
            return
        self.lost = why.strip() or "the connection was closed"
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)

    def _broken(self, error: psycopg.OperationalError) -> None:
        """By what the server said last; the driver takes a broken connection for one that left its mode."""
        why = str(self._failure or error)
        self._gone("" if "pipeline mode" in why else why)

    def _until(self, ask: Ask) -> None:
        try:
            if not self.lost:
                if self._loop is None or getcurrent().parent is None:
                    self._wait_here(ask)
                else:
                    self._wait_elsewhere(self._loop, ask)
        except psycopg.OperationalError as error:
            self._broken(error)
        if self.lost:
            raise Lost(self.lost)

    def _wait_here(self, ask: Ask) -> None:
        poll = select.poll()
        while not ask.done:
            unsent = self._pgconn.flush()
            poll.register(self._socket, select.POLLIN | (select.POLLOUT if unsent else 0))
            if not poll.poll(None if self.limit is None else self.limit * 1000):
                raise psycopg.OperationalError(SILENT)
            self._read()

    def _wait_elsewhere(self, loop: asyncio.AbstractEventLoop, ask: Ask) -> None:
        if self._pgconn.flush():
            loop.add_writer(self._socket, self._writable)
        here = getcurrent()
        assert here.parent is not None
        self._since = loop.time()
        if self._patience is None:
            self._patience = loop.call_later(ANSWERED, self._look_whether_silent, loop)
        while not ask.done and not self.lost:
            self._wanted, self._waiter = ask, here
            here.parent.switch()

    def _look_whether_silent(self, loop: asyncio.AbstractEventLoop) -> None:
        """Once in a while: a timer for each question would cost more than the question."""
        self._patience = None
        if self._waiter is None:
            return
        left = self._since + ANSWERED - loop.time()
        if left > 0:
            self._patience = loop.call_later(left, self._look_whether_silent, loop)
        else:
            self._gone(SILENT)
            self._answered()

    def _readable(self) -> None:
        try:
            self._read()
        except psycopg.OperationalError as error:
            self._broken(error)
        self._answered()

    def _answered(self) -> None:
        """Whoever waits goes on if it has what it waits for, or never will."""
        waiter, wanted = self._waiter, self._wanted
        if waiter is not None and wanted is not None and (wanted.done or self.lost):
            self._waiter = self._wanted = None
            waiter.switch()

    def _writable(self) -> None:
        assert self._loop is not None
        try:
            if self._pgconn.flush():
                return
        except psycopg.OperationalError:
            pass  # the reader tells what happened
        self._loop.remove_writer(self._socket)

    def _read(self) -> None:
        pgconn = self._pgconn
        pgconn.consume_input()
        while self._expected and not pgconn.is_busy():
            ask = self._expected[0]
            result = pgconn.get_result()
            if result is None:
                self._expected.popleft()
                ask.done = True
            elif result.status == ExecStatus.PIPELINE_SYNC:
                self._expected.popleft()
                ask.result, ask.done = result, True
            elif result.status in (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED):
                self._failed(ask, result)
            else:
                ask.result = result
                if ask.use is not None:
                    ask.use(result)
        while self.on_notify is not None and (heard := pgconn.notifies()) is not None:
            self.on_notify(heard.extra.decode())

    def _failed(self, ask: Ask, result: PGresult) -> None:
        if ask.forget is not None:
            ask.forget()
        if result.status == ExecStatus.FATAL_ERROR and self._failure is None:
            state = (result.error_field(DiagnosticField.SQLSTATE) or b"").decode()
            self._failure = StatementFailed(state, result.get_error_message())


def connect(conninfo: str) -> Link:
    """Waits, for each of the address's servers at most as long as its ``connect_timeout`` says. Raises Lost."""
    link = Link(dial(conninfo))
    link.limit = ANSWERED
    for setting in _SETTINGS:
        link.command(setting.encode())
    link.sync()
    link.limit = None
    return link
