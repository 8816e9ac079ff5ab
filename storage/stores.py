"""Which database it is: decided once, from its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from storage.database import Database, beside, reader
from storage.transaction import Tx
from storage.work import Writer
from storage.writer import SqliteWriter

if TYPE_CHECKING:
    from storage.pg import PgDatabase

Store: TypeAlias = "Database | PgDatabase"
SERVER = "postgresql"


def open_store(address: str | Path) -> Store:
    """address: a SQLite file, or ``postgresql+psycopg://…``. Raises AlreadyOpen, OSError."""
    if not str(address).startswith(SERVER):
        return Database(address)
    from storage.pg import PgDatabase  # the driver is only loaded by those who use it

    return PgDatabase(str(address))


def writer_for(database: Store, on_commit: Callable[[Tx], None] | None = None) -> Writer:
    """on_commit: called on the loop, in commit order, once per committed thing, before its future resolves."""
    if isinstance(database, Database):
        return SqliteWriter(database, on_commit)
    from storage.pg_writer import PgWriter

    return PgWriter(database, on_commit)


@contextmanager
def changing(address: str | Path) -> Iterator[Tx]:
    """One short transaction, also beside a bot at work, which finds what was changed when it looks next.

    Raises OSError, sqlite3.Error, Lost.
    """
    if not str(address).startswith(SERVER):
        connection = beside(Path(address))
        try:
            connection.command("BEGIN IMMEDIATE")
            yield Tx(connection)
            connection.command("COMMIT")
        finally:
            connection.close()
        return
    store = open_store(address)
    server = store.connect()
    try:
        server.command("BEGIN")
        yield Tx(server)
        server.command("COMMIT")
    finally:
        server.close()
        store.close()


@contextmanager
def looking(address: str | Path) -> Iterator[Tx]:
    """The books as they are at this moment, to read alone, also beside a bot at work. Nothing can be changed.

    Raises OSError, sqlite3.Error, Lost: they are not there or cannot be read.
    """
    if not str(address).startswith(SERVER):
        connection = reader(Path(address))
        try:
            connection.command("BEGIN")
            yield Tx(connection)
        finally:
            connection.close()
        return
    store = open_store(address)
    server = store.connect()
    try:
        server.command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Tx(server)
    finally:
        server.close()
        store.close()
