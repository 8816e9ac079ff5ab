"""Whatever ticks have to say to a person at one moment is one message: nothing of it goes around ``reports.slot``."""

from __future__ import annotations

import ast
import inspect
from datetime import timedelta
from pathlib import Path

import pytest
from clerk import START, Clerk

import reports
from chat.plain import plain
from chat.text import say
from planning.window import awake_there
from reports import rules, ticks
from reports.reminder_card import MOST_BUTTONS, MOST_LINES, ORDER, TOGETHER
from reports.slot import REDRAWN, SAY, Part, collect, redraws
from reports.slot_say import tell
from reports.ticks import Occasion
from storage.books import Books
from storage.people import Person
from storage.schedules import Due
from storage.tables.road import COLLECTORS

pytestmark = pytest.mark.sqlite

ALONE = {
    "approval_desk": "decisions",
    "approval_ticks": "decisions",
    "away": "leave was just taken",
    "asks": "a question waits for its answer",
    "calendar_warning": "a decision of admins",
    "daily_close": "the report of a day",
    "daily_desk": "admins are asked",
    "daily_filing": "an answer to a report",
    "daily_nudge": "a report is due, with its form",
    "daily_open": "a report is due, with its form",
    "daily_own": "a report is due, with its form",
    "daily_together": "all projects' prompts of a person in one message",
    "digest": "the report of a day",
    "emergency": "cannot wait",
    "focus": "the project was changed by somebody",
    "handover": "an offer to be answered",
    "heirs": "somebody has just left",
    "leave_import": "leave was just approved",
    "notes": "24 hours after somebody said done",
    "own_week_push": "a draft to be sent",
    "person_left": "a decision of admins",
    "plans": "an answer to a report",
    "reminders": "at night alone, as they wished",
    "risk_watch": "whoever changes a plan tells who depends on it, at once",
    "supplement": "the report of a day",
    "urgent": "at night alone: nothing else is said then",
    "weekly": "the report of a week",
    "weighing": "a form of several pages",
    "slot_say": "the one message",
}
"""Modules that write to somebody themselves, and why that is no reminder among others."""


def test_who_writes_to_people_by_themselves_is_known() -> None:
    """A new tick with something for a person at a slot calls ``collect``; a conversation of its own says here why."""
    found = set()
    for path in Path(reports.__path__[0]).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        if any(isinstance(call, ast.Attribute) and call.attr == "to_person" for call in calls):
            found.add(path.stem)
    assert not found - ALONE.keys(), "collect it: see reports.slot"


def test_what_is_drawn_anew_has_its_place_in_the_message() -> None:
    ticks.load()
    assert REDRAWN.keys() | set(TOGETHER) <= set(ORDER)
    assert all(list(inspect.signature(redraw).parameters)[1:] for redraw in REDRAWN.values())


def test_those_who_collect_are_waited_for() -> None:
    """The index of the schedule names them as the clock does."""
    assert set(COLLECTORS) <= ticks.load().keys()


def said(clerk: Clerk, person: Person, books: Books) -> list[str]:
    """What the message says at the moment of ``books``, if its time has come."""
    for entry in books.schedules.of(f"person:{person.id}"):
        later = tell(Occasion(books, entry, books.at, lambda _: clerk.can))
        if later is None:
            books.schedules.remove(entry)
        else:
            books.schedules.move(entry, later)
    return [plain(parcel.card) for parcel in clerk.tx.parcels]


def part(number: int, rule: str = rules.RISK, lines: int = 3) -> Part:
    texts = tuple(say("第 {n} 件之 {m}", "{n}.{m}", n=number, m=line) for line in range(lines))
    return Part(rule, "stage", str(number), texts)


def test_the_same_thing_twice_is_said_once_and_not_again_after_a_restart(clerk: Clerk) -> None:
    person = clerk.person("张三")
    desk = clerk.desk(START)
    for number in (1, 2, 1):
        collect(desk, person.id, part(number), START)
    assert len(desk.books.schedules.of(f"person:{person.id}")) == 1
    once = said(clerk, person, clerk.books(START + timedelta(seconds=1)))
    assert len(once) == 1
    assert once[0].count("第 1 件之 0") == 1
    books = clerk.books(START + timedelta(seconds=2))
    entry = Due(1, SAY, f"person:{person.id}", {}, START)
    tell(Occasion(books, entry, books.at, lambda _: clerk.can))
    assert not clerk.tx.parcels


def test_fifty_things_are_one_message_that_stays_short(clerk: Clerk) -> None:
    person = clerk.person("张三")
    desk = clerk.desk(START)
    for number in range(50):
        collect(desk, person.id, part(number, (rules.RISK, rules.WARN, rules.MILESTONE)[number % 3]), START)
    (text,) = said(clerk, person, clerk.books(START))
    lines = text.splitlines()
    assert "发「/我的」「/风险」看全部" in text
    assert len(lines) <= MOST_LINES + 3, "with what is left, the rules' names and the ways out"
    assert text.count("[") <= MOST_BUTTONS


def near(*numbers: int) -> Part:
    """Milestones, of which a name and what is open for them are said."""
    lines = tuple(
        say(text, text, n=number) for number in numbers for text in ("⏳ M{n} 素材交付", "未完成 1：T{n} 海报设计")
    )
    ref = " ".join(f"M{number}" for number in numbers)
    return Part(rules.MILESTONE, "milestone.near", ref, lines, ref=ref, each=2)


@pytest.mark.parametrize(
    ("numbers", "lines"),
    [
        ((1,), ["⏳ M1 素材交付", "未完成 1：T1 海报设计"]),
        ((1, 2), ["⏳ M1 素材交付", "⏳ M2 素材交付"]),
        ((1, 2, 3, 4), ["⏳ M1 素材交付", "⏳ M2 素材交付", "还有 M3、M4，发编号看详情"]),
    ],
)
def test_of_several_milestones_beside_others_none_is_passed_over(
    clerk: Clerk, numbers: tuple[int, ...], lines: list[str]
) -> None:
    person = clerk.person("张三")
    desk = clerk.desk(START)
    for other in (near(*numbers), part(1), part(2), part(3)):
        collect(desk, person.id, other, START)
    (text,) = said(clerk, person, clerk.books(START))
    assert text.splitlines()[: len(lines) + 1] == [*lines, "第 1 件之 0"]


def test_who_is_asleep_hears_in_the_morning_what_is_so_then(clerk: Clerk) -> None:
    ticks.load()
    person = clerk.person("Mike")
    clerk.books(START).people.prefer(person, zone="America/New_York")
    desk = clerk.desk(START)
    before = REDRAWN["stage"]
    collect(desk, person.id, part(1), START)
    collect(desk, person.id, part(2), START)
    assert said(clerk, person, clerk.books(START)) == []
    morning = awake_there(START, "America/New_York")
    assert morning is not None
    redraws("stage")(lambda desk, person, subject: part(int(subject), lines=1) if subject == "2" else None)
    try:
        (text,) = said(clerk, person, clerk.books(morning))
    finally:
        redraws("stage")(before)
    assert text.splitlines()[0] == "第 2 件之 0"
    assert "第 1 件" not in text
    assert "第 2 件之 1" not in text


def test_what_was_turned_off_in_the_night_is_not_said(clerk: Clerk) -> None:
    person = clerk.person("Mike")
    clerk.books(START).people.prefer(person, zone="America/New_York")
    collect(clerk.desk(START), person.id, part(1), START)
    assert said(clerk, person, clerk.books(START)) == []
    morning = awake_there(START, "America/New_York")
    assert morning is not None
    clerk.books(START).pushes.mute(person.id, rules.RISK)
    assert said(clerk, person, clerk.books(morning)) == []
