"""What to leave until later so that one milestone gets done: what can wait without making anything else late."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal

from chat.frozen import frozen
from planning.graph import FAR
from planning.risk import Item, Outlook

Why = Literal["pause", "urgent", "due", "late"]


@frozen
class Choice:
    """One open task of somebody who is needed. ``why``: pause, or why not: urgent, due before then, makes others late.

    ``freed``: working days it would have taken of the time until then.
    """

    item: int
    why: Why
    freed: int


def choices(
    items: Sequence[Item], found: Outlook, needed: Collection[int], urgent: Collection[int], until: date, floor: date,
    people: Collection[int] | None = None,
) -> list[Choice]:  # fmt: skip
    """Every open task that is not ``needed``, of ``people`` only unless None. until: the day work on it goes on."""
    axis = found.axis
    resume, now = axis.on_or_after(until), axis.on_or_after(floor)
    chosen: list[Choice] = []
    for number, item in enumerate(items):
        if item.milestone or item.done is not None or number in needed:
            continue
        if people is not None and item.owner not in people:
            continue
        left = max(1, -(-(item.days or 1) * (100 - item.progress) // 100))
        why = _why(number, item, found, urgent, until, resume + left - 1)
        chosen.append(Choice(number, why, min(left, resume - now)))
    return chosen


def _why(number: int, item: Item, found: Outlook, urgent: Collection[int], until: date, finish: int) -> Why:
    if number in urgent:
        return "urgent"
    if item.due is not None and item.due < until:
        return "due"
    room = found.room[number]
    if room is not None and room < 0:
        return "late"
    latest = FAR if room is None else found.days.finish[number] + room
    return "pause" if finish <= latest else "late"
