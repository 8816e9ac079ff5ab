"""``make migration``: write the migration for what changed in ``storage/tables``.

``make migration m="what changed"`` adds the next file. Before the first release there is one file, and plain
``make migration`` writes it anew.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from storage.migrations import FOLDER, REVISIONS


def main(message: str) -> str:
    """Returns the path of the file written."""
    from storage.migrations import alembic_road

    if not message and len(REVISIONS) > 1:
        raise SystemExit('say what changed: make migration m="…"')
    if not message:
        for old in (FOLDER / "versions").glob("0001_*.py"):
            old.unlink()
    known = REVISIONS if message else ()
    with tempfile.TemporaryDirectory() as folder:
        engine = alembic_road.sqlite(str(Path(folder) / "empty.db"))
        if known:
            alembic_road.upgrade(engine)
        return alembic_road.write(
            engine, f"{len(known) + 1:04d}", message or "Initial schema.", known[-1] if known else "base"
        )


if __name__ == "__main__":
    written = main(" ".join(sys.argv[1:]).strip())
    for words in (["format"], ["check", "--fix"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *words, "--quiet", written], check=True)
    sys.stdout.write(f"{written}\n")
