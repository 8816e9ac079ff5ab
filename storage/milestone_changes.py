"""Taking a whole change of milestones back: the same promise as for tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from storage.links import MILESTONE, Links, read_link
from storage.milestones import Milestone, Milestones
from storage.task_changes import BACK, Change, changes
from storage.tasks import Event

_words: dict[str, Callable[[str], Any]] = {
    "title": str, "due": date.fromisoformat, "due_minute": int, "owner": int, "verifier": int, "resources": str,
    "state": str, "closed_at": datetime.fromisoformat,
}  # fmt: skip


class MilestoneMoved(Exception):
    """Somebody changed the same thing afterwards."""

    def __init__(self, milestone: Milestone) -> None:
        super().__init__(milestone.ref)
        self.milestone = milestone


class MilestoneChanges:
    """Look them up and take them back."""

    def __init__(self, milestones: Milestones, links: Links) -> None:
        self._milestones = milestones
        self._links = links

    def by(self, project_id: int, actor: int) -> list[Change]:
        """What one person did in a project, newest first."""
        return changes(self._milestones.by(project_id, actor))

    def take_back(self, change: Change) -> list[Milestone]:
        """Undo it; the milestones as they are then. Raises MilestoneMoved."""
        found = []
        for number in change.tasks:
            milestone = self._milestones.get(number)
            if milestone is not None:
                rows = [event for event in change.events if event.task_id == number]
                found.append(self._back(milestone, rows, BACK + change.key))
        return found

    def _back(self, milestone: Milestone, rows: list[Event], note: str) -> Milestone:
        values: dict[str, Any] = {}
        for event in reversed(rows):
            if event.field in _words:
                now = values.get(event.field, getattr(milestone, event.field))
                if now != _value(event.field, event.after):
                    raise MilestoneMoved(milestone)
                values[event.field] = _value(event.field, event.before)
            elif event.field == "created":
                values |= {"state": "undone", "closed_at": self._milestones.at}
            elif event.field in ("depends", "undepends"):
                self._relink(milestone, event, note)
            else:
                self._criterion(milestone, event, note)
        return self._milestones.change(milestone, note, **values)

    def _relink(self, milestone: Milestone, event: Event, note: str) -> None:
        added = event.field == "depends"
        link = read_link(milestone.project_id, (MILESTONE, milestone.id), event.after or event.before)
        (self._links.remove if added else self._links.add)(link, note)

    def _criterion(self, milestone: Milestone, event: Event, note: str) -> None:
        number, _, rest = (event.after or event.before).partition(" ")
        standing = {criterion.number: criterion for criterion in self._milestones.criteria(milestone)}
        if event.field in ("tick", "untick"):
            self._milestones.tick(milestone, int(number), rest, on=event.field == "untick", note=note)
        elif event.field == "uncriterion":
            self._milestones.add_criterion(milestone, rest, number=int(number), note=note)
        elif event.field == "criterion" and int(number) in standing:
            self._milestones.drop_criterion(milestone, standing[int(number)], note)


def _value(field: str, stored: str) -> Any:
    if field in ("title", "resources", "state"):
        return stored
    return _words[field](stored) if stored else None
