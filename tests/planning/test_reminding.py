"""Reminders said beside a due: how long before it, or an hour of its day. Friday 2026-09-18, 10:00."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from planning.calendar import Calendar
from planning.dates import find
from planning.due import Meant, Point
from planning.reminding import ahead, ahead_alone, on_the_day, together, with_ahead

CALENDAR = Calendar("CN")
NOW = datetime(2026, 9, 18, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
DUE = Point(date(2026, 9, 28), 18 * 60)


def on(month_day: str, clock: str) -> Point:
    month, day = map(int, month_day.split("-"))
    hour, minute = map(int, clock.split(":"))
    return Point(date(2026, month, day), hour * 60 + minute)


@pytest.mark.parametrize(
    ("words", "point"),
    [
        ("提前30分钟提醒", on("9-28", "17:30")),
        ("，提前半小时提醒我", on("9-28", "17:30")),
        ("提前一个半小时提醒", on("9-28", "16:30")),
        ("提前1.5小时通知我", on("9-28", "16:30")),
        ("截止前两个小时叫我", on("9-28", "16:00")),
        ("到期前 20 小时提醒", on("9-27", "22:00")),
        ("提醒我提前2小时", on("9-28", "16:00")),
        ("提前1天提醒", on("9-27", "9:00")),
        ("提前一周提醒", on("9-21", "9:00")),
        ("提前两个工作日提醒", on("9-23", "9:00")),  # 9-25 to 27 is Mid-Autumn
        ("remind me 30 minutes before", on("9-28", "17:30")),
        (", remind me half an hour before it's due", on("9-28", "17:30")),
        ("remind me an hour ahead", on("9-28", "17:00")),
        ("2 working days before remind me", on("9-23", "9:00")),
    ],
)
def test_so_long_before(words: str, point: Point) -> None:
    said = f"报价 9-28 18:00 {words}"
    wish = ahead(said)
    assert wish is not None
    assert wish.point(DUE, CALENDAR) == point
    assert said[: wish.start].rstrip(" ,，") == "报价 9-28 18:00"
    assert not said[wish.stop :]


@pytest.mark.parametrize(
    "words",
    ["提前完成", "提前交 30 份", "提前30分钟提醒功能", "提前30分钟叫车", "三天前提交", "remind me tomorrow", ""],
)
def test_is_none(words: str) -> None:
    assert ahead(words) is None


@pytest.mark.parametrize(("words", "n"), [("提前2小时", 2), (" 截止前90分钟 ", 90), ("an hour before", 1)])
def test_alone(words: str, n: float) -> None:
    wish = ahead_alone(words)
    assert wish is not None
    assert wish.n == n
    assert ahead_alone(words + "给客户打电话") is None


def test_one_that_would_be_over_is_said_to_be() -> None:
    wish = ahead("提前3小时提醒")
    assert wish is not None
    due = Point(date(2026, 9, 18), 12 * 60)
    assert with_ahead(Meant(due), wish, NOW, CALENDAR) == Meant(due, late=True)
    assert with_ahead(Meant(DUE), wish, NOW, CALENDAR) == Meant(DUE, on("9-28", "15:00"))


@pytest.mark.parametrize(
    ("said", "roles", "minute"),
    [
        ("9-22 提醒 10:30", ["reminder"], 630),
        ("9-22 提醒我 10:30", ["reminder"], 630),
        ("截止周五 提醒周四10点", ["deadline", "reminder"], 600),
        ("9-22 10:30 提醒", ["reminder"], 630),
        ("9-22 提醒，9-23 10:30", ["reminder", "point"], 630),
    ],
)
def test_what_stands_on_both_sides_of_the_word(said: str, roles: list[str], minute: int) -> None:
    found = together(said, find(said, NOW, CALENDAR))
    assert [each.role for each in found] == roles
    assert found[-1].readings[0].minute == minute


def test_an_hour_alone_is_of_the_day_it_is_due() -> None:
    _, reminder = find("9-22 10点前 9点提醒", NOW, CALENDAR)
    assert on_the_day(reminder, date(2026, 9, 22)).readings[0].day == date(2026, 9, 22)
    (tomorrow,) = find("明天9点提醒", NOW, CALENDAR)
    assert on_the_day(tomorrow, date(2026, 9, 22)) is tomorrow
