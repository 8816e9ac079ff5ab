"""The schema itself: the statements that make every table, index and view, and which revision they are."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from chat.frozen import frozen
from storage import tables, views
from storage.database import DIALECT
from storage.errors import TooNew
from storage.migrations import REVISIONS
from storage.tables import partial
from storage.tables.virtual import VIRTUAL

HEAD = REVISIONS[-1]
_VERSION_TABLE = (
    "CREATE TABLE alembic_version (\n\tversion_num VARCHAR(32) NOT NULL, \n\t"
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n)"
)


@frozen
class Prepared:
    """What ``prepare`` found and what is there now. ``before`` None: the database was new."""

    before: str | None
    after: str


def current(found: str | None) -> bool:
    """Is a database of that revision up to date? Raises TooNew."""
    if found is not None and found not in REVISIONS:
        raise TooNew(found)
    return found == HEAD


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
