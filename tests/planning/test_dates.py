"""The grammar of dates against a table of phrases, each with the moment it was said and what it means.

``phrases.txt`` lists ``words | readings``, one expression after another separated by ``;``. A reading is
``[MM-DD HH:MM~MM-DD HH:MM]`` (years only when not 2026); readings of one expression are separated by ``/``.
``D``, ``R`` and ``*`` in front mean deadline, reminder and recurrence. ``silence.txt`` lists what holds no date.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.calendar import Calendar
from planning.dates import Expression, Reading, Recurrence, find, find_recurrence, past

HERE = Path(__file__).parent
CN = Calendar()
FRIDAY = datetime.fromisoformat("2026-09-18 14:00")


def lines(name: str) -> list[tuple[datetime, str]]:
    """[(moment, line)] of a table; ``@ 2026-09-20 10:00`` sets the moment for the lines after it."""
    now, found = FRIDAY, []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            now = datetime.fromisoformat(line[2:])
        elif line.strip() and not line.startswith("# "):
            found.append((now, line))
    return found


def shown_day(day: date) -> str:
    return day.isoformat().removeprefix("2026-")


def shown_minute(minute: int | None) -> str:
    return "" if minute is None else f" {minute // 60:02}:{minute % 60:02}"


def shown_reading(reading: Reading) -> str:
    shown = shown_day(reading.day) + shown_minute(reading.minute)
    if reading.end_day is None:
        return shown
    end = "" if reading.end_day == reading.day else shown_day(reading.end_day)
    return f"{shown}~{(end + shown_minute(reading.end_minute)).strip()}"


def shown_rule(rule: Recurrence) -> str:
    said = f"every {rule.every} {rule.unit}"
    for name, value in (("on", rule.weekdays), ("days", rule.month_days), ("nth", rule.nth)):
        if value:
            said += f" {name} {','.join(map(str, value))}"
    said += f" workday {rule.nth_workday}" if rule.nth_workday else ""
    return said + (f" month {rule.month}" if rule.month else "")


def shown(expression: Expression) -> str:
    mark = {"deadline": "D ", "reminder": "R "}.get(expression.role, "")
    said = mark + " / ".join(map(shown_reading, expression.readings))
    return f"{said} * {shown_rule(expression.recurrence)}" if expression.recurrence else said


def shown_all(text: str, now: datetime) -> str:
    return " ; ".join(shown(expression) for expression in find(text, now, CN))


@pytest.mark.parametrize(("now", "line"), lines("phrases.txt"))
def test_phrase(now: datetime, line: str) -> None:
    text, _, expected = line.rpartition(" | ")
    assert shown_all(text, now) == expected.strip()


@pytest.mark.parametrize(("now", "text"), lines("silence.txt"))
def test_silence(now: datetime, text: str) -> None:
    assert shown_all(text, now) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("王五下周三前交主图素材", ["下周三前"]),
        ("帮我建个客户回访任务，明天上午10点提醒", ["明天上午10点提醒"]),
        ("写周报 周五下班前", ["周五下班前"]),
        ("Ship the banner by Friday 6pm", ["by Friday 6pm"]),
        ("预算追加３万元 会签 截止 １０-１０ １２：００", ["截止 １０-１０ １２：００"]),
        ("設置 17:30 收 18:30 截止", ["17:30", "18:30 截止"]),
        ("提醒我明天交周报", ["提醒我明天"]),
        ("下週三（9月23日）開會", ["下週三（9月23日）"]),
    ],
)
def test_words_are_the_original_text_with_its_deadline_and_reminder_words(text: str, words: list[str]) -> None:
    found = find(text, FRIDAY, CN)
    assert [expression.words for expression in found] == words
    assert all(text[e.start : e.stop] == e.words for e in found)


def test_what_was_filled_in_is_said() -> None:
    assert find("明天3点", FRIDAY, CN)[0].readings[0].assumed == ("afternoon",)
    assert find("18:00", FRIDAY, CN)[0].readings[0].assumed == ("day",)
    assert find("9月25日", FRIDAY, CN)[0].readings[0].assumed == ("year",)
    assert find("明年国庆后", FRIDAY, CN)[0].readings[0].assumed == ("calendar",)
    assert find("2026-09-25 18:00", FRIDAY, CN)[0].readings[0].assumed == ()


def test_the_chat_s_own_days_count() -> None:
    own = Calendar(overrides={date(2026, 9, 21): False})
    assert find("3个工作日后", FRIDAY, own)[0].readings == (Reading(date(2026, 9, 23)),)
    assert find("下周内", FRIDAY, Calendar("GB"))[0].readings == (Reading(date(2026, 9, 25)),)


def test_past() -> None:
    def is_past(text: str) -> bool:
        return past(find(text, FRIDAY, CN)[0].readings[0], FRIDAY)

    assert [
        text for text in ("昨天", "今天", "今天13:59", "今天14:00", "明天", "今天上午", "今天下午") if is_past(text)
    ] == [
        "昨天",
        "今天13:59",
        "今天上午",
    ]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("每周一三五", "09-18 09-21 09-23"),
        ("隔天", "09-18 09-20 09-22"),
        ("每隔两天", "09-18 09-21 09-24"),
        ("每两周的周四", "09-24 10-08 10-22"),
        ("每个工作日", "09-18 09-20 09-21"),
        ("每月15号", "10-15 11-15 12-15"),
        ("每月31号", "09-30 10-31 11-30"),
        ("每月1号和15号", "10-01 10-15 11-01"),
        ("每月最后一个工作日", "09-30 10-30 11-30"),
        ("每月第一个周一", "10-05 11-02 12-07"),
        ("每月第五个周一", "11-30 2027-03-29 2027-05-31"),
        ("每季度末", "09-30 12-31 2027-03-31"),
        ("每季度第一天", "10-01 2027-01-01 2027-04-01"),
        ("每两个月1号", "10-01 12-01 2027-02-01"),
        ("每半年", "09-18 2027-03-18 2027-09-18"),
        ("每年9月10日", "2027-09-10 2028-09-10 2029-09-10"),
        ("every other tuesday", "09-22 10-06 10-20"),
        ("every 3 weeks", "09-18 10-09 10-30"),
        ("last friday of every month", "09-25 10-30 11-27"),
    ],
)
def test_recurrence(text: str, days: str) -> None:
    expression = find_recurrence(text, FRIDAY, CN)
    assert expression is not None
    assert expression.recurrence is not None
    day = expression.readings[0].day
    found = [day]
    for _ in range(2):
        day = expression.recurrence.next_after(day, CN)
        found.append(day)
    assert " ".join(map(shown_day, found)) == days


def test_find_recurrence_passes_over_plain_dates() -> None:
    expression = find_recurrence("明天开会，每周五写周报", FRIDAY, CN)
    assert expression is not None
    assert expression.words == "每周五"
    assert find_recurrence("明天写周报", FRIDAY, CN) is None


def test_a_rule_that_never_comes_is_refused() -> None:
    with pytest.raises(ValueError, match="never comes"):
        Recurrence("month", nth_workday=31).next_after(date(2026, 9, 18), CN)


SHARDS = [
    *"今明后昨前上下这本每隔第周月年日号点时分半一二三五十1230:-/.~,，、 的到至内末初底晚早",
    *("星期", "礼拜", "工作日", "季度", "国庆", "节后", "小时", "提醒", "截止", "下午", "Q3", "每月", "最后一个", "个"),
    *(
        "tomorrow",
        "next ",
        "Friday",
        " at ",
        "5pm",
        "in ",
        "3 days",
        "every ",
        "by ",
        "the ",
        "15th",
        "Oct ",
        "end of ",
    ),
]


@given(
    st.lists(st.sampled_from(SHARDS), max_size=14).map("".join),
    st.datetimes(datetime.fromisoformat("2005-01-01"), datetime.fromisoformat("2030-01-01")),
)
def test_any_text_gives_ordered_expressions_with_readings(text: str, now: datetime) -> None:
    stop = 0
    for expression in find(text, now, CN):
        assert stop <= expression.start < expression.stop <= len(text)
        assert expression.words == text[expression.start : expression.stop]
        assert expression.readings
        for reading in expression.readings:
            assert reading.minute is None or 0 <= reading.minute < 1440
            assert reading.end_minute is None or 0 <= reading.end_minute < 1440
            assert reading.end_day is None or reading.end_day >= reading.day
        if expression.recurrence:
            day = expression.readings[0].day
            assert expression.recurrence.next_after(day, CN) > day
        stop = expression.stop


@given(st.dates(date(2006, 1, 1), date(2030, 1, 1)), st.integers(0, 6))
def test_a_weekday_next_week_lies_in_the_next_calendar_week(day: date, weekday: int) -> None:
    now = datetime.combine(day, time(9))
    said = find("下周" + "一二三四五六日"[weekday], now, CN)[0].readings
    assert said[0].day.weekday() == weekday
    assert (said[0].day - timedelta(days=weekday)) - (day - timedelta(days=day.weekday())) == timedelta(days=7)
    assert len(said) == (2 if day.weekday() == 6 else 1)


@given(st.dates(date(2006, 1, 1), date(2030, 1, 1)), st.dates(date(2006, 1, 1), date(2030, 1, 1)))
def test_a_written_date_is_that_date(day: date, today: date) -> None:
    now = datetime.combine(today, time(9))
    for text in (
        f"{day:%Y-%m-%d}",
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%b %d, %Y}",
    ):
        assert [(e.readings[0].day, len(e.readings)) for e in find(text, now, CN)] == [(day, 1)], text
