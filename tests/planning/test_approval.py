"""What votes amount to, and when people are urged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.approval import Choice, Decision, Mode, Vote, awake, decide, urges
from planning.approval_words import Change, compare, reworded
from planning.calendar import Calendar
from planning.window import AWAKE

CALENDAR = Calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")
TABLE: list[tuple[Mode, str, Decision]] = [
    (Mode.ALL, "", Decision("open", (1, 2, 3), 0)),
    (Mode.ALL, "1y", Decision("open", (2, 3), 1)),
    (Mode.ALL, "1y 1n", Decision("open", (2, 3), 1)),
    (Mode.ALL, "1y 2y 3y", Decision("approved", (), 3)),
    (Mode.ALL, "1y 2n 3y", Decision("rejected", (), 1)),
    (Mode.ALL, "3b 1y", Decision("returned", (), 0)),
    (Mode.ALL, "9y 9n", Decision("open", (1, 2, 3), 0)),
    (Mode.ANY, "", Decision("open", (1, 2, 3), 0)),
    (Mode.ANY, "2y 1n", Decision("approved", (), 1)),
    (Mode.ANY, "2n 1y", Decision("rejected", (), 0)),
    (Mode.ANY, "2b", Decision("returned", (), 0)),
    (Mode.IN_TURN, "", Decision("open", (1,), 0)),
    (Mode.IN_TURN, "2y", Decision("open", (1,), 0)),
    (Mode.IN_TURN, "1y", Decision("open", (2,), 1)),
    (Mode.IN_TURN, "1y 3n 2y", Decision("open", (3,), 2)),
    (Mode.IN_TURN, "1y 2n", Decision("rejected", (), 1)),
    (Mode.IN_TURN, "1y 2y 3y", Decision("approved", (), 3)),
    (Mode.EVERY, "1y 2n", Decision("open", (3,), 1)),
    (Mode.EVERY, "1y 2n 3y", Decision("rejected", (), 2)),
    (Mode.EVERY, "1n 2n 3n", Decision("rejected", (), 0)),
    (Mode.EVERY, "1n 2b 3y", Decision("returned", (), 0)),
    (Mode.EVERY, "1y 2y 3y", Decision("approved", (), 3)),
    (Mode.EVERY, "1n 1y 2y", Decision("open", (3,), 1)),
]
CHOICES: dict[str, Choice] = {"y": "yes", "n": "no", "b": "back"}


@pytest.mark.parametrize(("mode", "said", "expected"), TABLE)
def test_what_three_seats_decide(mode: Mode, said: str, expected: Decision) -> None:
    votes = [Vote(int(word[0]), CHOICES[word[1]]) for word in said.split()]
    assert decide(mode, (1, 2, 3), votes) == expected


def test_nothing_is_approved_by_nobody() -> None:
    assert all(decide(mode, (), [Vote(1, "yes")]).result == "open" for mode in Mode)


votes_of = st.lists(st.builds(Vote, st.integers(1, 6), st.sampled_from(["yes", "no", "back"])), max_size=12)


@given(st.sampled_from(Mode), st.integers(1, 5), votes_of)
def test_once_decided_nothing_changes_it(mode: Mode, seats: int, votes: list[Vote]) -> None:
    there = tuple(range(1, seats + 1))
    results = [decide(mode, there, votes[:n]).result for n in range(len(votes) + 1)]
    ends = [result for result in results if result != "open"]
    assert len(set(ends)) <= 1
    assert results == ["open"] * (len(results) - len(ends)) + ends


@given(st.sampled_from(Mode), st.integers(1, 5), votes_of)
def test_whoever_is_asked_can_move_it_and_nobody_else(mode: Mode, seats: int, votes: list[Vote]) -> None:
    there = tuple(range(1, seats + 1))
    now = decide(mode, there, votes)
    assert (now.asked == ()) == (now.result != "open")
    for seat in range(1, 7):
        after = decide(mode, there, [*votes, Vote(seat, "yes")])
        assert (after != now) == (seat in now.asked)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("opened", "deadline", "expected"),
    [
        ("2026-10-09 10:00", "2026-10-10 12:00", ["2026-10-10 09:00", "2026-10-10 09:24"]),  # 23:00 is quiet
        ("2026-09-21 10:00", "2026-09-21 18:00", ["2026-09-21 14:00", "2026-09-21 17:12"]),
        ("2026-09-30 18:00", "2026-10-08 10:00", ["2026-10-08 09:00"]),  # both fall into the holidays: one
        ("2026-09-21 19:30", "2026-09-22 08:30", []),  # the end comes before anybody is up
        ("2026-09-25 10:00", "2026-09-27 10:00", []),  # holidays all along
    ],
)
def test_urges_at_half_and_nine_tenths_when_people_work(opened: str, deadline: str, expected: list[str]) -> None:
    found = urges(at(opened), at(deadline), CALENDAR, SHANGHAI)
    assert [each.astimezone(SHANGHAI) for each in found] == [at(each) for each in expected]


@given(
    st.integers(0, 365 * 24 * 60).map(lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)),
    st.integers(0, 60 * 24 * 90),
    st.sampled_from(["Asia/Shanghai", "Europe/London", "America/New_York"]),
)
def test_nobody_is_urged_at_night_or_after_the_end(opened: datetime, minutes: int, zone: str) -> None:
    deadline = opened + timedelta(minutes=minutes)
    found = urges(opened, deadline, CALENDAR, ZoneInfo(zone))
    assert len(found) <= 2
    for each in found:
        local = each.astimezone(ZoneInfo(zone))
        assert opened < each < deadline
        assert AWAKE[0] <= local.hour * 60 + local.minute < AWAKE[1]
        assert CALENDAR.is_working(local.date())
        assert awake(each, CALENDAR, ZoneInfo(zone)) == each


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("预算追加3万元", "预算追加5万元", Change("3万元", "5万元", amount=True)),
        ("预算追加 3 万元", "预算追加3万元", None),
        ("采购 ¥12,000元 电脑", "采购 ¥15,000元 电脑", Change("¥12,000元", "¥15,000元", amount=True)),
        ("预算追加3万元", "预算追加5万元，含税", Change("预算追加3万元", "预算追加5万元，含税", amount=False)),
        ("A 3万元 B 2万元", "A 3万元 B 4万元", Change("A 3万元 B 2万元", "A 3万元 B 4万元", amount=False)),
        ("换供应商", "换仓库", Change("换供应商", "换仓库", amount=False)),
    ],
)
def test_what_changed(before: str, after: str, expected: Change | None) -> None:
    assert compare(before, after) == expected


@pytest.mark.parametrize(
    ("title", "said", "expected"),
    [
        ("预算追加3万元", "金额 5万", "预算追加5万元"),
        ("预算追加3万元", "金额改为5万元", "预算追加5万元"),
        ("预算追加3万元", "预算追加5万元", "预算追加5万元"),
        ("预算追加3万元", "金额 五万", "预算追加5万元"),
        ("预算追加3万元", "金额：十二万元", "预算追加12万元"),
        ("预算追加3万元", "金额 很多", ""),
        ("预算追加3万元", "金额和供应商都改", "金额和供应商都改"),
        ("换供应商", "金额 5万", "换供应商 金额 5万"),
        ("A 3万元 B 2万元", "金额 5万", "金额 5万"),
    ],
)
def test_only_the_sum_can_be_said(title: str, said: str, expected: str) -> None:
    assert reworded(title, said) == expected
