"""Somebody's own day: their prompt at the usual minute of their own clock, one reminder, the close.

One entry of the clock for each of them goes from moment to moment; each day of theirs is opened once, whatever they do
to their zone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chat.text import NOTHING
from planning.window import LATEST_PROMPT
from reports import own_clock
from reports.daily_desk import Desk
from reports.daily_prompt import prompt, reminder
from reports.daily_together import PROMPTED, REMINDED, said_together
from reports.rules import DAILY, PROMPT
from reports.supplement import announce
from reports.ticks import Occasion, tick
from storage.daily_collections import Collection
from storage.people import Person

_NOTICED = timedelta(minutes=1)


@tick(own_clock.KIND, PROMPT)
def follow(occasion: Occasion) -> datetime | None:
    """Entry's owner: ``own:<project>:<person>``; ``keep`` and ``zone``: a day that still comes by an old clock."""
    books = occasion.books
    _, project_id, person_id = occasion.entry.owner.split(":")
    person = books.people.get(int(person_id))
    desk = Desk(books, occasion.speaker, books.projects.get(int(project_id)), person)
    collection, since = desk.latest(), occasion.at
    if collection is not None and collection.state == "open":
        if occasion.at < collection.times.closes:
            _remind(desk, person, collection, occasion)
            return collection.times.closes
        _close(desk, collection)
        since = collection.times.opens
    elif _asked(desk, person) and (day := _day(desk, person, occasion)) is not None:
        collection = _start(desk, person, day, occasion)
        if collection is not None and collection.state == "open":
            return own_clock.moment_in(collection, occasion.at)
        since = collection.times.opens if collection is not None else since
    if _asked(desk, person) and own_clock.apart(desk.project, person, occasion.at):
        return own_clock.next_prompt(books, desk.project, desk.rhythm.plan, person, *_floor(occasion), since=since)
    return None


def _floor(occasion: Occasion) -> list[date]:
    first = occasion.entry.subject.get("first")
    return [date.fromisoformat(first)] if first else []


def _asked(desk: Desk, person: Person) -> bool:
    """Do they still take part in something that asks for reports?"""
    takes_part = any(m.person.id == person.id and m.takes_part for m in desk.members)
    return takes_part and desk.rhythm.plan.on and desk.project.state != "archived"


def _day(desk: Desk, person: Person, occasion: Occasion) -> date | None:
    """The day that is asked for now. None: it turned into a day off, or the project stands still."""
    if desk.project.stands_still:
        return None
    keep = own_clock.kept(desk.books, desk.project, person, occasion.entry)
    if keep is not None:
        return keep
    day = desk.rhythm.plan.window.day_at(occasion.entry.at, desk.rhythm.zone)
    return day if desk.rhythm.calendar.is_working(day) else None


def _start(desk: Desk, person: Person, day: date, occasion: Occasion) -> Collection | None:
    """Open their day and ask, unless they reported, are away, or the team's prompt asks at this very moment."""
    books, project = desk.books, desk.project
    rhythm = desk.rhythm
    if own_clock.kept(books, project, person, occasion.entry):
        rhythm = replace(rhythm, zone=ZoneInfo(occasion.entry.subject["zone"]))
    late = occasion.late if occasion.late >= _NOTICED else timedelta()
    missed = occasion.late > LATEST_PROMPT
    times = rhythm.times(day) if missed else rhythm.times(day).shifted(late)
    collection = books.collections.open(
        project.id, day, times, state="missed" if missed else "open", late_by=int(late.total_seconds() // 60),
        person=person.id,
    )  # fmt: skip
    if collection is None:
        return None
    if missed:
        books.schedules.skipped(occasion.entry, "late")
        return collection
    report = books.daily.of(project.id, day, person.id)
    reported = report is not None and not report.withdrawn
    digest = desk.team.collection(day)
    seen = reported and report and digest and digest.digest_at and report.at <= digest.digest_at
    collection = books.collections.change(collection, asked=(person.id,), told_at=books.at if seen else None)
    if reported or _away(desk, day, person) or _with_the_team(desk, day, collection):
        return collection
    if said_together(desk, person, collection, PROMPTED, occasion.at):
        return collection
    address = desk.speaker.address(person)
    card = prompt(collection, rhythm, None, desk.speaker.can(address.platform if address else ""))
    if not desk.speaker.to_person(person, project, card, name=collection.card):
        books.schedules.skipped(occasion.entry, "unreachable")
    return collection


def _with_the_team(desk: Desk, day: date, collection: Collection) -> bool:
    """Does the prompt in the group ask at the same moment?"""
    rhythm = desk.team.rhythm
    return bool(desk.groups) and rhythm.calendar.is_working(day) and rhythm.times(day).opens == collection.times.opens


def _remind(desk: Desk, person: Person, collection: Collection, occasion: Occasion) -> None:
    """Once, at the minute that was planned for it; directly or not at all."""
    report = desk.books.daily.of(desk.project.id, collection.day, person.id)
    reported = report is not None and not report.withdrawn
    if collection.times.nudge != occasion.entry.at or reported or _away(desk, collection.day, person):
        return
    if desk.books.pushes.muted(person.id, DAILY):
        return
    if said_together(desk, person, collection, REMINDED, occasion.at):
        return
    which = desk.which(person.id) or NOTHING
    card = reminder(collection, desk.rhythm, occasion.at, which)
    desk.speaker.to_person(person, desk.project, card, name=f"remind:{collection.id}")


def _away(desk: Desk, day: date, person: Person) -> bool:
    return desk.books.daily.away(desk.project.id, day).get(person.id) in ("day", "pm")


def _close(desk: Desk, collection: Collection) -> None:
    closed = desk.books.collections.change(collection, state="closed")
    if closed.told_at is None:
        announce(desk, closed)
