"""Where a commit is done: on the loop when the thing is alone and the disk was quick of late, else on the thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from storage.transaction import Tx
from storage.writer import FOLD, TRUST, SqliteWriter

LOOP, THREAD = "loop", "thread"


class Watched:
    """A writer, and the place of each of its commits."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path)
        self.writer = SqliteWriter(self.database, seconds=60, quick=60)  # whatever this machine's disk is like
        self.places: list[str] = []
        self.folds = 0
        command, fold = self.writer.connection.command, self.writer.connection.fold
        command("CREATE TABLE line (words TEXT)")

        def watched(word: str, *values: Any) -> object:
            if word == "COMMIT":
                self.places.append(LOOP if threading.current_thread() is threading.main_thread() else THREAD)
            return command(word, *values)

        def folding() -> None:
            assert threading.current_thread() is not threading.main_thread()
            self.folds += 1
            fold()

        self.writer.connection.command = watched  # type: ignore[assignment]
        self.writer.connection.fold = folding  # type: ignore[method-assign]
        self.writer.start()

    async def alone(self, times: int = 1) -> list[str]:
        """The places of so many commits, one thing each."""
        before = len(self.places)
        for _ in range(times):
            await self.writer.submit(put)
        return self.places[before:]


def put(tx: Tx) -> None:
    tx._connection.command("INSERT INTO line VALUES ('one')")  # type: ignore[attr-defined]


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    watched = Watched(tmp_path / "w.db")
    yield watched
    await watched.writer.close()
    watched.database.close()


async def test_a_disk_is_trusted_once_it_was_quick_for_a_while(watched: Watched) -> None:
    assert await watched.alone(TRUST + 2) == [THREAD] * TRUST + [LOOP] * 2


async def test_things_that_come_together_gather_while_the_thread_commits(watched: Watched) -> None:
    await watched.alone(TRUST)
    await asyncio.gather(*(watched.writer.submit(put) for _ in range(10)))
    assert watched.places[TRUST:] == [THREAD]


async def test_a_disk_that_falters_keeps_the_loop_once(watched: Watched) -> None:
    await watched.alone(TRUST)
    watched.writer.quick = 0.0
    assert await watched.alone(3) == [LOOP, THREAD, THREAD]
    watched.writer.quick = 60.0
    assert await watched.alone(TRUST + 1) == [THREAD] * TRUST + [LOOP]


async def test_the_log_is_folded_by_the_thread(watched: Watched) -> None:
    places = await watched.alone(TRUST + FOLD + 2)
    assert places == [THREAD] * TRUST + [LOOP] * FOLD + [THREAD, LOOP]
    assert watched.folds == 1
