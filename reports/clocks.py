"""A moment as it is read: by another clock than the project's it says whose, wherever it is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from chat.text import NOTHING, Text, say
from planning.zones import alike, at_local
from reports.days import bare_day, both, place
from reports.own_clock import reader_of
from storage.people import Person
from storage.projects import ProjectInfo
from storage.tasks import Task


def seen_by(zones: Iterable[str], plain: Text, at: datetime, here: ZoneInfo) -> Text:
    """``plain``, which is by the project's clock; for one reader elsewhere by both, for several with its place.

    zones: of all who read it, "" for the project's.
    """
    month = at.astimezone(here).date().replace(day=1)
    others: dict[str, None] = dict.fromkeys(zone for zone in zones if zone and not alike(zone, here.key, month))
    if not others:
        return plain
    if len(others) == 1:
        return both(at, here, ZoneInfo(next(iter(others))))
    return say("{at} {here}", "{at} {here}", at=plain, here=place(here.key))


def own(at: datetime, zone: ZoneInfo) -> Text:
    """``10-28 04:00 伦敦``: by the reader's own clock, in a list."""
    local = at.astimezone(zone)
    return say("{day} {at} {city}", "{day} {at} {city}", day=bare_day(local.date()), at=f"{local:%H:%M}",
               city=place(zone.key))  # fmt: skip


def due_moment(project: ProjectInfo, task: Task, minute: int) -> datetime:
    """When a task with a due is due."""
    assert task.due is not None
    return at_local(task.due, minute, ZoneInfo(project.zone))


def of_a_list(project: ProjectInfo, reader: Person, at: datetime) -> Text | None:
    """Whose clock the times of a list are by that one reader elsewhere sees alone; None: the project's, as ever."""
    zone = reader_of(project, reader, at)
    return say("时间按{city}。", "Times are {city}'s.", city=place(zone.key)) if zone is not None else None


def of_a_file(project: ProjectInfo, reader: Person, at: datetime) -> Text:
    """Whose clock the times in a file are by, for a reader elsewhere; else nothing."""
    if reader_of(project, reader, at) is None:
        return NOTHING
    return say("时间按{city}。", " Times are {city}'s.", city=place(project.zone))
