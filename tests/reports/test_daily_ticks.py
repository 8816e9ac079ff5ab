"""The clock asks once: whatever is doubled, late or off."""

from __future__ import annotations

from datetime import datetime, timedelta

from clerk import START, Clerk

from chat.plain import plain
from planning.window import LATEST_PROMPT
from reports.daily_close import close
from reports.daily_nudge import nudge
from reports.daily_open import open_day
from reports.ticks import Occasion
from storage.daily import Words
from storage.daily_collections import Plan
from storage.schedules import Due


def ring(clerk: Clerk, handler, due: datetime, at: datetime | None = None) -> tuple[list[str], datetime | None]:  # type: ignore[no-untyped-def]
    """Fire; (what was said, when it wants to be called next)."""
    at = at or due
    desk = clerk.desk(at)
    entry = Due(1, handler.tick_kind, f"project:{clerk.project.id}", {}, due)
    after = handler(Occasion(desk.books, entry, at, lambda _: clerk.can))
    return [f"{parcel.chat}: {plain(parcel.card)}" for parcel in clerk.tx.parcels], after


def test_every_group_is_asked_once_even_by_two_clocks(clerk: Clerk) -> None:
    clerk.books(START).projects.add_chat("room", "g2", "group", "投放群", clerk.project.id)
    first, after = ring(clerk, open_day, START)
    assert [line.split(":")[0] for line in first] == ["g1", "g2"]
    assert after == START + timedelta(days=1)
    assert ring(clerk, open_day, START) == ([], after)


def test_an_hour_late_is_late_and_three_hours_late_is_an_admins_choice(clerk: Clerk) -> None:
    clerk.person("张三", "owner")
    said, _ = ring(clerk, open_day, START, START + timedelta(hours=1))
    assert "（迟发 60 分钟）截止顺延到 19:30" in said[0]
    tomorrow = START + timedelta(days=1)
    said, after = ring(clerk, open_day, tomorrow, tomorrow + LATEST_PROMPT + timedelta(seconds=1))
    assert [line.split("：")[0] for line in said] == ["u张三: 9-22 日报提示漏发（停机 17:30–19:30）。\n[现在发] [跳过]"]
    assert after == START + timedelta(days=2)


def test_exactly_two_hours_late_it_still_goes_out(clerk: Clerk) -> None:
    said, _ = ring(clerk, open_day, START, START + LATEST_PROMPT)
    assert "（迟发 120 分钟）" in said[0]


def test_weeks_off_are_one_word(clerk: Clerk) -> None:
    clerk.person("张三", "owner")
    said, after = ring(clerk, open_day, START, START + timedelta(days=21))
    assert len(said) == 1
    assert "9-21、9-22、9-23、9-24、9-28" in said[0]
    assert after == datetime(2026, 10, 12, 17, 30, tzinfo=START.tzinfo)


def test_a_day_that_became_a_day_off_is_not_asked(clerk: Clerk) -> None:
    clerk.books(START).calendars.override(clerk.project.id, START.date(), False, "团建", None)
    said, after = ring(clerk, open_day, START)
    assert not said
    assert after == START + timedelta(days=1)


def test_a_plan_that_is_off_asks_nobody(clerk: Clerk) -> None:
    books = clerk.books(START)
    plan = books.collections.plan(clerk.project.id)
    assert plan
    books.collections.set_plan(clerk.project.id, Plan(plan.window, on=False))
    assert ring(clerk, open_day, START) == ([], None)


def test_without_a_group_each_person_is_asked(clerk: Clerk) -> None:
    clerk.person("张三", "owner")
    books = clerk.books(START)
    books.projects.chat_state(books.projects.groups(clerk.project.id)[0].id, "removed")
    said, _ = ring(clerk, open_day, START)
    assert said[0].startswith("u张三: 📝 9-21（周一）日报，18:30 截止\n直接回 3 行：")


def test_only_the_missing_are_nudged_and_only_once(clerk: Clerk) -> None:
    people = [clerk.person(name) for name in ("张三", "李四", "王五")]
    ring(clerk, open_day, START)
    clerk.hand_in(people[0], Words("a", "b", ""))
    clerk.books(START).leaves.put(clerk.project.id, people[1].id, {START.date(): "day"})
    at = START + timedelta(minutes=48)
    said, after = ring(clerk, nudge, at)
    assert [line.split(":")[0] for line in said] == ["u王五"]
    assert after == at + timedelta(days=1)


def test_a_nudge_after_the_close_is_no_nudge(clerk: Clerk) -> None:
    clerk.person("张三")
    ring(clerk, open_day, START)
    assert ring(clerk, nudge, START + timedelta(minutes=48), START + timedelta(minutes=70))[0] == []


def test_a_nudge_that_comes_before_a_late_prompt_waits_for_it(clerk: Clerk) -> None:
    """Of what is due after the bot was off, several connections do several things at once."""
    clerk.person("张三")
    clerk.books(START).schedules.add("daily.open", f"project:{clerk.project.id}", START)
    back = START + timedelta(minutes=49)
    said, soon = ring(clerk, nudge, START + timedelta(minutes=48), back)
    assert (said, soon) == ([], back + timedelta(seconds=1))
    ring(clerk, open_day, START, back)
    clerk.books(back).schedules.drop("daily.open", f"project:{clerk.project.id}")  # it is due tomorrow now
    assert soon
    said, moved = ring(clerk, nudge, soon)
    assert (said, moved) == ([], START + timedelta(minutes=48 + 49))
    assert moved
    said, after = ring(clerk, nudge, moved)
    assert [line.split(":")[0] for line in said] == ["u张三"]
    assert after == START + timedelta(days=1, minutes=48)


def test_closing_twice_sums_up_once(clerk: Clerk) -> None:
    person = clerk.person("张三")
    ring(clerk, open_day, START)
    clerk.hand_in(person, Words("a", "b", ""))
    at = START + timedelta(hours=1)
    assert len(ring(clerk, close, at)[0]) == 1
    assert ring(clerk, close, at)[0] == []


def test_a_blocker_nobody_answers_reaches_the_admins_after_two_working_days(clerk: Clerk) -> None:
    clerk.person("张三", "owner")
    person = clerk.person("李四")
    clerk.books(START, person.id).blockers.add(
        clerk.project.id, 1, START.date(), person.id, "等法务", helper=None, report=None
    )
    heard: list[int] = []
    for days in range(4):
        day = START + timedelta(days=days)
        ring(clerk, open_day, day)
        said, _ = ring(clerk, close, day + timedelta(hours=1))
        heard += [days for line in said if "B1 等法务：2 个工作日没人回应" in line]
    assert heard == [2]


def test_who_cannot_be_reached_is_named_in_the_group(clerk: Clerk) -> None:
    for name in ("张三", "李四", "王五", "赵六", "陈晨", "孙七", "周八"):
        clerk.person(name)
    clerk.can = type(clerk.can)(push_unasked=False)
    projects = clerk.books(START).projects
    projects.heard(projects.groups(clerk.project.id)[0])
    ring(clerk, open_day, START)
    said, _ = ring(clerk, nudge, START + timedelta(minutes=48))
    assert [line.split(":")[0] for line in said] == ["g1"]
    assert "@张三 @李四 @王五 @赵六 @陈晨 等 7 人 9-21 日报还有 12 分钟截止" in said[0]
