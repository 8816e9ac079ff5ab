"""Load against capacity, by eye: 9-21 … 9-24 work, 9-25~27 rest, 9-28 … 9-30 work."""

from __future__ import annotations

from datetime import date

from planning.calendar import Calendar
from planning.lives import Work
from planning.load import by_day, capacity, left, loads

CN = Calendar("CN")


def on(day: str) -> date:
    return date.fromisoformat(f"2026-{day}")


def task(number: int, owner: int, start: str, due: str | None, progress: int = 0, state: str = "doing") -> Work:
    when = on(due) if due else None
    return Work(number, "", owner, state, on(start), when, None, when, None, None, "", progress)


WORKS = [
    task(1, 1, "09-21", "09-24"), task(2, 1, "09-23", "09-28"), task(3, 1, "09-14", "09-18", 50),
    task(4, 2, "09-21", "09-30"), task(5, 2, "09-21", "09-22", state="blocked"), task(6, 3, "10-08", "10-09"),
]  # fmt: skip


def test_loads_of_a_week() -> None:
    away = {2: {on("09-21"): "day", on("09-22"): "am"}}
    found = loads(WORKS, [1, 2, 3], away, on("09-21"), on("09-24"), on("09-21"), CN)  # type: ignore[arg-type]
    # T1 4 days, T2 3 days of which 2 fall into this week, T3 is late: half of 5 days is left and all of it is due now
    assert [(load.person, load.days, load.capacity, load.per_cent, load.too_much) for load in found] == [
        (1, 8.5, 4.0, 213, True), (2, 4.0, 2.5, 160, True), (3, 0, 4.0, 0, False),
    ]  # fmt: skip
    assert [(each.work.number, each.days) for each in found[0].shares] == [(1, 4.0), (3, 2.5), (2, 2.0)]


def test_somebody_who_is_away_all_week() -> None:
    away = {1: dict.fromkeys(CN.working_days(on("09-21"), on("09-24")), "day")}
    found = loads(WORKS, [1], away, on("09-21"), on("09-24"), on("09-21"), CN)[0]  # type: ignore[arg-type]
    assert (found.capacity, found.per_cent, found.too_much) == (0, None, True)
    assert loads([], [1], away, on("09-21"), on("09-24"), on("09-21"), CN)[0].per_cent == 0  # type: ignore[arg-type]


def test_day_by_day_adds_up() -> None:
    days = by_day(WORKS, 1, on("09-21"), on("09-28"), on("09-21"), CN)
    assert list(days) == CN.working_days(on("09-21"), on("09-28"))
    assert sum(days.values()) == sum(left(work, CN) for work in WORKS if work.owner == 1)


def test_a_task_without_a_due_is_one_day_of_this_span() -> None:
    assert loads([task(1, 1, "09-21", None)], [1], {}, on("09-21"), on("09-24"), on("09-21"), CN)[0].days == 1
    assert capacity({}, on("09-25"), on("09-27"), CN) == 0
