"""When a project's reports are due: its calendar, zone and window together, and the clock's entries for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from planning.calendar import Calendar
from planning.ladder import next_slot
from planning.window import AWAKE, Times, Window
from planning.zones import at_local
from reports import own_clock, rounds
from storage.books import Books
from storage.daily_collections import Plan
from storage.people import Person
from storage.projects import ProjectInfo

KINDS = ("daily.open", "daily.nudge", "daily.close")
OVERDUE = "overdue"
"""The kind of the overdue ladder's entry, and the project's switch for it; False: an admin turned it off."""


@dataclass(frozen=True, slots=True)
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
        """``at``, or the next moment at which a group may be disturbed: working days, 9:00 to 20:00."""
        local = self.local(at)
        day, minute = local.date(), local.hour * 60 + local.minute
        if self.calendar.is_working(day) and minute <= AWAKE[1]:
            return max(at, at_local(day, AWAKE[0], self.zone))
        return at_local(self.calendar.next_working(day), AWAKE[0], self.zone)

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


def arrange(books: Books, rhythm: Rhythm) -> list[date]:
    """Enter the clock's next firings after a change of the plan; the next three days it will ask on.

    A day whose prompt went out already keeps its times; the change takes effect at the next prompt.
    """
    now = books.at
    last = books.collections.latest(rhythm.project.id)
    first = rhythm.calendar.next_working(last.day) if last else None
    days = rhythm.next_days(now, first, 3)
    times = rhythm.times(days[0])
    running = last.times if last and last.state == "open" else None
    nudge = running.nudge if running and running.nudge and running.nudge > now else times.nudge
    for kind, at in zip(KINDS, (times.opens, nudge, running.closes if running else times.closes), strict=True):
        if at is None:
            books.schedules.drop(kind, owner(rhythm.project))
        else:
            books.schedules.replace(kind, owner(rhythm.project), at)
    own_clock.arm_all(books, rhythm.project, rhythm.plan)
    arm_ladder(books, rhythm)
    rounds.arm(books, rhythm)
    return days


def ladder(project: ProjectInfo) -> str:
    """The owner of the overdue ladder's entry. It is none of those that are paused and counted for people."""
    return f"{OVERDUE}:{project.id}"


def arm_ladder(books: Books, rhythm: Rhythm) -> None:
    """One entry for each project that reports daily: for the overdue ladder, silence and early warnings."""
    if rhythm.plan.on:
        at = next_slot(books.at, rhythm.calendar, rhythm.zone)
        books.schedules.replace(OVERDUE, ladder(rhythm.project), at)
    else:
        books.schedules.drop(OVERDUE, ladder(rhythm.project))


def cancel(books: Books, project: ProjectInfo) -> None:
    """The clock asks no more. A day that is open stays open until its close."""
    books.schedules.drop(OVERDUE, ladder(project))
    rounds.cancel(books, project)
    last = books.collections.latest(project.id)
    for kind in KINDS:
        if kind == "daily.open" or last is None or last.state != "open":
            books.schedules.drop(kind, owner(project))
