"""The prompt: once per project and working day, in every group of the project, at the minute the plan says.

Late by up to two hours (the bot was off) it still goes out and everything after it moves along; later than that the
day counts as the system's fault and an admin decides.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from chat.cards import Button, Card, text_card
from chat.text import listed, say
from planning.window import LATEST_PROMPT
from reports import own_clock
from reports.daily_desk import Desk
from reports.daily_prompt import prompt
from reports.daily_together import PROMPTED, said_together
from reports.days import bare_day
from reports.rules import PROMPT
from reports.ticks import PART, Occasion, tick
from storage.daily_collections import Collection

KIND, MORE = "daily.open", "daily.open.more"
_NOTICED = timedelta(minutes=1)
"""Less than this is not worth a word."""


@tick(KIND, PROMPT)
def open_day(occasion: Occasion) -> datetime | None:
    """Ask the groups; then again on the next working day."""
    desk = desk_of(occasion)
    rhythm = desk.rhythm
    day = rhythm.local(occasion.entry.at).date()
    if not rhythm.plan.on or desk.project.state == "archived":
        return None
    own_clock.arm_all(desk.books, desk.project, rhythm.plan)  # who joined since then, too
    if not rhythm.calendar.is_working(day):
        return rhythm.following(day).opens
    if occasion.late > LATEST_PROMPT:
        return _missed(desk, occasion, day)
    start(desk, day, occasion.late if occasion.late >= _NOTICED else timedelta())
    return rhythm.following(day).opens


def desk_of(occasion: Occasion) -> Desk:
    """Of the project that owns this entry."""
    project = occasion.books.projects.get(int(occasion.entry.owner.partition(":")[2]))
    return Desk(occasion.books, occasion.speaker, project)


def start(desk: Desk, day: date, late: timedelta) -> None:
    """Open the day's collection and ask; not if there is one already."""
    times = desk.rhythm.times(day).shifted(late)
    collection = desk.books.collections.open(desk.project.id, day, times, late_by=int(late.total_seconds() // 60))
    if collection is not None:
        ask(desk, collection)


def ask(desk: Desk, collection: Collection) -> None:
    """The prompt in every group of the project; to each person where it has none."""
    can = desk.speaker.can
    for chat in desk.groups:
        card = prompt(collection, desk.rhythm, chat, can(chat.platform))
        desk.speaker.in_chat(chat, desk.project, card, name=collection.card)
    if not desk.groups and (after := _directly(desk, collection, 0)) is not None:
        desk.books.schedules.replace(MORE, f"collection:{collection.id}", desk.books.at, after=after)


def _directly(desk: Desk, collection: Collection, after: int) -> int | None:
    """To the next people of a project without a group; behind whom to go on."""
    members = desk.books.people.some_members(desk.project.id, after, PART)
    for member in members:
        person = member.person
        if not member.takes_part or own_clock.apart(desk.project, person, desk.books.at):
            continue
        if not said_together(desk, person, collection, PROMPTED, desk.books.at):
            card = prompt(collection, desk.rhythm, None, desk.speaker.can(""))
            desk.speaker.to_person(person, desk.project, card, name=collection.card)
    return members[-1].person.id if len(members) == PART else None


@tick(MORE, PROMPT)
def ask_on(occasion: Occasion) -> datetime | None:
    """The next of them, unless the day is over meanwhile."""
    books = occasion.books
    collection = books.collections.get(int(occasion.entry.owner.partition(":")[2]))
    if collection is None or collection.state != "open" or occasion.at >= collection.times.closes:
        return None
    desk = Desk(books, occasion.speaker, books.projects.get(collection.project_id))
    after = _directly(desk, collection, occasion.entry.subject["after"])
    return occasion.go_on(after=after) if after is not None else None


def _missed(desk: Desk, occasion: Occasion, day: date) -> datetime:
    """Enter every day that was slept through as the system's fault; the admins hear of it once."""
    rhythm = desk.rhythm
    missed: list[Collection] = []
    while True:
        collection = desk.books.collections.open(desk.project.id, day, rhythm.times(day), state="missed")
        if collection is not None:
            missed.append(collection)
        following = rhythm.following(day)
        if occasion.at - following.opens <= LATEST_PROMPT:
            break
        day = rhythm.calendar.next_working(day)
    desk.books.schedules.skipped(occasion.entry, "late")
    if missed:
        card = _missed_card(desk, missed, occasion)
        for admin in desk.admins:
            desk.speaker.for_a_decision().to_person(admin, desk.project, card, name=f"missed:{missed[-1].id}")
    return following.opens


def _missed_card(desk: Desk, missed: list[Collection], occasion: Occasion) -> Card:
    """``9-21 日报提示漏发（停机 17:29–20:10）。`` with a choice while that day lasts."""
    off = desk.books.pulse.off(occasion.entry.at, occasion.at)
    since, until = desk.rhythm.local(off), desk.rhythm.local(occasion.at)
    text = say(
        "{days} 日报提示漏发（停机 {since}–{until}）。",
        "The report prompt of {days} was not sent (I was off {since}–{until}).",
        days=listed(bare_day(c.day) for c in missed),
        since=f"{since:%H:%M}" if since.date() == until.date() else f"{bare_day(since.date())} {since:%H:%M}",
        until=f"{until:%H:%M}" if since.date() == until.date() else f"{bare_day(until.date())} {until:%H:%M}",
    )
    if missed[-1].day != until.date():
        return text_card(text)
    args = (str(missed[-1].id),)
    return text_card(
        text, Button(say("现在发", "Send now"), "daily.send", args), Button(say("跳过", "Skip it"), "daily.skip", args)
    )
