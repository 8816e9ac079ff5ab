"""Local wall-clock times as moments, through gaps and repeats."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)


def at_local(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The moment (UTC) of a local time; minute: after local midnight, 1440 and more reach into the next day.

    A minute the clocks skip happens at the first minute after the gap; a repeated one happens the first time.
    """
    wall = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)
    at = wall.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return at
    at = wall.replace(fold=1).astimezone(UTC)  # before the gap
    offset = at.astimezone(zone).utcoffset()
    while at.astimezone(zone).utcoffset() == offset:
        at += _MINUTE
    return at


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """The same moment on the local wall clock."""
    return at.astimezone(zone)
