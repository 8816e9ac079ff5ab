"""One connection of the writer on PostgreSQL, and what waits for it: a group of things in one transaction at a time.

A thing's statements wait for the server by switching greenlets: the loop goes on, and the other connections with it.
What a group will change is held from its beginning: an advisory lock for each chat and project, taken in order, so that
processes never wait for each other in a circle.

When anything goes wrong in a group it is undone whole, and its things are done again one by one: a deadlock or a unique
key that another process was first with means once more; what still fails then is the thing's own mistake.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Hashable
from random import random, uniform
from time import monotonic
from typing import Any, Protocol

from greenlet import getcurrent, greenlet

from storage.errors import Again, Lost, StatementFailed, Unstorable, cannot_store
from storage.pg import PgConnection, PgDatabase, key_of
from storage.transaction import Tx
from storage.work import LAZY_SECONDS, Door, Job, finish

log = logging.getLogger("jindu.writer")
GROUP = 24
"""Things in one transaction, at most: a server keeps 64 savepoints of one at hand."""
TRIES = 10
"""How often a thing that was in somebody's way is done again."""
PAUSE = 0.02
"""Seconds, at most, before the first repetition; longer before each further one, so that two do not meet for ever."""
RECONNECT_SECONDS = 0.5


class Dealer(Protocol):
    """Who deals the work out."""

    known: dict[str, int]
    """{chat: its project}, as far as it was seen."""

    def settle(self, jobs: list[Job], error: Unstorable | None = None) -> None:
        """They are done, or none of them is."""

    def learn(self, lane: str, project: int) -> None:
        """What happens in this chat changes this project."""


class Hand:
    """Does what waits for one connection. ``dealer``: hears what became of each job."""

    def __init__(self, writer: Dealer, database: PgDatabase) -> None:
        self._writer = writer
        self._database = database
        self._connection: PgConnection | None = None
        self._doors: tuple[deque[Job], ...] = (deque(), deque(), deque())
        self._loop: asyncio.AbstractEventLoop | None = None
        self._working = False
        self._called = False
        self._lazy_timer: asyncio.TimerHandle | None = None
        self._resting: list[asyncio.Future[None]] = []
        self._connecting: asyncio.Task[None] | None = None
        self._tried = 0.0

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        if self.busy:
            self._call()

    @property
    def busy(self) -> bool:
        return self._working or any(self._doors)

    def take(self, job: Job, door: Door) -> None:
        self._doors[door].append(job)
        if door is not Door.LAZY:
            self._call()
        elif self._lazy_timer is None and self._loop is not None:
            self._lazy_timer = self._loop.call_later(LAZY_SECONDS, self._call)

    async def rest(self) -> None:
        """Until nothing waits here."""
        if self.busy and self._loop is not None:
            self.hurry()
            self._resting.append(rest := self._loop.create_future())
            await rest

    def hurry(self) -> None:
        if any(self._doors):
            self._call()

    def close(self) -> None:
        if self._lazy_timer is not None:
            self._lazy_timer.cancel()
        if self._connection is not None:
            self._connection.close()

    def _call(self) -> None:
        if self._loop is not None and not self._working and not self._called:
            self._called = True
            self._loop.call_soon(self._go)

    def _go(self) -> None:
        """On the loop. The rest of the work is a greenlet of its own, which comes back here whenever it waits."""
        self._called = False
        if self._working or not any(self._doors):
            return
        self._working = True
        if self._connection is None or self._connection.link.lost:
            assert self._loop is not None
            self._connecting = self._loop.create_task(self._connect(), name="connect")
        else:
            greenlet(self._work).switch()

    async def _connect(self) -> None:
        assert self._loop is not None
        await asyncio.sleep(max(0.0, self._tried + RECONNECT_SECONDS - monotonic()))
        self._tried = monotonic()
        try:
            self._connection = await self._loop.run_in_executor(None, self._database.connect)
        except Lost as error:
            self._refuse(str(error))
            self._rested()
        else:
            self._connection.link.attach(self._loop)
            greenlet(self._work).switch()

    def _work(self) -> None:
        """Group after group until nothing waits."""
        assert self._connection is not None
        try:
            while any(self._doors) and not self._connection.link.lost:
                self._group(self._connection)
        except Exception:
            log.exception("the writer has a defect", extra={"action": "writer"})
            self._refuse("internal error")
            self._connection.close()
        self._rested()

    def _rested(self) -> None:
        self._working = False
        if any(self._doors):
            self._call()
            return
        resting, self._resting = self._resting, []
        for future in resting:
            if not future.done():
                future.set_result(None)

    def _group(self, connection: PgConnection) -> None:
        if self._lazy_timer is not None:
            self._lazy_timer.cancel()
            self._lazy_timer = None
        waiting, done = self._next(), list[Job]()
        connection.strict = len(waiting) == 1
        passing: dict[Hashable, Any] = {}
        try:
            connection.begin({key for job in waiting for key in self._keys(job)})
            while waiting and self._do(connection, waiting[0], passing):
                done.append(waiting.popleft())
            _finish(connection, done)
            connection.commit()
        except (Again, StatementFailed, Lost):
            self._rescue(connection, [*done, *waiting])
        except Exception:
            self._writer.settle([*done, *waiting], self._why("internal error"))
            raise
        else:
            self._writer.settle(done)
            self._doors[Door.PEOPLE].extendleft(reversed(waiting))

    def _next(self) -> deque[Job]:
        jobs: deque[Job] = deque()
        for door in self._doors:
            lazy = door is self._doors[Door.LAZY]
            one = len(jobs) + 1  # of each door, at least: the clock goes on however many people there are
            while door and (lazy or len(jobs) < one or len(jobs) < GROUP):
                jobs.append(door.popleft())
        return jobs

    def _keys(self, job: Job) -> set[int]:
        keys = set(job.wanted or ())
        if job.lane:
            keys.add(key_of(job.lane))
            if (project := self._writer.known.get(job.lane)) is not None:
                keys.add(project)
        return keys

    def _do(self, connection: PgConnection, job: Job, passing: dict[Hashable, Any]) -> bool:
        """False: somebody else is at work on its project; the group ends before it, and it begins the next one."""
        connection.queue(b"SAVEPOINT thing")
        job.tx = tx = Tx(connection, passing)
        job.error = job.result = None
        before = set(connection.held)
        try:
            job.result = job.work(tx)
        except Again as again:
            if not again.wanted:
                raise
            connection.restart()
            tx.forget()
            job.wanted = {*(job.wanted or ()), again.wanted}
            return False
        except Exception as error:
            if cannot_store(error):
                raise
            connection.restart()
            tx.forget()
            job.error = error
        connection.queue(b"RELEASE thing")
        for project in connection.held - before:
            self._writer.learn(job.lane, project)
        return True

    def _rescue(self, connection: PgConnection, jobs: list[Job]) -> None:
        """Nothing of the group happened."""
        try:
            connection.rollback()
            for job in jobs:
                self._alone(connection, job)
        except (Lost, StatementFailed) as worse:
            self._writer.settle([job for job in jobs if not job.future.done()], self._why(worse))
            if isinstance(worse, Lost):
                connection.close()

    def _alone(self, connection: PgConnection, job: Job) -> None:
        """One thing in a transaction of its own, as often as it takes. Raises Lost."""
        connection.strict = True
        for attempt in range(TRIES):
            last = attempt == TRIES - 1
            connection.final = last
            try:
                if attempt:
                    connection.command(f"SELECT pg_sleep({uniform(0, PAUSE * attempt):.4f})")
                connection.begin(self._keys(job))
                if self._do(connection, job, {}):
                    _finish(connection, [job])
                    connection.commit()
                    self._writer.settle([job])
                    return
                connection.rollback()
            except (Again, StatementFailed) as error:
                connection.rollback()
                if isinstance(error, StatementFailed) and (error.refused or last):
                    failure = self._why(error) if error.refused else None
                    job.error = error
                    self._writer.settle([job], failure)
                    return
            finally:
                connection.final = False
            self._pause(0.01 * (attempt + random()))
        self._writer.settle([job], Unstorable("somebody else is at work on it"))

    def _pause(self, seconds: float) -> None:
        here = getcurrent()
        assert self._loop is not None
        assert here.parent is not None
        self._loop.call_later(seconds, here.switch)
        here.parent.switch()

    def _refuse(self, why: str) -> None:
        jobs: list[Job] = []
        for door in self._doors:
            jobs += door
            door.clear()
        if jobs:
            self._writer.settle(jobs, self._why(why))

    @staticmethod
    def _why(error: object) -> Unstorable:
        log.error("storage failed", extra={"action": "unstorable", "error": str(error)})
        return Unstorable(str(error))


def _finish(connection: PgConnection, jobs: list[Job]) -> None:
    """What the things of the group left to be done at its end."""

    def undoable(work: Callable[[], None]) -> None:
        connection.queue(b"SAVEPOINT thing")
        try:
            work()
        except Exception as error:
            if not cannot_store(error):
                connection.restart()
                connection.queue(b"RELEASE thing")
            raise
        connection.queue(b"RELEASE thing")

    finish(jobs, undoable)
    for job in jobs:
        if job.tx is not None and job.error is None:
            for statement, values in job.tx.late:
                connection.do(statement, values)
