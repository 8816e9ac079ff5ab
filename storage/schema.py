"""Bring a database to this version's schema. An up-to-date one costs one SELECT; a new one is made at once.

Only a database that has to change meets Alembic. Nobody else changes it meanwhile: the caller holds the file's lock; on
PostgreSQL one of the processes that start together goes first.
"""

from __future__ import annotations

import sqlite3

from storage.database import MEMORY, Connection, Database
from storage.ddl import HEAD, Prepared, current, everything
from storage.errors import NotOurs
from storage.stores import Store


def prepare(database: Store, connection: object = None) -> Prepared:
    """connection: of SQLite, one that is open already. Raises TooNew, NotOurs (nothing was changed), DatabaseError."""
    if not isinstance(database, Database):
        from storage.pg_schema import prepare as prepare_on_server

        return prepare_on_server(database)
    if isinstance(connection, Connection):
        return _prepare(database, connection)
    connection = database.connect()
    try:
        return _prepare(database, connection)
    finally:
        connection.close()


def _prepare(database: Database, connection: Connection) -> Prepared:
    found = version(connection)
    if current(found):
        return Prepared(found, HEAD)
    if found is None:
        if _tables(connection):
            raise NotOurs(database.path)
        create(database, connection)
        return Prepared(None, HEAD)
    assert database.path != MEMORY
    from storage.migrations import alembic_road

    alembic_road.upgrade(alembic_road.sqlite(database.path))
    return Prepared(found, HEAD)


def version(connection: Connection) -> str | None:
    """The revision this database is at; None: it has none."""
    try:
        row = connection.command("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return None
    return str(row[0]) if row else None


def create(database: Database, connection: Connection) -> None:
    """Everything at once in an empty database: the same as all migrations one after the other (a test compares)."""
    command = connection.command
    command("BEGIN IMMEDIATE")
    try:
        for statement in everything(database.dialect):
            command(statement)
        command("COMMIT")
    except BaseException:
        if connection.in_transaction:
            command("ROLLBACK")
        raise


def _tables(connection: Connection) -> list[str]:
    return [row[0] for row in connection.command("SELECT name FROM sqlite_master WHERE type = 'table'")]
