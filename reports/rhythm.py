"""Which moment belongs to which day of a project: its calendar, zone and window together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chat.frozen import frozen
from planning.calendar import Calendar
from planning.window import Times, Window, awake
from reports import own_clock
from storage.books import Books
from storage.daily_collections import Plan
from storage.people import Person
from storage.projects import ProjectInfo


@frozen
class Rhythm:
    """Everything that says which moment belongs to which day. ``plan`` is the usual window where none was set up."""

    project: ProjectInfo
    plan: Plan
    calendar: Calendar
    zone: ZoneInfo

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def times(self, day: date) -> Times:
        return self.plan.window.times(day, self.calendar, self.zone)

    def following(self, day: date) -> Times:
        """Of the next working day."""
        return self.times(self.calendar.next_working(day))

    def awake(self, at: datetime) -> datetime:
        """``at``, or the next moment at which a group may be disturbed."""
        return awake(at, self.calendar, self.zone)

    def next_days(self, after: datetime, first: date | None, count: int) -> list[date]:
        """The days of the next prompts after a moment, none before ``first``."""
        days = [self.plan.window.next_opening(after, self.calendar, self.zone, first)]
        while len(days) < count:
            days.append(self.calendar.next_working(days[-1]))
        return days


def rhythm_of(books: Books, project: ProjectInfo) -> Rhythm:
    plan = books.collections.plan(project.id) or Plan(Window(), on=False)
    return Rhythm(project, plan, books.calendars.of(project), ZoneInfo(project.zone))


def own_rhythm(books: Books, project: ProjectInfo, person: Person) -> Rhythm:
    """The same hours of somebody's own day."""
    return replace(
        rhythm_of(books, project),
        calendar=own_clock.calendar_of(books, project, person),
        zone=own_clock.zone_of(project, person),
    )


def owner(project: ProjectInfo) -> str:
    """Of the project's entries in the schedule."""
    return f"project:{project.id}"
