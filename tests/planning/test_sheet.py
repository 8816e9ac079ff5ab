"""What a table asks for, column by column, and which rows say nothing that can be done."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from planning.calendar import Calendar
from planning.sheet import MOST_ROWS, NoTitles, read
from storage.calendars import base

NOW = datetime(2026, 9, 17, 10)  # noqa: DTZ001 — the local wall clock
PEOPLE = {"王五": 3, "Emma Li": 4}
CALENDAR: Calendar = base("CN")


def _one(head: str, row: str):
    sheet = read(f"标题,{head}\n海报,{row}\n", PEOPLE, NOW, CALENDAR)
    return (*sheet.wanted, *sheet.flaws)[0]


@pytest.mark.parametrize(
    ("head", "row", "field", "value"),
    [
        ("负责人", "王五", "owner", 3),
        ("Assignee", "@emma  li", "owner", 4),
        ("负责人（必填）", "", "owner", None),
        ("截止日期", "2026-09-18", "due", date(2026, 9, 18)),
        ("截止", "2026/9/8", "due", date(2026, 9, 8)),
        ("截止", "2026年9月18日", "due", date(2026, 9, 18)),
        ("截止时间", "2026-09-18 12:30", "due_minute", 750),
        ("Due Date*", "下周三", "due", date(2026, 9, 23)),
        ("Deadline", "周五前", "due", date(2026, 9, 18)),
        ("开始", "2026.9.14", "start", date(2026, 9, 14)),
        ("工期", "3 天", "days", 3),
        ("工期", "2个工作日", "days", 2),
        ("状态", "已完成", "state", "done"),
        ("Status", "In Progress", "state", "doing"),
        ("进度", "80%", "progress", 80),
        ("进度", "0.8", "progress", 80),
        ("进度", "30", "state", "doing"),
        ("优先级", "P1", "priority", "high"),
        ("标签", "#双十一、 投放;素材", "tags", ("双十一", "投放", "素材")),
        ("编号", "A-7", "source", "id:A-7"),
    ],
)
def test_a_cell_is_read(head: str, row: str, field: str, value: object) -> None:
    assert getattr(_one(head, row), field) == value


@pytest.mark.parametrize(
    ("head", "row", "what"),
    [
        ("负责人", "赵六", "owner"),
        ("截止", "2026-13-01", "due"),
        ("截止", "下周八", "due"),
        ("截止", "每周三", "due"),
        ("截止", "9-18 和 9-20", "due"),
        ("截止", "9-18 之类的", "due"),
        ("工期", "很久", "days"),
        ("工期", "0", "days"),
        ("工期", "1000", "days"),
        ("状态", "不知道", "state"),
        ("进度", "120%", "progress"),
        ("进度", "8O%", "progress"),
        ("优先级", "超级", "priority"),
    ],
)
def test_what_cannot_be_read_is_named(head: str, row: str, what: str) -> None:
    flaw = _one(head, row)
    assert (flaw.number, flaw.what, flaw.words) == (2, what, row)


@pytest.mark.parametrize("table", ["", "\n\n", "负责人,截止\n王五,9-18\n", "海报\n投放\n"])
def test_a_table_without_titles_is_none(table: str) -> None:
    with pytest.raises(NoTitles):
        read(table, PEOPLE, NOW, CALENDAR)


@pytest.mark.parametrize("mark", [",", "\t", ";", "，"])
def test_any_usual_mark_separates_cells(mark: str) -> None:
    sheet = read(f"\ufeff标题{mark}负责人\r\n\r\n海报{mark}王五\r\n", PEOPLE, NOW, CALENDAR)
    assert [(one.title, one.owner, one.number) for one in sheet.wanted] == [("海报", 3, 3)]


def test_equal_rows_have_equal_sources_and_long_titles_are_kept() -> None:
    sheet = read("标题,截止,颜色\n" + "海报,9-18,红\n" * 2 + "长" * 300 + ",,\n", PEOPLE, NOW, CALENDAR)
    first, second, long = sheet.wanted
    assert first.source == second.source != long.source
    assert len(long.title) == 100
    assert long.detail == "长" * 300
    assert sheet.unknown == ("颜色",)


def test_no_more_rows_than_promised() -> None:
    sheet = read("标题\n" + "海报\n" * (MOST_ROWS + 7), PEOPLE, NOW, CALENDAR)
    assert (sheet.rows, len(sheet.wanted), sheet.cut) == (MOST_ROWS + 7, MOST_ROWS, 7)
