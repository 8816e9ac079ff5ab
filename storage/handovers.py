"""Offers to take over somebody's work: made once, answered once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Table, bindparam, or_, select, update

from chat.frozen import frozen
from storage.statement import Statement, columns, inserting, ms
from storage.tables.handover import HandoverRow
from storage.tables.people import PersonRow
from storage.transaction import Tx

ROWS = columns(HandoverRow)
_PEOPLE: Table = PersonRow.__table__
_GIVERS, _TAKERS = _PEOPLE.alias("giver"), _PEOPLE.alias("taker")
_handovers = (
    select(
        ROWS.id, ROWS.project_id, ROWS.giver_id, _GIVERS.c.name, ROWS.taker_id, _TAKERS.c.name, ROWS.maker_id,
        ROWS.chat_id, ROWS.state,
    )
    .select_from(HandoverRow)
    .join(_GIVERS, _GIVERS.c.id == ROWS.giver_id)
    .join(_TAKERS, _TAKERS.c.id == ROWS.taker_id)
)  # fmt: skip
_get = Statement(_handovers.where(ROWS.id == bindparam("handover")))
_of_giver = Statement(
    _handovers.where(
        ROWS.project_id == bindparam("project"), ROWS.giver_id == bindparam("person"), ROWS.state == "open"
    )
)
_concerning = Statement(
    _handovers.where(
        or_(ROWS.taker_id == bindparam("person"), ROWS.maker_id == bindparam("person")), ROWS.state == "open"
    ).order_by(ROWS.id.desc())
)
_taken = Statement(
    _handovers.where(
        ROWS.project_id == bindparam("project"), ROWS.giver_id == bindparam("person"), ROWS.state == "accepted"
    )
    .order_by(ROWS.id.desc())
    .limit(1)
)
_add = Statement(inserting(HandoverRow, "id").returning(ROWS.id))
_close = Statement(
    update(HandoverRow)
    .where(ROWS.id == bindparam("handover"), ROWS.state == "open")
    .values(state=bindparam("to_state"), closed_at=bindparam("when"))
)


@frozen
class Handover:
    """``giver``'s open work offered to ``taker`` by ``maker``."""

    id: int
    project_id: int
    giver: int
    giver_name: str
    taker: int
    taker_name: str
    maker: int
    chat: int
    state: str

    @property
    def card(self) -> str:
        """The name of its card."""
        return f"handover:{self.id}"


class Handovers:
    """Offers of every project, changed by one thing."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = ms(at)

    def get(self, number: int) -> Handover | None:
        return _read(self._tx.row(_get, handover=number))

    def of_giver(self, project_id: int, person_id: int) -> Handover | None:
        """The open offer of this person's work."""
        return _read(self._tx.row(_of_giver, project=project_id, person=person_id))

    def taken(self, project_id: int, person_id: int) -> Handover | None:
        """Who took over this person's work last."""
        return _read(self._tx.row(_taken, project=project_id, person=person_id))

    def concerning(self, person_id: int) -> list[Handover]:
        """Open ones this person is to take, or made; the newest first."""
        return [Handover(*row) for row in self._tx.rows(_concerning, person=person_id)]

    def add(self, project_id: int, giver: int, taker: int, maker: int, chat_id: int) -> Handover:
        number = self._tx.value(
            _add, project_id=project_id, giver_id=giver, taker_id=taker, maker_id=maker, chat_id=chat_id, state="open",
            made_at=self._at, closed_at=None,
        )  # fmt: skip
        added = self.get(number)
        assert added is not None
        return added

    def close(self, handover: Handover, state: Literal["accepted", "refused", "withdrawn"]) -> bool:
        """False: it was answered before."""
        return self._tx.run(_close, handover=handover.id, to_state=state, when=self._at) == 1


def _read(row: tuple[Any, ...] | None) -> Handover | None:
    return Handover(*row) if row else None
