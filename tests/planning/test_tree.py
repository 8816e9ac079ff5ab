"""Outlines as people paste them, and stages rolled up."""

from __future__ import annotations

import pytest

from planning.stages import Part, rolled_up
from planning.tree import indent, levels, parents, weight


@pytest.mark.parametrize(
    ("raw", "columns", "words"),
    [
        ("页面", 0, "页面"), ("  页面", 2, "页面"), ("\t页面", 4, "页面"), ("　　页面", 4, "页面"),
        ("- 页面", 0, "页面"), ("-- 页面", 2, "页面"), ("  • 页面", 2, "页面"), (">>页面", 2, "页面"),
    ],
)  # fmt: skip
def test_how_far_in_a_line_stands(raw: str, columns: int, words: str) -> None:
    found, start = indent(raw)
    assert (found, raw[start:]) == (columns, words)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ([0, 2, 4, 2], [1, 2, 3, 2]),
        ([-1, 0, 0], [1, 2, 2]),
        ([-1, 4, 8, 2, 0], [1, 2, 3, 2, 2]),  # back to where nothing stood: a sibling of what is further out
        ([0, 0], [1, 1]),
        ([], []),
    ],
)
def test_the_level_of_each_line(columns: list[int], expected: list[int]) -> None:
    assert levels(columns) == expected


def test_what_each_line_belongs_to() -> None:
    assert parents([1, 2, 3, 3, 2, 1]) == [None, 0, 1, 1, 0, None]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("详情页 ×2", (2, "详情页")), ("详情页x3", (3, "详情页")), ("详情页 权重 5", (5, "详情页")),
        ("details weight 4", (4, "details")), ("详情页", (1, "详情页")), ("尺寸 3×4 定稿", (1, "尺寸 3×4 定稿")),
        ("详情页 ×0", (0, "详情页")),
    ],
)  # fmt: skip
def test_what_a_line_weighs(line: str, expected: tuple[int, str]) -> None:
    heavy, end = weight(line)
    assert (heavy, line[:end]) == expected


def test_the_lagging_stage_stands_first_and_the_finished_one_last() -> None:
    parts = [
        Part("策划", 100, 1, done=True, late=0),
        Part("设计", 50, 3, done=False, late=2),
        Part("设计", 0, 1, done=True, late=9),
        Part("执行", 0, 1, done=False, late=0),
        Part("", 0, 1, done=False, late=5),
    ]
    found = rolled_up(parts, ("策划", "设计", "执行"))
    assert [(s.name, s.percent, s.done, s.all, s.late) for s in found] == [
        ("设计", 62, 1, 2, 2),
        ("执行", 0, 0, 1, 0),
        ("策划", 100, 1, 1, 0),
    ]


def test_nothing_has_no_percent() -> None:
    assert [(s.percent, s.all) for s in rolled_up([], ("策划",))] == [(0, 0)]
