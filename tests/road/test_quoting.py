"""Which card somebody quoted, where only its words are known."""

from __future__ import annotations

import pytest

from chat.quoting import likeliest, shown_in

PROMPT = "📝 9-17（周四）日报，18:30 截止\n@我 发 3 行：\n今日进展：\n[今天请假] [用昨天的计划]"
NEXT = PROMPT.replace("9-17（周四）", "9-18（周五）")
TASK = "✅ T1 渠道投放\n负责人 李四｜截止 2026-09-18（周五）18:00\n[完成] [改时间]"


@pytest.mark.parametrize(
    ("quote", "lines"),
    [
        (PROMPT, 4),
        ("📝 9-17（周四）日报\n18:30 截止\n@我 发 3 行：", 3),
        ("**📝 9-17（周四）日报，18:30 截止**", 1),
        ("📝 9-17（周四）日…", 1),
        ("📝 9-17（周四）日报，18:30 截止\n1. 今天请假", 1),
        ("📝 9-18（周五）日报，18:30 截止", 0),
        ("今日进展：", 0),
        ("📝", 0),
        ("", 0),
        ("9", 0),
        ("{{7*7}}", 0),
    ],
)
def test_from_the_first_line_on(quote: str, lines: int) -> None:
    assert shown_in(quote, PROMPT) == lines


def test_the_one_that_shows_most_and_of_equals_the_newest() -> None:
    cards = [("daily:2", NEXT), ("daily:1", PROMPT), ("task:1", TASK), ("task:1 before", TASK)]
    assert likeliest(PROMPT, cards) == "daily:1"
    assert likeliest(TASK, cards) == "task:1"
    assert likeliest("主图周四给", cards) is None


def test_a_short_first_line_must_be_all_of_it() -> None:
    assert shown_in("好的", "好的\n已记下") == 1
    assert shown_in("好的", "好的，没有记。") == 0
