"""A task's life, told by its history alone: every state it was in, what was planned first, what came in between.

``replayed`` turns rows of history into the columns they left behind; ``lives`` into what figures are made of. The same
``Work`` can be read from the columns directly, which is faster; tests hold the two together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chat.frozen import frozen
from planning.working_time import Clock

BACK = "undo:"
"""Begins the note of a change that takes another one back."""
GRACE = timedelta(hours=24)
"""A due that is changed so soon after the task was made was corrected, not postponed."""
CLOSED = ("done", "cancelled", "undone")
COMPLAINTS = ("客诉", "投诉", "complaint")
"""Tags of tasks that somebody complained about."""
_EXTERNAL = ("外部", "客户", "供应商", "第三方", "external", "customer", "supplier", "vendor")
"""Said as the reason of a blocked task, they stop its clock."""
_QUIET = frozenset({
    "created", "comment", "uncomment", "tag", "untag", "depends", "undepends", "check", "uncheck", "tick", "untick",
    "skip", "unskip",
})  # fmt: skip


def is_external(why: str) -> bool:
    """Does a reason lie outside the team?"""
    return any(word in why.lower() for word in _EXTERNAL)


class Fact(NamedTuple):
    """One row of history. Of ``field`` created, ``before`` is the first values as JSON: {column: its words}, tags."""

    task: int
    at: datetime
    field: str
    before: str
    after: str
    note: str = ""
    actor: int | None = None


@frozen
class Work:
    """A task as figures see it. ``start``: planned, else the day it was made; ``planned``: the due first settled on.

    ``days``: how long it was said to take, in working days. ``closed``: the local day; ``minute``: of ``due``.
    """

    number: int
    title: str
    owner: int | None
    state: str
    start: date
    due: date | None
    minute: int | None
    planned: date | None
    days: int | None
    closed: date | None
    priority: str = ""
    progress: int = 0
    stage: str = ""

    @property
    def ref(self) -> str:
        return f"T{self.number}"

    @property
    def open(self) -> bool:
        return self.state not in CLOSED


class Span(NamedTuple):
    """A state a task was in. ``until`` None: still. ``external``: it waited for somebody outside."""

    state: str
    since: datetime
    until: datetime | None
    external: bool = False


@frozen
class Life:
    """``touched_at``: the first thing its owner did with it. ``moved``: how often its due was put off.

    ``reopened_at``: whenever it was closed as done and opened again. ``complained_at``: when the tag that says so was
    put on it. ``spans``: the states it was in, in order.
    """

    task: int
    work: Work
    created_at: datetime
    started_at: datetime | None
    closed_at: datetime | None
    touched_at: datetime | None
    moved: int = 0
    reopened_at: tuple[datetime, ...] = ()
    complained_at: datetime | None = None
    spans: tuple[Span, ...] = ()


class Moved(NamedTuple):
    """A change of a due: dates as words, "" for none. ``back``: it took another change back."""

    at: datetime
    before: str
    after: str
    back: bool = False


def first_plan(created_at: datetime, due: str, moves: Sequence[Moved]) -> tuple[str, int]:
    """(the due that was settled on first, how often it was put off). due: as it is now; moves: all, in order."""
    planned, settled, count = moves[0].before if moves else due, False, 0
    for move in moves:
        if not settled and (not planned or move.at - created_at <= GRACE):
            planned = move.after
            continue
        settled = True
        count += bool(move.before and move.after > move.before and not move.back)
    return planned, count


def replayed(facts: Iterable[Fact], until: datetime | None = None) -> dict[int, dict[str, str]]:
    """{task: {column: its words, "" for none}} as left behind by everything up to ``until``."""
    found: dict[int, dict[str, str]] = {}
    for fact in facts:
        if until is not None and fact.at > until:
            continue
        if fact.field == "created":
            found[fact.task] = _first(fact)
            found[fact.task].pop("tags", None)
        elif fact.field not in _QUIET:
            found.setdefault(fact.task, {})[fact.field] = fact.after
    return found


def _first(fact: Fact) -> dict[str, str]:
    """The columns of a new task."""
    words = {"state": "todo", "progress": "0", "weight": "1", "title": fact.after}
    return words | json.loads(fact.before) if fact.before else words


@dataclass
class _Told:
    """A life while it is being told."""

    created_at: datetime
    words: dict[str, str]
    dues: list[Moved] = field(default_factory=list)
    touched_at: datetime | None = None
    reopened_at: list[datetime] = field(default_factory=list)
    tags: dict[str, datetime] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)

    def hear(self, fact: Fact) -> None:
        if self.touched_at is None and fact.actor is not None and str(fact.actor) == self.words.get("owner"):
            self.touched_at = fact.at
        if fact.field == "tag":
            self.tags.setdefault(fact.after, fact.at)
        elif fact.field == "untag":
            self.tags.pop(fact.before, None)
        elif fact.field == "due":
            self.dues.append(Moved(fact.at, fact.before, fact.after, fact.note.startswith(BACK)))
        elif fact.field == "state":
            self._state(fact)
        if fact.field not in _QUIET:
            self.words[fact.field] = fact.after

    def _state(self, fact: Fact) -> None:
        back = fact.note.startswith(BACK)
        if fact.before == "done" and fact.after not in CLOSED and not back:
            self.reopened_at.append(fact.at)
        elif back and fact.after == "done" and fact.before not in CLOSED and self.reopened_at:
            self.reopened_at.pop()  # that it was opened again is taken back
        state, since, _, outside = self.spans[-1]
        self.spans[-1] = Span(state, since, fact.at, outside)
        self.spans.append(Span(fact.after, fact.at, None, fact.after == "blocked" and is_external(fact.note)))


def lives(facts: Iterable[Fact], numbers: Mapping[int, int], clock: Clock, until: datetime | None = None) -> list[Life]:
    """Facts in the order they happened; numbers: {task: its number}, which never changes. By number."""
    told: dict[int, _Told] = {}
    for fact in facts:
        if until is not None and fact.at > until:
            continue
        if fact.field == "created":
            words = _first(fact)
            new = told[fact.task] = _Told(fact.at, words, tags=dict.fromkeys(words.get("tags", "").split(), fact.at))
            new.spans.append(Span("todo", fact.at, None))
        elif fact.task in told:
            told[fact.task].hear(fact)
    found = [_life(task, numbers[task], each, clock) for task, each in told.items() if task in numbers]
    return sorted((life for life in found if life.work.state != "undone"), key=lambda life: life.work.number)


def _life(task: int, number: int, told: _Told, clock: Clock) -> Life:
    words = told.words
    planned, moved = first_plan(told.created_at, words.get("due", ""), told.dues)
    closed_at = _moment(words.get("closed_at", ""))
    work = Work(
        number, words.get("title", ""), _whole(words.get("owner", "")), words.get("state", "todo"),
        _day(words.get("start", "")) or clock.day(told.created_at), _day(words.get("due", "")),
        _whole(words.get("due_minute", "")), _day(planned), _whole(words.get("days", "")),
        clock.day(closed_at) if closed_at else None, words.get("priority", ""), int(words.get("progress", "0") or 0),
        words.get("stage", ""),
    )  # fmt: skip
    return Life(
        task, work, told.created_at, _moment(words.get("started_at", "")), closed_at, told.touched_at, moved,
        tuple(told.reopened_at), min((at for tag, at in told.tags.items() if tag in COMPLAINTS), default=None),
        tuple(told.spans),
    )  # fmt: skip


def _day(words: str) -> date | None:
    return date.fromisoformat(words) if words else None


def _whole(words: str) -> int | None:
    return int(words) if words else None


def _moment(words: str) -> datetime | None:
    return datetime.fromisoformat(words) if words else None
