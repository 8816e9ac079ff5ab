"""The schema on a server, where several processes may start at the same moment."""

from __future__ import annotations

from storage.ddl import HEAD, Prepared, current, everything
from storage.errors import NotOurs
from storage.pg import PgConnection, PgDatabase

ALONE = 0x6A696E6475
"""Held while the schema is looked at and changed."""


def prepare(database: PgDatabase) -> Prepared:
    """Raises TooNew, NotOurs (nothing was changed), StatementFailed, Lost."""
    connection = database.connect()
    try:
        connection.command(f"SELECT pg_advisory_lock({ALONE})")
        found = version(connection)
        if found is None and _tables(connection):
            raise NotOurs(database.path)
        if current(found):
            return Prepared(found, HEAD)
        if found is None:
            _create(database, connection)
        else:
            from storage.migrations import alembic_road

            alembic_road.upgrade(alembic_road.server(database.conninfo))
        return Prepared(found, HEAD)
    finally:
        connection.close()


def version(connection: PgConnection) -> str | None:
    """The revision this database is at; None: it has none."""
    if connection.command("SELECT to_regclass('alembic_version')::TEXT").fetchone() == (None,):
        return None
    row = connection.command("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _create(database: PgDatabase, connection: PgConnection) -> None:
    connection.begin(set())
    try:
        for statement in everything(database.dialect):
            connection.command(statement)
        connection.commit()
    except BaseException:
        if not connection.link.lost:
            connection.rollback()
        raise


def _tables(connection: PgConnection) -> list[str]:
    sql = "SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false))"
    return [str(row[0]) for row in connection.command(sql)]
