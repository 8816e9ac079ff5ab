"""Bring a database to this version's schema. An up-to-date one costs one SELECT; a new one is made at once.

Only a database that has to change meets Alembic. The caller holds the file's lock, so nobody else changes it meanwhile.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from storage import tables
from storage.database import MEMORY, Connection, Database
from storage.errors import NotOurs, TooNew
from storage.migrations import REVISIONS
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


def prepare(database: Database, connection: Connection) -> Prepared:
    """Raises TooNew, NotOurs (nothing was changed), sqlite3.Error."""
    found = version(connection)
    if found == HEAD:
        return Prepared(found, HEAD)
    if found is None:
        if _tables(connection):
            raise NotOurs(database.path)
        create(database, connection)
        return Prepared(None, HEAD)
    if found not in REVISIONS:
        raise TooNew(found)
    assert database.path != MEMORY
    from storage.migrations import alembic_road

    alembic_road.upgrade(database.path)
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
        for statement in declared(database.dialect):
            command(statement)
        command(_VERSION_TABLE)
        command(f"INSERT INTO alembic_version VALUES ('{HEAD}')")
        command("COMMIT")
    except BaseException:
        if connection.in_transaction:
            command("ROLLBACK")
        raise


def declared(dialect: Dialect) -> list[str]:
    """The statements that make every table and index."""
    assert tables
    statements = []
    for table in SQLModel.metadata.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
    return statements + list(VIRTUAL.values())


def fingerprint() -> str:
    """Of this version's tables: changes whenever one of them does."""
    return sha256("\n".join(declared(sqlite.dialect())).encode()).hexdigest()


def _tables(connection: Connection) -> list[str]:
    return [row[0] for row in connection.command("SELECT name FROM sqlite_master WHERE type = 'table'")]
