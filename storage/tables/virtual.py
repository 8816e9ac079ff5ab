"""What SQLAlchemy cannot declare, for each database: the full-text index. In order of creation.

On SQLite it is a virtual table, whose shadow tables begin with its name. Statements say ``IF NOT EXISTS`` nowhere: a
database is made once, by ``storage.schema``.
"""

from __future__ import annotations

NAMES = ("task_search",)
VIRTUAL: dict[str, list[str]] = {
    "sqlite": [
        "CREATE VIRTUAL TABLE task_search USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')",
    ],
    "postgresql": [
        "CREATE TABLE task_search (id BIGINT NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX ix_task_search_words ON task_search USING gin (words)",
    ],
}


def is_virtual(table: str) -> bool:
    """One of these, or a shadow table of one."""
    return any(table.startswith(name) for name in NAMES)
