"""A desk with people at it: the books in memory, no chat, no loop."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chat.ports import Capabilities
from planning.window import Window
from reports.daily_desk import Desk
from reports.rhythm import rhythm_of
from reports.speaker import Speaker
from storage.books import Books
from storage.daily import Words
from storage.daily_collections import Collection, Plan
from storage.database import Connection
from storage.people import Person
from storage.projects import ProjectInfo
from storage.transaction import Tx

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 9, 21, 17, 30, tzinfo=ZONE)


class Clerk:
    """Opens the books at any moment. ``can``: of every platform."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.can = Capabilities()
        self.tx = Tx(connection)
        books = self.books(START)
        self.project: ProjectInfo = books.projects.add("双十一大促", None)
        chat = books.projects.add_chat("room", "g1", "group", "双十一大促", self.project.id)
        assert chat.id
        books.collections.set_plan(self.project.id, Plan(Window()))

    def books(self, at: datetime, actor: int | None = None) -> Books:
        self.tx = Tx(self._connection)
        return Books(self.tx, f"test:{at.isoformat()}:{self.tx!r}", at, actor)

    def desk(self, at: datetime, actor: int | None = None) -> Desk:
        books = self.books(at, actor)
        return Desk(books, Speaker(books, lambda _: self.can), books.projects.get(self.project.id))

    def person(self, name: str, role: str = "member") -> Person:
        books = self.books(START)
        person = books.people.meet("room", f"u{name}", name)
        books.people.enrol(self.project.id, person.id, role)
        return person

    def collection(self) -> Collection:
        desk = self.desk(START)
        rhythm = rhythm_of(desk.books, desk.project)
        opened = desk.books.collections.open(desk.project.id, START.date(), rhythm.times(START.date()))
        assert opened is not None
        return opened

    def hand_in(self, person: Person, words: Words, minutes: int = 5) -> None:
        books = self.books(START + timedelta(minutes=minutes), person.id)
        books.daily.add(self.project.id, START.date(), person.id, words, standing="on_time", via="group")

    def rename(self, name: str) -> None:
        books = self.books(START)
        self.project = books.projects.change(replace(self.project), name=name)
