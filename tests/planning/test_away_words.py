"""Leave as it is typed on a phone. Wednesday 2026-09-16; 9-20 works, 9-25 to 9-27 rest, 10-1 to 10-7 rest."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from planning.away import Part, Problem, runs, wished, without
from planning.away_words import tidied
from planning.calendar import Calendar
from planning.dates import find

CALENDAR = Calendar("CN")
NOW = datetime(2026, 9, 16, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def read(said: str) -> tuple[Problem, str]:
    text = tidied(said.lower(), NOW.date())
    wish = wished(find(text, NOW, CALENDAR), text, NOW.date(), CALENDAR)
    spans = [f"{run.first:%m%d}" + (f"-{run.last:%m%d}" if run.last != run.first else "") for run in runs(wish.days)]
    return wish.problem, " ".join(
        span + ("" if run.part == "day" else run.part) for span, run in zip(spans, runs(wish.days), strict=True)
    )


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("9月21-23", "0921-0923"), ("9月21到23", "0921-0923"), ("9-21—9-23", "0921-0923"), ("9-21–23", "0921-0923"),
        ("9-21..9-23", "0921-0923"), ("9-21-9-23", "0921-0923"), ("9.21-23", "0921-0923"), ("9.21-23年假", "0921-0923"),
        ("9.21~9.23 出差", "0921-0923"), ("2026.9.21～2026.9.23", "0921-0923"),
        ("9-21 (周一) 到 9-23 (周三)", "0921-0923"),
        ("9-21、22、23", "0921-0923"), ("9-21,22", "0921-0922"), ("21、22、28号", "0921-0922 0928"),
        ("9月21号、22号和28号", "0921-0922 0928"), ("9-21,9-28", "0921 0928"), ("9-21、22日上午", "0921 0922am"),
        ("明后两天", "0917-0918"), ("今明两天", "0916-0917"), ("下周一二三", "0921-0923"), ("周一、周二", "0921-0922"),
        ("到周五", "0916-0918"), ("请到下周三", "0916-0923"), ("到周五上午", "0916-0917 0918am"),
        ("到周五下午", "0916-0918"), ("今天下午到周五", "0916pm 0917-0918"), ("周五为止", "0916-0918"),
        ("从现在到周五", "0916-0918"), ("即日起三天", "0916-0918"), ("本周", "0916-0920"), ("这个月", "0916-0930"),
        ("从明天起两天", "0917-0918"), ("两天 9-21", "0921-0922"), ("请三天假，从明天开始", "0917-0920"),
        ("9-21起两天半", "0921-0922 0923am"), ("9-21 一天半", "0921 0922am"), ("1.5天 9.21", "0921 0922am"),
        ("9-21 一周", "0921-0927"), ("9-21 两周", "0921-1004"), ("9-21起一个月", "0921-1020"),
        ("9-21 十五天", "0921-1016"), ("产假 9-21起158天", "0921-0225"), ("12-30到明年1-3", "1230-0103"),
        ("9-21下午半天", "0921pm"), ("9-21上午,9-22下午", "0921am 0922pm"), ("今天3点后", "0916pm"),
        ("今天10点到12点", "0916am"), ("9-21 14:00 到 9-22 12:00", "0921pm 0922am"),
    ],
)  # fmt: skip
def test_chinese(said: str, days: str) -> None:
    assert read(said) == ("", days)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("9-21 to 9-23", "0921-0923"), ("2026-09-21 to 2026-09-23", "0921-0923"), ("9-21 until 9-23", "0921-0923"),
        ("between 9-21 and 9-23", "0921-0923"), ("9-21 and 9-23", "0921 0923"), ("9/21 - 9/23", "0921-0923"),
        ("21-23 Sep", "0921-0923"), ("Sep 21-23", "0921-0923"), ("Sep 21, 22 and 28", "0921-0922 0928"),
        ("21 and 22 September", "0921-0922"), ("Sep 21, 2026", "0921"), ("9-21 pm", "0921pm"), ("9-21 am", "0921am"),
        ("tomorrow pm", "0917pm"), ("Mon a.m.", "0921am"), ("tomorrow 2-3 pm", "0917pm"), ("tomorrow at 3pm", "0917pm"),
        ("until Friday", "0916-0918"), ("through Friday", "0916-0918"), ("this week", "0916-0920"),
        ("3 days from Monday", "0921-0923"), ("two days starting tomorrow", "0917-0918"),
        ("Monday for 3 days", "0921-0923"), ("Monday, two days", "0921-0922"), ("a week from Monday", "0921-0927"),
        ("tomorrow and the day after", "0917-0918"), ("Dec 24 to Jan 2", "1224-0102"), ("Mon and Tue", "0921-0922"),
    ],
)  # fmt: skip
def test_english(said: str, days: str) -> None:
    assert read(said) == ("", days)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("三天", "none"), ("一周", "none"), ("病假", "none"), ("全天", "none"), ("1 week", "none"), ("每周五", "none"),
        ("周五前", "none"), ("下周休三天", "none"), ("next week for 2 days", "none"),
        ("从周五起", "open"), ("9-21以后", "open"), ("from Monday", "open"), ("after Friday", "open"),
        ("明天半天", "half"), ("half-day tomorrow", "half"), ("今天2小时", "half"), ("today, 2 hours", "half"),
        ("9-23到9-21", "reversed"), ("9-23 to 9-21", "reversed"), ("明天起400天", "long"), ("9999999天 9-21", "long"),
        ("99999 months from Monday", "long"),
    ],
)  # fmt: skip
def test_what_is_asked_again(said: str, problem: Problem) -> None:
    assert read(said) == (problem, "")


@pytest.mark.parametrize(
    ("part", "gone", "left"),
    [
        ("day", "day", None), ("day", "am", "pm"), ("day", "pm", "am"), ("am", "am", None), ("am", "day", None),
        ("am", "pm", "am"), ("pm", "am", "pm"), ("day", None, "day"),
    ],
)  # fmt: skip
def test_what_is_left_of_a_day(part: Part, gone: Part | None, left: Part | None) -> None:
    assert without(part, gone) == left


def test_a_half_of_a_day_said_the_english_way_needs_a_day() -> None:
    assert read("9-10 pm") == ("", f"{date(2026, 9, 10):%m%d}pm")
