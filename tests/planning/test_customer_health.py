"""The health of a customer, from history alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planning.health import FACTORS, Health, health
from planning.lives import Fact

NOW = datetime(2026, 9, 18, 14, tzinfo=ZoneInfo("Asia/Shanghai"))
ROOT, RENEWAL = 1, 2


def days(n: float) -> datetime:
    """So many days ago."""
    return NOW - timedelta(days=n)


def made(task: int, ago: float, first: str = "{}", actor: int | None = 7) -> Fact:
    return Fact(task, days(ago), "created", first, "", actor=actor)


def moved(task: int, ago: float, field: str, before: str, after: str) -> Fact:
    return Fact(task, days(ago), field, before, after, actor=7)


def told(*facts: Fact, renewal: str = '{"parent": "1", "due": "2027-09-15"}', age: float = 100) -> Health:
    everything = [made(ROOT, age), made(RENEWAL, age, renewal), *facts]
    return health({ROOT: RENEWAL}, sorted(everything, key=lambda fact: fact.at), NOW)[ROOT]


def share(found: Health, name: str) -> float | None:
    return found.factors[FACTORS.index(name)].share


def test_what_nothing_is_known_of_is_grey_and_not_nought() -> None:
    found = told(age=3)
    assert [each.share for each in found.factors] == [None, None, None, 1.0]
    assert (found.known, found.score, found.grey) == (20, 100, True)
    assert told(age=3, renewal='{"parent": "1"}').score is None


@pytest.mark.parametrize(
    ("age", "acts", "expected"),
    [
        (100, (), 0.0),
        (100, (1,), 0.25),
        (100, (1, 2, 3), 0.25),
        (100, (1, 8, 15, 22), 1.0),
        (100, (29,), 0.0),
        (15, (1, 8), 1.0),
        (15, (1,), 0.5),
        (6, (1,), None),
    ],
)
def test_activity(age: float, acts: tuple[int, ...], expected: float | None) -> None:
    facts = [moved(RENEWAL, ago, "comment", "", "电话") for ago in acts]
    assert share(told(*facts, age=age), "activity") == expected


TICKET = '{"parent": "1", "tags": "工单", "due": "2026-09-10"}'


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([made(5, 20, TICKET)], 0.0),
        ([made(5, 20, TICKET), moved(5, 9, "state", "todo", "done")], 1.0),
        ([made(5, 20, TICKET), moved(5, 1, "state", "todo", "done")], 0.0),
        ([made(5, 20, TICKET), moved(5, 12, "state", "todo", "done"), moved(5, 11, "state", "done", "todo"),
          moved(5, 10, "state", "todo", "done")], 0.0),
        ([made(5, 20, TICKET), moved(5, 9, "state", "todo", "cancelled")], None),
        ([made(5, 20, TICKET), moved(5, 9, "state", "todo", "undone")], None),
        ([made(5, 95, TICKET), moved(5, 94, "state", "todo", "done")], None),
        ([made(5, 20, TICKET.replace("工单", "客诉")), moved(5, 9, "state", "todo", "done")], 0.0),
        ([made(5, 20, TICKET), made(6, 20, '{"parent": "5", "tags": "工单"}')], 0.5),
        ([made(5, 20, TICKET.replace('"1"', '"99"'))], None),
        ([made(5, 20, TICKET), moved(5, 2, "parent", "1", "99")], None),
        ([made(5, 20, TICKET), moved(5, 2, "due", "2026-09-10", "2026-09-30")], 1.0),
    ],
)  # fmt: skip
def test_tickets(facts: list[Fact], expected: float | None) -> None:
    assert share(told(*facts), "tickets") == expected


@pytest.mark.parametrize(("ago", "expected"), [(0, 1.0), (30, 1.0), (60, 0.5), (90, 0.0), (99, 0.0)])
def test_visits(ago: float, expected: float) -> None:
    visit = [made(5, ago, '{"parent": "1", "tags": "回访"}'), moved(5, ago, "state", "todo", "done")]
    assert share(told(*visit), "visits") == expected
    assert share(told(visit[0]), "visits") is None


@pytest.mark.parametrize(
    ("due", "expected"),
    [("2027-09-15", 1.0), ("2026-12-17", 1.0), ("2026-11-02", 0.5), ("2026-09-18", 0.0), ("2026-09-01", 0.0)],
)
def test_renewal(due: str, expected: float) -> None:
    assert share(told(renewal=f'{{"parent": "1", "due": "{due}"}}'), "renewal") == expected


def test_renewed_or_given_up() -> None:
    assert share(told(moved(RENEWAL, 1, "state", "todo", "done"), renewal='{"due": "2026-09-01"}'), "renewal") == 1.0
    assert share(told(moved(RENEWAL, 1, "state", "todo", "cancelled")), "renewal") is None


def test_the_score_is_of_what_is_known() -> None:
    found = told(*[moved(RENEWAL, ago, "comment", "", "电话") for ago in (1, 8)])
    assert (found.known, found.score) == (50, 70)  # (30 × 0.5 + 20 × 1) ÷ 50
    assert found.worst is not None
    assert found.worst.name == "activity"
    assert not found.grey
    ours = health({ROOT: RENEWAL}, [made(ROOT, 100), made(RENEWAL, 100, '{"due": "2027-09-15"}')], NOW, (0, 0, 0, 100))
    assert ours[ROOT].score == 100
