"""The overdue ladder: four times a working day it is entered who has to hear of which task, and they are called.

A part of the tasks at a time, person by person. Nobody is called before all of it was looked at: what one person hears
is one message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chat.cards import text_card
from chat.text import Text, join, listed, say
from planning.ladder import EVENING, LOOK_BACK, STEP, next_slot, rung
from planning.silence import ASK_AT
from reports import early, silence
from reports.daily_desk import Desk
from reports.daily_open import desk_of
from reports.daily_plan import OVERDUE, ladder
from reports.days import bare_day
from reports.overdue_cards import GROUP_MOST
from reports.rhythm import owner
from reports.rules import OVERDUE as RULE
from reports.sight import holding_up
from reports.slot import call
from reports.ticks import PART, Occasion, tick
from storage.lazy import lazy
from storage.pushes import GROUPS, START, Place
from storage.tasks import Task

MORE, CALL = "overdue.more", "overdue.call"
LATEST = timedelta(hours=2)
"""A moment missed by more than this is left out; the next rung comes in time."""
Listed = tuple[str, int, int]
"""(due, number, id) of a task that the groups hear of."""


@dataclass
class _Found:
    """How far it is: in which of the ``_LOOKS``, and behind which task. ``called``: whom to tell.

    ``public``: the first of what the groups hear, and ``count`` how many; ``chained``: what ``holding_up`` said.
    """

    look: int = 0
    after: Place = START
    called: set[int] = field(default_factory=set)
    public: list[Listed] = field(default_factory=list)
    count: int = 0
    chained: frozenset[int] | None = None

    @property
    def stored(self) -> dict[str, Any]:
        return {
            "look": self.look, "after": self.after, "called": sorted(self.called), "public": self.public,
            "count": self.count, "chained": None if self.chained is None else sorted(self.chained),
        }  # fmt: skip


def _read(subject: Any) -> _Found:
    chained = subject["chained"]
    return _Found(
        subject["look"], tuple(subject["after"]), set(subject["called"]), [tuple(row) for row in subject["public"]],
        subject["count"], None if chained is None else frozenset(chained),
    )  # fmt: skip


class _Slot:
    """One moment of a working day in one project."""

    def __init__(self, desk: Desk, at: datetime) -> None:
        local = desk.rhythm.local(at)
        self.desk = desk
        self.at = at
        self.today, self.minute = local.date(), local.hour * 60 + local.minute
        self.on = bool(desk.project.settings.get(OVERDUE, True))

    @lazy
    def away(self) -> dict[int, str]:
        return dict(self.desk.books.daily.away(self.desk.project.id, self.today))


@tick(OVERDUE, RULE)
def climb(occasion: Occasion) -> datetime | None:
    """Enter what is to be said now, and call those who say it; then again at the next such moment."""
    desk = desk_of(occasion)
    rhythm = desk.rhythm
    if not rhythm.plan.on or desk.project.state == "archived":
        return None
    slot = _Slot(desk, occasion.entry.at)
    following = next_slot(max(occasion.entry.at, occasion.at - LATEST), rhythm.calendar, rhythm.zone)
    if not desk.books.schedules.of(owner(desk.project)):
        return following  # paused: the bot is out of the group
    if not rhythm.calendar.is_working(slot.today) or occasion.late > LATEST or rhythm.awake(occasion.at) > occasion.at:
        return following
    found = _Found()
    if not _climbed(slot, found):
        desk.books.schedules.replace(MORE, ladder(desk.project), occasion.entry.at, **found.stored)
    return following


@tick(MORE, RULE)
def climb_on(occasion: Occasion) -> datetime | None:
    """The next part."""
    desk = desk_of(occasion)
    found = _read(occasion.entry.subject)
    if occasion.late > LATEST or desk.project.state == "archived" or _climbed(_Slot(desk, occasion.entry.at), found):
        return None
    return occasion.go_on(**found.stored)


def _climbed(slot: _Slot, found: _Found) -> bool:
    """Do a part. True: nothing is left."""
    while found.look < len(_LOOKS):
        called, after = _LOOKS[found.look](slot, found)
        found.called |= called
        if after is not None:
            found.after = after
            return False
        found.look, found.after = found.look + 1, START
        if found.look == len(_LOOKS) and found.count:
            slot.desk.speaker.to_groups(slot.desk.project, text_card(_in_group(slot.desk, found)))
    rest = _called(slot.desk, sorted(found.called), slot.at)
    if rest:
        slot.desk.books.schedules.replace(
            CALL, ladder(slot.desk.project), slot.at, people=rest, slot=slot.at.isoformat()
        )
    return True


@tick(CALL, RULE)
def call_on(occasion: Occasion) -> datetime | None:
    """The next part of those who have to hear; they wait for nobody who is called after them."""
    desk = desk_of(occasion)
    slot = datetime.fromisoformat(occasion.entry.subject["slot"])
    rest = _called(desk, occasion.entry.subject["people"], slot)
    return occasion.go_on(people=rest) if rest else None


def _called(desk: Desk, people: Sequence[int], at: datetime) -> Sequence[int]:
    """Who is left after a part of them."""
    for person in people[:PART]:
        call(desk.books, person, at)
    return people[PART:]


def _early(slot: _Slot, found: _Found) -> tuple[set[int], Place | None]:
    return early.called(slot.desk, slot.today, found.after) if slot.minute == STEP else (set(), None)


def _silent(slot: _Slot, found: _Found) -> tuple[set[int], Place | None]:
    if not slot.on or slot.minute != ASK_AT:
        return set(), None
    return silence.called(slot.desk, slot.today, slot.desk.leads, found.after)


def _rungs(slot: _Slot, found: _Found) -> tuple[set[int], Place | None]:
    """Enter what of the ladder is to be said; whom to tell, and where to go on."""
    if not slot.on:
        return set(), None
    desk, today, calendar = slot.desk, slot.today, slot.desk.rhythm.calendar
    if found.chained is None:
        late = holding_up(desk.books, desk.project, desk.books.at) if slot.minute == EVENING else set()
        found.chained = frozenset(late)
    called: set[int] = set()
    first = calendar.add_working(today, -LOOK_BACK)
    tasks, after = desk.books.pushes.overdue(desk.project.id, first, today, found.after, PART)
    for task in tasks:
        step = rung(task.due, task.due_minute, today, slot.minute, calendar) if task.due else None
        if step == "overdue.3":
            if desk.books.pushes.once(GROUPS, task.id, step, task.due or today, state="sent"):
                found.count += 1
                found.public = sorted([*found.public, (str(task.due), task.number, task.id)])[:GROUP_MOST]
        elif step is not None and task.id not in found.chained:
            called |= _privately(slot, task, step)
    return called, after


_LOOKS: tuple[Callable[[_Slot, _Found], tuple[set[int], Place | None]], ...] = (_early, _silent, _rungs)


def _privately(slot: _Slot, task: Task, step: str) -> set[int]:
    """Whom it concerns and who is here, wants to hear of it and has not heard of it yet."""
    pushes, today = slot.desk.books.pushes, slot.today
    people = {task.owner} if step == "overdue.0" else {task.owner, *(lead.id for lead in slot.desk.leads)}
    return {
        person
        for person in people
        if person is not None
        and slot.away.get(person) != "day"
        and not pushes.hushed(person, task.id, today)
        and not pushes.muted(person, RULE)
        and pushes.once(person, task.id, step, task.due or today)
    }


def _in_group(desk: Desk, found: _Found) -> Text:
    """``逾期 3 个工作日：T5 商品上架（赵六，9-28）``."""
    tasks: Sequence[Task] = [task for *_, number in found.public if (task := desk.books.tasks.get(number)) is not None]
    lines = [
        say("{ref} {title}（{who}，{day}）", "{ref} {title} ({who}, {day})", ref=task.ref, title=task.title,
            who=task.owner_name, day=bare_day(task.due))
        for task in tasks
        if task.due is not None
    ]  # fmt: skip
    if found.count > GROUP_MOST:
        lines.append(say("还有 {n} 项", "{n} more", n=found.count - GROUP_MOST))
    refs = listed(task.ref for task in tasks)
    return say(
        "逾期 3 个工作日：{refs}\n{lines}\n逾期提醒，只在群里说这一次 · 关闭此类：/设置 逾期提醒 关",
        "Overdue for 3 working days: {refs}\n{lines}\n"
        "Overdue reminder, said here once · To turn it off: /set overdue off",
        refs=refs, lines=join(lines, "\n"),
    )  # fmt: skip
