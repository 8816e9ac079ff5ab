"""What the clock does: one function per kind of firing, found by its name in the schedule row.

A handler says what it has to say and returns when it wants to be called next; ``None`` ends the entry.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import reports
from chat.ports import Abilities
from reports.speaker import Speaker
from storage.books import Books
from storage.lazy import lazy
from storage.schedules import Due

PART = 100
"""People or tasks in one part: five to ten milliseconds."""
TURN = timedelta(milliseconds=1)
"""Between two parts, for everybody else: each is a firing of its own."""


@dataclass
class Occasion:
    """One firing. ``at``: now; ``entry.at``: when it was due; ``can``: what each platform can do."""

    books: Books
    entry: Due
    at: datetime
    can: Abilities
    left: Mapping[str, Any] = field(default_factory=dict)
    """What the entry's subject gets besides."""

    @property
    def late(self) -> timedelta:
        return self.at - self.entry.at

    def go_on(self, **left: Any) -> datetime:
        """The moment at which the same handler does the next part; to be returned by it.

        What is proportional to the people of a project is done a part in one transaction, so that others need not wait
        for all of it. ``left`` tells the next part where to begin; it is stored with what was done, and a crash between
        two parts neither repeats nor leaves out anything.
        """
        self.left = left
        return self.entry.at + TURN

    @lazy
    def speaker(self) -> Speaker:
        return Speaker(self.books, self.can, unasked=True, rule=_RULES.get(self.entry.kind))


Handler = Callable[[Occasion], datetime | None]
_RULES: dict[str, str | None] = {}


def tick(kind: str, rule: str | None) -> Callable[[Handler], Handler]:
    """Mark the handler of one kind of schedule entry.

    rule: of ``reports.rules``, by whose name people turn off what it says; every message of it ends with that. None:
    it answers somebody, or somebody has to decide something, or it says nothing at all.
    """

    def mark(handler: Handler) -> Handler:
        handler.tick_kind = kind  # type: ignore[attr-defined]
        _RULES[kind] = rule
        return handler

    return mark


@cache
def load() -> dict[str, Handler]:
    """Every handler in this package. Raises ValueError when two claim one kind."""
    table: dict[str, Handler] = {}
    for found in pkgutil.iter_modules(reports.__path__, "reports."):
        for value in vars(importlib.import_module(found.name)).values():
            kind = getattr(value, "tick_kind", None)
            if isinstance(kind, str) and table.setdefault(kind, value) is not value:
                raise ValueError(f"two handlers for the tick {kind!r}: {table[kind]} and {value}")
    return table


def without_a_rule() -> set[str]:
    """Kinds of which nobody can turn off what they say."""
    return {kind for kind in load() if _RULES[kind] is None}
