"""A year nobody has published yet: the admins hear of it once a week until they decide.

One entry of the clock serves all projects: it sleeps until the last Monday before the first year that is not known.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chat.cards import Button, Card, text_card
from chat.text import say
from planning.calendar import Calendar
from planning.zones import at_local
from reports import presence
from reports.rhythm import rhythm_of
from reports.ticks import Occasion, tick
from storage.books import Books
from storage.people import Person
from storage.projects import ProjectInfo

KIND = "calendar.year"
OWNER = "bot"
ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = 10 * 60
AHEAD = timedelta(days=7)
"""How long before it begins an unknown year is worth a message."""
_FAR = 10
"""Years ahead that are looked at."""


def enter(books: Books) -> None:
    """Make the clock watch for unknown years, once for the whole bot."""
    if not any(entry.kind == KIND for entry in books.schedules.of(OWNER)):
        books.schedules.add(KIND, OWNER, _next(_country(books), books.at))


@tick(KIND, None)
def warn(occasion: Occasion) -> datetime:
    """Tell the admins of every project whose coming week reaches into an unknown year they did not settle."""
    books = occasion.books
    today = occasion.at.astimezone(ZONE).date()
    told: dict[int, tuple[Person, ProjectInfo, int]] = {}
    for project in books.projects.all():
        if project.state == "new" and not rhythm_of(books, project).plan.on:
            continue  # nobody set it up
        for year in books.calendars.of(project).unknown_years(today, today + AHEAD):
            if setting(project, year):
                continue
            for member in books.people.members(project.id):
                if member.is_admin:
                    told.setdefault(member.person.id, (member.person, project, year))
    for person, project, year in told.values():
        occasion.speaker.to_person(person, project, card(year))
    return _next(_country(books), occasion.at)


def card(year: int) -> Card:
    args = (str(year),)
    return text_card(
        say(
            "{year} 年放假安排未导入。1-1 起将按周一至周五推算，可能误发或漏发。",
            "The holidays of {year} are not imported. From 1 January Monday to Friday are taken as working days; "
            "messages may come on the wrong days.",
            year=year,
        ),
        Button(say("导入官方安排", "Import the holidays"), "calendar.import", args, style="primary"),
        Button(say("先按推算", "Reckon for now"), "calendar.guess", args),
        Button(say("先停发", "Stop for now"), "calendar.stop", args),
    )


def setting(project: ProjectInfo, year: int) -> str:
    """What was decided about an unknown year: guess, stop, "" nothing."""
    return str(project.settings.get(f"year_{year}", ""))


def decide(books: Books, project: ProjectInfo, year: int, choice: str) -> None:
    """choice: guess, stop (from 1 January) or "" (the year is known now). A project that stood still goes on."""
    project = books.projects.set(project, **{f"year_{year}": choice or None})
    books.schedules.drop("calendar.stop", f"calendar:{project.id}")
    if choice == "stop":
        at = at_local(date(year, 1, 1), 0, ZoneInfo(project.zone))
        books.schedules.add("calendar.stop", f"calendar:{project.id}", max(at, books.at), year=year)
    elif project.settings.get("paused_for") == year:
        books.projects.set(project, paused_for=None)
        presence.go_on(books, project)


@tick("calendar.stop", None)
def stop(occasion: Occasion) -> None:
    """The year begins and is still unknown: the project's clock stands still, as its admin wished."""
    books, year = occasion.books, occasion.entry.subject["year"]
    project = books.projects.get(int(occasion.entry.owner.partition(":")[2]))
    if setting(project, year) == "stop" and not books.calendars.of(project).known(year):
        books.projects.set(project, paused_for=year)
        presence.stand_still(books, books.projects.get(project.id))


def _country(books: Books) -> Calendar:
    """China's calendar with what was imported: the only country whose years need publishing."""
    return Calendar("CN", {}, books.calendars.years("CN"))


def _next(calendar: Calendar, after: datetime) -> datetime:
    """The next Monday 10:00 (or the week's first working day) of a week that reaches into an unknown year."""
    today = after.astimezone(ZONE).date()
    unknown = next((y for y in range(today.year, today.year + _FAR) if not calendar.known(y)), today.year + _FAR)
    monday = max(today, date(unknown, 1, 1) - AHEAD)
    monday += timedelta(days=-monday.weekday() % 7)
    while (at := at_local(calendar.first_working(monday), MINUTE, ZONE)) <= after:
        monday += timedelta(days=7)
    return at.astimezone(UTC)
