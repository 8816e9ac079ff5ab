"""Tasks that come again: the next copy is made when the newest one is done or its time has passed.

At most one copy is overdue and open: when the next one's time passes as well, the one before counts as missed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chat.cards import Button, Buttons
from chat.text import NOTHING, Text, say
from planning.calendar import Calendar
from planning.dates import Recurrence
from planning.due import Meant, Point
from planning.repeats import CHOICES, Choice, Occurrence, choice_of, daily_at_most, ever_rests, first, following, rests
from planning.zones import at_local
from reports.days import short_day
from reports.heirs import heir, tell
from reports.reminders import arm as arm_reminder
from reports.speaker import Speaker
from reports.task_cards import Desk
from reports.task_look import look
from reports.ticks import Occasion, tick
from storage.books import Books
from storage.people import Person
from storage.projects import ProjectInfo
from storage.repeats import Copy, Repeat
from storage.tasks import Task

KIND = "repeat"
LETTER = "L"
"""Of the counter that gives rules their numbers."""
CALLED: dict[str, Text] = {
    "after": say("顺延", "later"),
    "before": say("提前", "earlier"),
    "skip": say("跳过", "skip"),
}
_DAY = timedelta(days=1)
_WISH = re.compile(r"[\s,，]*(?:提醒|remind).*$", re.IGNORECASE | re.DOTALL)
_MINUTE = timedelta(minutes=1)
_PAUSE = timedelta(days=1)
"""How long a project that stands still is left alone."""
_LOOKED = 5
"""Copies of which an old one may still be open."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a rule's copies live. ``zone``: the project's, which dues are in."""

    books: Books
    project: ProjectInfo

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.project.zone)

    @property
    def calendar(self) -> Calendar:
        return self.books.calendars.of(self.project)

    @property
    def now(self) -> datetime:
        return self.books.at.astimezone(self.zone)


def owner(repeat: Repeat) -> str:
    """Of the one entry in the schedule."""
    return f"repeat:{repeat.id}"


def occurrence(shelf: Shelf, meant: Meant) -> Occurrence | None:
    """The first time of what was asked for; None: it does not come again."""
    point = meant.due or meant.remind
    if meant.rule is None or point is None or not daily_at_most(meant.rule):
        return None
    return _first(meant.rule, point.day, choice_of(meant.holiday), shelf.calendar, _until(shelf, point.minute))


def on(meant: Meant, when: Occurrence) -> Meant:
    """The same wish on the day its first time falls on."""
    due, remind = meant.due, meant.remind
    if due is not None:
        return replace(meant, due=replace(due, day=when.day))
    return replace(meant, remind=replace(remind, day=when.day) if remind else None)


def taken(shelf: Shelf, task: Task, meant: Meant, when: Occurrence) -> Task:
    """A task that was there, with the times of its first day."""
    due, remind = on(meant, when).due, on(meant, when).remind
    at = at_local(remind.day, remind.minute, shelf.zone) if remind else None
    values: dict[str, Any] = {"due": due.day, "due_minute": due.minute} if due else {}
    if at is not None:
        values["remind_at"] = at
    task = shelf.books.tasks.change(task, **values)
    arm_reminder(shelf.books, task)
    return task


def begin(shelf: Shelf, creator: int, task: Task, meant: Meant, when: Occurrence) -> Repeat:
    """``task`` is the first copy."""
    assert meant.rule is not None
    number = shelf.books.projects.next_number(shelf.project.id, LETTER)
    remind = meant.remind.minute if meant.remind and meant.due is None else None
    if meant.due and task.remind_at:
        remind = int((at_local(when.day, meant.due.minute, shelf.zone) - task.remind_at).total_seconds() // 60)
    words, minute = _WISH.sub("", meant.words), meant.due.minute if meant.due else None
    repeat = shelf.books.repeats.add(shelf.project.id, number, creator, meant.rule, words, minute, remind)
    if meant.holiday:
        repeat = shelf.books.repeats.change(repeat, holiday=meant.holiday)
    shelf.books.repeats.made(repeat, task, when)
    arm(shelf, repeat)
    return repeat


def arm(shelf: Shelf, repeat: Repeat) -> None:
    """The clock looks when the newest copy's time has passed."""
    newest = next(iter(shelf.books.repeats.copies(repeat, 1)), None)
    if repeat.state != "on" or newest is None:
        shelf.books.schedules.drop(KIND, owner(repeat))
    else:
        at = max(_moment(shelf, repeat, newest.when.day), shelf.books.at)
        shelf.books.schedules.replace(KIND, owner(repeat), at, repeat=repeat.id)


def advance(shelf: Shelf, repeat: Repeat, speaker: Speaker) -> Task | None:
    """Make the next copy if it is time. None: it is not."""
    copies = shelf.books.repeats.copies(repeat, _LOOKED)
    if repeat.state != "on" or not copies:
        return None
    newest = copies[0]
    passed = _moment(shelf, repeat, newest.when.day) <= shelf.books.at
    if not passed and newest.task.state != "done":
        return None
    minute = repeat.due_minute if repeat.due_minute is not None else repeat.remind or 0
    when = _next(repeat, newest.when, shelf.calendar, _until(shelf, minute))
    before = _left(shelf, newest.task)
    after = heir(shelf.books, shelf.project.id, before) if before is not None else None
    task = _copy(shelf, repeat, newest.task, when, gone=before, taker=after)
    if before is not None:
        tell(speaker, shelf.project, task, before, after)
    for old in copies[1:] if passed else ():
        if not old.task.closed:
            _missed(shelf, old, newest.task, speaker)
    return task


def choose(shelf: Shelf, repeat: Repeat, choice: Choice) -> tuple[Repeat, Task | None]:
    """What a day off does from now on; the open copy, if it moved for that."""
    after = shelf.books.repeats.change(repeat, holiday=choice)
    newest = next(iter(shelf.books.repeats.copies(repeat, 1)), None)
    if newest is None or newest.task.closed or not rests(repeat.rule, newest.when.nominal, shelf.calendar):
        return after, None
    if newest.task.due not in (newest.when.day, None):
        return after, None  # somebody set another due by hand
    minute = repeat.due_minute if repeat.due_minute is not None else repeat.remind or 0
    when = _first(after.rule, newest.when.nominal, after.choice, shelf.calendar, _until(shelf, minute))
    if when.day == newest.when.day:
        return after, None
    shelf.books.repeats.move(newest.task, when)
    values = _times(shelf, after, when)
    task = shelf.books.tasks.change(newest.task, **values)
    arm_reminder(shelf.books, task)
    arm(shelf, after)
    return after, task


def reword(shelf: Shelf, repeat: Repeat, meant: Meant) -> tuple[Repeat, Task | None]:
    """By another rule from now on; the open copy, on the first day of it."""
    point = meant.due or meant.remind
    assert meant.rule is not None
    assert point is not None
    remind = meant.remind.minute if meant.remind and meant.due is None else None
    if meant.due and meant.remind:
        remind = meant.due.minute - meant.remind.minute + (meant.due.day - meant.remind.day).days * 24 * 60
    after = shelf.books.repeats.change(
        repeat, rule=meant.rule, words=_WISH.sub("", meant.words), due_minute=meant.due.minute if meant.due else None,
        remind=remind, holiday=meant.holiday or repeat.holiday,
    )  # fmt: skip
    newest = next(iter(shelf.books.repeats.copies(repeat, 1)), None)
    if newest is None or newest.task.closed:
        arm(shelf, after)
        return after, None
    when = _first(meant.rule, point.day, after.choice, shelf.calendar, _until(shelf, point.minute))
    shelf.books.repeats.move(newest.task, when)
    task = shelf.books.tasks.change(newest.task, **_times(shelf, after, when))
    arm_reminder(shelf.books, task)
    arm(shelf, after)
    return after, task


def comes(shelf: Shelf, repeat: Repeat) -> Text:
    """``🔁 重复 1：每周五17:00。遇放假顺延。``"""
    works = repeat.rule.unit == "workday" or repeat.rule.nth_workday is not None
    if repeat.holiday and not works:
        holiday = say("遇放假{what}。", " Holidays: {what}.", what=CALLED[repeat.holiday])
    elif not _ever_rests(shelf, repeat):
        holiday = NOTHING
    else:
        holiday = say("遇放假先顺延，要改点下面。", " A holiday moves it to a later day; change that below.")
    return say("🔁 重复 {n}：{words}。{holiday}", "🔁 Repeat {n}: {words}.{holiday}", n=repeat.number,
               words=repeat.words, holiday=holiday)  # fmt: skip


def asks(shelf: Shelf, repeat: Repeat) -> bool:
    """Is there a choice to make that nobody has made?"""
    return not repeat.holiday and _ever_rests(shelf, repeat)


def _ever_rests(shelf: Shelf, repeat: Repeat) -> bool:
    """From its newest copy on: every other Wednesday is not every Wednesday."""
    newest = next(iter(shelf.books.repeats.copies(repeat, 1)), None)
    return ever_rests(repeat.rule, newest.when.nominal if newest else shelf.now.date(), shelf.calendar)


def holiday_buttons(repeat: Repeat) -> Buttons:
    """[顺延] [提前] [跳过]"""
    return Buttons(tuple(Button(CALLED[choice], "repeat.holiday", (str(repeat.id), choice)) for choice in CHOICES))


def shown(shelf: Shelf, when: date, minute: int | None) -> Text:
    return short_day(when, shelf.calendar, shelf.now.date(), minute)


@tick(KIND, None)
def come(occasion: Occasion) -> datetime | None:
    """The newest copy's time has passed."""
    books = occasion.books
    repeat = books.repeats.get(occasion.entry.subject["repeat"])
    if repeat is None or repeat.state != "on":
        return None
    shelf = Shelf(books, books.projects.get(repeat.project_id))
    if shelf.project.state == "archived":
        return None
    if shelf.project.stands_still:
        return occasion.at + _PAUSE
    advance(shelf, repeat, occasion.speaker)
    newest = next(iter(books.repeats.copies(repeat, 1)), None)
    return max(_moment(shelf, repeat, newest.when.day), occasion.at + _MINUTE) if newest else None


# --- inside ---------------------------------------------------------------------------------------------------------


def _moment(shelf: Shelf, repeat: Repeat, day: date) -> datetime:
    """When a copy's time has passed: its due, or its reminder where there is no due."""
    minute = repeat.due_minute if repeat.due_minute is not None else repeat.remind or 0
    return at_local(day, minute, shelf.zone)


def _until(shelf: Shelf, minute: int) -> date:
    """The last day whose time has gone by."""
    gone = Point(shelf.now.date(), minute).before(shelf.now)
    return shelf.now.date() - (timedelta() if gone else _DAY)


def _next(repeat: Repeat, last: Occurrence, calendar: Calendar, after: date) -> Occurrence:
    try:
        return following(repeat.rule, last, repeat.choice, calendar, after)
    except ValueError:  # 每 7 天, beginning on a Saturday: every time would be left out
        return following(repeat.rule, last, "after", calendar, after)


def _first(rule: Recurrence, nominal: date, choice: Choice, calendar: Calendar, after: date) -> Occurrence:
    try:
        return first(rule, nominal, choice, calendar, after)
    except ValueError:
        return first(rule, nominal, "after", calendar, after)


def _times(shelf: Shelf, repeat: Repeat, when: Occurrence) -> dict[str, Any]:
    """Due and reminder of the copy of one time."""
    if repeat.due_minute is None:
        return {"due": None, "due_minute": None, "remind_at": at_local(when.day, repeat.remind or 0, shelf.zone)}
    due = at_local(when.day, repeat.due_minute, shelf.zone)
    remind = due - timedelta(minutes=repeat.remind) if repeat.remind is not None else None
    return {"due": when.day, "due_minute": repeat.due_minute, "remind_at": remind if remind and remind > shelf.books.at
            else None}  # fmt: skip


def _left(shelf: Shelf, task: Task) -> Person | None:
    """Its owner, if they are not in the company any more."""
    person = shelf.books.people.get(task.owner) if task.owner is not None else None
    return person if person is not None and person.left_at is not None else None


def _copy(
    shelf: Shelf, repeat: Repeat, last: Task, when: Occurrence, *, gone: Person | None, taker: Person | None
) -> Task:
    """As the last one was in the end: title, owner, priority, tags, duration, checklist.

    Who left the project gets nothing new; of who left the company (``gone``) it is ``taker``'s.
    """
    books = shelf.books
    here = gone is None and last.owner is not None and bool(books.people.role(shelf.project.id, last.owner))
    owner, owner_name = (last.owner, last.owner_name) if here else (taker.id, taker.name) if taker else (None, "")
    parent = books.tasks.get(last.parent) if last.parent is not None else None
    times = _times(shelf, repeat, when)
    task = books.tasks.add(
        shelf.project.id, books.projects.next_number(shelf.project.id, "T"), last.title, creator=repeat.creator,
        owner=owner, owner_name=owner_name, priority=last.priority,
        detail=last.detail, source=last.source, parent=last.parent if parent and not parent.closed else None,
        chat=last.chat, tags=tuple(books.tasks.tags(last)), days=last.days,
        stage=last.stage, weight=last.weight, **times,
    )  # fmt: skip
    books.checks.copy(last, task)
    books.repeats.made(repeat, task, when)
    books.repeats.fresh = task
    arm_reminder(books, task)
    return task


def _missed(shelf: Shelf, old: Copy, newer: Task, speaker: Speaker) -> None:
    note = say("错过，{ref} 接替", "missed; {ref} follows", ref=newer.ref)
    task = shelf.books.tasks.change(
        old.task, note.render("en" if shelf.project.locale == "en" else "zh"), state="cancelled",
        closed_at=shelf.books.at,
    )  # fmt: skip
    speaker.redraw(task.card, look(shelf.books, task, Desk(shelf.calendar, shelf.now)))
