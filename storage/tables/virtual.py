"""What SQLAlchemy cannot declare: SQLite's virtual tables (full-text search) and triggers, in order of creation.

``{name: statement}``; the name is the table's, and its shadow tables begin with it. Statements say ``IF NOT EXISTS``
nowhere: a database is made once, by ``storage.schema``.
"""

from __future__ import annotations

VIRTUAL: dict[str, str] = {
    "task_search": (
        "CREATE VIRTUAL TABLE task_search USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')"
    ),
}


def is_virtual(table: str) -> bool:
    """One of these, or a shadow table of one."""
    return any(table.startswith(name) for name in VIRTUAL)
