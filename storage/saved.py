"""Searches under names of their own, for the person alone who gave them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from storage.statement import Statement, columns, ms, upsert
from storage.tables.saved import SavedRow
from storage.transaction import Tx

ROWS = columns(SavedRow)
_insert = upsert(SavedRow).values({name: bindparam(name) for name in ("person_id", "name", "words", "at")})
_keep = Statement(
    _insert.on_conflict_do_update(
        index_elements=["person_id", "name"], set_={"words": _insert.excluded.words, "at": _insert.excluded.at}
    )
)
_of = Statement(select(ROWS.name, ROWS.words).where(ROWS.person_id == bindparam("person")).order_by(ROWS.at, ROWS.name))
_drop = Statement(delete(SavedRow).where(ROWS.person_id == bindparam("person"), ROWS.name == bindparam("named")))


class Saved:
    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = ms(at)

    def of(self, person_id: int) -> dict[str, str]:
        """{name: words}, the oldest first."""
        return dict(self._tx.rows(_of, person=person_id))

    def keep(self, person_id: int, name: str, words: str) -> None:
        """Another search of that name is replaced."""
        self._tx.run(_keep, person_id=person_id, name=name, words=words, at=self._at)

    def drop(self, person_id: int, name: str) -> None:
        self._tx.run(_drop, person=person_id, named=name)
