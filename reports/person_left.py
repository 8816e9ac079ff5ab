"""Somebody left the company: approvals find somebody else, and the lead hears what is left of their work."""

from __future__ import annotations

from datetime import datetime

from chat.cards import text_card
from chat.messages import Incoming
from chat.text import NOTHING, Text, join, say
from reports.approval_gone import unreachable
from reports.ticks import Occasion, tick
from storage.books import Books
from storage.people import Person
from storage.projects import ProjectInfo
from storage.tasks import Task
from storage.transaction import Tx

KIND = "person.left"
EVENT = "person_left_company"
SHOWN = 5


def follow(tx: Tx, thing: Incoming) -> None:
    """thing: ``EVENT``, ``data`` names who. Somebody who is on another platform, too, has not left."""
    books, who = Books(tx, thing.key, thing.at), str(thing.data.get("id", ""))
    person = books.people.known(thing.platform, who)
    if person is None or len(books.people.addresses(person.id)) > 1:
        return
    unreachable(thing.platform, who, thing.key, thing.at, tx)
    books.schedules.replace(KIND, f"left:{person.id}", thing.at, person=person.id)


@tick(KIND)
def left(occasion: Occasion) -> datetime | None:
    """One line for each project, to who can hand the tasks over; to its groups where nobody else can."""
    books = occasion.books
    person = books.people.get(occasion.entry.subject["person"])
    tasks: dict[int, list[Task]] = {}
    for task in books.tasks.open_of(person.id):
        tasks.setdefault(task.project_id, []).append(task)
    for project_id, theirs in tasks.items():
        _tell(occasion, books.projects.get(project_id), person, theirs)
    return None


def _tell(occasion: Occasion, project: ProjectInfo, person: Person, tasks: list[Task]) -> None:
    if project.stands_still:
        return
    card = text_card(
        say(
            "{who} 已离职，在「{project}」还有 {n} 个任务没完成：{tasks}{more}。交接请发：/指派 {first} @某人",
            "{who} has left the company with {n} open tasks in “{project}”: {tasks}{more}. To hand over, send: "
            "/assign {first} @name",
            who=person.name, project=project.name, n=len(tasks), first=tasks[0].ref,
            tasks=join([_named(task) for task in tasks[:SHOWN]], "、", ", "),
            more=say(" 等", " …") if len(tasks) > SHOWN else NOTHING,
        )
    )  # fmt: skip
    admins = [m.person for m in occasion.books.people.members(project.id) if m.is_admin and m.person.id != person.id]
    if not [admin for admin in admins if occasion.speaker.to_person(admin, project, card)]:
        occasion.speaker.to_groups(project, card)


def _named(task: Task) -> Text:
    return say("{ref} {title}", "{ref} {title}", ref=task.ref, title=task.title)
