"""A project's plan as it is heading now: its tasks, milestones and links, and the days they will really end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from planning.axis import Axis
from planning.calendar import Calendar
from planning.due import END_OF_DAY
from planning.risk import Item, Outlook, outlook, with_people
from reports.rules import RISK
from storage.books import Books
from storage.lazy import lazy
from storage.links import MILESTONE, TASK, Link, Node
from storage.milestones import Milestone
from storage.projects import ProjectInfo
from storage.tasks import Task

Thing = Task | Milestone
BEFORE, AHEAD = timedelta(days=92), timedelta(days=550)
"""How far back and ahead leave is looked for."""
_NO_DAYS: frozenset[date] = frozenset()
SWITCH = "risk_watch"
"""The project's switch; False: an admin turned the warnings off."""


def node_of(thing: Thing) -> Node:
    return (TASK if isinstance(thing, Task) else MILESTONE, thing.id)


def first_day(now: datetime, calendar: Calendar) -> date:
    """The first day that can still be worked on: today until 18:00, on working days."""
    today = now.date()
    if calendar.is_working(today) and now.hour * 60 + now.minute < END_OF_DAY:
        return today
    return calendar.next_working(today)


def _whole_days(books: Books, project: ProjectInfo, floor: date) -> dict[int, frozenset[date]]:
    """{person: days of leave around ``floor``}; half days lengthen nothing."""
    found = books.leaves.between(project.id, floor - BEFORE, floor + AHEAD)
    return {one.person: frozenset(day for day, part in one.days.items() if part == "day") for one in found}


class Sight:
    """Looked at once, at one moment. Things are spoken of by their place in ``things``."""

    def __init__(self, books: Books, project: ProjectInfo, at: datetime) -> None:
        self.project = project
        self._books = books
        self.calendar = books.calendars.of(project)
        self.now = at.astimezone(ZoneInfo(project.zone))
        self.floor = first_day(self.now, self.calendar)
        self._away = _whole_days(books, project, self.floor)
        self.things: list[Thing] = [*books.links.tasks(project.id), *books.milestones.of_project(project.id)]
        self.place: dict[Node, int] = {node_of(thing): number for number, thing in enumerate(self.things)}
        self.items = [self._item(thing) for thing in self.things]
        place = self.place
        self._edges = [
            (place[before], place[after], gap)
            for before, after, gap in books.links.edges(project.id)
            if before in place and after in place
        ]
        self._axis = Axis(self.calendar, self.floor)

    def _item(self, thing: Thing) -> Item:
        done = None
        if thing.closed:
            done = (thing.closed_at or self.now).astimezone(self.now.tzinfo).date()
        today = thing.due == self.now.date() and not self.past(thing)
        if isinstance(thing, Milestone):
            return Item(milestone=True, due=thing.due, done=done, owner=thing.owner, today_counts=today)
        start = thing.start
        if thing.state == "paused":
            rests = date.fromisoformat(self.project.settings.get("focus", {}).get("until", str(self.floor)))
            start = max(rests, start or rests)
        begun = thing.started_at.astimezone(self.now.tzinfo).date() if thing.started_at else None
        return Item(
            start=start, days=thing.days, due=thing.due, begun=begun, progress=thing.progress, done=done,
            owner=thing.owner, today_counts=today, away=self._away.get(thing.owner or 0, _NO_DAYS),
        )  # fmt: skip

    @lazy
    def links(self) -> list[Link]:
        """Between things that are there."""
        found = self._books.links.of_project(self.project.id)
        return [link for link in found if link.before in self.place and link.after in self.place]

    def past(self, thing: Thing) -> bool:
        """Has its hour come?"""
        minute = END_OF_DAY if thing.due_minute is None else thing.due_minute
        now = (self.now.date(), self.now.hour * 60 + self.now.minute)
        return thing.due is not None and (thing.due, minute) <= now

    @lazy
    def found(self) -> Outlook:
        """As things stand."""
        return outlook(self.items, self._edges, self._axis, self.floor)

    def if_(self, changes: Mapping[int, Item], delays: Mapping[int, int]) -> Outlook:
        """What would be, if. delays: working days."""
        items = [changes.get(number, item) for number, item in enumerate(self.items)]
        return outlook(items, self._edges, self._axis, self.floor, delays)

    def in_a_row(self) -> Outlook:
        """As things stand, nobody doing two estimated tasks at once: the critical chain."""
        return outlook(self.items, with_people(self.items, self._edges, self.found), self._axis, self.floor)

    def due(self, thing: int) -> date | None:
        return self.things[thing].due

    def open(self, thing: int) -> bool:
        return not self.things[thing].closed

    def moved(self, thing: int, found: Outlook | None = None) -> bool:
        """Will it end after the day that is planned for it?"""
        due = self.things[thing].due
        return self.open(thing) and due is not None and (found or self.found).finish(thing) > due

    def affected(self, thing: int) -> list[int]:
        """What waits for it and will end later than planned, by day."""
        late = [other for other in self.found.graph.downstream(thing) if self.moved(other)]
        return sorted(late, key=lambda other: (self.found.finish(other), other))

    def late(self) -> list[int]:
        """Milestones and last tasks of chains that miss their date, the worst first."""
        found = [number for number in range(len(self.things)) if self.open(number) and self.found.late(number)]
        return sorted(found, key=lambda number: -self.found.late(number))

    def held_up(self) -> list[int]:
        """What misses its date because of something else."""
        return [number for number in self.late() if number != self.root(number)]

    def root(self, thing: int, found: Outlook | None = None) -> int:
        """The first open one on its chain. Where that keeps to its plan: the first that stands still while its owner is
        away, unless something before it is late already."""
        found = found or self.found
        chain = self.chain(thing, found)
        for number in chain:
            if found.resting(number):
                return number
            if self.due(number) is None or self.moved(number, found):
                break
        return chain[0] if chain else thing

    def chain(self, thing: int, found: Outlook | None = None) -> list[int]:
        """What its day depends on and is still open, the first cause first."""
        return [number for number in (found or self.found).chain(thing) if self.open(number)]

    def unfinished(self, thing: int) -> list[Task]:
        """Tasks it waits for, at any distance, by due."""
        tasks = [self.things[number] for number in self.found.graph.upstream(thing) if self.open(number)]
        return sorted(
            (task for task in tasks if isinstance(task, Task)), key=lambda t: (t.due or date.max, t.number)
        )  # fmt: skip

    def linked(self, thing: int) -> bool:
        return bool(self.found.graph.into[thing] or self.found.graph.out_of[thing])


def look(books: Books, project: ProjectInfo, at: datetime) -> Sight:
    """As ``Sight``, reckoned once between two changes of a thing."""
    kept = books.seen.get(project.id)
    if isinstance(kept, tuple) and kept[0] == (books.revision, at):
        sight: Sight = kept[1]
        return sight
    sight = Sight(books, project, at)
    books.seen[project.id] = ((books.revision, at), sight)
    return sight


def holding_up(books: Books, project: ProjectInfo, at: datetime) -> set[int]:
    """Tasks of which their owners hear this evening what they hold up: the ladder need not say that they are due."""
    if not project.settings.get(SWITCH, True) or not books.links.of_project(project.id):
        return set()
    sight = look(books, project, at)
    today = sight.now.date()
    told = {alarm.root for alarm in books.alarms.of(project.id) if alarm.state == "open" and alarm.opened < today}
    roots = {sight.things[sight.root(number)] for number in sight.held_up()}
    return {
        root.id
        for root in roots
        if isinstance(root, Task) and node_of(root) not in told
        and (root.owner is None or not books.pushes.muted(root.owner, RISK))
    }  # fmt: skip


def changed(item: Item, **values: object) -> Item:
    """An item of a what-if."""
    return replace(item, **values)  # type: ignore[arg-type]


def milestones(things: Sequence[Thing]) -> list[Milestone]:
    return [thing for thing in things if isinstance(thing, Milestone)]
