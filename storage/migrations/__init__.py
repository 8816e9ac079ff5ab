"""The history of the schema, for SQLite and PostgreSQL alike: one Alembic file per change, applied in order.

``REVISIONS`` is read from the file names, so that a start on an up-to-date database never imports Alembic.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
REVISIONS = tuple(sorted(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py")))
"""Oldest first."""
