"""SQLite as Jindu uses it: WAL, every commit durable, one writer, short readers, one process per file."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from errno import ENOENT
from pathlib import Path
from typing import IO, Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect

from storage.errors import Again, AlreadyOpen
from storage.statement import Statement

MEMORY = ":memory:"
DIALECT: Dialect = sqlite.dialect(paramstyle="qmark")
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA cache_size = -16000",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",  # what was erased is not left lying in free pages
)


class _NewRow:
    """What RETURNING would have told of one row."""

    __slots__ = ("_row",)
    rowcount = 1

    def __init__(self, number: int | None) -> None:
        self._row = (number,)

    def fetchone(self) -> tuple[int | None]:
        return self._row

    def fetchall(self) -> list[tuple[int | None]]:
        return [self._row]

    def __iter__(self) -> Iterator[tuple[int | None]]:
        return iter([self._row])


class Connection:
    """One driver connection that speaks ``Statement``."""

    shared = False

    def __init__(self, driver: sqlite3.Connection, dialect: Dialect) -> None:
        self._driver = driver
        self._dialect = dialect
        self.remembered: dict[Any, Any] = {}
        self.settled: dict[Any, Any] = {}
        self._unsettled = False
        """Something of the settled was written in this transaction."""
        self._version = 0
        self._guarded = True
        self._begun = self._accepted = 0
        """Rows ever changed, before the thing and when it was accepted."""
        self._run = driver.cursor().execute
        """One cursor for all that is read at once: another for each statement costs a third as much again."""
        self.command = driver.execute
        """Run a bare word of the database's own: BEGIN, SAVEPOINT … never SQL with data in it."""

    def execute(self, statement: Statement, values: Mapping[str, Any]) -> sqlite3.Cursor | _NewRow:
        if statement.unsettles:
            self._unsettle()
        sql, constants, bind = statement.compiled or statement.on(self._dialect)
        cursor = self._run(sql, bind({**constants, **values} if constants else values))
        return _NewRow(cursor.lastrowid) if statement.gives_id else cursor

    do = execute

    def then(self, statement: Statement, values: Mapping[str, Any], use: Callable[[tuple[Any, ...]], None]) -> None:
        use(self.execute(statement, values).fetchone())

    def ahead(self, statement: Statement, values: Mapping[str, Any]) -> None:
        """Here no question has a way to go."""

    def hold(self, key: int) -> None:
        """The whole file is held anyway."""

    def begin(self) -> None:
        """A transaction that writes. What another process changed since the last one is seen from here on."""
        self.command("BEGIN IMMEDIATE")
        if self._unsettled:  # SQLite may have undone it by itself
            self._unsettled = False
            self.settled.clear()
        version = self._driver.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._version = version
            self.settled.clear()

    def commit(self) -> None:
        """What was not read to its end is let go: it would keep the log from being folded."""
        self._run = self._driver.cursor().execute
        self.command("COMMIT")

    def _unsettle(self) -> None:
        self._unsettled = True
        self.settled.clear()

    def undo(self, word: str = "ROLLBACK") -> None:
        """What was read meanwhile may never have been."""
        if self._unsettled:
            self.settled.clear()
        self._run = self._driver.cursor().execute
        self.command(word)

    def fold(self) -> None:
        """What is in the log comes into the file as well, as far as nobody is reading there."""
        with suppress(sqlite3.Error):  # then a later commit does it
            self._driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def thing(self, *, guarded: bool) -> None:
        """Another thing of this transaction. guarded: it can be undone without the others."""
        self._guarded = guarded
        if guarded:
            self.command("SAVEPOINT thing")
        self._begun = self._accepted = self._driver.total_changes

    def accepted(self) -> None:
        self._accepted = self._driver.total_changes

    def restart(self) -> None:
        self._back(self._accepted)

    def withdraw(self) -> None:
        """Nothing of the thing stays. Raises Again."""
        self._back(self._begun)

    def over(self) -> None:
        """So much for this thing."""
        if self._guarded:
            self.command("RELEASE thing")

    def _back(self, changes: int) -> None:
        if self._guarded:
            self.undo("ROLLBACK TO thing")
        elif self._driver.total_changes != changes:
            raise Again

    def execute_many(self, statement: Statement, values: Sequence[Mapping[str, Any]]) -> None:
        if statement.unsettles:
            self._unsettle()
        sql, constants, bind = statement.on(self._dialect)
        self._driver.executemany(sql, [bind({**constants, **each}) for each in values])

    @property
    def in_transaction(self) -> bool:
        return self._driver.in_transaction

    def close(self) -> None:
        self._driver.close()


class Database:
    """A SQLite file, held by this process alone."""

    shared = False

    def __init__(self, path: str | Path) -> None:
        """path: a file, made with its folders when absent, or ":memory:". Raises AlreadyOpen, OSError."""
        self.path = str(path)
        self.dialect = DIALECT
        self._lock: IO[str] | None = None
        if self.path != MEMORY:
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            self._lock = _hold(Path(self.path + ".lock"))

    def connect(self) -> Connection:
        """A new connection. Of ":memory:" there can be only one."""
        driver = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, cached_statements=1024)
        for pragma in _PRAGMAS:
            driver.execute(pragma)
        return Connection(driver, self.dialect)

    def close(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _hold(path: Path) -> IO[str]:
    handle = path.open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise AlreadyOpen(str(path)) from None
    return handle


def held_by_another(path: Path) -> bool:
    """Is a bot at work on this file?"""
    lock = Path(f"{path}.lock")
    if not lock.exists():
        return False
    try:
        with lock.open("r") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def reader(path: Path) -> Connection:
    """A connection that changes nothing and locks nobody out. Raises sqlite3.Error, OSError."""
    if not path.exists():
        raise FileNotFoundError(ENOENT, os.strerror(ENOENT), str(path))
    driver = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    driver.execute("PRAGMA busy_timeout = 5000")
    return Connection(driver, DIALECT)


def beside(path: Path) -> Connection:
    """A connection for one short change beside a bot at work. Raises sqlite3.Error, OSError."""
    if not path.exists():
        raise FileNotFoundError(ENOENT, os.strerror(ENOENT), str(path))
    driver = sqlite3.connect(path, isolation_level=None)
    for pragma in _PRAGMAS:
        driver.execute(pragma)
    return Connection(driver, DIALECT)


def reading(path: Path) -> tuple[str | None, str]:
    """(schema revision, health) of a file nobody is at work on; health "ok", or the first thing SQLite found wrong.

    Changes nothing. Raises sqlite3.Error: it is no database, or cannot be read.
    """
    driver = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        health = driver.execute("PRAGMA quick_check(1)").fetchone()[0]
        known = driver.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        version = driver.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
        return (version[0] if version else None), str(health)
    finally:
        driver.close()
