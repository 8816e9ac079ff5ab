"""J09 by hand: the data, the calendar and every figure, so that a reader can check by eye.

::

    9-14 15 16 17 18 | 19 rests | 20 makes up  21 22 23 24 | 25 26 27 rest (中秋) | 28 29 30 | 10-1 … 7 rest
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planning.calendar import Calendar
from planning.lives import Life, Span, Work
from planning.metrics import (
    Deviation,
    Off,
    Period,
    answer_minutes,
    completion,
    cycles,
    deviation,
    done_between,
    due_between,
    exceptions,
    half_up,
    handling,
    late,
    per_cent,
    punctual,
    responses,
    rivals,
    stages,
)
from planning.working_time import Clock, working_days

ZONE = ZoneInfo("Asia/Shanghai")
CN = Calendar("CN")
CLOCK = Clock(CN, ZONE)


def on(day: str) -> date:
    return date.fromisoformat(f"2026-{day}")


def at(words: str) -> datetime:
    return datetime.strptime(f"2026-{words}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def work(number: int, start: str, due: str | None, closed: str | None = None, **more: object) -> Work:
    values: dict[str, object] = {
        "number": number, "title": "", "owner": 1, "state": "done" if closed else "doing", "start": on(start),
        "due": on(due) if due else None, "minute": None, "planned": on(due) if due else None, "days": None,
        "closed": on(closed) if closed else None,
    }  # fmt: skip
    return Work(**(values | more))  # type: ignore[arg-type]


J09 = [
    work(1, "09-14", "09-18", "09-20"), work(2, "09-16", "09-18", "09-18"), work(3, "09-17", "09-22", "09-21"),
    work(4, "09-21", "09-24"), work(5, "09-21", "09-28"), work(6, "09-18", "09-23", "09-24"),
]  # fmt: skip
WEEK = Period(on("09-20"), on("09-24"), at("09-24 18:40"))


def numbers(works: object) -> list[int]:
    return [each.number for each in works]  # type: ignore[attr-defined]


def test_completion_is_what_is_done_of_what_is_due() -> None:
    found = completion(J09, WEEK)
    assert numbers(found.due) == [1, 2, 3, 4, 6]
    assert numbers(found.done) == [1, 2, 3, 6]
    assert found.rate == 80
    assert [(each.number, why) for each, why in found.left_out] == [(5, "later")]


def test_deviation_counts_working_days_with_both_ends() -> None:
    found = deviation(completion(J09, WEEK), CN)
    assert [(row.work.number, row.planned, row.used, row.per_cent) for row in found.rows] == [
        (1, 5, 6, 20), (2, 3, 3, 0), (3, 5, 4, -20), (6, 5, 6, 20),
    ]  # fmt: skip
    assert found.median == 10
    assert [(row.work.number, row.per_cent) for row in found.worst()] == [(1, 20), (6, 20), (3, -20)]


def test_the_rest_of_the_week() -> None:
    assert numbers(done_between(J09, WEEK.first, WEEK.last)) == [1, 3, 6]
    assert numbers(late(J09, WEEK.now)) == [4]
    assert numbers(late(J09, at("09-24 17:59"))) == []
    assert numbers(due_between(J09, on("09-28"), on("09-30"))) == [5]


def test_what_is_left_out_says_why() -> None:
    others = [
        work(1, "09-14", None), work(2, "09-14", "09-18", "09-18", state="cancelled"),
        work(3, "09-14", "10-30", planned=on("09-22")), work(4, "07-01", "07-02", "07-03"), work(5, "07-01", "07-02"),
    ]  # fmt: skip
    found = completion(others, WEEK)
    assert [(each.number, why) for each, why in found.left_out] == [(1, "undated"), (2, "cancelled"), (3, "moved")]
    assert numbers(found.due) == [5]
    assert found.rate == 0
    assert completion([], WEEK).rate is None
    assert deviation(completion([], WEEK), CN).median is None


@pytest.mark.parametrize(
    ("start", "due", "closed", "expected"),
    [
        ("09-18", "09-18", "09-18", (1, 1, 0)),  # one day
        ("09-19", "09-19", "09-19", (1, 1, 0)),  # a day of rest is still a day of work done
        ("09-24", "09-28", "09-27", (2, 1, -50)),  # done on a day of rest
        ("09-28", "09-24", "09-24", (1, 1, 0)),  # due before its start
        ("09-30", "10-08", "10-10", (2, 4, 100)),  # National Day between
    ],
)
def test_odd_spans(start: str, due: str, closed: str, expected: tuple[int, int, int]) -> None:
    row = deviation(completion([work(1, start, due, closed)], Period(on("10-08"), on("10-10"), at("10-10 18:40"))), CN)
    assert [(each.planned, each.used, each.per_cent) for each in row.rows] == [expected]


def test_a_duration_that_was_said_is_the_plan() -> None:
    row = deviation(completion([work(1, "09-14", "09-18", "09-18", days=2)], WEEK), CN).rows[0]
    assert (row.planned, row.used, row.per_cent) == (2, 5, 150)


def test_minutes_count_while_people_work() -> None:
    assert CLOCK.minutes(at("09-18 17:30"), at("09-20 09:30")) == 60
    assert CLOCK.minutes(at("09-24 12:00"), at("09-28 12:00")) == 540
    assert CLOCK.minutes(at("09-18 08:00"), at("09-18 20:00")) == 540
    assert CLOCK.minutes(at("09-19 10:00"), at("09-19 12:00")) == 0
    assert CLOCK.minutes(at("09-18 12:00"), at("09-18 11:00")) == 0
    pauses = [(at("09-18 10:00"), at("09-18 11:00")), (at("09-18 10:30"), at("09-18 12:00"))]
    assert CLOCK.minutes_but(at("09-18 09:00"), at("09-18 18:00"), pauses) == 540 - 120


def test_lives() -> None:
    spans = (
        Span("todo", at("09-17 09:00"), at("09-17 15:00")), Span("doing", at("09-17 15:00"), at("09-18 10:00")),
        Span("blocked", at("09-18 10:00"), at("09-18 14:00"), True),
        Span("doing", at("09-18 14:00"), at("09-18 16:00")),
        Span("done", at("09-18 16:00"), None),
    )  # fmt: skip
    life = Life(7, work(1, "09-17", "09-17", "09-18"), at("09-17 09:00"), at("09-17 15:00"), at("09-18 16:00"),
                at("09-17 12:00"), 2, (at("09-18 15:00"),), at("09-18 15:00"), spans)  # fmt: skip
    assert responses([life], CLOCK)[0].minutes == 180
    assert handling([life], CLOCK)[0].minutes == 180 + 420 - 240
    assert [(s.state, s.minutes) for s in stages([life], CLOCK)] == [("todo", 360), ("doing", 360), ("blocked", 240)]
    found = exceptions([life], WEEK)
    assert numbers(found.late) == [1]
    assert [(each.number, times) for each, times in found.moved] == [(1, 2)]
    assert [(each.number, times) for each, times in found.rework] == [(1, 1)]
    assert numbers(found.complaints) == [1]


def test_stages_of_the_project_by_how_long_they_take() -> None:
    made = at("09-17 09:00")
    found = [
        Life(n, work(n, "09-17", "09-18", "09-18", stage=stage), made, None, at(done), None)
        for n, (stage, done) in enumerate([("策划", "09-17 12:00"), ("设计", "09-18 12:00"), ("设计", "09-18 10:00")])
    ]
    assert [(stage.state, stage.tasks, stage.minutes) for stage in cycles(found, CLOCK)] == [
        ("设计", 2, 660), ("策划", 1, 180),
    ]  # fmt: skip


def test_two_musts_on_the_same_days() -> None:
    works = [work(1, "09-21", "09-23"), work(2, "09-23", "09-24"), work(3, "09-24", "09-24"), work(4, "09-21", None)]
    assert [(who, one.number, other.number) for who, one, other in rivals(works, {1, 2, 3, 4})] == [(1, 1, 2)]
    assert rivals(works, {1, 3}) == []
    assert rivals(works, set()) == []


def test_reports_and_blockers() -> None:
    asked = [(on("09-21"), 1), (on("09-21"), 2), (on("09-22"), 1), (on("09-22"), 2)]
    came = [(on("09-21"), 1, "on_time"), (on("09-21"), 2, "late"), (on("09-22"), 1, "early")]
    found = punctual(asked, came)
    assert (found.expected, found.on_time, found.late, found.rate) == (4, 2, 1, 50)
    assert punctual([], []).rate is None
    waits = [(at("09-21 10:00"), at("09-21 11:00")), (at("09-21 17:00"), at("09-22 11:00")), (at("09-22 10:00"), None)]
    assert answer_minutes(waits, CLOCK) == (60 + 180) / 2
    assert answer_minutes(waits[2:], CLOCK) is None


def test_rounding() -> None:
    assert [half_up(n, 8) for n in (100, 500, -100, -500, 4, -4)] == [13, 63, -13, -63, 1, -1]
    assert per_cent(2, 3) == 67
    assert per_cent(1, 0) is None
    assert Deviation((Off(J09[0], 3, 4), Off(J09[1], 3, 3))).median == 17


def test_the_span_of_a_period() -> None:
    assert WEEK.since == on("09-20") - timedelta(weeks=7)


def test_counting_by_years_is_counting_by_days() -> None:
    for first, last in (("01-01", "12-31"), ("09-20", "10-10"), ("09-19", "09-19"), ("09-20", "09-20")):
        assert working_days(on(first), on(last), CN) == len(CN.working_days(on(first), on(last)))
    assert working_days(on("09-21"), on("09-20"), CN) == 0
    for span in ((date(2024, 3, 1), date(2026, 2, 28)), (date(2025, 12, 31), date(2026, 1, 1))):
        assert working_days(*span, CN) == len(CN.working_days(*span))
