"""What the children on other frameworks share: the wire to the harness and the durable work. Standard library only.

In: ``{"k": key, "c": chat, "p": person, "t": text}``. Out: ``{"a": key}`` once the framework says that the message was
taken, and ``{"r": key, "t": text}``, the reply.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any


class Books:
    """Tasks on the disk: each is synced before ``add`` returns, as cheaply as that goes."""

    def __init__(self, folder: str) -> None:
        self._driver = sqlite3.connect(Path(folder) / "tasks.db", check_same_thread=False, isolation_level=None)
        self._driver.execute("PRAGMA journal_mode = WAL")
        self._driver.execute("PRAGMA synchronous = FULL")
        self._driver.execute("CREATE TABLE IF NOT EXISTS task (id INTEGER PRIMARY KEY, chat TEXT, title TEXT)")

    def add(self, chat: str, title: str) -> str:
        """The words that the person is told."""
        done = self._driver.execute("INSERT INTO task (chat, title) VALUES (?, ?)", (chat, title))
        return f"✅ T{done.lastrowid} {title}｜负责人 待指派｜截止 未定"


def frame(**fields: Any) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"
