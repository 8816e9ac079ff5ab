"""Bring a database to this version's schema. An up-to-date one costs one SELECT; a new one is made at once.

Only a database that has to change meets Alembic. Nobody else changes it meanwhile: the caller holds the file's lock; on
PostgreSQL one of the processes that start together goes first.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from storage import tables, views
from storage.database import DIALECT, MEMORY, Connection, Database
from storage.errors import NotOurs, TooNew
from storage.migrations import REVISIONS
from storage.stores import Store
from storage.tables import partial
from storage.tables.virtual import VIRTUAL

HEAD = REVISIONS[-1]
_VERSION_TABLE = (
    "CREATE TABLE alembic_version (\n\tversion_num VARCHAR(32) NOT NULL, \n\t"
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n)"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What ``prepare`` found and what is there now. ``before`` None: the database was new."""

    before: str | None
    after: str


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


def current(found: str | None) -> bool:
    """Is a database of that revision up to date? Raises TooNew."""
    if found is not None and found not in REVISIONS:
        raise TooNew(found)
    return found == HEAD


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


def everything(dialect: Dialect) -> list[str]:
    """The statements that make a new database."""
    version = [_VERSION_TABLE, f"INSERT INTO alembic_version VALUES ('{HEAD}')"]
    return [*declared(dialect), *views.creating(dialect.name), *version]


@cache
def declared(dialect: Dialect) -> tuple[str, ...]:
    """The statements that make every table and index."""
    assert tables
    if dialect.name == "postgresql":
        partial.on_postgresql(SQLModel.metadata)
    statements = []
    for table in SQLModel.metadata.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
    return (*statements, *VIRTUAL[dialect.name])


def fingerprint() -> str:
    """Of this version's tables: changes whenever one of them does."""
    return sha256("\n".join(declared(DIALECT)).encode()).hexdigest()


def _tables(connection: Connection) -> list[str]:
    return [row[0] for row in connection.command("SELECT name FROM sqlite_master WHERE type = 'table'")]
