"""What the clock does: one function per kind of firing, found by its name in the schedule row.

A handler says what it has to say and returns when it wants to be called next; ``None`` ends the entry.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import reports
from chat.ports import Abilities
from reports.speaker import Speaker
from storage.books import Books
from storage.lazy import lazy
from storage.schedules import Due


@dataclass
class Occasion:
    """One firing. ``at``: now; ``entry.at``: when it was due; ``can``: what each platform can do."""

    books: Books
    entry: Due
    at: datetime
    can: Abilities

    @property
    def late(self) -> timedelta:
        return self.at - self.entry.at

    @lazy
    def speaker(self) -> Speaker:
        return Speaker(self.books, self.can, unasked=True)


Handler = Callable[[Occasion], datetime | None]


def tick(kind: str) -> Callable[[Handler], Handler]:
    """Mark the handler of one kind of schedule entry."""

    def mark(handler: Handler) -> Handler:
        handler.tick_kind = kind  # type: ignore[attr-defined]
        return handler

    return mark


def load() -> dict[str, Handler]:
    """Every handler in this package. Raises ValueError when two claim one kind."""
    table: dict[str, Handler] = {}
    for found in pkgutil.iter_modules(reports.__path__, "reports."):
        for value in vars(importlib.import_module(found.name)).values():
            kind = getattr(value, "tick_kind", None)
            if isinstance(kind, str) and table.setdefault(kind, value) is not value:
                raise ValueError(f"two handlers for the tick {kind!r}: {table[kind]} and {value}")
    return table
