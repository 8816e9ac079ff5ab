"""Local wall-clock times as moments, through gaps and repeats."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)
_AHEAD = 26
"""Half months over which two zones are compared."""


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


@lru_cache(1024)
def alike(one: str, other: str, month: date) -> bool:
    """Do clocks of these zones show the same, for a year from ``month`` on? (Singapore and Shanghai do.)"""
    if one == other:
        return True
    zones = ZoneInfo(one), ZoneInfo(other)
    moments = (datetime(month.year, month.month, 1, 12, tzinfo=UTC) + n * timedelta(days=14) for n in range(_AHEAD))
    return all(at.astimezone(zones[0]).utcoffset() == at.astimezone(zones[1]).utcoffset() for at in moments)


def exists(day: date, zone: ZoneInfo) -> bool:
    """Is there such a day? Samoa went from 29 to 31 December 2011."""
    return at_local(day, 0, zone).astimezone(zone).date() == day
