"""The overdue ladder: who has to hear of which task today; what one person hears is collected into one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chat.cards import text_card
from chat.text import Text, join, listed, say
from planning.ladder import EVENING, LOOK_BACK, STEP, next_slot, rung
from planning.silence import ASK_AT
from planning.window import AWAKE
from planning.zones import at_local
from reports import early, silence
from reports.daily_desk import Desk
from reports.daily_open import desk_of
from reports.daily_plan import OVERDUE
from reports.days import bare_day
from reports.mentioned import mention
from reports.overdue_cards import GROUP_MOST
from reports.reminder_card import card
from reports.rhythm import owner
from reports.rules import OVERDUE as RULE
from reports.sight import holding_up
from reports.ticks import Occasion, tick
from storage.people import Person
from storage.pushes import GROUPS
from storage.tasks import Task

SAY = "overdue.say"
LATEST = timedelta(hours=2)
"""A moment missed by more than this is left out; the next rung comes in time."""


@tick(OVERDUE, RULE)
def climb(occasion: Occasion) -> datetime | None:
    """Four times a working day: enter what is to be said, and call those who say it."""
    desk = desk_of(occasion)
    rhythm = desk.rhythm
    if not rhythm.plan.on or desk.project.state == "archived":
        return None
    local = rhythm.local(occasion.entry.at)
    today, slot = local.date(), local.hour * 60 + local.minute
    following = next_slot(max(occasion.entry.at, occasion.at - LATEST), rhythm.calendar, rhythm.zone)
    if not desk.books.schedules.of(owner(desk.project)):
        return following  # paused: the bot is out of the group
    if not rhythm.calendar.is_working(today) or occasion.late > LATEST or rhythm.awake(occasion.at) > occasion.at:
        return following
    called = early.called(desk, today) if slot == STEP else set()
    if desk.project.settings.get(OVERDUE, True):
        called |= _rungs(desk, today, slot)
    for person in sorted(called):
        desk.books.schedules.replace(SAY, f"person:{person}", occasion.entry.at, project=desk.project.id)
    return following


def _rungs(desk: Desk, today: date, slot: int) -> set[int]:
    """Enter what of the ladder and of the silence is to be said; whom to tell. The groups hear theirs at once."""
    calendar = desk.rhythm.calendar
    public: list[Task] = []
    called = silence.called(desk, today, leads(desk)) if slot == ASK_AT else set()
    chained = holding_up(desk.books, desk.project, desk.books.at) if slot == EVENING else set()
    for task in desk.books.pushes.overdue(desk.project.id, calendar.add_working(today, -LOOK_BACK), today):
        step = rung(task.due, task.due_minute, today, slot, calendar) if task.due else None
        if step == "overdue.3":
            if desk.books.pushes.once(GROUPS, task.id, step, task.due or today, state="sent"):
                public.append(task)
        elif step is not None and task.id not in chained:
            called |= _privately(desk, task, step, today)
    if public:
        desk.speaker.to_groups(desk.project, text_card(_in_group(public)))
    return called


def _privately(desk: Desk, task: Task, step: str, today: date) -> set[int]:
    """Whom it concerns and who is here, wants to hear of it and has not heard of it yet."""
    people = {task.owner} if step == "overdue.0" else {task.owner, *(lead.id for lead in leads(desk))}
    away = desk.books.daily.away(desk.project.id, today)
    return {
        person
        for person in people
        if person is not None
        and away.get(person) != "day"
        and not desk.books.pushes.hushed(person, task.id, today)
        and not desk.books.pushes.muted(person, RULE)
        and desk.books.pushes.once(person, task.id, step, task.due or today)
    }


def leads(desk: Desk) -> list[Person]:
    """Who answers for the project: its owner, else its admins."""
    return [m.person for m in desk.members if m.role == "owner"] or desk.admins


def awake_there(at: datetime, zone: str) -> datetime | None:
    """When it is 9:00 for somebody with a zone of their own for whom it is night now; None: they are awake."""
    if not zone:
        return None
    local = at.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    if AWAKE[0] <= minute <= AWAKE[1]:
        return None
    day = local.date() if minute < AWAKE[0] else local.date() + timedelta(days=1)
    return at_local(day, AWAKE[0], ZoneInfo(zone))


@tick(SAY, RULE)
def tell(occasion: Occasion) -> datetime | None:
    """Everything collected for one person, over all their projects, in one message."""
    books = occasion.books
    person = books.people.get(int(occasion.entry.owner.partition(":")[2]))
    later = awake_there(occasion.at, person.zone)
    if later is not None:
        return later
    pushes = books.pushes.take(person.id)
    if pushes:
        project = books.projects.get(occasion.entry.subject["project"])
        desk = Desk(books, occasion.speaker, project)
        if not occasion.speaker.to_person(person, project, card(desk, person, pushes)):
            mention(desk, person, pushes)
    return None


def _in_group(tasks: Sequence[Task]) -> Text:
    """``逾期 3 个工作日：T5 商品上架（赵六，9-28）``."""
    lines = [
        say("{ref} {title}（{who}，{day}）", "{ref} {title} ({who}, {day})", ref=task.ref, title=task.title,
            who=task.owner_name, day=bare_day(task.due))
        for task in tasks[:GROUP_MOST]
        if task.due is not None
    ]  # fmt: skip
    if len(tasks) > GROUP_MOST:
        lines.append(say("还有 {n} 项", "{n} more", n=len(tasks) - GROUP_MOST))
    refs = listed(task.ref for task in tasks[:GROUP_MOST])
    return say(
        "逾期 3 个工作日：{refs}\n{lines}\n逾期提醒，只在群里说这一次 · 关闭此类：/设置 逾期提醒 关",
        "Overdue for 3 working days: {refs}\n{lines}\n"
        "Overdue reminder, said here once · To turn it off: /set overdue off",
        refs=refs, lines=join(lines, "\n"),
    )  # fmt: skip
