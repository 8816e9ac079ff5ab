"""The writer of SQLite: whatever waits is done together, with one fsync for all.

What goes wrong is undone alone. A savepoint for each thing would cost 6 % of all work, as every page it touches is kept
a second time, and next to nothing that is refused has written anything. So things do without, until one that wrote has
to be undone: then the whole group is, and is done again with savepoints, as are the next few hundred things.

Statements run on the event loop between two awaits, so nobody contends for the interpreter's lock; only COMMIT — the
part that waits for the disk — runs on a thread. While it does, the next group gathers. A disk that takes four seconds
to sync makes acknowledgements late, not the loop.

The thread costs more than a quick disk does: a thing that is alone is committed on the loop as long as every commit of
late was quick. A disk that begins to falter keeps the loop waiting once, and is the thread's until it is quick again.

Two doors: people first; the clock gets what room is left and one thing of each group, so ten thousand prompts at 17:30
do not hold up a person, nor a crowd the clock.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Hashable
from itertools import groupby
from operator import itemgetter
from queue import SimpleQueue
from time import perf_counter
from typing import Any, TypeVar

from storage.database import Connection, Database
from storage.errors import Again, Unstorable, cannot_store
from storage.transaction import Tx
from storage.work import LAZY_SECONDS, Door, Job, Writer, finish

log = logging.getLogger("jindu.writer")
T = TypeVar("T")
GROUP = 64
"""Things in one transaction, at most."""
GROUP_SECONDS = 0.01
"""A group is closed when its statements have kept the loop this long."""


QUICK = 0.002
"""Seconds that a commit may keep the loop."""
TRUST = 16
"""Commits in a row that were quick before the next one is done on the loop."""
ALONE = 3
"""Jobs: a thing, and what rode along."""
GUARDED = 256
"""Things that get a savepoint each after one would have needed it: where one goes wrong the next one does as well."""
FOLD = 200
"""Commits on the loop after which the thread takes one, and folds the log into the file before a later one has to."""


class _Committer(threading.Thread):
    """Waits for the disk in the loop's place. An executor would do the same with three more hand-overs a commit."""

    def __init__(self, loop: asyncio.AbstractEventLoop, work: Callable[[], Unstorable | None]) -> None:
        super().__init__(name="commit", daemon=True)
        self._loop = loop
        self._work = work
        self._asked: SimpleQueue[asyncio.Future[Unstorable | None] | None] = SimpleQueue()

    def commit(self) -> asyncio.Future[Unstorable | None]:
        future: asyncio.Future[Unstorable | None] = self._loop.create_future()
        self._asked.put(future)
        return future

    def stop(self) -> None:
        """When nothing is being committed."""
        self._asked.put(None)
        self.join()

    def run(self) -> None:
        while (future := self._asked.get()) is not None:
            self._loop.call_soon_threadsafe(future.set_result, self._work())


class SqliteWriter(Writer):
    """Owns the only writing connection."""

    def __init__(
        self, database: Database, on_commit: Callable[[Tx], None] | None = None, *, seconds: float = GROUP_SECONDS,
        quick: float = QUICK,
    ) -> None:  # fmt: skip
        """on_commit: called on the loop, in commit order, once per committed thing, before its future resolves.

        seconds: how long one group's statements may keep the loop; quick: how long a commit may.
        """
        self.connection: Connection = database.connect()
        self._on_commit = on_commit
        self._seconds = seconds
        self._doors: tuple[deque[Job], ...] = (deque(), deque(), deque())
        self._wake = asyncio.Event()
        self._lazy_timer: asyncio.TimerHandle | None = None
        self._committer: _Committer | None = None
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self.quick = quick
        self._quick = 0
        self._on_loop = 0
        self._guarded = 0
        """Things that get a savepoint yet."""
        self._passing: dict[Hashable, Any] = {}

    @property
    def aside(self) -> Connection:
        return self.connection

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._committer = _Committer(loop, self._commit)
        self._committer.start()
        self._task = loop.create_task(self._run(self._committer), name="writer")

    @property
    def running(self) -> asyncio.Task[None]:
        assert self._task is not None
        return self._task

    def submit(self, work: Callable[[Tx], T], door: Door = Door.PEOPLE, lane: str = "") -> asyncio.Future[T]:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._doors[door].append(Job(work, future))
        if door is not Door.LAZY:
            self._wake.set()
        elif self._lazy_timer is None:
            self._lazy_timer = asyncio.get_running_loop().call_later(LAZY_SECONDS, self._wake.set)
        return future

    async def drained(self) -> None:
        await self.submit(_nothing, Door.CLOCK)

    async def close(self) -> None:
        self._closing = True
        self._wake.set()
        try:
            if self._task is not None:
                await self._task
        finally:
            if self._committer is not None:
                self._committer.stop()
            self.connection.close()

    async def _run(self, committer: _Committer) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while any(self._doors):
                jobs, error = self._apply()
                if error is None:
                    error = self._commit() if self._at_once(jobs) else await committer.commit()
                self._settle(jobs, error)
            if self._closing:
                return

    def _at_once(self, jobs: list[Job]) -> bool:
        if len(jobs) > ALONE or self._quick < TRUST or any(self._doors):
            return False
        self._on_loop += 1
        return self._on_loop <= FOLD

    def _apply(self) -> tuple[list[Job], Unstorable | None]:
        jobs: list[Job] = []
        if self._lazy_timer is not None:
            self._lazy_timer.cancel()
            self._lazy_timer = None
        try:
            try:
                self._begin()
                self._take(jobs)
                self._finish(jobs)
            except Again:
                self._once_more(jobs)
        except sqlite3.Error as error:
            return self._undo(jobs, error)
        return jobs, None

    def _begin(self) -> None:
        self._passing = {}
        self.connection.begin()

    def _take(self, jobs: list[Job]) -> None:
        """Do what waits, as much of it as belongs in one group."""
        until = perf_counter() + self._seconds
        for door in self._doors:
            lazy = door is self._doors[Door.LAZY]  # few and small: they always ride along
            one = len(jobs) + 1  # of each door, at least: the clock goes on however many people there are
            while door and (lazy or len(jobs) < one or (len(jobs) < GROUP and perf_counter() < until)):
                job = door.popleft()
                jobs.append(job)
                self._do(job)

    def _once_more(self, jobs: list[Job]) -> None:
        """One thing has to be undone after it wrote: all are, and done again so that each can be undone by itself."""
        self.connection.undo()
        self._guarded = len(jobs) + GUARDED
        self._begin()
        for job in jobs:
            self._do(job)
        self._finish(jobs)

    def _undo(self, jobs: list[Job], error: sqlite3.Error) -> tuple[list[Job], Unstorable]:
        """The database itself failed: nothing of this group happened, and nothing that waits could."""
        if self.connection.in_transaction:
            self.connection.undo()
        for door in self._doors:
            jobs.extend(door)
            door.clear()
        log.error("storage failed", extra={"action": "unstorable", "error": str(error)})
        return jobs, Unstorable(str(error))

    def _do(self, job: Job) -> None:
        connection = self.connection
        connection.thing(guarded=self._guarded > 0)
        self._guarded -= self._guarded > 0
        job.tx = tx = Tx(connection, self._passing)
        job.error = None
        try:
            job.result = job.work(tx)
        except Exception as error:
            if cannot_store(error):
                raise
            connection.withdraw()
            tx.forget()
            job.error = error
        connection.over()

    def _finish(self, jobs: list[Job]) -> None:
        """What the things of the group left to be done at its end."""
        finish(jobs, self._undoable)
        late = [each for job in jobs if job.tx is not None and job.error is None for each in job.tx.late]
        for statement, alike in groupby(late, itemgetter(0)):
            self.connection.execute_many(statement, [values for _, values in alike])

    def _undoable(self, work: Callable[[], None]) -> None:
        command = self.connection.command
        command("SAVEPOINT thing")
        try:
            work()
        except Exception:
            if self.connection.in_transaction:
                self.connection.undo("ROLLBACK TO thing")
            raise
        finally:
            if self.connection.in_transaction:
                command("RELEASE thing")

    def _commit(self) -> Unstorable | None:
        begun = perf_counter()
        try:
            self.connection.commit()
        except sqlite3.Error as error:
            if self.connection.in_transaction:
                self.connection.undo()
            return Unstorable(str(error))
        self._quick = self._quick + 1 if perf_counter() - begun < self.quick else 0
        if self._on_loop > FOLD:
            self._on_loop = 0
            self.connection.fold()
        return None

    def _settle(self, jobs: list[Job], error: Unstorable | None) -> None:
        for job in jobs:
            job.settle(error, self._on_commit)


def _nothing(_: Tx) -> None:
    pass
