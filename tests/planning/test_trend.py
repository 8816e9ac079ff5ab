"""Eight work weeks of being off plan, across the makeup Sunday 9-20, 国庆 and a whole week of 春节."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from planning.calendar import Calendar
from planning.lives import Fact, Life, lives
from planning.metrics import Deviation, off_plan
from planning.trend import parted, trend
from planning.work_weeks import weeks_until, work_week
from planning.working_time import Clock

ZONE = ZoneInfo("Asia/Shanghai")
CN = Calendar("CN")
CLOCK = Clock(CN, ZONE)


def at(words: str) -> datetime:
    return datetime.strptime(f"2026-{words}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def told(task: int, start: str, due: str, *then: tuple[str, str, str, str]) -> list[Fact]:
    """A task with a plan, and what became of it: (when, field, before, after)."""
    words = f'{{"start": "{start}", "due": "{due}", "state": "todo"}}' if due else f'{{"start": "{start}"}}'
    facts = [Fact(task, datetime.fromisoformat(f"{start}T09:00").replace(tzinfo=ZONE), "created", words, "事")]
    for when, field, before, after in then:
        facts.append(Fact(task, at(when), field, before, after))
        if field == "state":
            facts.append(Fact(task, at(when), "closed_at", "", at(when).isoformat() if after in _ENDS else ""))
    return facts


_ENDS = ("done", "cancelled")


def done(when: str) -> tuple[str, str, str, str]:
    return when, "state", "doing", "done"


def again(when: str) -> tuple[str, str, str, str]:
    return when, "state", "done", "doing"


def tagged(when: str, tag: str = "客诉") -> tuple[str, str, str, str]:
    return when, "tag", "", tag


def known(*facts: list[Fact]) -> list[Life]:
    every = sorted((fact for each in facts for fact in each), key=lambda fact: fact.at)
    return lives(every, {fact.task: fact.task for fact in every}, CLOCK)


def seen(found: list[Life], day: str = "2026-09-24") -> list[tuple[str, float | None, int, int, int]]:
    weeks = trend(found, work_week(date.fromisoformat(day), CN), CLOCK)
    return [(str(w.first)[5:], w.median, len(w.rows), w.reopened, w.complaints) for w in weeks]


ON, LATE, EARLY = "2026-09-14", "2026-09-18", "2026-09-22"
_NONE = (None, 0, 0, 0)


@pytest.mark.parametrize(
    ("facts", "before", "this"),
    [
        ([told(1, ON, LATE, done("09-18 17:00"))], (0, 1, 0, 0), _NONE),
        ([told(1, ON, LATE, done("09-20 17:00"))], _NONE, (1, 1, 0, 0)),  # a makeup Sunday is the next week's
        ([told(1, ON, LATE, done("09-19 17:00"))], _NONE, (0, 1, 0, 0)),  # so is the day off before it
        ([told(1, ON, EARLY, done("09-16 17:00"))], (-5, 1, 0, 0), _NONE),
        ([told(1, ON, LATE, done("09-18 10:00")), told(2, ON, "2026-09-17", done("09-18 11:00"))],
         (0.5, 2, 0, 0), _NONE),
        ([told(1, ON, "", done("09-18 10:00"))], _NONE, _NONE),  # it had no plan
        ([told(1, ON, LATE)], _NONE, _NONE),  # it is not finished
        ([told(1, ON, LATE, done("09-17 10:00"), again("09-18 10:00"), done("09-21 10:00"))],
         (None, 0, 1, 0), (2, 1, 0, 0)),  # counts when it was finished for good
        ([told(1, ON, LATE, done("09-15 10:00"), again("09-15 11:00"), done("09-16 10:00"), again("09-20 10:00"))],
         (None, 0, 1, 0), (None, 0, 1, 0)),
        ([told(1, ON, LATE, tagged("09-16 10:00")), told(2, ON, LATE, tagged("09-21 10:00", "complaint"))],
         (None, 0, 0, 1), (None, 0, 0, 1)),
        ([told(1, ON, LATE, tagged("09-16 10:00"), tagged("09-21 10:00", "投诉"))], (None, 0, 0, 1), _NONE),
        ([told(1, ON, LATE, tagged("09-16 10:00"), ("09-16 11:00", "untag", "客诉", ""))], _NONE, _NONE),
        ([told(1, ON, LATE, tagged("09-16 10:00", "急"))], _NONE, _NONE),
    ],
)  # fmt: skip
def test_two_weeks(facts: list[list[Fact]], before: tuple[object, ...], this: tuple[object, ...]) -> None:
    assert seen(known(*facts)) == [("09-14", *before), ("09-20", *this)]


def test_the_cancelled_are_not_counted_and_nothing_has_no_weeks() -> None:
    gone = told(1, ON, LATE, tagged("09-16 10:00"), done("09-16 11:00"), again("09-16 12:00"),
                ("09-17 10:00", "state", "doing", "cancelled"))  # fmt: skip
    assert seen(known(gone)) == []
    assert seen([]) == []


def test_done_long_before_it_was_to_start() -> None:
    facts = told(1, ON, "2026-10-20", done("09-16 10:00"))
    facts.insert(1, Fact(1, at("09-14 10:00"), "start", ON, "2026-10-15"))
    assert seen(known(facts))[0] == ("09-14", -3, 1, 0, 0)


def test_what_was_taken_back_was_not_reworked() -> None:
    facts = told(1, ON, LATE, done("09-16 10:00"))
    facts.append(Fact(1, at("09-16 10:05"), "state", "done", "doing", "undo:7"))
    assert seen(known(facts))[0] == ("09-14", *_NONE)
    facts = told(1, ON, LATE, done("09-16 10:00"), again("09-17 10:00"))
    facts.append(Fact(1, at("09-17 10:05"), "state", "doing", "done", "undo:8"))
    facts.append(Fact(1, at("09-17 10:05"), "closed_at", "", at("09-16 10:00").isoformat(), "undo:9"))
    assert seen(known(facts))[0] == ("09-14", -2, 1, 0, 0)


def test_eight_weeks_at_most_and_weeks_that_rest_are_none() -> None:
    old = told(1, "2026-08-03", "2026-08-07", done("08-07 17:00"))
    found = seen(known(old, told(2, "2026-09-28", "2026-09-30", done("10-09 10:00"))), "2026-10-10")
    assert [first for first, *_ in found] == [
        "08-17", "08-24", "08-31", "09-07", "09-14", "09-20", "09-28", "10-08",
    ]  # fmt: skip
    assert all(week[1:] == _NONE for week in found[:-1])
    assert found[-1] == ("10-08", 2, 1, 0, 0)
    spring = weeks_until(work_week(date(2026, 3, 2), CN), 3, CN)
    assert [(week.first, week.last) for week in spring] == [
        (date(2026, 2, 9), date(2026, 2, 14)), (date(2026, 2, 24), date(2026, 2, 28)),
        (date(2026, 3, 2), date(2026, 3, 6)),
    ]  # fmt: skip


def test_part_by_part_the_farthest_behind_comes_first_and_who_is_in_none_last() -> None:
    found = known(
        told(1, ON, "2026-09-18", done("09-20 10:00")), told(2, ON, "2026-09-18", done("09-17 10:00")),
        told(3, ON, "2026-09-18", done("09-18 10:00")), told(4, ON, "2026-09-15", done("09-22 10:00")),
    )  # fmt: skip
    rows = tuple(off for life in found if (off := off_plan(life.work, CN)) is not None)
    names = {1: "设计", 2: "投放", 3: "投放"}
    split = parted(Deviation(rows), lambda work: names.get(work.number, ""))
    assert [(name, each.median, [off.work.number for off in each.rows]) for name, each in split] == [
        ("设计", 20, [1]), ("投放", -10, [2, 3]), ("", 300, [4]),
    ]  # fmt: skip
    assert parted(Deviation(()), lambda _: "") == []
