"""A reminder somebody asked for: at its minute, on any day, directly to the person."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chat.cards import Button, Buttons, Card, Paragraph
from chat.text import say
from reports.days import stamp
from reports.own_clock import reader_of
from reports.rules import REMIND as RULE
from reports.rules import foot
from reports.task_cards import Desk, done_button, due_button, due_fact, head
from reports.ticks import Occasion, tick
from storage.books import Books
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


@tick(KIND, RULE)
def remind(occasion: Occasion) -> datetime | None:
    """Tell the owner, or who made it; a closed task is silent, and so is a project that stands still."""
    books = occasion.books
    task = books.tasks.get(occasion.entry.subject["task"])
    if task is None or task.closed:
        return None
    person = books.people.get(task.owner or task.creator)
    project = books.projects.get(task.project_id)
    zone = ZoneInfo(person.zone or project.zone)
    if books.pushes.muted(person.id, RULE):
        return None
    if books.pushes.hushed(person.id, task.id, occasion.at.astimezone(zone).date()):
        return None
    home = ZoneInfo(project.zone)
    desk = Desk(books.calendars.of(project), occasion.at.astimezone(home), reader_of(project, person, occasion.at))
    text = say("⏰ {head}｜{due}", "⏰ {head} | {due}", head=head(task), due=due_fact(task, desk))
    if occasion.late > LATE:
        planned = occasion.entry.at.astimezone(zone)
        text = say("{text}（原定 {at}，迟发）", "{text} (planned for {at}, late)", text=text, at=stamp(planned))
    ways = Buttons((done_button(task), due_button(task), *_again(task)))
    card = Card((Paragraph(text), ways, *foot(RULE)))
    if not occasion.speaker.to_person(person, project, card):
        books.schedules.skipped(occasion.entry, "unreachable")
    return None


def _again(task: Task) -> tuple[Button, ...]:
    """[稍后] [1 小时后] [明天 9:00]."""
    number = str(task.id)
    return (
        Button(say("稍后", "Later"), "task.snooze", (number,)),
        Button(say("1 小时后", "In an hour"), "task.snooze", (number, "hour")),
        Button(say("明天 9:00", "Tomorrow 9:00"), "task.snooze", (number, "tomorrow")),
    )
