"""The clock's entries for a project that reports daily."""

from __future__ import annotations

from datetime import date

from planning.ladder import next_slot
from reports import own_clock, rounds
from reports.rhythm import Rhythm, owner
from storage.books import Books
from storage.projects import ProjectInfo

KINDS = ("daily.open", "daily.nudge", "daily.close")
OVERDUE = "overdue"
"""The kind of the overdue ladder's entry, and the project's switch for it; False: an admin turned it off."""


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
