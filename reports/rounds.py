"""What a project hears at fixed times besides its daily reports: the weekly digest, the morning agenda, the weighing,
and the drafts of everybody's own reports.

Each is one entry of the clock, on while daily reports are on and nobody turned it off. Its hour is a setting of the
project.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chat.frozen import frozen
from chat.text import say
from planning.calendar import Calendar
from planning.work_weeks import work_week
from planning.zones import at_local
from reports.rhythm import Rhythm
from storage.books import Books
from storage.projects import ProjectInfo

WEEKLY, AGENDA, WEIGHING, OWN_WEEK = "weekly", "agenda", "moscow", "own_week"
NAMES = {
    WEEKLY: say("周报", "Weekly digest"),
    AGENDA: say("晨会议程", "Morning agenda"),
    WEIGHING: say("每周重评", "Weekly weighing"),
}


@frozen
class Round:
    """``minute``: of the day where nothing else is set. ``on``: which days."""

    kind: str
    minute: int
    on: Callable[[date, Calendar], bool]

    def set_to(self, project: ProjectInfo) -> int | None:
        """Its minute; None: off."""
        said = project.settings.get(self.kind)
        if said is None:
            return self.minute
        return None if said is False else int(said)


def ends_week(day: date, calendar: Calendar) -> bool:
    """Is it the last working day of a work week?"""
    return work_week(day, calendar).last == day


def ends_month(day: date, calendar: Calendar) -> bool:
    """Is it the last working day of a month?"""
    return calendar.is_working(day) and calendar.next_working(day).month != day.month


def _ends(day: date, calendar: Calendar) -> bool:
    return ends_week(day, calendar) or ends_month(day, calendar)


def _first_of_week(day: date, calendar: Calendar) -> bool:
    return work_week(day, calendar).first == day


ROUNDS = {
    WEEKLY: Round(WEEKLY, 18 * 60 + 40, ends_week),
    AGENDA: Round(AGENDA, 9 * 60 + 5, lambda day, calendar: calendar.is_working(day)),
    WEIGHING: Round(WEIGHING, 9 * 60 + 30, _first_of_week),
    OWN_WEEK: Round(OWN_WEEK, 18 * 60 + 45, _ends),
}


def entry_of(kind: str, project: ProjectInfo) -> str:
    """The owner of its entry, none of those that are paused and counted for people."""
    return f"{kind}:{project.id}"


def arm(books: Books, rhythm: Rhythm) -> None:
    """Make the clock agree with what is on."""
    for each in ROUNDS.values():
        minute = each.set_to(rhythm.project) if rhythm.plan.on else None
        whose = entry_of(each.kind, rhythm.project)
        if minute is None:
            books.schedules.drop(each.kind, whose)
        else:
            at = following(each, books.at, minute, rhythm.calendar, rhythm.zone)
            books.schedules.replace(each.kind, whose, at)


def cancel(books: Books, project: ProjectInfo) -> None:
    """None of them any more."""
    for kind in ROUNDS:
        books.schedules.drop(kind, entry_of(kind, project))


def following(each: Round, after: datetime, minute: int, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """The first moment later than ``after``."""
    day = calendar.first_working(after.astimezone(zone).date())
    while not each.on(day, calendar) or (at := at_local(day, minute, zone)) <= after:
        day = calendar.next_working(day)
    return at
