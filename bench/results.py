"""What a bench found, as a file of its own in docs/figures; ``bench.reliability`` makes the page of them.

A file holds the table, the machine and the command. Nobody writes one by hand, and a run replaces the one before it.
"""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "figures"
Cell = str | int | float


@dataclass(frozen=True)
class Result:
    """``rows`` have as many cells as ``columns``. ``command``: what was run. ``notes``: whatever limits the figures."""

    name: str
    command: str
    columns: list[str]
    rows: list[list[Cell]]
    notes: list[str] = field(default_factory=list)
    machine: str = ""
    at: str = ""


def machine() -> str:
    """What it runs on, and how busy that is with other work."""
    model = re.search(r"model name\s*:\s*(.+)", _read("/proc/cpuinfo"))
    memory = re.search(r"MemTotal:\s+(\d+) kB", _read("/proc/meminfo"))
    parts = [
        f"{os.cpu_count()} × {model.group(1) if model else platform.machine()}",
        f"{int(memory.group(1)) / 1024**2:.0f} GB" if memory else "",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        f"load {os.getloadavg()[0]:.1f}",
    ]
    return ", ".join(part for part in parts if part)


def record(result: Result) -> None:
    """Print it and keep it."""
    whole = {**asdict(result), "machine": machine(), "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"}
    FOLDER.mkdir(parents=True, exist_ok=True)
    content = orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    (FOLDER / f"{result.name}.json").write_bytes(content)
    table: list[Sequence[Cell]] = [result.columns, *result.rows]
    for row in table:
        print(" | ".join(str(cell) for cell in row), flush=True)


def kept(name: str) -> Result | None:
    """What the last run of that bench found; None: it was never run."""
    path = FOLDER / f"{name}.json"
    return Result(**orjson.loads(path.read_bytes())) if path.exists() else None


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""
