"""When reports are asked for, nudged and closed, in any zone and over any night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planning.calendar import Calendar
from planning.dates import Reading
from planning.lookback import Span, looked_back
from planning.names import named_in
from planning.window import Window, Wish, read_window

BEIJING = ZoneInfo("Asia/Shanghai")
LONDON = ZoneInfo("Europe/London")
CHINA = Calendar("CN")
BRITAIN = Calendar("GB")


def local(at: datetime | None, zone: ZoneInfo = BEIJING) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}" if at else ""


@pytest.mark.parametrize(
    ("window", "day", "expected"),
    [
        (Window(1050, 1110), date(2026, 9, 17), ("09-17 17:30", "09-17 18:18", "09-17 18:30", "09-18 10:00")),
        (Window(1050, 1110), date(2026, 9, 18), ("09-18 17:30", "09-18 18:18", "09-18 18:30", "09-20 10:00")),
        (Window(1050, 1110), date(2026, 9, 30), ("09-30 17:30", "09-30 18:18", "09-30 18:30", "10-08 10:00")),
        (Window(540, 600), date(2026, 9, 17), ("09-17 09:00", "09-17 09:48", "09-17 10:00", "09-18 10:00")),
        # over night: a nudge at 06:54 would wake people
        (Window(1110, 2040), date(2026, 9, 17), ("09-17 18:30", "09-18 09:00", "09-18 10:00", "09-20 10:00")),
        (Window(1110, 2040), date(2026, 9, 18), ("09-18 18:30", "09-20 09:00", "09-20 10:00", "09-21 10:00")),
        (Window(1110, 1440 + 480), date(2026, 9, 17), ("09-17 18:30", "", "09-18 08:00", "09-20 10:00")),
    ],
)
def test_times(window: Window, day: date, expected: tuple[str, str, str, str]) -> None:
    times = window.times(day, CHINA, BEIJING)
    assert tuple(map(local, (times.opens, times.nudge, times.closes, times.late_until))) == expected


def test_the_wall_clock_stays_through_summer_time() -> None:
    before = Window().times(date(2026, 10, 23), BRITAIN, LONDON)
    after = Window().times(date(2026, 10, 26), BRITAIN, LONDON)
    assert after.opens - before.opens == timedelta(hours=73)
    assert local(after.opens, LONDON) == "10-26 17:30"


@pytest.mark.parametrize(("opens", "moment"), [(90, "2027-03-28 01:00"), (60, "2027-03-28 01:00")])
def test_a_minute_the_clocks_skip_is_the_first_one_after(opens: int, moment: str) -> None:
    every_day = Calendar("GB", {date(2027, 3, 28): True})
    at = Window(opens, opens + 60).times(date(2027, 3, 28), every_day, LONDON).opens
    assert f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" == moment


def test_standing() -> None:
    times = Window().times(date(2026, 9, 17), CHINA, BEIJING)
    second = timedelta(seconds=1)
    assert times.standing(times.opens - second) == "early"
    assert times.standing(times.opens) == "on_time"
    assert times.standing(times.closes) == "on_time"
    assert times.standing(times.closes + second) == "late"
    assert times.standing(times.late_until) == "overdue"


def test_a_late_prompt_moves_everything_but_not_the_late_line_back() -> None:
    times = Window().times(date(2026, 9, 17), CHINA, BEIJING)
    moved = times.shifted(timedelta(minutes=22))
    assert [local(at) for at in (moved.opens, moved.nudge, moved.closes)] == [
        "09-17 17:52",
        "09-17 18:40",
        "09-17 18:52",
    ]
    assert moved.late_until == times.late_until


@pytest.mark.parametrize(
    ("now", "first", "expected"),
    [
        (datetime(2026, 9, 18, 17, 29, tzinfo=BEIJING), None, date(2026, 9, 18)),
        (datetime(2026, 9, 18, 17, 30, tzinfo=BEIJING), None, date(2026, 9, 20)),
        (datetime(2026, 9, 19, 9, 0, tzinfo=BEIJING), None, date(2026, 9, 20)),
        (datetime(2026, 9, 18, 10, 0, tzinfo=BEIJING), date(2026, 9, 20), date(2026, 9, 20)),
        (datetime(2026, 9, 30, 18, 0, tzinfo=BEIJING), None, date(2026, 10, 8)),
    ],
)
def test_next_opening(now: datetime, first: date | None, expected: date) -> None:
    assert Window().next_opening(now, CHINA, BEIJING, first) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("17:30 收 18:30 截止", Wish(1050, 1110)),
        ("17:30 18:30", Wish(1050, 1110)),
        ("17:30-18:30", Wish(1050, 1110)),
        ("17:30~18:30", Wish(1050, 1110)),
        ("17.30 到 18.30", Wish(1050, 1110)),
        ("1730 1830", Wish(1050, 1110)),
        ("17点半收 18点半截止", Wish(1050, 1110)),
        ("下午5点半 收 6点半 截止", Wish(1050, 1110)),
        ("5:30pm to 6:30pm", Wish(1050, 1110)),
        ("5pm 6pm", Wish(1020, 1080)),
        ("截止 18:30，17:30 提示", Wish(1050, 1110)),
        ("18:30 截止 17:30 收", Wish(1050, 1110)),
        ("18:30 收 17:30 截止", Wish(1110, 1050)),
        ("18:30 收 次日 10:00 截止", Wish(1110, 2040)),
        ("18:30 收 第二天10点 截止", Wish(1110, 2040)),
        ("17:30", Wish(opens=1050)),
        ("截止 19:00", Wish(closes=1140)),
        ("25:70", Wish(bad="25:70")),
        ("17:30 收 24:30 截止", Wish(bad="24:30")),
        ("早点吧", Wish()),
        ("", Wish()),
    ],
)
def test_what_admins_write(words: str, expected: Wish) -> None:
    assert read_window(words) == expected


TODAY = date(2026, 9, 18)


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([Reading(date(2026, 9, 16)), Reading(date(2027, 9, 16))], Span(date(2026, 9, 16), date(2026, 9, 16))),
        ([Reading(date(2026, 9, 30))], Span(date(2026, 9, 30), date(2026, 9, 30))),
        ([Reading(date(2027, 3, 2))], Span(date(2026, 3, 2), date(2026, 3, 2))),
        ([Reading(date(2028, 2, 29))], Span(date(2027, 2, 28), date(2027, 2, 28))),
        (
            [
                Reading(date(2026, 9, 14), end_day=date(2026, 9, 18)),
                Reading(date(2027, 9, 14), end_day=date(2027, 9, 18)),
            ],
            Span(date(2026, 9, 14), date(2026, 9, 18)),
        ),
    ],
)
def test_looking_back(readings: list[Reading], expected: Span) -> None:
    assert looked_back(readings, TODAY) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("等王五的主图", 2),
        ("等李四（投放部）回复", 1),
        ("等李四", 1),
        ("等 Bob's review", 3),
        ("bobsleigh 坏了", None),
        ("等王五和李四", 2),
        ("等张三丰", 5),
        ("没有", None),
        ("", None),
    ],
)
def test_named_in(words: str, expected: int | None) -> None:
    people = {1: "李四（投放部）", 2: "王五", 3: "Bob", 4: "张三", 5: "张三丰", 6: "没"}
    assert named_in(words, people) == expected
