"""What cannot wait: a task marked 紧急 or 值班 is spoken of at its very minute, at night and on days off."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from planning.due import END_OF_DAY
from planning.window import awake_there
from planning.zones import at_local
from reports.daily_desk import Desk
from reports.overdue_cards import card
from reports.rules import OVERDUE as RULE
from reports.slot import call
from reports.ticks import Occasion, tick
from storage.books import Books
from storage.pushes import Push
from storage.tasks import Task

KIND = "overdue.urgent"
PRIORITY = "urgent"
TAGS = frozenset(("紧急", "值班", "urgent", "oncall", "on-call"))


def exempt(books: Books, task: Task) -> bool:
    """Is nobody's night respected for it?"""
    return task.priority == PRIORITY or not TAGS.isdisjoint(tag.lower() for tag in books.tasks.tags(task))


def arm(books: Books, task: Task) -> None:
    """Make the clock agree with the task: one entry at its due while it is open and urgent."""
    books.schedules.drop(KIND, task.card)
    if task.closed or task.due is None or task.owner is None or not exempt(books, task):
        return
    zone = ZoneInfo(books.projects.get(task.project_id).zone)
    at = at_local(task.due, END_OF_DAY if task.due_minute is None else task.due_minute, zone)
    if at > books.at:
        books.schedules.replace(KIND, task.card, at, task=task.id)


@tick(KIND, RULE)
def tell(occasion: Occasion) -> datetime | None:
    """Its owner, or the lead while the owner is away; the ladder goes on from here and does not say it again."""
    books = occasion.books
    task = books.tasks.get(occasion.entry.subject["task"])
    if task is None or task.closed or task.owner is None or task.due is None:
        return None
    desk = Desk(books, occasion.speaker, books.projects.get(task.project_id))
    today = desk.rhythm.local(occasion.at).date()
    owner = books.people.get(task.owner)
    away = books.daily.away(desk.project.id, today).get(owner.id) == "day"
    for person in desk.leads if away else [owner]:
        if books.pushes.muted(person.id, RULE) or books.pushes.hushed(person.id, task.id, today):
            continue
        asleep = awake_there(occasion.at, person.zone) is not None
        if not books.pushes.once(person.id, task.id, "overdue.0", task.due, state="sent" if asleep else "pending"):
            continue
        if asleep:  # everything else waits for their morning
            occasion.speaker.to_person(person, desk.project, card(desk, person, [Push(task, "overdue.0")]))
        else:
            call(books, person.id, occasion.entry.at)
    return None
