"""Which titles are the same task."""

from __future__ import annotations

from datetime import date

import pytest

from planning.similar import mean_progress, near, probes, same_title


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("渠道投放", "渠道投放", True),
        ("Fix banner", "fix Banner", True),
        ("双十一渠道投放计划", "双十一渠道投放计划书", True),
        ("渠道投放", "渠道复盘", False),
        ("第1期投放计划表格", "第2期投放计划表格", False),
        ("上架 40 款", "上架 60 款", False),
        ("写", "写", True),
        ("写", "改", False),
        ("😀", "😀", True),
        ("渠道投放", "渠道投放加上很长很长的另外一些话", False),
    ],
)
def test_same_title(a: str, b: str, same: bool) -> None:
    assert same_title(a, b) is same
    assert same_title(b, a) is same


@pytest.mark.parametrize("title", ["写", "写稿", "渠道投放", "Fix banner"])
def test_a_title_contains_its_own_probes(title: str) -> None:
    assert all(probe and probe in title for probe in probes(title))


def test_near_is_within_a_week_or_both_without_a_date() -> None:
    assert near(date(2026, 9, 18), date(2026, 9, 25))
    assert not near(date(2026, 9, 18), date(2026, 9, 26))
    assert near(None, None)
    assert not near(None, date(2026, 9, 18))


def test_a_parents_progress() -> None:
    assert mean_progress([("doing", 50, 1), ("done", 100, 1), ("cancelled", 0, 1), ("undone", 0, 1)]) == 75
    assert mean_progress([("done", 0, 3)]) == 100
    assert mean_progress([("doing", 0, 3), ("done", 100, 1)]) == 25
    assert mean_progress([]) == 0
