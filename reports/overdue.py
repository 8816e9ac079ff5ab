"""Whom the ladder tells, and when they can be told."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from planning.window import AWAKE
from planning.zones import at_local
from reports.daily_desk import Desk
from storage.people import Person


def leads(desk: Desk) -> list[Person]:
    """Who answers for the project: its owner, else its admins."""
    return [m.person for m in desk.members if m.role == "owner" and m.here] or desk.admins


def awake_there(at: datetime, zone: str) -> datetime | None:
    """When it is 9:00 for somebody with a zone of their own for whom it is night now; None: they are awake."""
    if not zone:
        return None
    local = at.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    if AWAKE[0] <= minute <= AWAKE[1]:
        return None
    day = local.date() if minute < AWAKE[0] else local.date() + timedelta(days=1)
    return at_local(day, AWAKE[0], ZoneInfo(zone))
