"""People who live by another clock than their team: their zone, their calendar, and the clock's entry that asks them.

The team's prompt goes to the group; they get their own, directly, at the same minute of their own day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from planning.calendar import Calendar
from planning.zones import alike, at_local
from reports.ticks import Occasion, tick
from storage.books import Books
from storage.daily_collections import Collection, Plan
from storage.people import PARTICIPANTS, Person
from storage.projects import ProjectInfo
from storage.schedules import Due

KIND = "daily.own"
LATER = "zone.switch"
_DAY = timedelta(days=1)


def apart(project: ProjectInfo, person: Person, at: datetime) -> bool:
    """Does their day differ from the team's, by the clock or by the calendar?"""
    if person.country and person.country != project.country:
        return True
    return bool(person.zone) and not alike(person.zone, project.zone, at.date().replace(day=1))


def reader_of(project: ProjectInfo, person: Person, at: datetime) -> ZoneInfo | None:
    """Their zone, if their clock shows another time than the project's; times then say whose they are."""
    if not person.zone or alike(person.zone, project.zone, at.date().replace(day=1)):
        return None
    return ZoneInfo(person.zone)


def zone_of(project: ProjectInfo, person: Person) -> ZoneInfo:
    return ZoneInfo(person.zone or project.zone)


def calendar_of(books: Books, project: ProjectInfo, person: Person) -> Calendar:
    """Their country's. A project's own days are those of its own country's people."""
    if not person.country or person.country == project.country:
        return books.calendars.of(project)
    return books.calendars.abroad(person.country)


def owner(project: ProjectInfo, person: Person) -> str:
    """Of the one entry in the schedule."""
    return f"own:{project.id}:{person.id}"


def entry_of(books: Books, project: ProjectInfo, person: Person) -> Due | None:
    return next((entry for entry in books.schedules.of(owner(project, person)) if entry.kind == KIND), None)


def arm_all(books: Books, project: ProjectInfo, plan: Plan) -> None:
    """One entry for each of them who takes part; others' entries end by themselves."""
    for member in books.people.members(project.id):
        if member.takes_part and apart(project, member.person, books.at):
            arm(books, project, plan, member.person)


def arm(books: Books, project: ProjectInfo, plan: Plan, person: Person, first: date | None = None) -> None:
    """Enter the next moment: of the day that is open, else of the next prompt. first: no day before is asked for."""
    entry, latest = entry_of(books, project, person), books.collections.latest(project.id, person.id)
    if latest is not None and latest.state == "open" and latest.times.closes > books.at:
        books.schedules.replace(KIND, owner(project, person), moment_in(latest, books.at))
        return
    if entry is not None and (entry.at <= books.at or kept(books, project, person, entry)):
        return  # it fires just now, or by an old clock
    said = entry.subject.get("first") if entry is not None else None
    floors = [day for day in (first, date.fromisoformat(said) if said else None) if day is not None]
    at = next_prompt(books, project, plan, person, *floors)
    books.schedules.replace(KIND, owner(project, person), at, **({"first": max(floors).isoformat()} if floors else {}))


def next_prompt(
    books: Books, project: ProjectInfo, plan: Plan, person: Person, *floors: date, since: datetime | None = None
) -> datetime:
    """By their present clock, of a day they were not asked for yet and not before any of ``floors``.

    since: when they were asked last; the next day may have begun before that one was over. None: from now on.
    """
    latest = books.collections.latest(project.id, person.id)
    first = max([*floors, *([latest.day + _DAY] if latest else [])], default=None)
    zone = zone_of(project, person)
    day = plan.window.next_opening(since or books.at, calendar_of(books, project, person), zone, first)
    return at_local(day, plan.window.opens, zone)


def kept(books: Books, project: ProjectInfo, person: Person, entry: Due) -> date | None:
    """The day that still comes by an old clock."""
    said = entry.subject.get("keep")
    if not said or books.collections.of(project.id, date.fromisoformat(said), person.id) is not None:
        return None
    return date.fromisoformat(said)


def moment_in(collection: Collection, after: datetime) -> datetime:
    """What comes next within an open day: the reminder, or the close."""
    nudge = collection.times.nudge
    return nudge if nudge is not None and nudge > after else collection.times.closes


def asked_through(books: Books, project: ProjectInfo, person: Person) -> date | None:
    """The last day they were asked for, by whichever clock they lived then."""
    team = None if apart(project, person, books.at) else books.collections.latest(project.id)
    own = books.collections.latest(project.id, person.id)
    return max((one.day for one in (team, own) if one is not None), default=None)


def stranded(books: Books, project: ProjectInfo, plan: Plan, before: Person, after: Person) -> date | None:
    """The next day by the old clock, if its prompt would never come by the new one, where its hour has passed."""
    asked = asked_through(books, project, before)
    first = asked + _DAY if asked else None
    zone, now = zone_of(project, before), books.at
    calendar, new_zone = calendar_of(books, project, after), zone_of(project, after)
    day = plan.window.next_opening(now, calendar_of(books, project, before), zone, first)
    if not calendar.is_working(day):
        return None
    return day if plan.window.next_opening(now, calendar, new_zone, first) > day else None


def switch(books: Books, project: ProjectInfo, plan: Plan, before: Person, after: Person) -> None:
    """From now on by the new clock. A day is asked for once: what is stranded today still comes by the old one."""
    entry = entry_of(books, project, before)
    if entry is not None and kept(books, project, before, entry):
        return  # it still comes, whatever clock they live by now; the next one goes by the new
    asked = asked_through(books, project, before)
    left = stranded(books, project, plan, before, after)
    if left is not None and apart(project, before, books.at):
        at = at_local(left, plan.window.opens, zone_of(project, before))
        keep = {"keep": left.isoformat(), "zone": zone_of(project, before).key, "first": (left + _DAY).isoformat()}
        books.schedules.replace(KIND, owner(project, before), at, **keep)
    elif apart(project, after, books.at):
        books.schedules.drop(KIND, owner(project, after))
        arm(books, project, plan, after, asked + _DAY if asked else None)
    else:
        latest = books.collections.latest(project.id, after.id)
        if latest is None or latest.state != "open":
            books.schedules.drop(KIND, owner(project, after))


def move(books: Books, before: Person, after: Person) -> None:
    """Somebody lives by another clock or calendar from now on, in all their projects."""
    books.people.prefer(before, zone=after.zone, country=after.country)
    books.schedules.drop(LATER, f"person:{before.id}")
    for project, plan in asking(books, before):
        switch(books, project, plan, before, after)


def asking(books: Books, person: Person) -> list[tuple[ProjectInfo, Plan]]:
    """The projects that ask them for reports."""
    found: list[tuple[ProjectInfo, Plan]] = []
    for project in books.projects.of(person.id):
        plan = books.collections.plan(project.id)
        if plan is not None and plan.on and books.people.role(project.id, person.id) in PARTICIPANTS:
            found.append((project, plan))
    return found


def move_later(books: Books, person: Person, zone: str) -> date:
    """The same when their present day is over; the first day by the new clock."""
    here = ZoneInfo(person.zone) if person.zone else None
    if here is None:
        projects = books.projects.of(person.id)
        here = ZoneInfo(projects[0].zone if projects else zone)
    tomorrow = books.at.astimezone(here).date() + _DAY
    books.schedules.replace(LATER, f"person:{person.id}", at_local(tomorrow, 0, here), zone=zone)
    return tomorrow


@tick(LATER, None)
def moved(occasion: Occasion) -> datetime | None:
    """Midnight by the old clock: the new one counts. Nothing is said; it was when they asked for it."""
    person = occasion.books.people.get(int(occasion.entry.owner.partition(":")[2]))
    move(occasion.books, person, replace(person, zone=occasion.entry.subject["zone"]))
    return None
