"""Leave: which days, or halves of days, somebody is away from a project."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import bindparam, delete, select

from chat.frozen import frozen
from planning.away import Part
from storage.statement import Statement, columns, ms, upsert
from storage.tables.daily import Away
from storage.tables.people import PersonRow
from storage.transaction import Tx

AWAY = columns(Away)
PERSONS = columns(PersonRow)
_between = (
    AWAY.project_id == bindparam("project"), AWAY.day >= bindparam("first"), AWAY.day <= bindparam("last")
)  # fmt: skip
_of = Statement(select(AWAY.day, AWAY.part).where(*_between, AWAY.person_id == bindparam("person")).order_by(AWAY.day))
_everyone = Statement(
    select(AWAY.person_id, PERSONS.name, AWAY.day, AWAY.part)
    .join(PersonRow, PERSONS.id == AWAY.person_id)
    .where(*_between)
    .order_by(AWAY.person_id, AWAY.day)
)
_put = Statement(
    upsert(Away)
    .values({c.name: bindparam(c.name) for c in AWAY})
    .on_conflict_do_update(
        index_elements=["project_id", "day", "person_id"], set_={"part": bindparam("part"), "at": bindparam("at")}
    )
)
_remove = Statement(
    delete(Away).where(
        AWAY.project_id == bindparam("project"), AWAY.day == bindparam("on"), AWAY.person_id == bindparam("person")
    )
)


@frozen
class Absence:
    """One person's days."""

    person: int
    name: str
    days: Mapping[date, Part]


class Leaves:
    """Leave of every project, changed by one thing."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = ms(at)
        self.touched: set[int] = set()
        """Projects in which this thing changed somebody's days."""
        self.writes = 0

    def of(self, project_id: int, person_id: int, first: date, last: date) -> dict[date, Part]:
        """One person's days from ``first`` to ``last``, both inclusive."""
        rows = self._tx.rows(_of, project=project_id, person=person_id, first=first.isoformat(), last=last.isoformat())
        return {date.fromisoformat(day): part for day, part in rows}

    def between(self, project_id: int, first: date, last: date) -> list[Absence]:
        """Everybody who is away on one of these days."""
        found: dict[int, tuple[str, dict[date, Part]]] = {}
        for person, name, day, part in self._tx.rows(
            _everyone, project=project_id, first=first.isoformat(), last=last.isoformat()
        ):
            found.setdefault(person, (name, {}))[1][date.fromisoformat(day)] = part
        return [Absence(person, name, days) for person, (name, days) in found.items()]

    def put(self, project_id: int, person_id: int, days: Mapping[date, Part]) -> None:
        self._changed(project_id, len(days))
        for day, part in days.items():
            self._tx.run(_put, project_id=project_id, day=day.isoformat(), person_id=person_id, part=part, at=self._at)

    def remove(self, project_id: int, person_id: int, days: Collection[date]) -> None:
        self._changed(project_id, len(days))
        for day in days:
            self._tx.run(_remove, project=project_id, on=day.isoformat(), person=person_id)

    def _changed(self, project_id: int, days: int) -> None:
        if days:
            self.touched.add(project_id)
            self.writes += 1
