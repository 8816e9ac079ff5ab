"""The close: the day's digest goes to the groups and, the same, to those who only watch."""

from __future__ import annotations

from datetime import datetime

from reports.daily_open import desk_of
from reports.ticks import Occasion, tick


@tick("daily.close")
def close(occasion: Occasion) -> datetime | None:
    """Close the open day; then again on the next working day."""
    desk = desk_of(occasion)
    collection = desk.books.collections.latest(desk.project.id)
    if collection is not None and collection.state == "open":
        if collection.times.closes > occasion.at:
            return collection.times.closes  # the prompt was late
        desk.books.collections.change(collection, state="closed")
    if not desk.rhythm.plan.on:
        return None
    day = collection.day if collection else desk.rhythm.local(occasion.at).date()
    return desk.rhythm.following(day).closes
