"""A reminder somebody asked for: at its minute, on any day, directly to the person.

What somebody else asked for waits for the morning of a working day, unless the task is marked 紧急 or 值班.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chat.cards import Button
from chat.text import Text, say
from planning.window import awake, awake_there
from reports.daily_desk import Desk as TeamDesk
from reports.days import stamp
from reports.mentioned import say_in_groups
from reports.own_clock import calendar_of, reader_of, zone_of
from reports.rules import REMIND as RULE
from reports.slot import Part, collect, redraws
from reports.task_cards import Desk, done_button, due_button, due_fact, head
from reports.ticks import Occasion, tick
from reports.urgent import exempt
from storage.books import Books
from storage.links import TASK
from storage.people import Person
from storage.projects import ProjectInfo
from storage.tasks import Task

KIND = "task_remind"
LATE = timedelta(minutes=5)
"""From then on a reminder says when it should have come."""


def arm(books: Books, task: Task) -> None:
    """Make the clock agree with the task: one entry while it is open and its reminder lies ahead."""
    if task.remind_at is None or task.closed or task.remind_at <= books.at:
        books.schedules.drop(KIND, task.card)
    else:
        books.schedules.replace(KIND, task.card, task.remind_at, task=task.id)


def put_off(books: Books, task: Task, at: datetime) -> datetime | None:
    """When it is said, if whom it is for rests at ``at`` and did not ask for it. None: then and there."""
    person, project = books.people.get(task.owner or task.creator), books.projects.get(task.project_id)
    later = awake(at, calendar_of(books, project, person), zone_of(project, person))
    if later == at or _asked_by(books, task) == person.id or exempt(books, task):
        return None
    return later


def _asked_by(books: Books, task: Task) -> int:
    said = [event.actor for event in books.tasks.history(task) if event.field == "remind_at" and event.actor]
    return said[-1] if said else task.creator


@tick(KIND, RULE)
def remind(occasion: Occasion) -> datetime | None:
    """Tell the owner, or who made it, with whatever else there is to be said to them at this moment.

    A closed task is silent, and so is a project that stands still.
    """
    books = occasion.books
    task = books.tasks.get(occasion.entry.subject["task"])
    if task is None or task.closed:
        return None
    person = books.people.get(task.owner or task.creator)
    project = books.projects.get(task.project_id)
    if books.pushes.muted(person.id, RULE):
        return None
    if books.pushes.hushed(person.id, task.id, occasion.at.astimezone(zone_of(project, person)).date()):
        return None
    if (morning := put_off(books, task, occasion.at)) is not None:
        occasion.left = {"rested": True}
        return morning
    part = _part(books, task, person, project, _note(occasion, task, zone_of(project, person)))
    desk = TeamDesk(books, occasion.speaker, project)
    if project.stands_still or not occasion.speaker.reaches(person):
        if not project.stands_still and person.left_at is None:
            say_in_groups(desk, person, RULE, say("{text}。", "{text}.", text=part.lines[0]))
        books.schedules.skipped(occasion.entry, "unreachable")
    elif awake_there(occasion.at, person.zone) is not None:
        occasion.speaker.to_person(person, project, part.alone())  # they wanted it at night
    else:
        collect(desk, person.id, part, occasion.at)
    return None


def _note(occasion: Occasion, task: Task, zone: ZoneInfo) -> Text | None:
    """Why it comes when it does."""
    if occasion.entry.subject.get("rested") and task.remind_at is not None:
        at = stamp(task.remind_at.astimezone(zone))
        return say("（原定 {at}，休息时不打扰）", " (planned for {at}, kept until working hours)", at=at)
    if occasion.late > LATE:
        return say("（原定 {at}，迟发）", " (planned for {at}, late)", at=stamp(occasion.entry.at.astimezone(zone)))
    return None


@redraws("remind")
def _now(desk: TeamDesk, person: int, subject: str) -> Part | None:
    task = desk.books.tasks.get(int(subject))
    if task is None or task.closed:
        return None
    return _part(desk.books, task, desk.books.people.get(person), desk.project, None)


def _part(books: Books, task: Task, person: Person, project: ProjectInfo, note: Text | None) -> Part:
    reader = reader_of(project, person, books.at)
    desk = Desk(books.calendars.of(project), books.at.astimezone(ZoneInfo(project.zone)), reader)
    text = say("⏰ {head}｜{due}", "⏰ {head} | {due}", head=head(task), due=due_fact(task, desk))
    if note is not None:
        text = say("{text}{note}", "{text}{note}", text=text, note=note)
    ways = (done_button(task), due_button(task), *_again(task))
    return Part(RULE, "remind", str(task.id), (text,), ways, ref=task.ref, nodes=((TASK, task.id),))


def _again(task: Task) -> tuple[Button, ...]:
    """[稍后] [1 小时后] [明天 9:00]."""
    number = str(task.id)
    return (
        Button(say("稍后", "Later"), "task.snooze", (number,)),
        Button(say("1 小时后", "In an hour"), "task.snooze", (number, "hour")),
        Button(say("明天 9:00", "Tomorrow 9:00"), "task.snooze", (number, "tomorrow")),
    )
