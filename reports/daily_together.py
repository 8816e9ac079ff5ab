"""Somebody in several projects is asked for all of them in one message: what falls on one minute is collected first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chat.cards import Button, Buttons, Card, Paragraph
from chat.frozen import frozen
from chat.text import Text, join, say
from reports import own_clock
from reports.daily_desk import Desk, reported
from reports.daily_prompt import prompt, reminder, span
from reports.days import short_day
from reports.rules import DAILY, PROMPT, foot
from reports.ticks import Occasion, tick
from storage.daily_collections import Collection
from storage.people import Person

KIND = "daily.together"
PROMPTED, REMINDED = "prompt", "remind"


@frozen
class Part:
    """One project's open day, and what is to be said of it."""

    desk: Desk
    collection: Collection
    what: str

    @property
    def project(self) -> str:
        return self.desk.project.name


def said_together(desk: Desk, person: Person, collection: Collection, what: str, at: datetime) -> bool:
    """It waits for the others of this minute. False: they are in one project only, or cannot be written to."""
    books = desk.books
    if len(own_clock.asking(books, person)) < 2 or not desk.speaker.reaches(person):
        return False
    whose = f"person:{person.id}"
    waiting = [entry for entry in books.schedules.of(whose) if entry.kind == KIND]
    items = [item for entry in waiting for item in entry.subject["items"]]
    books.schedules.replace(KIND, whose, at, items=[*items, [collection.id, what]])
    return True


@tick(KIND, PROMPT)
def ask(occasion: Occasion) -> datetime | None:
    """What still holds of it; of one project alone, as it always is."""
    books = occasion.books
    person = books.people.get(int(occasion.entry.owner.partition(":")[2]))
    parts = [part for item in occasion.entry.subject["items"] if (part := _part(occasion, person, *item)) is not None]
    if not parts:
        return None
    first = parts[0]
    if len(parts) == 1:
        occasion.speaker.to_person(person, first.desk.project, _alone(first, person), name=_name(first))
        return None
    parts.sort(key=lambda part: part.desk.project.id != person.project_id)
    occasion.speaker.to_person(person, parts[0].desk.project, card(parts, occasion.at))
    return None


def _part(occasion: Occasion, person: Person, collection_id: int, what: str) -> Part | None:
    """None: it is closed, reported, or they are away or do not want to hear of it."""
    books = occasion.books
    collection = books.collections.get(collection_id)
    if collection is None or collection.state != "open" or occasion.at >= collection.times.closes:
        return None
    project = books.projects.get(collection.project_id)
    muted = books.pushes.muted(person.id, PROMPT if what == PROMPTED else DAILY)
    away = books.daily.away(project.id, collection.day).get(person.id) in ("day", "pm")
    if project.stands_still or muted or away or reported(books, collection, person.id):
        return None
    return Part(Desk(books, occasion.speaker, project, person if collection.person else None), collection, what)


def _name(part: Part) -> str:
    return part.collection.card if part.what == PROMPTED else f"remind:{part.collection.id}"


def _alone(part: Part, person: Person) -> Card:
    desk = part.desk
    if part.what == REMINDED:
        return reminder(part.collection, desk.rhythm, desk.books.at, desk.which(person.id))
    address = desk.speaker.address(person)
    return prompt(part.collection, desk.rhythm, None, desk.speaker.can(address.platform if address else ""))


def card(parts: Sequence[Part], at: datetime) -> Card:
    """``2 个项目的日报还没交``: a line for each, and one answer for all of them."""
    prompted = any(part.what == PROMPTED for part in parts)
    if prompted:
        head = say("📝 {n} 个项目的日报：", "📝 Daily updates for {n} projects:", n=len(parts))
    else:
        head = say("{n} 个项目的日报还没交：", "Reports of {n} projects are missing:", n=len(parts))
    how = say(
        "直接回 3 行，先记到「{first}」；再点一下，就同样交给别的项目。",
        "Just reply with 3 lines: they are for {first}; one press more and the others get the same.",
        first=parts[0].project,
    )
    ids = ",".join(str(part.collection.id) for part in parts)
    away = Buttons((Button(say("今天都请假", "Away today"), "daily.away_all", (ids,)),))
    words = Paragraph(join([head, *(_line(part, at) for part in parts), how], "\n"))
    return Card((words, away, *foot(PROMPT if prompted else DAILY)))


def _line(part: Part, at: datetime) -> Text:
    """``「双十一大促」9-21（周一），18:30 截止``, or ``… 还有 12 分钟截止``."""
    day = short_day(part.collection.day, part.desk.rhythm.calendar)
    if part.what == REMINDED:
        left = max(1, round((part.collection.times.closes - at).total_seconds() / 60))
        return say("「{p}」{day}，还有 {left}截止", "{p}: {day}, closes in {left}", p=part.project, day=day,
                   left=span(left))  # fmt: skip
    closes = part.desk.rhythm.local(part.collection.times.closes)
    return say("「{p}」{day}，{at} 截止", "{p}: {day}, due {at}", p=part.project, day=day, at=f"{closes:%H:%M}")
