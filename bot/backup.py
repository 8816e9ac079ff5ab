"""A copy of the books every day, the last seven kept. Copying disturbs nobody: it reads one snapshot."""

from __future__ import annotations

import logging
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

log = logging.getLogger("jindu.backup")
KEPT = 7
EVERY = timedelta(days=1)


class Backups:
    """Copies of one database file. Each method touches the disk: call it from a thread."""

    def __init__(self, database: Path, folder: Path) -> None:
        self._database = database
        self._folder = folder

    def newest(self) -> datetime | None:
        """When the last copy was made; None: never."""
        files = self._files()
        return datetime.fromtimestamp(files[-1].stat().st_mtime, UTC) if files else None

    def make(self, now: datetime) -> Path:
        """Copy, then drop the oldest beyond those kept. Raises sqlite3.Error, OSError; a half copy never remains."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"jindu-{now:%Y%m%d-%H%M%S}.db"
        partial = path.with_suffix(".part")
        try:
            source = sqlite3.connect(f"{self._database.absolute().as_uri()}?mode=ro", uri=True)
            copy = sqlite3.connect(partial)
            try:
                source.backup(copy)
            finally:
                copy.close()
                source.close()
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        for old in self._files()[:-KEPT]:
            old.unlink(missing_ok=True)
        log.info("backed up", extra={"action": "backup", "file": path.name})
        return path

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("jindu-*.db"))
