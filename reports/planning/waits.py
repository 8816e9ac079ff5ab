"""The blockers a weekly digest tells of: reported, or answered, since the digest before it.

An answer counts in the week it was given, so one that came after a weekend is told, too, and none is told twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from planning.work_weeks import WorkWeek, week_before
from planning.zones import at_local
from reports.daily_desk import Desk
from reports.rounds import ROUNDS, WEEKLY
from storage.blockers import Blocker


def blockers_of(desk: Desk, span: WorkWeek, at: datetime) -> list[Blocker]:
    """By number, as known at ``at``."""
    before = week_before(span.first, desk.rhythm.calendar)
    sent = desk.books.weeks.of(desk.project.id, before.first)
    minute = ROUNDS[WEEKLY].set_to(desk.project)
    usual = at_local(before.last, ROUNDS[WEEKLY].minute if minute is None else minute, desk.rhythm.zone)
    return desk.books.blockers.moved(desk.project.id, sent.at if sent else usual, at)


def waits(blockers: Iterable[Blocker], at: datetime) -> list[tuple[datetime, datetime | None]]:
    """When each was reported and, as known at ``at``, first answered."""
    return [(b.opened_at, b.answered_at if b.answered_at and b.answered_at <= at else None) for b in blockers]
