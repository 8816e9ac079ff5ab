"""What approvals of platforms entered as leave, so that each counts once and can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import orjson
from sqlalchemy import bindparam, select

from chat.frozen import frozen
from planning.away import Part
from storage.statement import Statement, columns, ms, upsert
from storage.tables.leave import LeaveImport
from storage.transaction import Tx

ROWS = columns(LeaveImport)
_key = (ROWS.platform == bindparam("on"), ROWS.instance == bindparam("which"))
_of = Statement(select(ROWS.person_id, ROWS.days, ROWS.state).where(*_key))
_put = Statement(
    upsert(LeaveImport)
    .values({c.name: bindparam(c.name) for c in ROWS})
    .on_conflict_do_update(index_elements=["platform", "instance"], set_={"state": bindparam("state")})
)
Entered = Mapping[int, Mapping[date, tuple[Part | None, Part]]]
"""{project: {day: (how it was, how it is since)}}."""


@frozen
class Imported:
    person: int | None
    entered: Entered
    withdrawn: bool


class LeaveImports:
    """Approvals of every platform, from within one thing."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = ms(at)

    def of(self, platform: str, instance: str) -> Imported | None:
        """None: it was never heard of."""
        row = self._tx.row(_of, on=platform, which=instance)
        if row is None:
            return None
        stored = orjson.loads(row[1]) if row[1] else {}
        entered: Entered = {
            int(project): {date.fromisoformat(day): (was or None, now) for day, (was, now) in days.items()}
            for project, days in stored.items()
        }
        return Imported(row[0], entered, row[2] == "withdrawn")

    def add(self, platform: str, instance: str, person: int, entered: Entered) -> None:
        self._put(platform, instance, person, entered, "in")

    def withdraw(self, platform: str, instance: str) -> None:
        """Also of one nobody heard of: should it come later, it does not count."""
        self._put(platform, instance, None, {}, "withdrawn")

    def _put(self, platform: str, instance: str, person: int | None, entered: Entered, state: str) -> None:
        days = {
            str(project): {day.isoformat(): [was or "", now] for day, (was, now) in parts.items()}
            for project, parts in entered.items()
        }
        self._tx.run(
            _put, platform=platform, instance=instance, person_id=person, days=orjson.dumps(days).decode(),
            state=state, at=self._at,
        )  # fmt: skip
