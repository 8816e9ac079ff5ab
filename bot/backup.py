"""Copies of the books: one every night, the last ones kept, each read back before it counts; and the way back.

Copying disturbs nobody: it reads one snapshot, bit by bit, and every bit is on the disk before the next is read. Else a
gigabyte that waits to be written down would stand in front of what people say meanwhile.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep

from chat.frozen import frozen
from storage.database import reading
from storage.migrations import REVISIONS

log = logging.getLogger("jindu.backup")
KEPT = 7
PAGES = 256
"""Copied at once: a megabyte."""
REST = 1.0
"""How long the disk is left to the others after each bit, as a share of the time that it took."""
SHORTEST_REST = 0.002


class BadCopy(Exception):
    """A file that cannot be restored from; ``str()`` says why, in the database's words."""


@frozen
class Copy:
    """``rows``: of all tables together. ``at``: when it was made."""

    path: Path
    rows: int
    size: int
    at: datetime


class Backups:
    """Copies of one database file. Each method touches the disk: call it from a thread."""

    def __init__(self, database: Path, folder: Path, kept: int = KEPT) -> None:
        self._database = database
        self._folder = folder
        self._kept = kept

    def newest(self) -> datetime | None:
        """When the last copy was made; None: never."""
        files = self._files()
        return datetime.fromtimestamp(files[-1].stat().st_mtime, UTC) if files else None

    def make(self, now: datetime) -> Copy:
        """Copy, then drop the oldest beyond those kept.

        Raises sqlite3.Error, OSError, BadCopy; a half copy or one that reads badly never remains.
        """
        path = self._folder / f"jindu-{now:%Y%m%d-%H%M%S}.db"
        copy = copy_to(self._database, path)
        for old in self._files()[: -self._kept]:
            old.unlink(missing_ok=True)
        log.info("backed up", extra={"action": "backup", "file": path.name, "rows": copy.rows, "bytes": copy.size})
        return copy

    def settle(self) -> None:
        """All is in the file and its write-ahead log is empty: old pages do not outlive what was erased from them.

        Nobody writes while it waits for who reads, so it hardly waits: another night does it. Raises sqlite3.Error.
        """
        with closing(sqlite3.connect(self._database, timeout=0.1)) as driver:
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("jindu-*.db"))


def copy_to(database: Path, path: Path, *, gently: bool = True) -> Copy:
    """Copy a database, also one that a bot is writing to. Raises sqlite3.Error, OSError, BadCopy.

    gently: somebody else may want the disk meanwhile.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    try:
        source = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
        target = sqlite3.connect(partial)
        with closing(source), closing(target):
            target.execute("PRAGMA synchronous = OFF")  # by us, bit by bit
            target.execute("PRAGMA journal_mode = OFF")
            source.execute("BEGIN")
            source.execute("SELECT 1 FROM sqlite_master").fetchone()  # from here on one snapshot, however long it takes
            with partial.open("rb") as file:
                source.backup(target, pages=PAGES, progress=_Gently(file.fileno()) if gently else None)
                target.execute("PRAGMA journal_mode = DELETE")  # one file, which reading does not add others to
                os.fsync(file.fileno())
        checked = examine(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return Copy(path, checked.rows, checked.size, checked.at)


class _Gently:
    """Called after each bit."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._begun = perf_counter()

    def __call__(self, _: int, left: int, total: int) -> None:
        os.fdatasync(self._file)
        sleep(max((perf_counter() - self._begun) * REST, SHORTEST_REST))
        self._begun = perf_counter()


def examine(path: Path) -> Copy:
    """Read a copy from its first page to its last. Raises BadCopy: it is damaged, or not this program's."""
    try:
        revision, health = reading(path)
        if health != "ok":
            raise BadCopy(health)
        if revision not in REVISIONS:
            raise BadCopy(f"schema {revision or '—'}")
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as driver:
            tables = driver.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
            rows = sum(driver.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables.fetchall())
        stat = path.stat()
    except (sqlite3.Error, OSError) as error:
        raise BadCopy(str(error)) from error
    return Copy(path, rows, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))


def restore(copy: Path, database: Path, now: datetime) -> Path | None:
    """Put a copy in the place of the books; where those of now went, None: there were none.

    The caller holds the database's lock. Raises BadCopy, OSError, sqlite3.Error; then the books are as they were.
    """
    examine(copy)
    fresh = database.with_name(f"{database.name}.restored")
    aside = database.with_name(f"{database.stem}-before-{now:%Y%m%d-%H%M%S}{database.suffix}")
    try:
        copy_to(copy, fresh, gently=False)
        if not database.exists():
            fresh.replace(database)
            return None
        copy_to(database, aside, gently=False)  # a copy, not a rename: what the write-ahead log holds comes along
        for rest in ("-wal", "-shm"):
            database.with_name(database.name + rest).unlink(missing_ok=True)
        fresh.replace(database)
    finally:
        fresh.unlink(missing_ok=True)
    return aside
