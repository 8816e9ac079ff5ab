"""Filing a report: the row, its blocker, the digest it belongs to. Whatever way it came, it is the same record."""

from __future__ import annotations

from dataclasses import field
from datetime import date

from chat.cards import text_card
from chat.frozen import frozen
from chat.text import say
from planning.names import named_in
from planning.window import Times
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.digest import amend
from reports.plans import remind
from reports.supplement import announce
from storage.blockers import Blocker
from storage.daily import Report, Words
from storage.daily_collections import Collection
from storage.people import Person


@frozen
class Source:
    """How a report came. ``via``: group, direct, form. ``mentioned``: whom the message addressed, in order."""

    via: str
    platform: str = ""
    message_id: str = ""
    mentioned: tuple[Person, ...] = ()

    @property
    def public(self) -> bool:
        return self.via == "group"

    def asks(self, blocker: Blocker) -> bool:
        """Must the helper be told? Not of what they read in the group; who merely leads reads changes in the digest."""
        return not self.public and (self.via != "change" or blocker.helper_name in blocker.words)


@frozen
class Filed:
    """``before``: the wording it replaces, if any. ``asked``: the blocker is new and somebody was asked about it.

    ``collection``: as its writer was asked; ``published``: the team's, once its digest is out.
    """

    report: Report
    before: Report | None
    collection: Collection | None
    published: Collection | None
    times: Times
    blocker: Blocker | None = None
    asked: bool = field(default=False)


def file(
    desk: Desk, person: Person, day: date, words: Words, source: Source, *, reason: str = "", again: bool = False
) -> Filed:
    """Hand in or replace ``person``'s report for ``day``. ``again``: it goes on with what was just said.

    Writes daily, daily_version, blocker; redraws the digest if it is out; asks a helper privately if nobody saw it.
    """
    desk = desk.own(person)
    books = desk.books
    collection = desk.collection(day)
    times = collection.times if collection else desk.rhythm.times(day)
    standing = times.standing(books.at)
    if standing == "late" and collection is not None and collection.excused:
        standing = "on_time"
    before = books.daily.of(desk.project.id, day, person.id)
    came = {"via": source.via, "platform": source.platform, "message_id": source.message_id, "reason": reason}
    if before is None:
        report = books.daily.add(desk.project.id, day, person.id, words, standing=standing, **came)
    else:
        new_standing = standing if before.withdrawn else None
        report = books.daily.rewrite(before, words, standing=new_standing, **came)
    books.deeds.add(
        desk.project.id, person.id, "daily", report=report.id, version=report.version,
        was_in=before is not None and not before.withdrawn,
    )  # fmt: skip
    _welcome(desk, person)
    blocker, fresh = _track(desk, report, person, source)
    if fresh and blocker is not None and source.asks(blocker):
        _ask_helper(desk, blocker)
    if words.done:
        remind(desk, person, report)
    replaced = before if before is not None and not before.withdrawn else None
    team = desk.team.collection(day) if desk.person else collection
    published = team if team is not None and team.digest_at is not None else None
    if published is not None:
        amend(desk.team, published, report if replaced and not again else None, told=desk.person is not None)
    if desk.person is not None and replaced is None:
        announce(desk, collection)
    return Filed(report, replaced, collection, published, times, blocker, fresh)


def withdraw(desk: Desk, report: Report) -> None:
    """Take a report out of the digest; its versions stay."""
    desk.books.daily.withdraw(report)
    desk.books.audit(desk.project.id, "daily.withdraw", "done", f"daily {report.id} v{report.version}")
    blocker = desk.books.blockers.of_report(report.id)
    if blocker is not None:
        desk.books.blockers.drop(blocker)
    collection = desk.team.collection(report.day)
    if collection is not None and collection.digest_at is not None:
        amend(desk.team, collection, None)


def helper_for(desk: Desk, words: str, person: Person, mentioned: tuple[Person, ...] = ()) -> Person | None:
    """Who can remove an obstacle: whom its words address or name, else who leads. Never the reporter, nor who left.

    Whoever is named and away all day is asked only if nobody who leads is here.
    """
    named = named_for(desk, words, person, mentioned)
    away = desk.books.daily.away(desk.project.id, desk.rhythm.local(desk.books.at).date())
    if named is not None and away.get(named.id) != "day":
        return named
    leads = [admin for admin in desk.admins if admin.id != person.id and admin.left_at is None]
    here = next((admin for admin in leads if away.get(admin.id) != "day"), None)
    return here or named or next(iter(leads), None)


def named_for(desk: Desk, words: str, person: Person, mentioned: tuple[Person, ...] = ()) -> Person | None:
    """Whom the words of an obstacle address or name."""
    for one in mentioned:
        if one.id != person.id and one.name in words and one.left_at is None:
            return one
    others = {m.person.id: m.person for m in desk.members if m.person.id != person.id and m.person.left_at is None}
    key = named_in(words, {number: other.name for number, other in others.items()})
    return others[key] if key is not None else None


def _welcome(desk: Desk, person: Person) -> None:
    """A guest who reports takes part."""
    role = desk.books.people.role(desk.project.id, person.id)
    if role in ("", "guest"):
        desk.books.people.enrol(desk.project.id, person.id, "member")


def _track(desk: Desk, report: Report, person: Person, source: Source) -> tuple[Blocker | None, bool]:
    """The blocker of a report, made, reworded or dropped; and whether its words are new."""
    blockers, words = desk.books.blockers, report.words.blocked
    existing = blockers.of_report(report.id)
    if not words:
        if existing is not None:
            blockers.drop(existing)
        return None, False
    if existing is not None and existing.words == words:
        return existing, False
    helper = helper_for(desk, words, person, source.mentioned)
    helper_id = helper.id if helper else None
    if existing is not None:
        blockers.reword(existing, words, helper_id)
        return blockers.numbered(desk.project.id, existing.number), True
    for other in blockers.open_in(desk.project.id):
        if other.person == person.id and other.words == words:
            blockers.link(other, report.id)
            return other, False
    number = desk.books.projects.next_number(desk.project.id, "B")
    return blockers.add(
        desk.project.id, number, report.day, person.id, words, helper=helper_id, report=report.id
    ), True  # fmt: skip


def _ask_helper(desk: Desk, blocker: Blocker) -> None:
    """Somebody is asked in words that only the bot saw: they are told, in the groups if they cannot be reached."""
    if blocker.helper is None:
        return
    text = say(
        "{who} {day} 的阻塞 {ref}：{words}\n什么时候能好？回「{ref} 19:00 前给」；解决了回「{ref} 解决」。",
        "{who} is blocked ({day}, {ref}): {words}\nWhen can you help? Reply “{ref} by 19:00”, later “{ref} solved”.",
        who=blocker.name, day=bare_day(blocker.day), ref=blocker.ref, words=blocker.words,
    )  # fmt: skip
    helper = desk.books.people.get(blocker.helper)
    if desk.speaker.to_person(helper, desk.project, text_card(text)):
        return
    for chat in desk.groups:
        at = say("{at} {text}", "{at} {text}", at=desk.speaker.mention(helper, chat.platform), text=text)
        desk.speaker.in_chat(chat, desk.project, text_card(at))
