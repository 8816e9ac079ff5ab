"""At 80 % of the window: a private word to those who have not reported; in the group only where that is impossible.

A part of the people at a time: nobody else waits until ten thousand have been told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chat.cards import text_card
from chat.frozen import frozen
from chat.text import Text, join, say
from reports.daily_desk import Desk
from reports.daily_open import KIND as PROMPT_KIND
from reports.daily_open import desk_of
from reports.daily_prompt import reminder, span
from reports.daily_together import REMINDED, said_together
from reports.days import bare_day
from reports.rhythm import owner
from reports.rules import DAILY
from reports.ticks import PART, Occasion, tick
from storage.daily_collections import Collection
from storage.people import Person

MORE = "daily.nudge.more"
MOST_NAMES = 5
_SOON = timedelta(seconds=1)


@frozen
class _Part:
    """How far it is. ``after``: the last person looked at; None: that was all. ``named``: the first, and ``count`` how
    many, who cannot be written to."""

    after: int | None = 0
    named: tuple[int, ...] = ()
    count: int = 0


@tick("daily.nudge", DAILY)
def nudge(occasion: Occasion) -> datetime | None:
    """Remind the missing once; then again on the next working day."""
    desk = desk_of(occasion)
    collection = desk.books.collections.latest(desk.project.id)
    if not desk.rhythm.plan.on and (collection is None or collection.state != "open"):
        return None
    if collection is not None and collection.state == "open" and collection.times.nudge is not None:
        if collection.times.nudge > occasion.at:
            return collection.times.nudge  # the prompt was late
        if occasion.at < collection.times.closes and collection.times.nudge == occasion.entry.at:
            part = _remind(desk, collection, occasion.at, _Part())
            if part.after is not None:
                desk.books.schedules.replace(MORE, f"collection:{collection.id}", occasion.entry.at, **_stored(part))
    if _prompt_is_due(desk, occasion.at):
        return max(occasion.at, occasion.entry.at) + _SOON
    return next_nudge(desk, collection, occasion.at)


def _prompt_is_due(desk: Desk, now: datetime) -> bool:
    """Is it still to be said, the bot having been off? Several processes, or connections, may do what is late in any
    order, and this day's reminder moves along with the prompt."""
    entries = desk.books.schedules.of(owner(desk.project))
    return any(entry.kind == PROMPT_KIND and entry.at <= now for entry in entries)


def next_nudge(desk: Desk, collection: Collection | None, now: datetime) -> datetime | None:
    """Of the next day that has one. None: windows of this project have none."""
    rhythm = desk.rhythm
    day = collection.day if collection else rhythm.local(now).date()
    for _ in range(10):
        at = rhythm.following(day).nudge
        if at is not None and at > now:
            return at
        day = rhythm.calendar.next_working(day)
    return None


@tick(MORE, DAILY)
def go_on(occasion: Occasion) -> datetime | None:
    """The next of them, unless the day is over meanwhile."""
    books = occasion.books
    collection = books.collections.get(int(occasion.entry.owner.partition(":")[2]))
    if collection is None or collection.state != "open" or occasion.at >= collection.times.closes:
        return None
    desk = Desk(books, occasion.speaker, books.projects.get(collection.project_id))
    subject = occasion.entry.subject
    part = _Part(subject["after"], tuple(subject["named"]), subject["count"])
    part = _remind(desk, collection, occasion.at, part)
    return occasion.go_on(**_stored(part)) if part.after is not None else None


def _stored(part: _Part) -> dict[str, Any]:
    return {"after": part.after, "named": part.named, "count": part.count}


def _remind(desk: Desk, collection: Collection, at: datetime, part: _Part) -> _Part:
    """The next people; with the last of them the groups hear who could not be told."""
    people = desk.books.people.some_members(desk.project.id, part.after or 0, PART)
    wanting = [p for p in desk.missing(collection, people) if not desk.books.pushes.muted(p.id, DAILY)]
    unreached = [person.id for person in wanting if not _told(desk, collection, at, person)]
    after = people[-1].person.id if len(people) == PART else None
    part = _Part(after, (*part.named, *unreached)[:MOST_NAMES], part.count + len(unreached))
    if after is None and part.count:
        _in_groups(desk, collection, at, part)
    return part


def _in_groups(desk: Desk, collection: Collection, at: datetime, part: _Part) -> None:
    people = [desk.books.people.get(person) for person in part.named]
    left = max(1, round((collection.times.closes - at).total_seconds() / 60))
    for chat in desk.groups:
        at_them: list[Text] = [say("{m}", "{m}", m=desk.speaker.mention(p, chat.platform)) for p in people]
        text = say(
            "{people} {day} 日报还有 {left}截止，@我 回 3 行即可。",
            "{people} The {day} report closes in {left}; @ me with 3 lines.",
            people=_cut(at_them, part.count),
            day=bare_day(collection.day),
            left=span(left),
        )
        desk.speaker.in_chat(chat, desk.project, text_card(text), name=f"nudge:{collection.id}")


def _told(desk: Desk, collection: Collection, at: datetime, person: Person) -> bool:
    if said_together(desk, person, collection, REMINDED, at):
        return True
    card = reminder(collection, desk.rhythm, at, desk.which(person.id))
    return desk.speaker.to_person(person, desk.project, card, name=f"remind:{collection.id}")


def _cut(mentions: list[Text], count: int) -> Text:
    if count <= len(mentions):
        return join(mentions, " ")
    return say("{who} 等 {n} 人", "{who} and others, {n} in all", who=join(mentions, " "), n=count)
