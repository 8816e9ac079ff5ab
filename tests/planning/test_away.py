"""What words about leave mean. Friday 2026-09-18; 9-20 works, 9-25 to 9-27 rest."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from planning.away import Part, Run, around, runs, wished, working_days
from planning.calendar import Calendar
from planning.dates import find

CALENDAR = Calendar("CN")
NOW = datetime(2026, 9, 18, 11, tzinfo=ZoneInfo("Asia/Shanghai"))


def day(words: str) -> date:
    return date.fromisoformat(f"2026-{words}")


@pytest.mark.parametrize(
    ("said", "days", "cost"),
    [
        ("9-21~9-22 年假", [Run(day("09-21"), day("09-22"))], 2),
        ("今天下午", [Run(day("09-18"), day("09-18"), "pm")], 0.5),
        ("明天上午 看牙", [Run(day("09-19"), day("09-19"), "am")], 0),
        ("9-21下午~9-22", [Run(day("09-21"), day("09-21"), "pm"), Run(day("09-22"), day("09-22"))], 1.5),
        ("9-21下午到9-22上午", [Run(day("09-21"), day("09-21"), "pm"), Run(day("09-22"), day("09-22"), "am")], 1),
        ("9-21、9-23", [Run(day("09-21"), day("09-21")), Run(day("09-23"), day("09-23"))], 2),
        ("9-24起三天", [Run(day("09-24"), day("09-29"))], 3),
        ("9-16", [Run(day("09-16"), day("09-16"))], 1),
        ("今天14:00-18:00", [Run(day("09-18"), day("09-18"), "pm")], 0.5),
    ],
)
def test_days(said: str, days: list[Run], cost: float) -> None:
    wish = wished(find(said, NOW, CALENDAR), said, NOW.date(), CALENDAR)
    assert (wish.problem, runs(wish.days), working_days(wish.days, CALENDAR)) == ("", days, cost)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("年假", "none"),
        ("", "none"),
        ("9-21半天", "half"),
        ("9-23~9-21", "reversed"),
        ("2026-09-21~2027-10-25", "long"),
        ("明天起400天", "long"),
        ("2020-1-1", "past"),
        ("2026-8-17", "past"),
        ("2099-1-1", "far"),
        ("13-45", "none"),
    ],
)
def test_problems(said: str, problem: str) -> None:
    wish = wished(find(said, NOW, CALENDAR), said, NOW.date(), CALENDAR)
    assert (wish.problem, wish.days) == (problem, {})


def test_what_hangs_together_is_shown_as_one() -> None:
    days: dict[date, Part] = {day("09-20"): "day", day("09-21"): "day", day("09-24"): "day"}
    assert list(around(days, [day("09-21")])) == [day("09-20"), day("09-21")]
