"""Somebody left the company: approvals find somebody else, and the lead hears what is left of their work."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chat.cards import text_card
from chat.messages import Incoming
from chat.text import listed, say
from reports.approval_gone import unreachable
from reports.handover import Items, items_of, offer
from reports.ticks import Occasion, tick
from storage.books import Books
from storage.people import Person
from storage.projects import ProjectInfo
from storage.transaction import Tx

KIND = "person.left"
EVENT = "person_left_company"


def follow(tx: Tx, thing: Incoming) -> None:
    """thing: ``EVENT``, ``data`` names who. Somebody who is on another platform, too, has not left."""
    books, who = Books(tx, thing.key, thing.at), str(thing.data.get("id", ""))
    person = books.people.known(thing.platform, who)
    if person is None or len(books.people.addresses(person.id)) > 1:
        return
    books.people.leave(person.id)
    unreachable(thing.platform, who, thing.key, thing.at, tx)
    books.schedules.replace(KIND, f"left:{person.id}", thing.at, person=person.id)


@tick(KIND, None)
def left(occasion: Occasion) -> datetime | None:
    """One message for each project, to who can hand the work over; to its groups where nobody else can."""
    books = occasion.books
    person = books.people.get(occasion.entry.subject["person"])
    for project in books.projects.of(person.id):
        items = replace(items_of(books, project.id, person.id), approvals=[])  # somebody was found for those
        if len(items) and not project.stands_still:
            _tell(occasion, project, person, items)
    return None


def _tell(occasion: Occasion, project: ProjectInfo, person: Person, items: Items) -> None:
    card = text_card(
        say(
            "{who} 已离职，在「{project}」还有 {counted}：{lines}。交接：/交接 @{who}→@某人",
            "{who} has left the company with {counted} open in “{project}”: {lines}. To hand over: "
            "/handover @{who} @name",
            who=person.name, project=project.name, counted=items.counted(), lines=listed(items.lines()),
        ),
        offer(project.id, person.id),
    )  # fmt: skip
    admins = [m.person for m in occasion.books.people.members(project.id) if m.is_admin and m.person.id != person.id]
    if not [admin for admin in admins if occasion.speaker.to_person(admin, project, card)]:
        occasion.speaker.to_groups(project, card)
