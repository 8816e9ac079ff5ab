"""How well a customer is doing, 0–100, told by the history of their tasks alone; what nothing is known of is grey.

Activity: weeks of the last four in which anybody did anything. Tickets: of 90 days, those that were no trouble. Visits:
the last one, full for 30 days, nothing after 90. Renewal: full 90 days before, nothing on the day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from planning.lives import BACK, COMPLAINTS, Fact

FACTORS = ("activity", "tickets", "visits", "renewal")
WEIGHTS = (30, 25, 25, 20)
"""Of ``FACTORS``, for who did not choose others; a hundred in all."""
TICKETS = ("工单", "ticket", *COMPLAINTS)
VISITS = ("回访", "visit")
"""Tags of tasks below a customer."""
WEEKS = 4
TICKET_DAYS = 90
FRESH, STALE = 30, 90
"""Days since the last visit."""
AHEAD = 90
"""Days before the renewal."""
GOOD, FAIR = 80, 60
CERTAIN = 50
"""Points of a hundred that have to be known before a customer is called well or not."""
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Factor:
    """``share``: 0–1 of ``weight``; None: nothing is known. ``count`` and ``of``: what it was reckoned from.

    activity: weeks, of so many; tickets: troubled ones, of so many; visits: days since; renewal: days ahead, None
    once it is renewed. ``refs``: ids of the tasks behind it.
    """

    name: str
    weight: int
    share: float | None
    count: int | None = None
    of: int = 0
    refs: tuple[int, ...] = ()

    @property
    def points(self) -> int:
        return round(self.weight * (self.share or 0))


@dataclass(frozen=True, slots=True)
class Health:
    """``score``: of what is known; None: nothing is, or what is weighs nothing."""

    factors: tuple[Factor, ...]

    @property
    def known(self) -> int:
        """How much of a hundred the score stands on."""
        return sum(each.weight for each in self.factors if each.share is not None)

    @property
    def score(self) -> int | None:
        known = self.known
        return (
            round(100 * sum(f.weight * f.share for f in self.factors if f.share is not None) / known) if known else None
        )

    @property
    def grey(self) -> bool:
        """Less than half of it is known."""
        return self.score is None or self.known < CERTAIN

    @property
    def worst(self) -> Factor | None:
        """What costs most."""
        known = [each for each in self.factors if each.share is not None and each.weight]
        return max(known, key=lambda each: each.weight * (1 - (each.share or 0)), default=None)


@dataclass
class _Task:
    created_at: datetime
    parent: int | None
    due: date | None
    tags: set[str]
    state: str = "todo"
    closed_at: datetime | None = None
    reopened: bool = False
    acts: list[datetime] = field(default_factory=list)


def health(
    customers: Mapping[int, int | None], facts: Iterable[Fact], now: datetime, weights: Sequence[int] = WEIGHTS
) -> dict[int, Health]:
    """customers: {the task a space hangs on: the task of its renewal}. facts: in order; now: local."""
    tasks = _told(fact for fact in facts if fact.at <= now)
    trees: dict[int, list[int]] = {root: [] for root in customers}
    for number, task in tasks.items():
        root = _root(tasks, number, customers)
        if root is not None and task.state != "undone":
            trees[root].append(number)
    found = {}
    for root, renewal in customers.items():
        if root in tasks:
            below = {number: tasks[number] for number in trees[root]}
            shares = (
                _activity(tasks[root], below, now),
                _tickets(below, now),
                _visits(below, now),
                _renewal(tasks.get(renewal) if renewal is not None else None, renewal, now),
            )
            found[root] = Health(
                tuple(
                    Factor(name, weight, *share) for name, weight, share in zip(FACTORS, weights, shares, strict=True)
                )
            )
    return found


_Reckoned = tuple[float | None, int | None, int, tuple[int, ...]]
_UNKNOWN: _Reckoned = (None, None, 0, ())


def _activity(root: _Task, below: Mapping[int, _Task], now: datetime) -> _Reckoned:
    weeks = min(WEEKS, (now - root.created_at) // timedelta(weeks=1))
    if weeks < 1:
        return _UNKNOWN
    alive = {
        (now - at) // timedelta(weeks=1) for task in below.values() for at in task.acts if at > root.created_at
    } & set(range(weeks))
    return len(alive) / weeks, len(alive), weeks, ()


def _tickets(below: Mapping[int, _Task], now: datetime) -> _Reckoned:
    since = now - timedelta(days=TICKET_DAYS)
    tickets = {
        number: task
        for number, task in below.items()
        if task.tags & set(TICKETS) and task.state != "cancelled" and (task.created_at >= since or not task.closed_at)
    }
    if not tickets:
        return _UNKNOWN
    troubled = tuple(number for number, task in tickets.items() if _troubled(task, now))
    return 1 - len(troubled) / len(tickets), len(troubled), len(tickets), troubled


def _troubled(task: _Task, now: datetime) -> bool:
    """Late, opened again, or complained about."""
    ended = (task.closed_at or now).astimezone(now.tzinfo).date()
    return task.reopened or bool(task.tags & set(COMPLAINTS)) or (task.due is not None and ended > task.due)


def _visits(below: Mapping[int, _Task], now: datetime) -> _Reckoned:
    done = [
        (task.closed_at, number)
        for number, task in below.items()
        if task.tags & set(VISITS) and task.state == "done" and task.closed_at is not None
    ]
    if not done:
        return _UNKNOWN
    last, number = max(done)
    days = (now.date() - last.astimezone(now.tzinfo).date()).days
    return min(1.0, max(0.0, (STALE - days) / (STALE - FRESH))), days, 0, (number,)


def _renewal(task: _Task | None, number: int | None, now: datetime) -> _Reckoned:
    if task is None or number is None or task.state in ("cancelled", "undone"):
        return _UNKNOWN
    if task.state == "done":
        return 1.0, None, 0, (number,)
    if task.due is None:
        return _UNKNOWN
    days = (task.due - now.date()).days
    return min(1.0, max(0.0, days / AHEAD)), days, 0, (number,)


def _told(facts: Iterable[Fact]) -> dict[int, _Task]:
    tasks: dict[int, _Task] = {}
    for fact in facts:
        if fact.field == "created":
            first = json.loads(fact.before) if fact.before else {}
            tasks[fact.task] = _Task(
                fact.at, _whole(first.get("parent", "")), _day(first.get("due", "")), set(first.get("tags", "").split())
            )
        task = tasks.get(fact.task)
        if task is not None:
            _hear(task, fact)
    return tasks


def _hear(task: _Task, fact: Fact) -> None:
    if fact.actor is not None:
        task.acts.append(fact.at)
    if fact.field == "tag":
        task.tags.add(fact.after)
    elif fact.field == "untag":
        task.tags.discard(fact.before)
    elif fact.field == "due":
        task.due = _day(fact.after)
    elif fact.field == "parent":
        task.parent = _whole(fact.after)
    elif fact.field == "state":
        task.reopened |= fact.before == "done" and not fact.note.startswith(BACK)
        task.state = fact.after
        task.closed_at = fact.at if fact.after in ("done", "cancelled", "undone") else None


def _root(tasks: Mapping[int, _Task], number: int, customers: Mapping[int, int | None]) -> int | None:
    at: int | None = number
    for _ in range(_DEEPEST):
        if at is None or at in customers:
            return at
        at = tasks[at].parent if at in tasks else None
    return None


def _day(words: str) -> date | None:
    return date.fromisoformat(words) if words else None


def _whole(words: str) -> int | None:
    return int(words) if words else None
