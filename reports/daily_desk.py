"""Where one project's reports are handled: its rhythm, its people, somebody to speak. Presses and ticks share it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from chat.cards import Card
from chat.text import NOTHING, Text, listed, say
from reports.own_clock import apart
from reports.rhythm import Rhythm, own_rhythm, rhythm_of
from reports.speaker import Speaker
from storage.books import Books
from storage.daily_collections import Collection
from storage.lazy import lazy
from storage.people import Membership, Person
from storage.projects import Chat, ProjectInfo

MOST_NAMED = 5


class Desk:
    """One project within one thing. ``person``: whose own day it is about; None: the team's."""

    def __init__(self, books: Books, speaker: Speaker, project: ProjectInfo, person: Person | None = None) -> None:
        self.books = books
        self.speaker = speaker
        self.project = project
        self.person = person

    def own(self, person: Person) -> Desk:
        """As somebody sees it who lives by another clock, or is still asked by one; else as it is."""
        if self.person is not None and self.person.id == person.id:
            return self
        if not person.zone and not person.country:
            return self.team
        if apart(self.project, person, self.books.at) or _open(self.books, self.project, person):
            return Desk(self.books, self.speaker, self.project, person)
        return self.team

    @lazy
    def team(self) -> Desk:
        return self if self.person is None else Desk(self.books, self.speaker, self.project)

    @lazy
    def rhythm(self) -> Rhythm:
        if self.person is not None:
            return own_rhythm(self.books, self.project, self.person)
        return rhythm_of(self.books, self.project)

    def collection(self, day: date) -> Collection | None:
        """None: nobody was asked for that day."""
        return self.books.collections.of(self.project.id, day, self.person.id if self.person else 0)

    def latest(self) -> Collection | None:
        return self.books.collections.latest(self.project.id, self.person.id if self.person else 0)

    @lazy
    def members(self) -> list[Membership]:
        return self.books.people.members(self.project.id)

    @property
    def reporters(self) -> list[Person]:
        """Who is asked for reports by the team's clock, in the order they joined."""
        return [m.person for m in self.members if m.takes_part and not apart(self.project, m.person, self.books.at)]

    @lazy
    def abroad(self) -> list[Person]:
        """Who is asked by a clock of their own."""
        return [m.person for m in self.members if m.takes_part and apart(self.project, m.person, self.books.at)]

    @property
    def admins(self) -> list[Person]:
        return [m.person for m in self.members if m.is_admin]

    @lazy
    def leads(self) -> list[Person]:
        """Who answers for the project: its owner, else its admins."""
        return [m.person for m in self.members if m.role == "owner" and m.here] or self.admins

    @property
    def observers(self) -> list[Person]:
        return [m.person for m in self.members if m.role == "observer" and m.here]

    @lazy
    def groups(self) -> list[Chat]:
        return self.books.projects.groups(self.project.id)

    def which(self, person_id: int) -> Text:
        """「年货节」, for somebody who belongs to several projects and reads this directly."""
        if len(self.books.projects.of(person_id)) < 2:
            return NOTHING
        return say("「{project}」", "{project}: ", project=self.project.name)

    def missing(self, collection: Collection, people: Iterable[Membership]) -> list[Person]:
        """Who of them was asked by the team's clock alone, is here, and has not reported."""
        books, project, day = self.books, self.project, collection.day
        away = books.daily.away(project.id, day)
        return [
            m.person
            for m in people
            if m.takes_part
            and not apart(project, m.person, books.at)
            and away.get(m.person.id) not in ("day", "pm")
            and books.collections.of(project.id, day, m.person.id) is None
            and not reported(books, collection, m.person.id)
        ]

    def tell_admins(self, card: Card) -> None:
        for admin in self.admins:
            self.speaker.to_person(admin, self.project, card)


def reported(books: Books, collection: Collection, person_id: int) -> bool:
    report = books.daily.of(collection.project_id, collection.day, person_id)
    return report is not None and not report.withdrawn


def _open(books: Books, project: ProjectInfo, person: Person) -> bool:
    latest = books.collections.latest(project.id, person.id)
    return latest is not None and latest.state == "open"


def names(people: Iterable[Person | str]) -> Text | str:
    """``张三、李四``; more than five are cut: ``… 等 7 人``."""
    all_names = [p if isinstance(p, str) else p.name for p in people]
    first = listed(all_names[:MOST_NAMED])
    if len(all_names) <= MOST_NAMED:
        return first
    return say("{names} 等 {n} 人", "{names} and others, {n} in all", names=first, n=len(all_names))
