"""Texts are compared by their code points on both databases, whatever the server was set up with."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn
from sqlalchemy.sql.compiler import DDLCompiler
from sqlmodel.sql.sqltypes import AutoString


@compiles(CreateColumn, "postgresql")
def _column(element: CreateColumn, compiler: DDLCompiler, **words: object) -> str:
    text = str(compiler.visit_create_column(element, **words))  # type: ignore[no-untyped-call]
    kind = element.element.type
    ours = isinstance(kind, (String, AutoString)) and kind.length is None  # Alembic's own table is not ours
    return text.replace("VARCHAR", 'VARCHAR COLLATE "C"', 1) if ours else text
