"""What was collected for one person, over all their projects, is said in one message; not in their night.

Nobody is written to before everything that may have something for them was looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from planning.window import awake_there
from reports.daily_desk import Desk
from reports.mentioned import mention, mention_holding
from reports.reminder_card import TOGETHER, Pushed, Said, card
from reports.rules import OVERDUE
from reports.slot import REDRAWN, SAY, Part, read
from reports.ticks import TURN, Occasion, tick
from storage.books import Books
from storage.links import TASK, Node
from storage.parts import Kept
from storage.people import Person

FRESH = timedelta(minutes=1)
"""What was collected longer ago is drawn anew, as it is now."""
MOST_WAITS = 14
"""Each twice as long as the one before: a quarter of a minute in the end."""


@tick(SAY, OVERDUE)
def tell(occasion: Occasion) -> datetime | None:
    """Everything collected for one person, over all their projects, in one message."""
    books = occasion.books
    person = books.people.get(int(occasion.entry.owner.partition(":")[2]))
    morning = awake_there(occasion.at, person.zone)
    if morning is not None:
        occasion.left = {"slept": True}
        return morning
    soon = max(occasion.at, occasion.entry.at) + timedelta(seconds=1)
    collecting, parts = books.parts.there(person.id, soon)
    waits: int = occasion.entry.subject.get("waits", 0)
    if collecting and waits < MOST_WAITS and books.parts.collecting(person.id, soon):
        occasion.left = {"waits": waits + 1}
        return max(occasion.at, occasion.entry.at) + TURN * (1 << waits)
    found = _Found(occasion, person).said(parts=parts)
    if found and not occasion.speaker.to_person(person, found[0].desk.project, card(found)):
        for said in found:
            if isinstance(said.what, Part):
                mention_holding(said.desk, person, said.what.holds)
            else:
                mention(said.desk, person, said.what.rule, said.what.pushes)
    return None


class _Found:
    """What there is for one person and still holds."""

    def __init__(self, occasion: Occasion, person: Person) -> None:
        self._occasion = occasion
        self._books = occasion.books
        self._person = person
        self._desks: dict[int, Desk] = {}

    def said(self, *, parts: bool) -> Sequence[Said]:
        """parts: there are such. What was turned off is not even collected, unless it was in the night since."""
        muted = self._books.pushes.mutes(self._person.id) if "slept" in self._occasion.entry.subject else set()
        others = [said for said in self._parts() if said.what.rule not in muted] if parts else []
        spoken = {
            node for said in others if isinstance(said.what, Part) and said.what.holds for node in said.what.nodes
        }
        found = [*self._pushed([rule for rule in TOGETHER if rule not in muted], spoken), *others]
        return [said for said in found if not said.desk.project.stands_still]

    def _desk(self, project: int) -> Desk:
        if project not in self._desks:
            self._desks[project] = Desk(self._books, self._occasion.speaker, self._books.projects.get(project))
        return self._desks[project]

    def _pushed(self, rules: Sequence[str], spoken: set[Node]) -> list[Said]:
        """What of tasks, by rule and project; of each task the most urgent thing alone."""
        pushes = self._books.pushes.take(self._person.id)
        found: list[Said] = []
        for rule in rules:
            mine = [push for push in pushes if push.rule.startswith(rule + ".")]
            mine = [push for push in mine if (TASK, push.task.id) not in spoken]
            spoken.update((TASK, push.task.id) for push in mine)
            for project in dict.fromkeys(push.task.project_id for push in mine):
                desk = self._desk(project)
                here = [push for push in mine if push.task.project_id == project]
                found.append(Said(desk, Pushed(desk, self._person, rule, here)))
        return found

    def _parts(self) -> list[Said]:
        found: list[Said] = []
        for kept in self._books.parts.take(self._person.id):
            desk = self._desk(kept.project)
            part = self._now(desk, kept)
            if part is not None:
                found.append(Said(desk, part))
        return found

    def _now(self, desk: Desk, kept: Kept) -> Part | None:
        part = read(kept)
        if self._occasion.at - kept.at <= FRESH and not any(_closed(self._books, node) for node in part.nodes):
            return part
        return REDRAWN[kept.kind](desk, self._person.id, kept.subject)


def _closed(books: Books, node: Node) -> bool:
    kind, number = node
    thing = books.tasks.get(number) if kind == TASK else books.milestones.get(number)
    return thing is None or thing.closed
