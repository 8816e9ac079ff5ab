"""Where a plan is heading. The journeys' example is played day by day; the calendar around it is the real one:

September 2026: 20 works (Sunday, makeup), 21–24 work, 25–27 rest (Mid-Autumn), 28–30 work; October 1–7 rest, 8–10 work.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.axis import Axis
from planning.calendar import Calendar
from planning.graph import Circle, Graph, way
from planning.risk import Item, Outlook, outlook, with_people

CALENDAR = Calendar()
T1, T2, M1, M2 = range(4)


def day(words: str) -> date:
    month, number = map(int, words.split("-"))
    return date(2026, month, number)


def axis() -> Axis:
    return Axis(CALENDAR, day("9-1"))


PLAN = (
    Item(due=day("9-23"), owner=5),
    Item(start=day("9-24"), days=2, due=day("9-28"), owner=4),
    Item(milestone=True, due=day("9-28")),
    Item(milestone=True, due=day("9-29")),
)
LINKS = [(T1, T2, 1), (T1, M1, 0), (T2, M2, 1)]


def look(items: tuple[Item, ...], floor: str, delays: dict[int, int] | None = None) -> Outlook:
    return outlook(items, LINKS, axis(), day(floor), delays)


def shown(found: Outlook) -> str:
    return " ".join(f"{d.month}-{d.day}" for d in map(found.finish, range(4)))


@pytest.mark.parametrize(
    ("items", "floor", "delays", "expected", "levels"),
    [
        (PLAN, "9-20", None, "9-23 9-28 9-28 9-29", "medium medium low medium"),
        # 9-23 18:00: not finished, so 9-24 at the earliest
        (PLAN, "9-24", None, "9-24 9-29 9-28 9-30", "high high medium high"),
        # 9-24 18:00: the next day that works is 9-28; beyond it lies the national holiday
        (PLAN, "9-28", None, "9-28 9-30 9-28 10-8", "high high medium high"),
        (PLAN, "9-28", {T1: 1}, "9-29 10-8 9-29 10-9", "high high high high"),
        ((replace(PLAN[T1], done=day("9-24")), *PLAN[1:]), "9-28", None, "9-24 9-29 9-28 9-30", "low high medium high"),
        (
            (replace(PLAN[T1], done=day("9-24")), replace(PLAN[T2], days=1), *PLAN[2:]), "9-28", None,
            "9-24 9-28 9-28 9-29", "low medium medium medium",
        ),
    ],
)  # fmt: skip
def test_the_journey_day_by_day(
    items: tuple[Item, ...], floor: str, delays: dict[int, int] | None, expected: str, levels: str
) -> None:
    found = look(items, floor, delays)
    assert shown(found) == expected
    assert " ".join(found.level(item) for item in range(4)) == levels


def test_two_working_days_late_are_nine_days_across_the_holiday() -> None:
    found = look(PLAN, "9-28")
    assert found.late(M2) == 2
    assert found.finish(M2) - day("9-29") == timedelta(days=9)
    assert found.chain(M2) == [T1, T2, M2]


@pytest.mark.parametrize(
    ("item", "floor", "expected"),
    [
        (Item(), "9-21", "9-21"),  # neither date nor estimate: one day, from now on
        (Item(days=3), "9-23", "9-28"),  # over the Mid-Autumn holiday
        (Item(due=day("9-26")), "9-21", "9-24"),  # due on a day off: done before it
        (Item(start=day("9-26"), days=1), "9-21", "9-28"),
        (Item(start=day("9-21"), days=4, begun=day("9-21")), "9-23", "9-24"),  # two days gone, two left
        (Item(days=4, begun=day("9-21"), progress=25), "9-23", "9-28"),  # its progress says: three left
        (Item(days=1, begun=day("9-1")), "9-23", "9-23"),
        (Item(due=day("9-23"), today_counts=True), "9-24", "9-23"),
        (Item(milestone=True), "9-23", "9-23"),
        (Item(due=day("9-21"), done=day("9-27")), "9-28", "9-24"),  # finished on a Sunday
    ],
)
def test_one_thing_alone(item: Item, floor: str, expected: str) -> None:
    found = outlook([item], [], axis(), day(floor))
    assert found.finish(0) == day(expected)


def test_a_lag_is_counted_in_working_days() -> None:
    items = [Item(due=day("9-23")), Item(days=1)]
    assert outlook(items, [(0, 1, 2)], axis(), day("9-21")).finish(1) == day("9-28")


def test_what_leads_nowhere_has_room_without_end() -> None:
    found = outlook([Item(days=2), Item(days=1)], [(0, 1, 1)], axis(), day("9-21"))
    assert found.room == [None, None]
    assert found.level(0) == "low"


def test_the_last_task_of_a_chain_is_its_limit() -> None:
    items = [Item(days=2), Item(days=1, due=day("9-22"))]
    found = outlook(items, [(0, 1, 1)], axis(), day("9-21"))
    assert (found.late(1), found.level(0)) == (1, "high")


def test_a_circle_names_its_way() -> None:
    with pytest.raises(Circle) as error:
        Graph(4, [(3, 0, 1), (0, 1, 1), (1, 2, 1), (2, 0, 1)])
    assert error.value.path in ([0, 1, 2, 0], [1, 2, 0, 1], [2, 0, 1, 2])


def test_the_way_from_one_to_another() -> None:
    assert way([(0, 1), (1, 2), (0, 3), (3, 4), (4, 2)], 0, 2) == [0, 1, 2]
    assert way([(0, 1)], 1, 0) == []
    assert way([], 7, 7) == [7]


def test_one_person_does_one_thing_after_the_other() -> None:
    items = [Item(days=2, owner=1), Item(days=3, owner=1), Item(days=1, owner=2), Item(owner=1)]
    free = outlook(items, [], axis(), day("9-8"))
    row = with_people(items, [], free)
    assert row == [(0, 1, 1)]
    assert outlook(items, row, axis(), day("9-8")).finish(1) == day("9-14")


# --- leave ---------------------------------------------------------------------------------------------------------


def away(*words: str) -> frozenset[date]:
    return frozenset(map(day, words))


@pytest.mark.parametrize(
    ("item", "floor", "expected", "rested"),
    [
        (Item(start=day("9-21"), days=3, away=away("9-21", "9-22", "9-23")), "9-21", "9-29", 3),
        (Item(start=day("9-21"), days=3, away=away("9-22")), "9-21", "9-24", 1),
        (Item(days=2, due=day("9-22"), away=away("9-21", "9-22")), "9-20", "9-24", 2),  # 9-21~9-22 was its span
        (Item(due=day("9-22"), away=away("9-22")), "9-21", "9-23", 1),
        (Item(start=day("9-22"), days=1, away=away("9-21")), "9-21", "9-22", 0),  # before it
        (Item(days=2, due=day("9-24"), away=away("9-25", "9-26")), "9-21", "9-24", 0),  # days off are no leave
        (Item(days=4, begun=day("9-21"), away=away("9-22")), "9-23", "9-28", 0),  # two of three days were worked on
        (Item(days=3, begun=day("9-20"), away=away("9-22")), "9-21", "9-23", 1),
        (Item(due=day("9-23"), begun=day("9-20"), away=away("9-23")), "9-21", "9-23", 0),  # done before it
        (Item(milestone=True, due=day("9-23"), away=away("9-23")), "9-21", "9-23", 0),
    ],
)
def test_leave_lengthens(item: Item, floor: str, expected: str, rested: int) -> None:
    found = outlook([item], [], axis(), day(floor))
    assert found.finish(0) == day(expected)
    assert len(found.resting(0)) == rested


def test_leave_of_three_days_pushes_what_waits() -> None:
    items = [replace(PLAN[T1]), replace(PLAN[T2], away=away("9-24", "9-28", "9-29")), *PLAN[2:]]
    found = outlook(items, LINKS, axis(), day("9-21"))
    assert (found.start(T2), found.finish(T2), found.finish(M2)) == (day("9-30"), date(2026, 10, 8), date(2026, 10, 9))
    assert (found.room[T1], found.level(M2)) == (-2, "high")  # T1 would have to be done on 9-21


def test_a_delay_ends_on_a_day_at_work() -> None:
    found = outlook([Item(due=day("9-21"), away=away("9-22", "9-23"))], [], axis(), day("9-21"), {0: 1})
    assert found.finish(0) == day("9-24")


# --- any plan ------------------------------------------------------------------------------------------------------

SIZE = 8
links = st.lists(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.integers(0, 3)).filter(
        lambda link: link[0] < link[1]
    )
)
days = st.dates(date(2026, 9, 1), date(2026, 10, 31))
some_items = st.lists(
    st.builds(
        Item, st.booleans(), st.none() | days, st.none() | st.integers(1, 9), st.none() | days,
        away=st.frozensets(days, max_size=9),
    ),
    min_size=SIZE, max_size=SIZE,
)  # fmt: skip


@given(items=some_items, drawn=links, floor=days)
def test_nothing_starts_before_what_it_waits_for(
    items: list[Item], drawn: list[tuple[int, int, int]], floor: date
) -> None:
    found = outlook(items, drawn, axis(), floor)
    for before, after, gap in drawn:
        assert found.days.start[after] >= found.days.finish[before] + gap
    for number, item in enumerate(items):
        assert found.days.finish[number] >= found.days.start[number]
        assert CALENDAR.is_working(found.finish(number))
        if found.finish(number) in item.away and not item.milestone:
            assert found.finish(number) == axis().day(axis().on_or_before(item.due or floor))
        if item.milestone and item.due is not None and found.late(number) == 0:
            assert found.days.finish[number] == axis().on_or_before(item.due)


@given(items=some_items, drawn=links, floor=days, which=st.integers(0, SIZE - 1))
def test_room_is_what_may_be_lost(
    items: list[Item], drawn: list[tuple[int, int, int]], floor: date, which: int
) -> None:
    """A delay within the room makes nothing late that was not; one day more does."""
    found = outlook(items, drawn, axis(), floor)
    room = found.room[which]
    if room is None or room < 0 or items[which].milestone:
        return
    late = [found.late(item) for item in range(SIZE)]
    if any(late):
        return
    within = outlook(items, drawn, axis(), floor, {which: room})
    assert [within.late(item) for item in range(SIZE)] == late
    beyond = outlook(items, drawn, axis(), floor, {which: room + 1})
    assert sum(beyond.late(item) for item in range(SIZE)) > sum(late)


@given(st.lists(days, min_size=1, max_size=5), days)
def test_the_axis_counts_working_days(asked: list[date], around: date) -> None:
    line = Axis(CALENDAR, around)
    for each in asked:
        number = line.on_or_after(each)
        assert line.day(number) == CALENDAR.first_working(each)
        assert line.on_or_before(each) == number - (not CALENDAR.is_working(each))
    first, last = min(asked), max(asked)
    distance = line.on_or_before(last) - line.on_or_before(first)
    assert distance == CALENDAR.working_days_between(first, last)
