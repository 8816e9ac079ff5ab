"""Leave that a platform's approvals tell of: as if typed, once, taken back when it is withdrawn."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from clerk import START, ZONE, Clerk

from chat.messages import Incoming
from chat.plain import plain
from reports.leave_import import APPROVED, WITHDRAWN, follow
from storage.people import Person

NOW = datetime(2026, 9, 18, 11, tzinfo=ZONE)
DAYS = {date(2026, 9, 21): "pm", date(2026, 9, 22): "day"}
SPAN = ("2026-09-21 12:00:00", "2026-09-23 00:00:00")


def happen(
    clerk: Clerk, event: str, instance: str = "A-1", who: str = "u李四", span: tuple[str, str] = SPAN
) -> list[str]:
    """What is said because of it: whom to, and the first line."""
    books = clerk.books(NOW)
    data = {"instance": instance}
    if event == APPROVED:
        data |= {"id": who, "since": span[0], "until": span[1]}
    follow(
        books.tx,
        Incoming(f"room:{event}:{instance}", "event", "room", NOW, event=event, data=data),
        lambda _: clerk.can,
    )
    return [f"{parcel.chat}: {plain(parcel.card).splitlines()[0]}" for parcel in books.tx.parcels]


def away(clerk: Clerk, person: Person) -> dict[date, str]:
    return dict(clerk.books(NOW).leaves.of(clerk.project.id, person.id, date(2026, 9, 1), date(2026, 12, 31)))


@pytest.fixture
def person(clerk: Clerk) -> Person:
    clerk.person("张三", "owner")
    return clerk.person("李四")


def test_it_counts_once_however_often_it_is_told(clerk: Clerk, person: Person) -> None:
    assert happen(clerk, APPROVED) == [
        "u李四: ✅ 审批通过，已记 9-21（周一）下午、9-22（周二） 休假，期间不催日报。不对就发：/请假 取消 9-21"
    ]
    assert away(clerk, person) == DAYS
    assert happen(clerk, APPROVED) == []
    assert away(clerk, person) == DAYS


def test_the_lead_hears_once_what_falls_due_meanwhile(clerk: Clerk, person: Person) -> None:
    clerk.books(START, person.id).tasks.add(
        clerk.project.id, 3, "上架", creator=person.id, owner=person.id, due=date(2026, 9, 22)
    )
    said = happen(clerk, APPROVED)
    assert [line.partition(":")[0] for line in said] == ["u张三", "u李四"]
    assert "T3 上架" in said[0]


def test_halves_join_what_was_typed_and_go_back_to_it(clerk: Clerk, person: Person) -> None:
    clerk.books(NOW).leaves.put(clerk.project.id, person.id, {date(2026, 9, 21): "am", date(2026, 9, 23): "day"})
    happen(clerk, APPROVED)
    assert away(clerk, person) == {date(2026, 9, n): "day" for n in (21, 22, 23)}
    assert happen(clerk, WITHDRAWN) == ["u李四: 审批撤销了，9-21~9-22 不再算休假。"]
    assert away(clerk, person) == {date(2026, 9, 21): "am", date(2026, 9, 23): "day"}
    assert happen(clerk, WITHDRAWN) == []


def test_what_was_cancelled_here_meanwhile_stays_as_it_is(clerk: Clerk, person: Person) -> None:
    happen(clerk, APPROVED)
    clerk.books(NOW).leaves.remove(clerk.project.id, person.id, [date(2026, 9, 22)])
    clerk.books(NOW).leaves.put(clerk.project.id, person.id, {date(2026, 9, 21): "day"})
    assert happen(clerk, WITHDRAWN) == []
    assert away(clerk, person) == {date(2026, 9, 21): "day"}


def test_withdrawn_before_it_is_told_it_never_counts(clerk: Clerk, person: Person) -> None:
    assert happen(clerk, WITHDRAWN) == []
    assert happen(clerk, APPROVED) == []
    assert away(clerk, person) == {}


@pytest.mark.parametrize(
    ("who", "span"),
    [
        ("u谁", SPAN), ("u李四", ("2026-09-23 00:00:00", "2026-09-21 00:00:00")), ("u李四", ("明天", "后天")),
        ("u李四", ("2026-09-21 14:00:00", "2026-09-21 15:00:00")), ("u李四", ("2020-01-01 00:00:00", SPAN[1])),
        ("u李四", ("2029-01-01 00:00:00", "2029-01-02 00:00:00")), ("u李四", (SPAN[0], "2029-01-01 00:00:00")),
        ("u李四", ("2026-09-21T12:00:00+08:00", "2026-09-22T12:00:00+08:00")),
    ],
)  # fmt: skip
def test_of_strangers_and_strange_days_there_is_a_line_for_admins_and_nothing_else(
    clerk: Clerk, person: Person, who: str, span: tuple[str, str]
) -> None:
    assert happen(clerk, APPROVED, who=who, span=span) == []
    assert away(clerk, person) == {}
    rows = list(clerk._connection._driver.execute("SELECT action, outcome FROM audit ORDER BY id DESC LIMIT 1"))
    assert rows == [("leave.import", "refused")]
