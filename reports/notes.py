"""「完成必填说明」: who said done without a note has 24 hours to add one; then the task is in progress again."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chat.cards import text_card
from chat.text import say
from reports.rules import REMIND
from reports.task_cards import Desk, head
from reports.task_look import look
from reports.ticks import Occasion, tick
from storage.books import Books
from storage.tasks import Task

KIND = "task_note"
WITHIN = timedelta(hours=24)
SWITCH = "note_required"
"""Its name in a project's settings."""


def await_note(books: Books, task: Task) -> None:
    """Wait for the note from now on."""
    books.schedules.replace(KIND, task.card, books.at + WITHIN, task=task.id)


@tick(KIND, REMIND)
def expired(occasion: Occasion) -> datetime | None:
    """No note came: back to in progress; the owner and the admins are told."""
    books = occasion.books
    task = books.tasks.get(occasion.entry.subject["task"])
    if task is None or task.state != "awaiting_note":
        return None
    task = books.tasks.change(task, state="doing")
    project = books.projects.get(task.project_id)
    desk = Desk(books.calendars.of(project), occasion.at.astimezone(ZoneInfo(project.zone)))
    occasion.speaker.redraw(task.card, look(books, task, desk))
    text = say(
        "{head} 24 小时没有补说明，已回到进行中。补一句：{ref} 完成 做了什么",
        "{head} got no note within 24 hours and is in progress again. Add one: {ref} done what was done",
        head=head(task),
        ref=task.ref,
    )
    people = {m.person.id: m.person for m in books.people.members(project.id) if m.is_admin}
    people.setdefault(task.owner or task.creator, books.people.get(task.owner or task.creator))
    for person in people.values():
        occasion.speaker.to_person(person, project, text_card(text))
    return None
