"""What a writer is, whatever the database: work goes in, and comes out of a future once it is committed."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable
from enum import IntEnum
from typing import Any, TypeVar

from storage.errors import Unstorable, cannot_store
from storage.transaction import Speaker, Tx

log = logging.getLogger("jindu.writer")
T = TypeVar("T")
LAZY_SECONDS = 0.05
"""How long lazy work (settling what was delivered) may wait for a transaction to ride on."""


class Door(IntEnum):
    """People first; the clock gets what room is left, and always a little; lazy work rides along."""

    PEOPLE = 0
    CLOCK = 1
    LAZY = 2


class Job:
    """One thing to do. ``lane``: jobs of the same lane are done in their order."""

    __slots__ = ("error", "future", "lane", "result", "tx", "wanted", "work")

    def __init__(self, work: Callable[[Tx], Any], future: asyncio.Future[Any], lane: str = "") -> None:
        self.work = work
        self.future = future
        self.lane = lane
        self.result: Any = None
        self.error: BaseException | None = None
        self.tx: Tx | None = None
        self.wanted: set[int] | None = None

    def settle(self, error: Unstorable | None, on_commit: Callable[[Tx], None] | None) -> None:
        """Tell who waits. error: nothing of the whole group happened."""
        failure = error or self.error
        if failure is None and on_commit is not None and self.tx is not None:
            on_commit(self.tx)
        if self.future.cancelled():
            return
        if failure is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(failure)


def finish(jobs: Iterable[Job], undoable: Callable[[Callable[[], None]], None]) -> None:
    """What the things of a group asked for at its end: of several under one key the last.

    undoable: does it under a savepoint. A defect there costs a card its redrawing, never what was decided.
    """
    ends: dict[Hashable, tuple[Tx, Callable[[], None]]] = {}
    for job in jobs:
        if job.tx is not None and job.error is None:
            for key, work in job.tx.ends.items():
                ends.pop(key, None)
                ends[key] = (job.tx, work)
    for tx, work in ends.values():
        said, over = len(tx.parcels), len(tx.superseded)
        try:
            undoable(work)
        except Exception as error:
            if cannot_store(error):
                raise
            log.exception("not done at the end", extra={"action": "at_end"})
            tx.forget()
            del tx.parcels[said:], tx.superseded[over:]
    for tx, _ in ends.values():
        tx.ends.clear()  # they know their transaction: a circle each, and the collector's pause falls on somebody


class Writer(ABC):
    """``submit`` is the only way to change anything."""

    @property
    @abstractmethod
    def aside(self) -> Speaker | None:
        """A connection for a short question outside any transaction; None: there is none that would be free."""

    @abstractmethod
    def start(self) -> None: ...

    @property
    @abstractmethod
    def running(self) -> asyncio.Task[None]:
        """Ends only after ``close``, or with a defect: then nothing can be stored any more."""

    @abstractmethod
    def submit(self, work: Callable[[Tx], T], door: Door = Door.PEOPLE, lane: str = "") -> asyncio.Future[T]:
        """Do ``work`` in a transaction; the future resolves after COMMIT.

        ``work`` must be re-runnable and do nothing but database work. An exception of its own undoes it alone and
        comes out of the future; Unstorable: the database refused and nothing was changed. ``lane``: the chat, or
        whatever else has an order of its own; work without one keeps the order among itself.
        """

    @abstractmethod
    async def drained(self) -> None:
        """Whatever was submitted before is committed."""

    @abstractmethod
    async def close(self) -> None:
        """Finish what was submitted, then stop. At most the disk's own time."""
