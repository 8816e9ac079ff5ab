"""At 80 % of the window: a private word to those who have not reported; in the group only where that is impossible."""

from __future__ import annotations

from datetime import datetime

from chat.cards import text_card
from chat.text import Text, join, say
from reports.daily_desk import Desk
from reports.daily_open import desk_of
from reports.daily_prompt import reminder, span
from reports.daily_together import REMINDED, said_together
from reports.days import bare_day
from reports.rules import DAILY
from reports.ticks import Occasion, tick
from storage.daily_collections import Collection
from storage.people import Person

MOST_NAMES = 5


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
            _remind(desk, collection, occasion.at)
    return next_nudge(desk, collection, occasion.at)


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


def _remind(desk: Desk, collection: Collection, at: datetime) -> None:
    unreached = [person for person in _wanting(desk, collection) if not _told(desk, collection, at, person)]
    if not unreached:
        return
    left = max(1, round((collection.times.closes - at).total_seconds() / 60))
    for chat in desk.groups:
        at_them: list[Text] = [say("{m}", "{m}", m=desk.speaker.mention(p, chat.platform)) for p in unreached]
        text = say(
            "{people} {day} 日报还有 {left}截止，@我 回 3 行即可。",
            "{people} The {day} report closes in {left}; @ me with 3 lines.",
            people=_cut(at_them, unreached),
            day=bare_day(collection.day),
            left=span(left),
        )
        desk.speaker.in_chat(chat, desk.project, text_card(text), name=f"nudge:{collection.id}")


def _wanting(desk: Desk, collection: Collection) -> list[Person]:
    """Who is missing and wants to be reminded."""
    return [person for person in desk.missing(collection) if not desk.books.pushes.muted(person.id, DAILY)]


def _told(desk: Desk, collection: Collection, at: datetime, person: Person) -> bool:
    if said_together(desk, person, collection, REMINDED, at):
        return True
    card = reminder(collection, desk.rhythm, at, desk.which(person.id))
    return desk.speaker.to_person(person, desk.project, card, name=f"remind:{collection.id}")


def _cut(mentions: list[Text], people: list[Person]) -> Text:
    if len(people) <= MOST_NAMES:
        return join(mentions, " ")
    return say("{who} 等 {n} 人", "{who} and others, {n} in all", who=join(mentions[:MOST_NAMES], " "), n=len(people))
