"""Milestones and what must hold before they are reached; every change is also a row of history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, select, update

from chat.frozen import frozen
from storage.statement import Statement, columns, day, inserting, moment, ms
from storage.tables.people import PersonRow
from storage.tables.plan import CriterionRow, MilestoneEvent, MilestoneRow
from storage.tasks import Event
from storage.transaction import Tx

ROWS = columns(MilestoneRow)
CRITERIA = columns(CriterionRow)
EVENTS = columns(MilestoneEvent)
_PEOPLE: Table = PersonRow.__table__
_OWNERS = _PEOPLE.alias("owner")
_VERIFIERS = _PEOPLE.alias("verifier")


@frozen
class Milestone:
    """``state``: open, reached, cancelled, undone. ``owner``, ``verifier``: people's ids."""

    id: int
    project_id: int
    number: int
    title: str
    due: date | None
    due_minute: int | None
    owner: int | None
    verifier: int | None
    creator: int
    resources: str
    state: str
    version: int
    chat: int | None
    created_at: datetime
    closed_at: datetime | None
    owner_name: str = ""
    verifier_name: str = ""

    @property
    def ref(self) -> str:
        return f"M{self.number}"

    @property
    def closed(self) -> bool:
        return self.state != "open"

    @property
    def card(self) -> str:
        """The name of its card."""
        return f"milestone:{self.id}"


@frozen
class Criterion:
    """Ticked by the owner and by the verifier, each once."""

    id: int
    number: int
    words: str
    by_owner: int | None
    by_verifier: int | None


_MILESTONE = (
    ROWS.id, ROWS.project_id, ROWS.number, ROWS.title, ROWS.due, ROWS.due_minute, ROWS.owner_id, ROWS.verifier_id,
    ROWS.creator_id, ROWS.resources, ROWS.state, ROWS.version, ROWS.chat_id, ROWS.created_at, ROWS.closed_at,
    _OWNERS.c.name, _VERIFIERS.c.name,
)  # fmt: skip
_full = (
    select(*_MILESTONE)
    .select_from(MilestoneRow)
    .outerjoin(_OWNERS, _OWNERS.c.id == ROWS.owner_id)
    .outerjoin(_VERIFIERS, _VERIFIERS.c.id == ROWS.verifier_id)
)
_by_id = Statement(_full.where(ROWS.id == bindparam("milestone")))
_by_number = Statement(_full.where(ROWS.project_id == bindparam("project"), ROWS.number == bindparam("n")))
_of_project = Statement(
    _full.where(ROWS.project_id == bindparam("project"), ROWS.state != "undone").order_by(
        ROWS.due.is_(None), ROWS.due, ROWS.number
    )
)
_add = Statement(inserting(MilestoneRow, "id").returning(ROWS.id))
_write = Statement(
    update(MilestoneRow)
    .where(ROWS.id == bindparam("milestone"))
    .values(
        {name: bindparam("to_" + name) for name in (
            "title", "due", "due_minute", "owner_id", "verifier_id", "resources", "state", "closed_at",
        )}
        | {"version": ROWS.version + 1}
    )
)  # fmt: skip
_criteria = Statement(
    select(CRITERIA.id, CRITERIA.number, CRITERIA.words, CRITERIA.owner_by, CRITERIA.verifier_by)
    .where(CRITERIA.milestone_id == bindparam("milestone"))
    .order_by(CRITERIA.number)
)
_last = Statement(select(func.max(CRITERIA.number)).where(CRITERIA.milestone_id == bindparam("milestone")))
_add_criterion = Statement(inserting(CriterionRow, "id"))
_drop_criterion = Statement(
    delete(CriterionRow).where(CRITERIA.milestone_id == bindparam("milestone"), CRITERIA.number == bindparam("n"))
)
_OF_CRITERION = (CRITERIA.milestone_id == bindparam("milestone"), CRITERIA.number == bindparam("n"))
_tick = {
    "owner": Statement(
        update(CriterionRow).where(*_OF_CRITERION).values(owner_by=bindparam("by"), owner_at=bindparam("when"))
    ),
    "verifier": Statement(
        update(CriterionRow).where(*_OF_CRITERION).values(verifier_by=bindparam("by"), verifier_at=bindparam("when"))
    ),
}
_event = Statement(inserting(MilestoneEvent, "id"))
_EVENT = (
    EVENTS.milestone_id, EVENTS.change, EVENTS.actor_id, EVENTS.at, EVENTS.field, EVENTS.before, EVENTS.after,
    EVENTS.note, columns(PersonRow).name,
)  # fmt: skip
_history = Statement(
    select(*_EVENT)
    .select_from(MilestoneEvent)
    .outerjoin(PersonRow, columns(PersonRow).id == EVENTS.actor_id)
    .where(EVENTS.milestone_id == bindparam("milestone"))
    .order_by(EVENTS.id)
)
_recent = Statement(
    select(*_EVENT)
    .select_from(MilestoneEvent)
    .join(MilestoneRow, ROWS.id == EVENTS.milestone_id)
    .outerjoin(PersonRow, columns(PersonRow).id == EVENTS.actor_id)
    .where(EVENTS.actor_id == bindparam("who"), ROWS.project_id == bindparam("project"))
    .order_by(EVENTS.at.desc(), EVENTS.id.desc())
    .limit(200)
)


class Milestones:
    """The milestones of every project, changed in the name of one actor by one thing."""

    def __init__(self, tx: Tx, key: str, actor: int | None, at: datetime) -> None:
        self._tx = tx
        self._key = key
        self._actor = actor
        self.at = at
        self.touched: set[int] = set()
        """Projects whose milestones this thing changed."""
        self.writes = 0
        """Rows of history so far."""

    def add(
        self, project_id: int, number: int, title: str, *, creator: int, owner: int | None, due: date | None,
        due_minute: int | None, chat: int | None,
    ) -> Milestone:  # fmt: skip
        number_id: int = self._tx.value(
            _add, project_id=project_id, number=number, title=title, due=due.isoformat() if due else None,
            due_minute=due_minute, owner_id=owner, verifier_id=None, creator_id=creator, resources="", state="open",
            version=1, chat_id=chat, created_at=ms(self.at), closed_at=None,
        )  # fmt: skip
        self.log(number_id, "created", "", title)
        added = self.get(number_id)
        assert added is not None
        return added

    def change(self, milestone: Milestone, note: str = "", **values: Any) -> Milestone:
        """Change fields (names as in ``Milestone``), with one row of history for each that differs."""
        differing = {name: value for name, value in values.items() if getattr(milestone, name) != value}
        if not differing:
            return milestone
        after = replace(milestone, **differing)
        self._tx.run(
            _write, milestone=milestone.id, to_title=after.title, to_due=after.due.isoformat() if after.due else None,
            to_due_minute=after.due_minute, to_owner_id=after.owner, to_verifier_id=after.verifier,
            to_resources=after.resources, to_state=after.state,
            to_closed_at=ms(after.closed_at) if after.closed_at else None,
        )  # fmt: skip
        self.touched.add(milestone.project_id)
        for name, value in differing.items():
            self.log(milestone.id, name, _word(getattr(milestone, name)), _word(value), note)
        return self.get(milestone.id) or after

    def get(self, milestone_id: int) -> Milestone | None:
        row = self._tx.row(_by_id, milestone=milestone_id)
        return _read(row) if row else None

    def numbered(self, project_id: int, number: int) -> Milestone | None:
        """None: there is none, or its creation was undone."""
        row = self._tx.row(_by_number, project=project_id, n=number)
        found = _read(row) if row else None
        return found if found and found.state != "undone" else None

    def of_project(self, project_id: int) -> list[Milestone]:
        """By date, undated last; closed ones too."""
        return [_read(row) for row in self._tx.rows(_of_project, project=project_id)]

    def history(self, milestone: Milestone) -> list[Event]:
        """Oldest first; ``Event.task_id`` is the milestone's."""
        return [_read_event(row) for row in self._tx.rows(_history, milestone=milestone.id)]

    def by(self, project_id: int, actor: int) -> list[Event]:
        """What one person did in a project, newest first."""
        return [_read_event(row) for row in self._tx.rows(_recent, who=actor, project=project_id)]

    def criteria(self, milestone: Milestone) -> list[Criterion]:
        return [Criterion(*row) for row in self._tx.rows(_criteria, milestone=milestone.id)]

    def add_criterion(self, milestone: Milestone, words: str, *, number: int = 0, note: str = "") -> int:
        """Its number. ``number``: 0 for the next one."""
        number = number or (self._tx.value(_last, milestone=milestone.id) or 0) + 1
        self._tx.run(
            _add_criterion, milestone_id=milestone.id, number=number, words=words, owner_by=None, owner_at=None,
            verifier_by=None, verifier_at=None,
        )  # fmt: skip
        self.log(milestone.id, "criterion", "", f"{number} {words}", note)
        return number

    def drop_criterion(self, milestone: Milestone, criterion: Criterion, note: str = "") -> None:
        self._tx.run(_drop_criterion, milestone=milestone.id, n=criterion.number)
        self.log(milestone.id, "uncriterion", f"{criterion.number} {criterion.words}", "", note)

    def tick(self, milestone: Milestone, number: int, side: str, *, on: bool = True, note: str = "") -> None:
        """``side``: owner, verifier."""
        by, when = (self._actor, ms(self.at)) if on else (None, None)
        self._tx.run(_tick[side], milestone=milestone.id, n=number, by=by, when=when)
        word = f"{number} {side}"
        self.log(milestone.id, "tick" if on else "untick", "" if on else word, word if on else "", note)

    def log(self, milestone_id: int, name: str, before: str, after: str, note: str = "") -> None:
        self.writes += 1
        self._tx.run(
            _event, milestone_id=milestone_id, change=self._key, actor_id=self._actor, at=ms(self.at), field=name,
            before=before, after=after, note=note,
        )  # fmt: skip


def _word(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _read_event(row: tuple[Any, ...]) -> Event:
    milestone_id, change, actor, at, name, before, after, note, actor_name = row
    return Event(milestone_id, change, actor, moment(at), name, before, after, note, actor_name or "")


def _read(row: tuple[Any, ...]) -> Milestone:
    (number_id, project, number, title, due, due_minute, owner, verifier, creator, resources, state, version, chat,
     created_at, closed_at, owner_name, verifier_name) = row  # fmt: skip
    return Milestone(
        number_id, project, number, title, day(due), due_minute, owner, verifier, creator, resources, state, version,
        chat, moment(created_at), moment(closed_at) if closed_at else None, owner_name or "", verifier_name or "",
    )  # fmt: skip
