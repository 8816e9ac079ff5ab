"""Weekly digests as they were sent."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import bindparam, select

from chat.frozen import frozen
from storage.statement import Statement, columns, moment, ms, upsert
from storage.tables.insight import WeeklyRow
from storage.transaction import Tx

ROWS = columns(WeeklyRow)
_FIELDS = (ROWS.first, ROWS.last, ROWS.at, ROWS.due, ROWS.done, ROWS.deviation)
_of = Statement(select(*_FIELDS).where(ROWS.project_id == bindparam("project"), ROWS.first == bindparam("on")))
_keep = Statement(
    upsert(WeeklyRow)
    .values({c.name: bindparam(c.name) for c in ROWS})
    .on_conflict_do_update(
        index_elements=["project_id", "first"],
        set_={name: bindparam(name) for name in ("last", "at", "due", "done", "deviation")},
    )
)


@frozen
class Sent:
    """``at``: when; figures are as of then. ``deviation``: the median in per cent."""

    first: date
    last: date
    at: datetime
    due: int
    done: int
    deviation: int | None


class Weeks:
    """Of every project."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = ms(at)

    def of(self, project_id: int, first: date) -> Sent | None:
        """None: nothing was sent for the week that begins then."""
        row = self._tx.row(_of, project=project_id, on=first.isoformat())
        if row is None:
            return None
        begun, last, at, due, done, deviation = row
        return Sent(date.fromisoformat(begun), date.fromisoformat(last), moment(at), due, done, deviation)

    def keep(self, project_id: int, first: date, last: date, due: int, done: int, deviation: int | None) -> None:
        """It is sent now; sent again, the newer one counts."""
        self._tx.run(
            _keep, project_id=project_id, first=first.isoformat(), last=last.isoformat(), at=self._at, due=due,
            done=done, deviation=deviation,
        )  # fmt: skip
