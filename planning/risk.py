"""Where a plan is heading: the days each task and milestone will really end, how much room is left, and why.

A task that has not begun starts on its planned day, on the working day after everything it waits for, or on the first
day that can still be worked on, whichever is latest. It takes its days; one day where nobody estimated it. Of a task
that has begun what is left counts: by its progress, else by the days it has been going, at least one day. Nothing ends
before its due date until it is done, and a milestone that is not reached is never in the past. On whole days on which
its owner is away nothing is done of a task: they lengthen it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Literal

from chat.frozen import frozen
from planning.axis import Axis
from planning.graph import FAR, Days, Graph, Link, Rests, backward, chain, forward

Level = Literal["high", "medium", "low"]
NEAR = 1
"""Working days of room that count as little."""
_NONE: AbstractSet[int] = frozenset()


@frozen
class Item:
    """A task or a milestone, as planned and as it is. ``days``: working days. ``owner``: a person's id.

    ``begun``: the day it was begun. ``done``: the day it was finished. ``today_counts``: it is due today and its hour
    has not come. ``away``: whole days on which the owner of a task is on leave.
    """

    milestone: bool = False
    start: date | None = None
    days: int | None = None
    due: date | None = None
    begun: date | None = None
    progress: int = 0
    done: date | None = None
    owner: int | None = None
    today_counts: bool = False
    away: frozenset[date] = frozenset()


@frozen
class Outlook:
    """``room``: working days each may slip before a milestone (or the last task of its chain) is late; None: nothing
    limits it. Negative: that many days too late already. ``early``: no start before, but for what it waits for."""

    graph: Graph
    axis: Axis
    days: Days
    room: list[int | None]
    limit: list[int]
    rests: Rests
    early: list[int]

    def start(self, item: int) -> date:
        return self.axis.day(self.days.start[item])

    def finish(self, item: int) -> date:
        return self.axis.day(self.days.finish[item])

    def late(self, item: int) -> int:
        """Working days beyond its own limit; 0 when it has none or keeps it."""
        return max(0, self.days.finish[item] - self.limit[item]) if self.limit[item] < FAR else 0

    def level(self, item: int) -> Level:
        room = self.room[item]
        if self.late(item):
            return "high"
        if room is None or room > NEAR:
            return "low"
        return "high" if room < 0 else "medium"

    def resting(self, item: int) -> list[date]:
        """Working days between when it could begin and its end on which its owner is away."""
        rests = self.rests.get(item, _NONE)
        ready = [self.days.finish[before] + gap for before, gap in self.graph.into[item]]
        days = range(max(self.early[item], *ready, -FAR), self.days.finish[item]) if rests else ()
        return [self.axis.day(day) for day in days if day in rests]

    def chain(self, item: int) -> list[int]:
        """What its day depends on, the first cause first."""
        return chain(self.days, item)


def outlook(
    items: Sequence[Item], links: Sequence[Link], axis: Axis, floor: date, delays: Mapping[int, int] | None = None
) -> Outlook:
    """floor: the first day that can still be worked on. delays: {item: working days it ends later than it would}.

    Raises planning.graph.Circle.
    """
    graph = Graph(len(items), links)
    now, today = axis.on_or_after(floor), axis.on_or_before(floor)
    rests = _rests(items, axis)
    spans = [_span(item, axis, now, today, rests.get(number, _NONE)) for number, item in enumerate(items)]
    early, length, least = [span[0] for span in spans], [span[1] for span in spans], [span[2] for span in spans]
    fixed = [span[3] for span in spans]
    found = forward(graph, early, length, least, fixed, rests)
    if delays:
        for number, more in delays.items():
            least[number] = _at_work(found.finish[number] + more, rests.get(number, _NONE))
            fixed[number] = None
        found = forward(graph, early, length, least, fixed, rests)
    limit = _limits(items, graph, axis)
    latest = backward(graph, length, limit, rests)
    room = [
        None
        if fixed[number] is not None or last >= FAR
        else _room(last, _needed(number, items, graph, found), rests.get(number, _NONE))
        for number, last in enumerate(latest)
    ]
    return Outlook(graph, axis, found, room, limit, rests, early)


def _rests(items: Sequence[Item], axis: Axis) -> dict[int, AbstractSet[int]]:
    """Where anybody is away. People's days are counted once, though they own many tasks."""
    known: dict[int, frozenset[int]] = {}
    found: dict[int, AbstractSet[int]] = {}
    for number, item in enumerate(items):
        if item.away and not item.milestone and item.done is None:
            key = id(item.away)
            if key not in known:
                known[key] = frozenset(day for each in item.away if (day := axis.number(each)) is not None)
            found[number] = known[key]
    return found


def _at_work(day: int, rests: AbstractSet[int]) -> int:
    while day in rests:
        day += 1
    return day


def _room(last: int, finish: int, rests: AbstractSet[int]) -> int:
    """Nothing is finished on a day its owner is away, so a last day like that gives none."""
    while last > finish and last in rests:
        last -= 1
    return last - finish


def _needed(number: int, items: Sequence[Item], graph: Graph, found: Days) -> int:
    """The day it could end at the earliest: a milestone waits for its date, though its tasks may be done before."""
    if not items[number].milestone or not graph.into[number]:
        return found.finish[number]
    return max(found.finish[before] + gap for before, gap in graph.into[number])


def _span(item: Item, axis: Axis, now: int, today: int, rests: AbstractSet[int]) -> tuple[int, int, int, int | None]:
    """(earliest start, working days, earliest finish, day it was finished)."""
    if item.done is not None:
        done = axis.on_or_before(item.done)
        return done, 1, done, done
    due = axis.on_or_before(item.due) if item.due is not None else None
    first = min(now, due) if item.today_counts and due is not None else now
    if item.milestone:
        day = first if due is None else max(first, due)
        return day, 1, day, None
    if item.begun is not None or item.progress:
        return first, _left(item, axis, today, rests), -FAR if due is None else due, None
    days = item.days or 1
    least = -FAR if due is None else due
    if item.start is not None:
        return max(first, axis.on_or_after(item.start)), days, least, None
    return first if due is None else max(first, due - days + 1), days, least, None


def _left(item: Item, axis: Axis, today: int, rests: AbstractSet[int]) -> int:
    """Working days of a task that has begun."""
    if item.days is None:
        return 1
    if item.progress:
        return max(1, -(-item.days * (100 - item.progress) // 100))
    gone = 0
    if item.begun:
        begun = axis.on_or_after(item.begun)
        gone = today - begun - sum(begun <= day < today for day in rests)
    return max(1, item.days - max(0, gone))


def _limits(items: Sequence[Item], graph: Graph, axis: Axis) -> list[int]:
    """A milestone's date; the due date of a task that others lead to and that leads nowhere."""
    limit = [FAR] * len(items)
    for number, item in enumerate(items):
        if item.due is None or item.done is not None:
            continue
        if item.milestone or (graph.into[number] and not graph.out_of[number]):
            limit[number] = axis.on_or_before(item.due)
    return limit


def with_people(items: Sequence[Item], links: Sequence[Link], found: Outlook) -> list[Link]:
    """The links and, besides, who works on one thing after the other: the critical chain.

    Only estimated tasks of one owner that overlap are put in a row, in the order they would start.
    """
    place = {node: number for number, node in enumerate(found.graph.order)}
    mine: dict[int, list[int]] = {}
    for number, item in enumerate(items):
        if item.owner is not None and item.days and item.done is None and not item.milestone:
            mine.setdefault(item.owner, []).append(number)
    more = list(links)
    for tasks in mine.values():
        tasks.sort(key=lambda task: (found.days.start[task], place[task]))
        busy = -FAR
        last = -1
        for task in tasks:
            if last >= 0 and found.days.start[task] <= busy:
                more.append((last, task, 1))
            if found.days.finish[task] > busy:
                busy, last = found.days.finish[task], task
    return more
