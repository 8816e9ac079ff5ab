"""Which day a report belongs to when nobody says it."""

from __future__ import annotations

from datetime import date, timedelta

from chat.frozen import frozen
from planning.window import Times
from reports.daily_desk import Desk
from storage.daily_collections import Collection


@frozen
class Belongs:
    """``or_next``: the day is over and already has a report; it may be meant for this one instead."""

    day: date
    or_next: date | None = None


def times_of(desk: Desk, day: date) -> Times:
    """As they really were, if the day's prompt went out."""
    collection = desk.collection(day)
    return collection.times if collection else desk.rhythm.times(day)


def running(desk: Desk) -> Collection | None:
    """The collection that is open now, before or after midnight."""
    last = desk.latest()
    if last is None or last.state != "open":
        return None
    return last if last.times.opens <= desk.books.at <= last.times.closes else None


def belongs(desk: Desk, person_id: int) -> Belongs:
    """Today's until it closes; then today's if that is missing, else today's or the next working day's.

    On a day off: the last working day's if its report is missing and may still come, else the next working day's.
    """
    now = running(desk)
    if now is not None:
        return Belongs(now.day)
    calendar = desk.rhythm.calendar
    today = desk.rhythm.local(desk.books.at).date()
    if calendar.is_working(today):
        if desk.books.at <= times_of(desk, today).closes or not _handed_in(desk, today, person_id):
            return Belongs(today)
        return Belongs(today, calendar.next_working(today))
    last = calendar.previous_working(today)
    prompted = desk.collection(last)
    late = prompted is not None and desk.books.at < prompted.times.late_until
    if late and not _handed_in(desk, last, person_id):
        return Belongs(last)
    return Belongs(calendar.next_working(today))


def missed_before(desk: Desk, day: date, person_id: int) -> date | None:
    """The working day before ``day``, if a report for it could still come late and has not."""
    last = desk.rhythm.calendar.previous_working(day)
    collection = desk.collection(last)
    if collection is None or collection.state not in ("open", "closed"):
        return None
    if desk.books.at >= collection.times.late_until or desk.books.at <= collection.times.closes:
        return None
    return None if _handed_in(desk, last, person_id) else last


def oldest(today: date) -> date:
    """Reports further back are not taken any more."""
    return today - timedelta(days=31)


def _handed_in(desk: Desk, day: date, person_id: int) -> bool:
    report = desk.books.daily.of(desk.project.id, day, person_id)
    return report is not None and not report.withdrawn
