"""How Alembic meets our tables. Run by ``storage.migrations.alembic_road`` with an open connection."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlmodel import SQLModel

from storage import tables
from storage.tables import partial
from storage.tables.virtual import is_virtual


def ours(name: str | None, kind: str, _: Any) -> bool:
    """Virtual tables and their shadows are written by hand, not compared."""
    return kind != "table" or not is_virtual(name or "")


assert tables
partial.on_postgresql(SQLModel.metadata)
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    include_name=ours,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
