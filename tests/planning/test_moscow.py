"""Must against the time there is, what changed, and who could take a task."""

from __future__ import annotations

from planning.moscow import Item, in_order, weigh
from planning.own_week import Line, lines
from planning.suggest import Candidate, ranked
from tests.planning.test_metrics import on


def test_last_times_choice_stands_until_another_is_made() -> None:
    items = [
        Item(1, 11, 2, "must", "should"), Item(2, 12, 4.5, "", "must"), Item(3, 13, 9, "wont", "must"), Item(4, 14, 1),
    ]  # fmt: skip
    found = weigh(items, 8)
    assert (found.must, found.days, found.per_cent, found.too_much) == (2, 6.5, 81, True)
    assert [item.number for item in found.changed] == [1, 3]
    assert [item.number for item in found.unsaid] == [2, 4]
    assert not weigh(items[:1], 8).too_much
    assert weigh(items, 0).per_cent is None
    assert weigh(items, 0).too_much
    assert not weigh([], 0).too_much


def test_musts_first_and_what_was_never_weighed_last() -> None:
    items = [Item(1, 11, 1), Item(2, 12, 1, "", "wont"), Item(3, 13, 1, "", "must"), Item(4, 14, 1, "", "must")]
    due = {13: "2026-10-09", 14: "2026-09-28"}
    assert [item.number for item in in_order(items, due)] == [4, 3, 2, 1]


def test_who_has_time_comes_before_who_has_done_it() -> None:
    busy = Candidate(1, "李四", "设计", 9, 150, 0)
    free = Candidate(2, "王五", "", 0, 20, 40)
    able = Candidate(3, "赵六", "设计", 2, 90, 10)
    gone = Candidate(4, "陈晨", "设计", 9, None, 0)
    assert [one.person for one in ranked([busy, free, able, gone])] == [3, 2, 1]
    assert ranked([gone]) == []


def test_a_line_said_twice_is_one() -> None:
    said = [
        (on("09-21"), "1. 定稿\n- 写投放计划；定稿。"),
        (on("09-22"), "写投放计划\n\n3.5 万预算"),
        (on("09-23"), ""),
    ]
    assert lines(said) == [
        Line("定稿", on("09-21")), Line("写投放计划", on("09-21")), Line("3.5 万预算", on("09-22")),
    ]  # fmt: skip
