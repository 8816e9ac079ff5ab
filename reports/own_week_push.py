"""Drafts of everybody's own reports, and how regular they were, when a work week or a month ends: each alone.

The project's clock calls its people, who lives by another clock is called by their own; then each is told of all their
projects in one message, once. It waits for the close of that day's reports, for the morning after a night, and for the
return of who is away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from chat.cards import Card
from chat.text import Locale, Text
from planning.window import AWAKE
from planning.work_weeks import work_week
from planning.zones import at_local
from reports import own_clock
from reports.daily_desk import Desk
from reports.daily_open import desk_of
from reports.own_week_cards import Told, drafts, rates_alone, told
from reports.rates import of_month
from reports.rhythm import own_rhythm, owner
from reports.round_desk import fire
from reports.rounds import OWN_WEEK, ROUNDS, ends_month, ends_week, following
from reports.rules import DRAFT, RATE
from reports.ticks import PART, Occasion, tick
from storage.books import Books
from storage.people import PARTICIPANTS, Person
from storage.projects import ProjectInfo

SAY, MORE, OWN = "own_week.say", "own_week.more", "own_week.own"
SWITCH = "drafts"
"""The project's setting; False: no drafts unasked."""
LATEST = timedelta(days=1)
"""Called later than this nobody is any more."""
STALE = timedelta(days=14)
"""Who comes back later than this is not told any more."""
_DAY = timedelta(days=1)


@tick(OWN_WEEK, DRAFT)
def call(occasion: Occasion) -> datetime | None:
    """Call the people of a project; then again when the next week or month ends."""
    firing = fire(occasion, LATEST)
    if firing.day is not None:
        after = _call(firing.desk, firing.day, 0)
        if after is not None:
            whose = f"{OWN_WEEK}:{firing.desk.project.id}"
            firing.desk.books.schedules.replace(MORE, whose, occasion.entry.at, day=firing.day.isoformat(), after=after)
    return firing.again


@tick(MORE, DRAFT)
def call_on(occasion: Occasion) -> datetime | None:
    """The next of them."""
    desk, subject = desk_of(occasion), occasion.entry.subject
    after = _call(desk, date.fromisoformat(subject["day"]), subject["after"])
    return occasion.go_on(after=after) if after is not None else None


def _call(desk: Desk, day: date, after: int) -> int | None:
    members = desk.books.people.some_members(desk.project.id, after, PART)
    for person in (member.person for member in members if member.takes_part):
        if not own_clock.apart(desk.project, person, desk.books.at):
            _enter(desk.books, person, desk.project, day)
        elif not desk.books.schedules.of(f"{OWN_WEEK}:{desk.project.id}:{person.id}"):
            again = _following(desk.books, desk.project, person, desk.books.at)
            desk.books.schedules.add(OWN, f"{OWN_WEEK}:{desk.project.id}:{person.id}", again)
    return members[-1].person.id if len(members) == PART else None


@tick(OWN, DRAFT)
def call_one(occasion: Occasion) -> datetime | None:
    """Somebody's own week or month ends. None: they live by the team's clock now, or are gone."""
    books = occasion.books
    project_id, person_id = (int(part) for part in occasion.entry.owner.split(":")[1:])
    project, person = books.projects.get(project_id), books.people.get(person_id)
    if not own_clock.apart(project, person, occasion.at) or not _asks(books, project, person):
        return None
    rhythm = own_rhythm(books, project, person)
    day = rhythm.local(occasion.entry.at).date()
    if occasion.late <= LATEST and ROUNDS[OWN_WEEK].on(day, rhythm.calendar):
        _enter(books, person, project, day)
    return _following(books, project, person, max(occasion.at, occasion.entry.at))


def _following(books: Books, project: ProjectInfo, person: Person, after: datetime) -> datetime:
    each, rhythm = ROUNDS[OWN_WEEK], own_rhythm(books, project, person)
    return following(each, after, each.set_to(project) or each.minute, rhythm.calendar, rhythm.zone)


def _enter(books: Books, person: Person, project: ProjectInfo, day: date) -> None:
    """To be told with what their other projects have for them."""
    whose = f"person:{person.id}"
    waiting = [entry for entry in books.schedules.of(whose) if entry.kind == SAY]
    items = {project: day for entry in waiting for project, day in entry.subject["items"]}
    items[project.id] = day.isoformat()
    books.schedules.replace(SAY, whose, books.at, items=sorted(items.items()))


@tick(SAY, DRAFT)
def tell(occasion: Occasion) -> datetime | None:
    """One message over all projects whose week or month ended on the same day."""
    books = occasion.books
    person = books.people.get(int(occasion.entry.owner.partition(":")[2]))
    items = [(project, date.fromisoformat(day)) for project, day in occasion.entry.subject["items"]]
    day = max(day for _, day in items)
    here = [books.projects.get(project) for project, last in items if last == day]
    desks = [
        Desk(books, occasion.speaker, project).own(person) for project in here if _asks(books, project, person)
    ]  # fmt: skip
    if not desks or person.left_at is not None:
        return None
    later = max(_moment(desk, person, day) for desk in desks)
    if later > occasion.at:
        return later if later - occasion.at < STALE else None
    desks = [
        desk for desk in desks if books.pushes.once(person.id, desk.project.id, OWN_WEEK, day, state="sent")
    ]  # fmt: skip
    desks.sort(key=lambda desk: desk.project.id != person.project_id)
    card = _card(desks, person, day)
    if card is not None:
        occasion.speaker.to_person(person, desks[0].project, card)
    return None


def _asks(books: Books, project: ProjectInfo, person: Person) -> bool:
    """Does this project ask them for reports, and does the bot speak there?"""
    plan = books.collections.plan(project.id)
    return (
        plan is not None
        and plan.on
        and not project.stands_still
        and project.state != "archived"
        and bool(books.schedules.of(owner(project)))
        and books.people.role(project.id, person.id) in PARTICIPANTS
    )


def _moment(desk: Desk, person: Person, day: date) -> datetime:
    """Now, or when it can be said: the day's reports are in, it is not night, and they are not away."""
    rhythm, at = desk.rhythm, desk.books.at
    latest = at_local(day, AWAKE[1], rhythm.zone)
    own = desk.collection(day)
    if own is not None and own.state == "open" and at <= own.times.closes < latest:
        return own.times.closes + timedelta(minutes=1)
    then = rhythm.awake(at)
    away = desk.books.leaves.of(
        desk.project.id, person.id, rhythm.local(then).date(), rhythm.local(then).date() + STALE
    )
    while (part := away.get(rhythm.local(then).date())) is not None and part != _other(rhythm.local(then)):
        then = rhythm.awake(at_local(rhythm.local(then).date() + _DAY, 0, rhythm.zone))
    return then


def _other(local: datetime) -> str:
    """The half of the day that it is not."""
    return "pm" if local.hour < 13 else "am"


def _card(desks: Sequence[Desk], person: Person, day: date) -> Card | None:
    """None: there is nothing to say, or they do not want to hear it."""
    if not desks:
        return None
    pushes = desks[0].books.pushes
    ending = [desk for desk in desks if ends_month(day, desk.rhythm.calendar)]
    rates = month_of(ending, person, day) if not pushes.muted(person.id, RATE) else []
    offering = [desk for desk in desks if desk.project.settings.get(SWITCH) is not False]
    weeks = [desk for desk in offering if ends_week(day, desk.rhythm.calendar)]
    what: Told = "month" if not weeks else "both" if ending else "week"
    first = min(work_week(day, desk.rhythm.calendar).first for desk in weeks) if weeks else day.replace(day=1)
    found = drafts(weeks or [desk for desk in offering if desk in ending], person, first, day)
    if not found.plenty or pushes.muted(person.id, DRAFT):
        return rates_alone(rates) if rates else None
    desk = desks[0]
    address = desk.speaker.address(person)
    fill = desk.speaker.can(address.platform if address else "").input_in_card
    locale: Locale = "en" if (person.locale or desk.project.locale) == "en" else "zh"
    return told(found, rates, locale, what, fill=fill)


def month_of(desks: Sequence[Desk], person: Person, last: date) -> list[Text]:
    """How regular they were in the month that ends with ``last``, in each of these projects."""
    return [rate for desk in desks if (rate := of_month(desk, person, last)) is not None]
