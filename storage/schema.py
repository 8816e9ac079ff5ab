"""Bring a database to this version's schema."""

from __future__ import annotations

from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from storage import tables
from storage.database import Connection, Database


def prepare(database: Database, connection: Connection) -> None:
    """Create what is missing."""
    assert tables
    for table in SQLModel.metadata.sorted_tables:
        connection.command(str(CreateTable(table, if_not_exists=True).compile(dialect=database.dialect)))
        for index in table.indexes:
            connection.command(str(CreateIndex(index, if_not_exists=True).compile(dialect=database.dialect)))
