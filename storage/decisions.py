"""The log of decisions: what there was to choose from, with its numbers, what was chosen, by whom and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import String, Table, bindparam, func, select, update

from chat.frozen import frozen
from storage.statement import Statement, columns, inserting, moment, ms, position
from storage.tables.approvals import DecisionRow
from storage.tables.people import PersonRow
from storage.transaction import Tx

ROWS = columns(DecisionRow)
_PEOPLE: Table = PersonRow.__table__
_ASKERS = _PEOPLE.alias("asker")
_CHOSE = _PEOPLE.alias("chose")
_decisions = (
    select(
        ROWS.id, ROWS.project_id, ROWS.number, ROWS.asker_id, _ASKERS.c.name, ROWS.chat_id, ROWS.title, ROWS.options,
        ROWS.choosers, ROWS.at, ROWS.chosen, ROWS.reason, _CHOSE.c.name, ROWS.chosen_at,
    )
    .select_from(DecisionRow)
    .join(_ASKERS, _ASKERS.c.id == ROWS.asker_id)
    .outerjoin(_CHOSE, _CHOSE.c.id == ROWS.chosen_by)
)  # fmt: skip
_get = Statement(_decisions.where(ROWS.id == bindparam("decision")))
_numbered = Statement(_decisions.where(ROWS.project_id == bindparam("project"), ROWS.number == bindparam("n")))
_newest = Statement(
    _decisions.where(ROWS.project_id == bindparam("project")).order_by(ROWS.number.desc()).limit(bindparam("most"))
)
_saying = Statement(
    _decisions.where(
        ROWS.project_id == bindparam("project"),
        position(func.lower(ROWS.title.concat(" ").concat(ROWS.options).concat(" ").concat(ROWS.reason)),
                 bindparam("word", type_=String)) > 0,
    ).order_by(ROWS.number.desc()).limit(bindparam("most"))
)  # fmt: skip
_add = Statement(inserting(DecisionRow, "id").returning(ROWS.id))
_choose = Statement(
    update(DecisionRow)
    .where(ROWS.id == bindparam("decision"), ROWS.chosen.is_(None))
    .values(
        chosen=bindparam("option"), reason=bindparam("why"), chosen_by=bindparam("who"), chosen_at=bindparam("when")
    )
)


@frozen
class Decision:
    """``chosen``: from 1; None while open. ``choosers``: any one of these people decides."""

    id: int
    project_id: int
    number: int
    asker: int
    asker_name: str
    chat_id: int
    title: str
    options: tuple[str, ...]
    choosers: tuple[int, ...]
    at: datetime
    chosen: int | None
    reason: str
    chosen_by: str
    chosen_at: datetime | None

    @property
    def ref(self) -> str:
        return f"D{self.number}"

    @property
    def card(self) -> str:
        """The name of its card."""
        return f"decision:{self.id}"


class Decisions:
    """Decisions of projects, changed by one thing in the name of one actor."""

    def __init__(self, tx: Tx, actor: int | None, at: datetime) -> None:
        self._tx = tx
        self._actor = actor
        self._at = ms(at)

    def get(self, decision_id: int) -> Decision | None:
        row = self._tx.row(_get, decision=decision_id)
        return _read(row) if row else None

    def numbered(self, project_id: int, number: int) -> Decision | None:
        row = self._tx.row(_numbered, project=project_id, n=number)
        return _read(row) if row else None

    def newest(self, project_id: int, most: int) -> list[Decision]:
        """Open ones too, newest first."""
        return [_read(row) for row in self._tx.rows(_newest, project=project_id, most=most)]

    def saying(self, project_id: int, word: str, most: int) -> list[Decision]:
        """With this word in title, options or reason, newest first. ``word``: lower case."""
        return [_read(row) for row in self._tx.rows(_saying, project=project_id, word=word, most=most)]

    def add(
        self, project_id: int, number: int, chat_id: int, title: str, options: Sequence[str], choosers: Sequence[int]
    ) -> Decision:
        """Asked by the actor."""
        decision_id = self._tx.value(
            _add, project_id=project_id, number=number, asker_id=self._actor, chat_id=chat_id, title=title,
            options=orjson.dumps(options).decode(), choosers=orjson.dumps(choosers).decode(), at=self._at, chosen=None,
            reason="", chosen_by=None, chosen_at=None,
        )  # fmt: skip
        added = self.get(decision_id)
        assert added is not None
        return added

    def choose(self, decision: Decision, option: int, reason: str) -> bool:
        """Once: False when somebody was faster."""
        return self._tx.run(
            _choose, decision=decision.id, option=option, why=reason, who=self._actor, when=self._at
        ) == 1  # fmt: skip


def _read(row: tuple[Any, ...]) -> Decision:
    (decision_id, project, number, asker, asker_name, chat, title, options, choosers, at, chosen, reason, who,
     when) = row  # fmt: skip
    return Decision(
        decision_id, project, number, asker, asker_name, chat, title, tuple(orjson.loads(options)),
        tuple(orjson.loads(choosers)), moment(at), chosen, reason, who or "", moment(when) if when else None,
    )  # fmt: skip
