"""Partial indexes, said once for both databases."""

from __future__ import annotations

from sqlalchemy import Index, MetaData, text


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """``partial("ix_task_open", "project_id", "owner_id", where="closed_at IS NULL")``"""
    return Index(name, *columns, unique=unique, sqlite_where=text(where))


def one_of(column: str, *values: str) -> str:
    """For ``where``, and word for word for those who want the index. IN would make SQLite build a table of the values
    for every row that is written.
    """
    return "(" + " OR ".join(f"{column} = '{value}'" for value in values) + ")"


def on_postgresql(metadata: MetaData) -> None:
    """Partial there too. ``postgresql_where=`` loads that whole dialect, so it is only said to who has loaded it."""
    for table in metadata.tables.values():
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            if where is not None:
                index.dialect_kwargs["postgresql_where"] = where
