"""What is collected for one person, over all their projects, is said in one message; not in their night."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from planning.window import AWAKE
from planning.zones import at_local
from reports.daily_desk import Desk
from reports.mentioned import mention
from reports.reminder_card import card
from reports.rules import OVERDUE as RULE
from reports.ticks import Occasion, tick
from storage.people import Person

SAY = "overdue.say"


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
