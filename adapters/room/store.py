"""Where the room keeps itself: one small SQLite file of documents.

The room lives in memory; each change is put here as a whole document under (kind, id) and written in batches by a
worker thread, so that nobody who types waits for a disk. ``flush`` returns when everything put before it is stored.
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import threading
from pathlib import Path
from typing import Any

import orjson

_SCHEMA = "CREATE TABLE IF NOT EXISTS thing (kind TEXT, id TEXT, body BLOB, PRIMARY KEY (kind, id)) WITHOUT ROWID"
_PUT = "INSERT INTO thing VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body"
_DELETE = "DELETE FROM thing WHERE kind = ? AND id = ?"
_LETTERS = "abcdefghjkmnpqrstuvwxyz"


class Store:
    """``path`` ":memory:" keeps nothing. ``series`` marks the ids of this file: a new file never repeats an old id,

    so a room begun afresh beside an old bot is a new platform and not a redelivery of the old one.
    """

    def __init__(self, path: Path | str = ":memory:") -> None:
        self.series = ""
        self.changed = asyncio.Event()
        self._waiting: dict[tuple[str, str], bytes | None] = {}
        self._leaving: dict[tuple[str, str], bytes | None] = {}
        self._put = 0
        self._stored = 0
        self._job: asyncio.Task[None] | None = None
        self._hand = threading.Lock()
        self._db: sqlite3.Connection | None = None
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute(_SCHEMA)
            self.series = self._read_series()

    def _read_series(self) -> str:
        known = self.load("room").get("series")
        if known:
            return str(known)
        series = "".join(secrets.choice(_LETTERS) for _ in range(4))
        self.put("room", "series", series)
        self.save()
        return series

    def load(self, kind: str) -> dict[str, Any]:
        """{id: document} of everything stored under ``kind``."""
        if self._db is None:
            return {}
        rows = self._db.execute("SELECT id, body FROM thing WHERE kind = ?", (kind,))
        return {name: orjson.loads(body) for name, body in rows}

    def put(self, kind: str, name: str, body: Any) -> None:
        """Remember ``body`` (None: forget it). Takes effect at the next flush."""
        if self._db is not None:
            self._waiting[kind, name] = None if body is None else orjson.dumps(body)
            self._put += 1
            self.changed.set()

    async def flush(self) -> None:
        """Store everything put so far; callers at once share one write. Raises OSError, losing nothing."""
        wanted = self._put
        while self._stored < wanted and self._db is not None:
            if self._job is None:
                self._job = asyncio.create_task(self._store())
                self._job.add_done_callback(lambda job: job.cancelled() or job.exception())
            await asyncio.shield(self._job)  # who gives up waiting stops no write that others wait for

    async def _store(self) -> None:
        upto = self._put
        try:
            await asyncio.to_thread(self._write, self._take())
        except sqlite3.Error as error:
            raise OSError(str(error)) from error
        finally:
            self._job = None
        self._leaving = {}
        self._stored = upto

    def save(self) -> None:
        """``flush`` for callers without a loop."""
        if self._db is not None:
            self._write(self._take())
            self._leaving, self._stored = {}, self._put

    def close(self) -> None:
        self.save()
        if self._db is not None:
            with self._hand:
                self._db.close()
            self._db = None

    def _take(self) -> dict[tuple[str, str], bytes | None]:
        """What is to be written now; it stays in ``_leaving`` until it has been, whatever happens on the way."""
        self._leaving = {**self._leaving, **self._waiting}
        self._waiting = {}
        self.changed.clear()
        return self._leaving

    def _write(self, batch: dict[tuple[str, str], bytes | None]) -> None:
        with self._hand:
            if self._db is None:
                return  # closed meanwhile, and by then everything was written
            try:
                self._db.execute("BEGIN IMMEDIATE")
                self._db.executemany(_PUT, [(*name, body) for name, body in batch.items() if body is not None])
                self._db.executemany(_DELETE, [name for name, body in batch.items() if body is None])
                self._db.execute("COMMIT")
            except sqlite3.Error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
