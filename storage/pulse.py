"""When the bot was last alive, so that it can say how long it was off."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from storage.statement import Statement, columns, moment, ms, upsert
from storage.tables.daily import Pulse as Row
from storage.transaction import Tx

ROWS = columns(Row)
GAP = timedelta(minutes=3)
"""A silence longer than this means that the bot was off."""
_get = Statement(select(ROWS.at, ROWS.off_from, ROWS.off_until).where(ROWS.id == 1))
_set = Statement(
    upsert(Row)
    .values(id=1, **{name: bindparam(name) for name in ("at", "off_from", "off_until")})
    .on_conflict_do_update(
        index_elements=["id"], set_={name: bindparam(name) for name in ("at", "off_from", "off_until")}
    )
)
_touch = Statement(update(Row).where(ROWS.id == 1).values(at=ROWS.at))


def beat(tx: Tx, now: datetime) -> None:
    """Alive. A longer silence before it is remembered as having been off."""
    row = tx.row(_get)
    last, since, until = row or (ms(now), 0, 0)
    if ms(now) - last > GAP // timedelta(milliseconds=1):
        since, until = last, ms(now)
    tx.run(_set, at=ms(now), off_from=since, off_until=until)


def alive(tx: Tx, now: datetime) -> None:
    """Alive all the time until now: for a clock that is moved by hand."""
    row = tx.row(_get) or (0, 0, 0)
    tx.run(_set, at=ms(now), off_from=row[1], off_until=row[2])


def touch(tx: Tx) -> None:
    """Changes nothing, but has to be stored like any change."""
    tx.run(_touch)


class Pulse:
    """What is known about the time the bot was off."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def off(self, due: datetime, now: datetime) -> datetime:
        """Since when the bot had been off at ``due``; ``due`` itself when that is not known."""
        row = self._tx.row(_get)
        if row is None or not row[1] <= ms(due) <= row[2] <= ms(now):
            return due
        return moment(row[1])
