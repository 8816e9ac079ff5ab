"""Quality debt: what was to be checked and was not, because somebody was in a hurry. Told by history alone.

An item is a debt from the moment its task was done without it, or it was skipped, until it is ticked or dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chat.frozen import frozen
from planning.lives import Fact

FIELDS = ("check", "uncheck", "tick", "untick", "skip", "unskip")
"""Of rows of history: an item came or went, was ticked, was left out. ``after``, else ``before``: ``2 words``."""


@frozen
class Debt:
    """``id`` and ``task``: of the task, and its number; ``number``: the item's.

    ``why``: said on skipping, "" where the task was simply done.
    """

    id: int
    task: int
    number: int
    words: str
    owner: int | None
    since: datetime
    why: str = ""

    @property
    def ref(self) -> str:
        return f"T{self.task}"


@dataclass
class _Item:
    words: str
    done: bool = False
    skipped: datetime | None = None
    why: str = ""


@dataclass
class _Task:
    """``done_at``: when it was done, while it is."""

    state: str = "todo"
    owner: int | None = None
    done_at: datetime | None = None


def debts(facts: Iterable[Fact], numbers: Mapping[int, int], until: datetime | None = None) -> list[Debt]:
    """facts: in the order they happened; numbers: {task: its number}. The oldest debt first."""
    tasks: dict[int, _Task] = {}
    items: dict[int, dict[int, _Item]] = {}
    for fact in facts:
        if until is not None and fact.at > until:
            continue
        if fact.field in FIELDS:
            _checked(items.setdefault(fact.task, {}), fact)
        else:
            _happened(tasks.setdefault(fact.task, _Task()), fact)
    found = []
    for task, known in items.items():
        told = tasks.get(task)
        if told is None or told.state in ("cancelled", "undone") or task not in numbers:
            continue
        for number, item in known.items():
            since = item.skipped or told.done_at
            if not item.done and since is not None:
                found.append(Debt(task, numbers[task], number, item.words, told.owner, since, item.why))
    return sorted(found, key=lambda debt: (debt.since, debt.task, debt.number))


def _checked(items: dict[int, _Item], fact: Fact) -> None:
    number, _, words = (fact.after or fact.before).partition(" ")
    if fact.field == "check":
        items[int(number)] = _Item(words)
        return
    item = items.get(int(number))
    if item is None:
        return
    if fact.field == "uncheck":
        del items[int(number)]
    elif fact.field in ("tick", "untick"):
        item.done = fact.field == "tick"
    else:
        on = fact.field == "skip"
        item.skipped, item.why = (fact.at, words) if on else (None, "")


def _happened(task: _Task, fact: Fact) -> None:
    if fact.field == "created":
        task.owner = _first_owner(fact.before)
    elif fact.field == "owner":
        task.owner = int(fact.after) if fact.after else None
    elif fact.field == "state":
        task.state = fact.after
        task.done_at = fact.at if fact.after == "done" else None


def _first_owner(first: str) -> int | None:
    owner = json.loads(first).get("owner") if first else None
    return int(owner) if owner else None
