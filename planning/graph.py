"""Who waits for whom, as whole numbers: order, earliest and latest days, what drives what. No dates, no names.

Nodes are 0 … n-1; days are the numbers of working days (``planning.axis``). A link (before, after, gap) says that
``after`` starts at least ``gap`` working days after the day ``before`` finishes: 1 is the next working day, 1 + lag
with a lag, 0 the same day (a milestone and its own tasks).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from chat.frozen import frozen

FAR = 1 << 40
"""Later than any day: no limit."""
Link = tuple[int, int, int]
Rests = Mapping[int, AbstractSet[int]]
"""{node: working days on which nobody works on it}."""
NO_RESTS: Rests = {}


class Circle(Exception):
    """``path``: nodes, the first one again at the end."""

    def __init__(self, path: list[int]) -> None:
        super().__init__(" → ".join(map(str, path)))
        self.path = path


class Graph:
    """Links in both directions and an order in which everything comes after what it waits for. Raises Circle."""

    __slots__ = ("into", "order", "out_of")

    def __init__(self, size: int, links: Iterable[Link]) -> None:
        self.into: list[list[tuple[int, int]]] = [[] for _ in range(size)]
        self.out_of: list[list[tuple[int, int]]] = [[] for _ in range(size)]
        for before, after, gap in links:
            self.into[after].append((before, gap))
            self.out_of[before].append((after, gap))
        self.order = self._ordered()

    def _ordered(self) -> list[int]:
        waits = [len(before) for before in self.into]
        order = [node for node, count in enumerate(waits) if not count]
        for node in order:  # grows while it is read
            for after, _ in self.out_of[node]:
                waits[after] -= 1
                if not waits[after]:
                    order.append(after)
        if len(order) < len(waits):
            raise Circle(self._circle(next(node for node, count in enumerate(waits) if count), waits))
        return order

    def _circle(self, node: int, waits: Sequence[int]) -> list[int]:
        """Going back along what still waits must come round."""
        seen: dict[int, int] = {}
        path: list[int] = []
        while node not in seen:
            seen[node] = len(path)
            path.append(node)
            node = next(before for before, _ in self.into[node] if waits[before])
        return [node, *reversed(path[seen[node] :])]

    def upstream(self, node: int) -> set[int]:
        """Everything it waits for, at any distance."""
        return _reached(self.into, node)

    def downstream(self, node: int) -> set[int]:
        """Everything that waits for it."""
        return _reached(self.out_of, node)


def _reached(links: Sequence[Sequence[tuple[int, int]]], node: int) -> set[int]:
    found: set[int] = set()
    open_ends = [node]
    while open_ends:
        for other, _ in links[open_ends.pop()]:
            if other not in found:
                found.add(other)
                open_ends.append(other)
    return found


def way(links: Iterable[tuple[int, int]], start: int, end: int) -> list[int]:
    """The shortest way along (before, after) from ``start`` to ``end``, both included; empty when there is none."""
    following: dict[int, list[int]] = {}
    for before, after in links:
        following.setdefault(before, []).append(after)
    came: dict[int, int] = {start: start}
    open_ends = deque([start])
    while open_ends:
        node = open_ends.popleft()
        if node == end:
            path = [node]
            while node != start:
                node = came[node]
                path.append(node)
            return path[::-1]
        for after in following.get(node, ()):
            if after not in came:
                came[after] = node
                open_ends.append(after)
    return []


@frozen
class Days:
    """When everything happens. ``driver``: the node whose finish sets this one's start, -1 for none."""

    start: list[int]
    finish: list[int]
    driver: list[int]


def worked(first: int, length: int, rests: AbstractSet[int]) -> tuple[int, int]:
    """The first and the last day of so much work that can begin on ``first`` and stands still on ``rests``."""
    while first in rests:
        first += 1
    last = first
    while length > 1:
        last += 1
        length -= last not in rests
    return first, last


def begun_by(last: int, length: int, rests: AbstractSet[int]) -> int:
    """The latest day on which so much work may begin to be done by ``last``."""
    while last in rests:
        last -= 1
    while length > 1:
        last -= 1
        length -= last not in rests
    return last


def forward(
    graph: Graph, early: Sequence[int], length: Sequence[int], least: Sequence[int], fixed: Sequence[int | None],
    rests: Rests = NO_RESTS,
) -> Days:  # fmt: skip
    """early: no start before. length: working days, ≥ 1. least: no finish before. fixed: finished on that day."""
    start, finish, driver = list(early), list(early), [-1] * len(early)
    for node in graph.order:
        done = fixed[node]
        if done is not None:
            finish[node] = done
            start[node] = min(start[node], done)
            continue
        first, cause = start[node], -1
        for before, gap in graph.into[node]:
            ready = finish[before] + gap
            if ready > first or (ready == first and cause < 0):
                first, cause = ready, before
        if node in rests:
            first, last = worked(first, length[node], rests[node])
        else:
            last = first + length[node] - 1
        start[node], driver[node] = first, cause
        finish[node] = last if last > least[node] else least[node]
    return Days(start, finish, driver)


def backward(graph: Graph, length: Sequence[int], limit: Sequence[int], rests: Rests = NO_RESTS) -> list[int]:
    """The latest day each may finish without anything missing its ``limit``; ``FAR`` where nothing limits it."""
    latest = list(limit)
    for node in reversed(graph.order):
        last = latest[node]
        for after, gap in graph.out_of[node]:
            if latest[after] < FAR:
                begins = (
                    begun_by(latest[after], length[after], rests[after])
                    if after in rests
                    else latest[after] - length[after] + 1
                )
                last = min(last, begins - gap)
        latest[node] = last
    return latest


def chain(days: Days, node: int) -> list[int]:
    """What leads to ``node``, the first cause first."""
    path = [node]
    while days.driver[node] >= 0:
        node = days.driver[node]
        path.append(node)
    return path[::-1]
