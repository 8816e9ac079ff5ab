"""Partial indexes, said once for both databases."""

from __future__ import annotations

from sqlalchemy import Index, text


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """``partial("ix_task_open", "project_id", "owner_id", where="closed_at IS NULL")``"""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
