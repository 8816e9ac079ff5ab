"""Somebody left the company: nothing waits for them any more, and the lead hears what is left of their work."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chat.cards import text_card
from chat.messages import Incoming
from chat.text import NOTHING, Text, join, say
from reports import asks
from reports.approval_gone import hand_on
from reports.handover import Items, items_of, offer
from reports.ticks import Occasion, tick
from storage.books import Books
from storage.people import Person
from storage.projects import ProjectInfo
from storage.transaction import Tx

KIND = "person.left"
EVENT = "person_left_company"
_NOBODY = say(
    "。项目没有管理员了，请一位成员发：/成员 管理员 @某人",
    ". The project has no admin any more; somebody please send: /members admin @name",
)


def follow(tx: Tx, thing: Incoming) -> None:
    """thing: ``EVENT``, ``data`` names who. Somebody who is on another platform, too, has not left."""
    books, who = Books(tx, thing.key, thing.at), str(thing.data.get("id", ""))
    person = books.people.known(thing.platform, who)
    if person is not None and len(books.people.addresses(person.id)) < 2:
        depart(books, person)


def depart(books: Books, person: Person) -> None:
    """From now on nobody prompts, counts or waits for them; what they leave behind is looked at a moment later."""
    if person.left_at is not None:
        return
    books.people.leave(person.id)
    hand_on(books, person)
    books.schedules.replace(KIND, _owner(person), books.at, person=person.id)


def come_back(books: Books, person: Person) -> Person:
    """They are here after all: as if nothing had been."""
    books.schedules.drop(KIND, _owner(person))
    return books.people.come_back(person)


def _owner(person: Person) -> str:
    return f"left:{person.id}"


@tick(KIND, None)
def left(occasion: Occasion) -> datetime | None:
    """One message for each project, to who can hand the work over; to its groups where nobody else can."""
    books = occasion.books
    person = books.people.get(occasion.entry.subject["person"])
    if person.left_at is None:
        return None
    asks.without(books, occasion.speaker, person)
    for project in books.projects.of(person.id):
        items = replace(items_of(books, project.id, person.id), approvals=[])  # somebody was found for those
        if project.stands_still:
            continue
        admins = [member.person for member in books.people.members(project.id) if member.is_admin]
        if len(items) or not admins:
            _tell(occasion, project, person, items, admins)
    return None


def _tell(occasion: Occasion, project: ProjectInfo, person: Person, items: Items, admins: list[Person]) -> None:
    open_work = say(
        "，在「{project}」还有 {counted}：\n{lines}\n交接：/交接 @{who}→@某人",
        " with {counted} open in “{project}”:\n{lines}\nTo hand over: /handover @{who} @name",
        who=person.name, project=project.name, counted=items.counted(), lines=join(items.lines(), "\n"),
    )  # fmt: skip
    text = say(
        "{who} 已离职{open}{repeats}{nobody}", "{who} has left the company{open}{repeats}{nobody}", who=person.name,
        open=open_work if len(items) else NOTHING, repeats=_repeats(items), nobody=NOTHING if admins else _NOBODY,
    )  # fmt: skip
    card = text_card(text, *([offer(project.id, person.id)] if len(items) else []))
    if not [admin for admin in admins if occasion.speaker.to_person(admin, project, card)]:
        occasion.speaker.to_groups(project, card)


def _repeats(items: Items) -> Text:
    if not items.repeats:
        return NOTHING
    return say(
        "。没人接的话，重复任务下一份归项目负责人", ". Until somebody takes over, the next copies go to who leads"
    )
