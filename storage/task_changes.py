"""Whole changes of tasks: what one thing did, and taking it back. Nothing is erased: going back is a change too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from planning.quality import FIELDS as QUALITY
from storage.checks import Checks
from storage.links import TASK, Links, read_link
from storage.statement import Statement
from storage.tables.people import PersonRow
from storage.tables.work import TaskEvent, TaskRow
from storage.tasks import EVENT_FIELDS, EVENTS, PERSONS, TASKS, Event, Task, Tasks, read_event
from storage.transaction import Tx

BACK = "undo:"
MOST = 400
"""Rows of history that are looked through."""
_recent = Statement(
    select(*EVENT_FIELDS)
    .select_from(TaskEvent)
    .join(TaskRow, TASKS.id == EVENTS.task_id)
    .outerjoin(PersonRow, PERSONS.id == EVENTS.actor_id)
    .where(EVENTS.actor_id == bindparam("who"), TASKS.project_id == bindparam("project"))
    .order_by(EVENTS.at.desc(), EVENTS.id.desc())
    .limit(MOST)
)
_words: dict[str, Callable[[str], Any]] = {
    "owner": int, "progress": int, "due": date.fromisoformat, "due_minute": int, "remind_at": datetime.fromisoformat,
    "parent": int, "started_at": datetime.fromisoformat, "closed_at": datetime.fromisoformat,
    "start": date.fromisoformat, "days": int, "weight": int,
}  # fmt: skip
_TEXTS = ("title", "detail", "state", "label", "priority", "stage")


@dataclass(frozen=True, slots=True)
class Change:
    """Everything one thing did to tasks. ``events``: in the order they happened."""

    key: str
    actor: int | None
    at: datetime
    events: tuple[Event, ...]

    @property
    def takes_back(self) -> str:
        """The key of the change that this one undoes; "" for none."""
        note = self.events[0].note
        return note[len(BACK) :] if note.startswith(BACK) else ""

    @property
    def tasks(self) -> list[int]:
        return list(dict.fromkeys(event.task_id for event in self.events))


def changes(newest_first: Sequence[Event]) -> list[Change]:
    """Rows of history as changes, newest first."""
    found: dict[str, list[Event]] = {}
    for event in newest_first:
        found.setdefault(event.change, []).append(event)
    return [Change(key, rows[0].actor, rows[0].at, tuple(reversed(rows))) for key, rows in found.items()]


def standing(found: Sequence[Change]) -> list[Change]:
    """The changes that are neither taken back nor take something back."""
    undone: dict[str, bool] = {}
    for change in found:  # newest first: whether a change stands is known before what it takes back is reached
        if change.takes_back and not undone.get(change.key, False):
            undone[change.takes_back] = True
    return [change for change in found if not change.takes_back and not undone.get(change.key, False)]


class Moved(Exception):
    """Somebody changed the same thing afterwards."""

    def __init__(self, task: Task) -> None:
        super().__init__(task.ref)
        self.task = task


class Changes:
    """Look changes up and take them back."""

    def __init__(self, tx: Tx, tasks: Tasks, links: Links, checks: Checks) -> None:
        self._tx = tx
        self._tasks = tasks
        self._links = links
        self._checks = checks

    def by(self, project_id: int, actor: int) -> list[Change]:
        """What one person did in a project, newest first."""
        return changes([read_event(row) for row in self._tx.rows(_recent, who=actor, project=project_id)])

    def of(self, task: Task) -> list[Change]:
        """What was done to one task, newest first; only the rows of that task."""
        return changes(list(reversed(self._tasks.history(task))))

    def take_back(self, change: Change) -> list[tuple[Task, Task]]:
        """Undo it; [(task before, after)]. A parent's progress that merely followed is left to be reckoned again.

        Raises Moved: a value is no longer the one the change left behind.
        """
        touched = {number: task for number in change.tasks if (task := self._tasks.get(number)) is not None}
        parents = {task.parent for task in touched.values() if task.parent is not None}
        result = []
        for number, task in touched.items():
            rows = [event for event in change.events if event.task_id == number]
            if number not in parents or not all(map(_followed, rows)):
                result.append((task, self._back(task, rows, BACK + change.key)))
        return result

    def _back(self, task: Task, rows: Sequence[Event], note: str) -> Task:
        values: dict[str, Any] = {}
        for event in reversed(rows):
            if event.field in _words or event.field in _TEXTS:
                now = values.get(event.field, getattr(task, event.field))
                if now != _value(event.field, event.after):
                    raise Moved(task)
                values[event.field] = _value(event.field, event.before)
            elif event.field == "created":
                values |= {"state": "undone", "closed_at": self._tasks.at}
            else:
                self._back_beside(task, event, note)
        return self._tasks.change(task, note, **values)

    def _back_beside(self, task: Task, event: Event, note: str) -> None:
        """What stands in rows of its own."""
        if event.field == "tag":
            self._tasks.tag(task, remove=(event.after,), note=note)
        elif event.field == "untag":
            self._tasks.tag(task, add=(event.before,), note=note)
        elif event.field == "comment":
            self._tasks.take_back_comment(task, event.after, note)
        elif event.field == "depends":
            self._links.remove(read_link(task.project_id, (TASK, task.id), event.after), note)
        elif event.field == "undepends":
            self._links.add(read_link(task.project_id, (TASK, task.id), event.before), note)
        elif event.field in QUALITY:
            self._check_back(task, event, note)

    def _check_back(self, task: Task, event: Event, note: str) -> None:
        """Of a checklist."""
        word, _, words = (event.after or event.before).partition(" ")
        number = int(word)
        if event.field == "check":
            self._checks.drop(task, number, words, note)
        elif event.field == "uncheck":
            self._checks.add(task, words, number=number, note=note)
        elif event.field in ("tick", "untick"):
            self._checks.tick(task, number, on=event.field == "untick", note=note)
        else:
            self._checks.skip(task, number, words, on=event.field == "unskip", note=note)


def _followed(event: Event) -> bool:
    """Could this have happened to a parent by itself, because of its children?"""
    return event.field in ("progress", "started_at") or (event.before, event.after) == ("todo", "doing")


def _value(field: str, stored: str) -> Any:
    if field in _TEXTS:
        return stored
    return _words[field](stored) if stored else None
