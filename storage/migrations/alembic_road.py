"""Alembic on one database: each migration is one transaction, whole or not at all.

Importing this costs a quarter of a second; only a database that must change pays it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage import views
from storage.migrations import FOLDER


def sqlite(path: str) -> Engine:
    """A file."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", _begin)
    return engine


def server(conninfo: str) -> Engine:
    """A PostgreSQL database."""
    import psycopg

    return create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(conninfo), poolclass=NullPool)


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database to a revision. Raises the driver's error; the failed step is undone."""
    try:
        with _connection(engine) as connection:
            _without_views(connection)
            command.upgrade(_config(connection), to)
            if to == "head":
                for statement in views.creating(engine.dialect.name):
                    connection.exec_driver_sql(statement)
    except DBAPIError as error:
        raise (error.orig or error) from error


def downgrade(engine: Engine, to: str) -> None:
    """Back to an older revision; "base": nothing left."""
    with _connection(engine) as connection:
        _without_views(connection)
        command.downgrade(_config(connection), to)


def _without_views(connection: Connection) -> None:
    """Tables cannot change under them; only the newest schema has them."""
    for statement in views.dropping():
        connection.exec_driver_sql(statement)
    connection.commit()


def differences(engine: Engine) -> list[Any]:
    """What Alembic would still have to change; empty when the database has the declared schema."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    from storage.tables import partial
    from storage.tables.virtual import is_virtual

    def ours(name: str | None, kind: str, _: Any) -> bool:
        return kind != "table" or not is_virtual(name or "")

    partial.on_postgresql(SQLModel.metadata)
    with _connection(engine) as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        return list(compare_metadata(context, SQLModel.metadata))


def write(engine: Engine, revision: str, message: str, parent: str) -> str:
    """A new migration file from the differences between the database and the declared tables; its path."""
    from alembic.autogenerate import renderers
    from alembic.operations.ops import ExecuteSQLOp, MigrateOperation

    from storage.tables.virtual import NAMES, VIRTUAL

    class ByHand(MigrateOperation):
        """What each database has of its own."""

    @renderers.dispatch_for(ByHand)
    def lines(_: Any, __: Any) -> list[str]:
        names = f"by_hand = {VIRTUAL!r}"
        return [names, "for statement in by_hand[op.get_bind().dialect.name]:", "    op.execute(statement)"]

    def by_hand(_: Any, __: Any, directives: Any) -> None:
        if parent == "base":
            directives[0].upgrade_ops.ops.append(ByHand())
            drops: list[MigrateOperation] = [ExecuteSQLOp(f"DROP TABLE {name}") for name in NAMES]
            directives[0].downgrade_ops.ops[:0] = drops

    with _connection(engine) as connection:
        script = command.revision(
            _config(connection), message, autogenerate=True, rev_id=revision, head=parent,
            process_revision_directives=by_hand,
        )  # fmt: skip
    assert script is not None
    assert not isinstance(script, list)
    return str(script.path)


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection
        connection.commit()


def _leave_transactions_to_us(driver: Any, _: Any) -> None:
    driver.isolation_level = None


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
