"""What the votes of an approval amount to, and when those who have not voted are urged. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal
from zoneinfo import ZoneInfo

from chat.frozen import frozen
from planning.calendar import Calendar
from planning.window import AWAKE
from planning.zones import at_local

Choice = Literal["yes", "no", "back"]
Result = Literal["open", "approved", "rejected", "returned"]
_ENDS: Mapping[Choice, Result] = {"no": "rejected", "back": "returned"}
_PARTS = (50, 90)
"""Percent of the time given after which those who have not voted are urged."""


class Mode(Enum):
    """Who has to agree. ALL: everybody (会签). ANY: the first to act decides (或签). IN_TURN: everybody, in order.

    EVERY: as ALL, but a refusal ends it only when everybody has spoken.
    """

    ALL = "all"
    ANY = "any"
    IN_TURN = "turn"
    EVERY = "every"


@frozen
class Vote:
    """What was said for one seat. A seat is a place among the approvers; one person may sit on several."""

    seat: int
    choice: Choice


@frozen
class Decision:
    """``asked``: the seats whose turn it is; empty once it is decided. ``yes``: how many seats agreed."""

    result: Result
    asked: tuple[int, ...] = ()
    yes: int = 0


def decide(mode: Mode, seats: Sequence[int], votes: Sequence[Vote]) -> Decision:
    """seats: in order, each once. votes: in the order they came.

    The first vote of a seat counts; a vote of a seat that does not exist, or out of turn, does not. One refusal ends
    it, but where everybody is to be heard. Without seats it stays open: nothing is approved by nobody.
    """
    silent = dict.fromkeys(seats)
    agreed, refused = 0, False
    for vote in votes:
        if vote.seat not in silent or (mode is Mode.IN_TURN and vote.seat != next(iter(silent))):
            continue
        del silent[vote.seat]
        if vote.choice == "no" and mode is Mode.EVERY:
            refused = True
            continue
        if vote.choice != "yes":
            return Decision(_ENDS[vote.choice], (), agreed)
        agreed += 1
        if mode is Mode.ANY:
            break
    if refused and not silent:
        return Decision("rejected", (), agreed)
    if agreed and (mode is Mode.ANY or not silent):
        return Decision("approved", (), agreed)
    return Decision("open", tuple(silent)[: 1 if mode is Mode.IN_TURN else None], agreed)


def urges(opened: datetime, deadline: datetime, calendar: Calendar, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments at 50 % and 90 % of the time, UTC, each put off until people are at work; only those before the end.

    Two that fall on the same morning are one.
    """
    whole = deadline - opened
    moments = [awake(_minute(opened + whole * part / 100), calendar, zone) for part in _PARTS]
    return tuple(sorted({at for at in moments if opened < at < deadline}))


def awake(at: datetime, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """``at``, or 09:00 of the next working day when it is quiet then (20:00–09:00, days off)."""
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    day = local.date()
    if calendar.is_working(day) and AWAKE[0] <= minute < AWAKE[1]:
        return at
    if minute >= AWAKE[0]:
        day += timedelta(days=1)
    return at_local(calendar.first_working(day), AWAKE[0], zone)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
