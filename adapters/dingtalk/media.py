"""Files of ours that are uploaded."""

from __future__ import annotations

from pathlib import Path

from adapters.dingtalk.cards import Media

LARGEST = 20 << 20


def load(folder: Path, part: Media) -> tuple[bytes, int] | None:
    """(content, time of change in ns); None: not there, empty, too large, or outside ``folder``."""
    if not part.path:
        return (part.content, 0) if 0 < len(part.content) <= LARGEST else None
    file = (folder / part.path).resolve()
    try:
        if not file.is_relative_to(folder.resolve()) or not 0 < file.stat().st_size <= LARGEST:
            return None
        return file.read_bytes(), file.stat().st_mtime_ns
    except OSError:
        return None
