"""Where one project's reports are handled: its rhythm, its people, somebody to speak. Presses and ticks share it."""

from __future__ import annotations

from collections.abc import Iterable

from chat.cards import Card
from chat.text import NOTHING, Text, say
from reports.daily_plan import Rhythm, rhythm_of
from reports.speaker import Speaker
from storage.books import Books
from storage.daily_collections import Collection
from storage.lazy import lazy
from storage.people import Membership, Person
from storage.projects import Chat, ProjectInfo


class Desk:
    """One project within one thing."""

    def __init__(self, books: Books, speaker: Speaker, project: ProjectInfo) -> None:
        self.books = books
        self.speaker = speaker
        self.project = project

    @lazy
    def rhythm(self) -> Rhythm:
        return rhythm_of(self.books, self.project)

    @lazy
    def members(self) -> list[Membership]:
        return self.books.people.members(self.project.id)

    @property
    def reporters(self) -> list[Person]:
        """Who is asked for reports, in the order they joined."""
        return [m.person for m in self.members if m.takes_part]

    @property
    def admins(self) -> list[Person]:
        return [m.person for m in self.members if m.is_admin]

    @property
    def observers(self) -> list[Person]:
        return [m.person for m in self.members if m.role == "observer"]

    @lazy
    def groups(self) -> list[Chat]:
        return self.books.projects.groups(self.project.id)

    def which(self, person_id: int) -> Text:
        """「年货节」, for somebody who belongs to several projects and reads this directly."""
        if len(self.books.projects.of(person_id)) < 2:
            return NOTHING
        return say("「{project}」", "{project}: ", project=self.project.name)

    def missing(self, collection: Collection) -> list[Person]:
        """Who was asked, is here, and has not reported."""
        handed_in = {report.person for report in self.books.daily.on(self.project.id, collection.day)}
        away = self.books.daily.away(self.project.id, collection.day)
        return [p for p in self.reporters if p.id not in handed_in and away.get(p.id) not in ("day", "pm")]

    def tell_admins(self, card: Card, name: str = "") -> None:
        for admin in self.admins:
            self.speaker.to_person(admin, self.project, card, name=name)


def names(people: Iterable[Person | str], most: int = 5) -> Text | str:
    """``张三、李四``; more than ``most`` are cut: ``… 等 7 人``."""
    all_names = [p if isinstance(p, str) else p.name for p in people]
    listed = "、".join(all_names[:most])
    if len(all_names) <= most:
        return listed
    return say("{names} 等 {n} 人", "{names} and others, {n} in all", names=listed, n=len(all_names))
