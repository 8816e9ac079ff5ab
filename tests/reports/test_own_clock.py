"""Somebody who keeps changing zones: every working day is asked for, by one clock or the other, and by hers once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from clerk import ZONE, Clerk
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reports import own_clock, ticks
from reports.daily_plan import arrange
from reports.rhythm import rhythm_of
from reports.ticks import Occasion
from storage import schedules
from storage.database import MEMORY, Database
from storage.schema import prepare

HANDLERS = ticks.load()
START = datetime(2026, 10, 12, 12, tzinfo=ZONE)
DAYS = 21
ZONES = ("Asia/Shanghai", "Europe/London", "America/New_York", "Pacific/Auckland", "Pacific/Honolulu", "Asia/Kolkata")
Moves = list[tuple[int, str]]


class Traveller:
    """A team in Shanghai and one person of it, with the clock's own entries and nothing else."""

    def __init__(self, clerk: Clerk) -> None:
        self.clerk = clerk
        clerk.person("张三", "owner")
        self.id = clerk.person("Emma").id
        self.prompts: list[date] = []
        self.by_team: list[date] = []
        books = clerk.books(START)
        arrange(books, rhythm_of(books, books.projects.get(clerk.project.id)))

    def until(self, end: datetime) -> None:
        """Everything that is due by then, one after the other, each at its own moment."""
        while True:
            books = self.clerk.books(end)
            due = schedules.due(books.tx, end, 1)
            if not due:
                return
            entry, at = due[0], due[0].at
            desk = self.clerk.desk(at)
            after = HANDLERS[entry.kind](Occasion(desk.books, entry, at, lambda _: self.clerk.can))
            self._note(entry.kind, at)
            if after is None:
                desk.books.schedules.remove(entry)
            else:
                assert after > at or entry.kind == own_clock.KIND
                desk.books.schedules.move(entry, after)

    def _note(self, kind: str, at: datetime) -> None:
        tx, books = self.clerk.tx, self.clerk.books(at)
        if kind == own_clock.KIND:
            asked = [parcel for parcel in tx.parcels if parcel.chat == "uEmma" and parcel.name.startswith("daily:")]
            latest = books.collections.latest(self.clerk.project.id, self.id)
            self.prompts += [latest.day for _ in asked if latest is not None]
        person = books.people.get(self.id)
        if kind == "daily.open" and not own_clock.apart(books.projects.get(self.clerk.project.id), person, at):
            self.by_team.append(at.astimezone(ZONE).date())

    def move(self, at: datetime, zone: str) -> None:
        """As the command does it: from tomorrow when today's prompt would be lost."""
        books = self.clerk.books(at, self.id)
        person = books.people.get(self.id)
        after = replace(person, zone=zone)
        lost = [
            own_clock.stranded(books, project, plan, person, after) for project, plan in own_clock.asking(books, person)
        ]
        if any(lost):
            own_clock.move_later(books, person, zone)
        else:
            own_clock.move(books, person, after)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, DAYS * 24 * 60), st.sampled_from(ZONES)), max_size=6))
@example([(0, "Europe/London"), (9 * 24 * 60, "Asia/Shanghai")])
@example([(0, "Pacific/Auckland"), (3 * 60, "Asia/Shanghai"), (6 * 60, "Europe/London")])
@example([(30, "Pacific/Auckland")])  # through the entry of tomorrow's switch
@example([(0, "Pacific/Honolulu"), (30, "Pacific/Auckland")])  # a day that has not even begun where she was
@example([(0, "Pacific/Honolulu"), (30, "Pacific/Auckland"), (360, "Asia/Shanghai")])  # moves on before it came
@example([(0, "Pacific/Honolulu"), (30 * 60, "Pacific/Auckland"), (31 * 60, "Pacific/Honolulu")])
def test_every_working_day_is_asked_for_and_never_twice_by_her_own_clock(moves: Moves) -> None:
    database = Database(MEMORY)
    connection = database.connect()
    prepare(database, connection)
    emma = Traveller(Clerk(connection))
    for minutes, zone in sorted(moves):
        at = START + timedelta(minutes=minutes)
        emma.until(at)
        emma.move(at, zone)
    emma.until(START + timedelta(days=DAYS + 3))
    books = emma.clerk.books(START + timedelta(days=DAYS + 3))
    own = {c.day for c in books.collections.between(emma.clerk.project.id, START.date(), date.max, emma.id)}
    calendar = books.calendars.of(books.projects.get(emma.clerk.project.id))
    expected = calendar.working_days(START.date(), START.date() + timedelta(days=DAYS))
    connection.close()
    database.close()
    assert [day for day in expected if day not in own and day not in emma.by_team] == []
    assert len(emma.prompts) == len(set(emma.prompts))
    assert set(emma.prompts) <= own
