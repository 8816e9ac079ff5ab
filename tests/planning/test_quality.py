"""Quality debt from history alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from planning.lives import Fact
from planning.quality import debts

START = datetime(2026, 9, 18, 6, tzinfo=UTC)
CREATED = ("created", '{"owner": "7"}', "页面")
TWO = [("check", "", "1 主图"), ("check", "", "2 A/B 测试")]
DONE, OPEN, CANCELLED = ("state", "todo", "done"), ("state", "done", "doing"), ("state", "todo", "cancelled")


def told(*rows: tuple[str, str, str]) -> list[Fact]:
    return [Fact(1, START + timedelta(hours=n), *row) for n, row in enumerate((CREATED, *rows))]


@pytest.mark.parametrize(
    ("rows", "owed"),
    [
        ([*TWO], []),
        ([*TWO, DONE], [1, 2]),
        ([*TWO, ("tick", "", "1"), DONE], [2]),
        ([*TWO, DONE, ("tick", "", "1"), ("tick", "", "2")], []),
        ([*TWO, DONE, ("tick", "", "1"), ("untick", "1", "")], [1, 2]),
        ([*TWO, DONE, OPEN], []),
        ([*TWO, ("skip", "", "2 赶上线")], [2]),
        ([*TWO, ("skip", "", "2 赶上线"), DONE, OPEN], [2]),
        ([*TWO, ("skip", "", "2 赶上线"), ("unskip", "2 赶上线", "")], []),
        ([*TWO, ("skip", "", "2 赶上线"), ("uncheck", "2 A/B 测试", "")], []),
        ([*TWO, ("skip", "", "2 赶上线"), CANCELLED], []),
        ([*TWO, ("skip", "", "2 赶上线"), ("state", "todo", "undone")], []),
        ([DONE, *TWO], [1, 2]),
        ([("tick", "", "9"), DONE], []),
    ],
)
def test_what_is_owed(rows: list[tuple[str, str, str]], owed: list[int]) -> None:
    assert sorted(debt.number for debt in debts(told(*rows), {1: 5})) == owed


def test_since_when_whose_and_why() -> None:
    facts = told(*TWO, ("skip", "", "2 赶上线 来不及"), DONE, ("owner", "7", "8"))
    skipped, undone = debts(facts, {1: 5})
    assert (skipped.ref, skipped.number, skipped.why, skipped.owner) == ("T5", 2, "赶上线 来不及", 8)
    assert (skipped.since, undone.since) == (START + timedelta(hours=3), START + timedelta(hours=4))
    assert (undone.words, undone.why) == ("主图", "")


def test_as_known_at_any_earlier_moment() -> None:
    facts = told(*TWO, DONE, ("tick", "", "1"), ("tick", "", "2"))
    assert [len(debts(facts, {1: 5}, START + timedelta(hours=n))) for n in range(7)] == [0, 0, 0, 2, 1, 0, 0]
