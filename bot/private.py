"""Files that nobody but this user may read: made so, not made and then shut."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

UMASK = 0o077


def keep_to_ourselves() -> None:
    """Whatever this process and its children make from now on: the books, their copies, logs of theirs, exports."""
    os.umask(UMASK)


def write(path: Path, content: str | bytes) -> None:
    """Whole or not at all; its folder, if there is none, is as private. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content.encode() if isinstance(content, str) else content)
    partial.replace(path)


def loose(path: Path) -> bool:
    """May others of this machine read or change it?"""
    return bool(path.stat().st_mode & UMASK)


def exposed(data: Path, database: Path) -> list[Path]:
    """What of the books, their copies and secrets others of this machine can get at."""
    folders = [folder for folder in (data, data / "backup", data / "secrets") if folder.is_dir()]
    if data.is_dir() and not loose(data):
        folders = []  # nobody gets past it
    files = [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]
    if database.is_file() and not database.is_relative_to(data):
        files.append(database)
    return [path for path in files if loose(path)]


def holds(path: Path, words: Iterable[str]) -> bool:
    """Does any of these stand in the file as it is, not by reference?"""
    content = path.read_text(encoding="utf-8", errors="replace")
    return any(word in content for word in words if word)
