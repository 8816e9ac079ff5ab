"""Nobody is told twice: two clocks, a bot that was off, leave, mutes, a new date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from clerk import START, ZONE, Clerk

from chat.plain import plain
from planning.window import awake_there
from reports.daily_plan import arrange
from reports.overdue_climb import climb
from reports.rhythm import rhythm_of
from reports.slot_say import tell
from reports.ticks import Occasion
from storage.people import Person
from storage.schedules import Due
from storage.tasks import Task

pytestmark = pytest.mark.sqlite

DUE = START.date()
EVENING = datetime(2026, 9, 21, 18, tzinfo=ZONE)
NEXT = datetime(2026, 9, 22, 10, tzinfo=ZONE)
THIRD = datetime(2026, 9, 24, 10, tzinfo=ZONE)


@pytest.fixture
def office(clerk: Clerk) -> tuple[Clerk, Person, Person, Task]:
    """A lead, an owner, a task due at 18:00, and report times."""
    lead, owner = clerk.person("张三", "owner"), clerk.person("赵六")
    books = clerk.books(START, lead.id)
    arrange(books, rhythm_of(books, clerk.project))
    task = books.tasks.add(
        clerk.project.id, 5, "商品上架", creator=lead.id, owner=owner.id, owner_name=owner.name, due=DUE,
        due_minute=1080,
    )  # fmt: skip
    return clerk, lead, owner, task


def ring(clerk: Clerk, due: datetime, at: datetime | None = None) -> list[str]:
    """One firing of the ladder, then of everybody it called; the first line of each message and whom it went to."""
    at = at or due
    desk = clerk.desk(at)
    entry = Due(1, "overdue", f"overdue:{clerk.project.id}", {}, due)
    following = climb(Occasion(desk.books, entry, at, lambda _: clerk.can))
    for planned in desk.books.schedules.of(f"overdue:{clerk.project.id}"):
        desk.books.schedules.move(planned, following or at)
    for member in desk.members:
        for called in desk.books.schedules.of(f"person:{member.person.id}"):
            tell(Occasion(desk.books, called, at, lambda _: clerk.can))
            desk.books.schedules.remove(called)
    return [f"{parcel.chat}: {plain(parcel.card).splitlines()[0]}" for parcel in clerk.tx.parcels]


def test_each_rung_once_even_by_two_clocks(office: tuple[Clerk, Person, Person, Task]) -> None:
    clerk = office[0]
    assert ring(clerk, EVENING) == ["u赵六: T5 商品上架 今天 18:00 到期未完成。"]
    assert ring(clerk, EVENING) == []
    assert ring(clerk, NEXT) == ["u张三: 逾期 1 个工作日：T5", "u赵六: 逾期 1 个工作日：T5"]
    assert ring(clerk, NEXT) == []
    assert ring(clerk, NEXT + timedelta(days=1)) == []
    assert ring(clerk, THIRD) == ["g1: 逾期 3 个工作日：T5"]
    assert [ring(clerk, THIRD + timedelta(days=days)) for days in range(10)] == [[]] * 10


def test_a_rung_slept_through_comes_a_day_later_and_never_at_night(
    office: tuple[Clerk, Person, Person, Task],
) -> None:
    clerk = office[0]
    assert ring(clerk, EVENING, EVENING + timedelta(hours=3)) == []
    assert ring(clerk, NEXT, NEXT + timedelta(hours=5)) == []
    assert len(ring(clerk, NEXT + timedelta(days=1))) == 2


def test_who_is_on_leave_or_muted_or_hushed_is_left_alone(office: tuple[Clerk, Person, Person, Task]) -> None:
    clerk, lead, owner, task = office
    clerk.books(START).leaves.put(clerk.project.id, owner.id, {DUE: "day"})
    assert ring(clerk, EVENING) == []
    clerk.books(START).pushes.mute(lead.id, "overdue")
    clerk.books(START).pushes.hush(owner.id, task.id, NEXT.date())
    assert ring(clerk, NEXT) == []
    assert ring(clerk, NEXT + timedelta(days=1)) == ["u赵六: 逾期 1 个工作日：T5"]


def test_done_stops_it_and_a_new_date_begins_anew(office: tuple[Clerk, Person, Person, Task]) -> None:
    clerk, lead, _, task = office
    assert len(ring(clerk, EVENING)) == 1
    moved = clerk.books(NEXT, lead.id).tasks.change(task, due=date(2026, 9, 22))
    assert ring(clerk, NEXT) == []
    assert len(ring(clerk, EVENING + timedelta(days=1))) == 1
    clerk.books(NEXT, lead.id).tasks.change(moved, state="done", closed_at=NEXT)
    assert ring(clerk, NEXT + timedelta(days=1)) == []


def test_twenty_tasks_are_one_message_of_at_most_ten_lines(office: tuple[Clerk, Person, Person, Task]) -> None:
    clerk, lead, owner, _ = office
    books = clerk.books(START, lead.id)
    for number in range(6, 26):
        books.tasks.add(
            clerk.project.id, number, "@所有人 {{7*7}}", creator=lead.id, owner=owner.id, due=DUE, due_minute=1080
        )
    said = ring(clerk, EVENING)
    assert said == ["u赵六: 到期未完成：21 项"]
    card = clerk.tx.parcels[0].card
    words = plain(card).splitlines()
    assert len(words) <= 14, "with its buttons and the rule's name"
    assert "还有 13 项，发「/我的」看全部" in words


def test_a_quiet_project_costs_a_handful_of_statements(office: tuple[Clerk, Person, Person, Task]) -> None:
    clerk = office[0]
    asked: list[str] = []
    clerk._connection._driver.set_trace_callback(asked.append)
    ring(clerk, datetime(2026, 9, 21, 9, tzinfo=ZONE))
    clerk._connection._driver.set_trace_callback(None)
    selects = [line for line in asked if line.startswith("SELECT")]
    assert len(selects) <= 9, selects


def test_who_cannot_be_written_to_is_mentioned_in_the_group(office: tuple[Clerk, Person, Person, Task]) -> None:
    clerk = office[0]
    clerk.can = replace(clerk.can, push_unasked=False)
    clerk.books(START).projects.heard(clerk.books(START).projects.groups(clerk.project.id)[0])
    assert ring(clerk, EVENING) == ["g1: @赵六 T5 商品上架 到期未完成。逾期提醒 · 关闭此类：/设置 我的提醒 逾期 关"]


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("", None), ("Europe/London", None), ("America/New_York", 9), ("Pacific/Auckland", 9)],
)
def test_nobody_is_written_to_in_their_own_night(zone: str, hour: int | None) -> None:
    later = awake_there(EVENING, zone)
    assert (later.astimezone(ZoneInfo(zone)).hour if later else None) == hour
    assert later is None or EVENING < later < EVENING + timedelta(hours=16)


def test_what_waits_for_somebodys_morning_is_said_then(office: tuple[Clerk, Person, Person, Task]) -> None:
    clerk, _, owner, _ = office
    clerk.books(START).people.prefer(owner, zone="America/New_York")
    assert ring(clerk, EVENING) == []
    morning = awake_there(EVENING, "America/New_York")
    assert morning is not None
    desk = clerk.desk(morning)
    entry = Due(1, "slot.say", f"person:{owner.id}", {}, morning)
    tell(Occasion(desk.books, entry, morning, lambda _: clerk.can))
    assert [parcel.chat for parcel in clerk.tx.parcels] == ["u赵六"]


def test_two_moments_the_bot_was_off_at_are_both_looked_at(office: tuple[Clerk, Person, Person, Task]) -> None:
    """Off from before 9:30 until 11:10: the 10:00 of that day is not put off to the evening."""
    clerk = office[0]
    back, missed = NEXT.replace(hour=11, minute=10), NEXT.replace(hour=9, minute=30)
    entry = Due(1, "overdue", f"overdue:{clerk.project.id}", {}, missed)
    assert climb(Occasion(clerk.desk(back).books, entry, back, lambda _: clerk.can)) == NEXT
    assert ring(clerk, NEXT, back) == ["u张三: 逾期 1 个工作日：T5", "u赵六: 逾期 1 个工作日：T5"]
