"""Where a large plan is heading: risk and critical path of 10,000 tasks, and a what-if on 1,000."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from statistics import median
from time import perf_counter

from planning.axis import Axis
from planning.calendar import Calendar
from planning.graph import Link
from planning.risk import Item, outlook, with_people

ROUNDS = 15
TODAY = date(2026, 9, 21)


def plan(tasks: int, links: int, seed: int = 7) -> tuple[list[Item], list[Link]]:
    """Tasks that wait for earlier ones, one in fifty a milestone."""
    random = Random(seed)
    items = [
        Item(
            milestone=number % 50 == 49,
            days=random.randint(1, 8),
            due=TODAY + timedelta(days=random.randint(5, 400)) if random.random() < 0.7 else None,
            owner=random.randint(1, 60),
        )
        for number in range(tasks)
    ]
    found: set[tuple[int, int]] = set()
    while len(found) < links:
        after = random.randint(1, tasks - 1)
        found.add((random.randint(max(0, after - 400), after - 1), after))
    return items, [(before, after, 1) for before, after in found]


def main() -> None:
    calendar = Calendar()
    for tasks, links, most in ((10_000, 30_000, 100), (1_000, 3_000, 20)):
        items, edges = plan(tasks, links)
        spent = []
        for _ in range(ROUNDS):
            axis = Axis(calendar, TODAY)
            began = perf_counter()
            found = outlook(items, edges, axis, TODAY)
            worst = min(range(tasks), key=lambda item: found.room[item] or 0)
            found.chain(worst)
            spent.append((perf_counter() - began) * 1000)
        print(f"risk and critical path, {tasks:,} tasks, {links:,} links: {median(spent):.1f} ms (at most {most})")
        began = perf_counter()
        outlook(items, with_people(items, edges, found), Axis(calendar, TODAY), TODAY, {0: 1})
        print(f"  the critical chain and a what-if besides: {(perf_counter() - began) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
