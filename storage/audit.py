"""Who tried what: kept whatever becomes of the attempt."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from storage.statement import Statement, columns, inserting
from storage.tables.road import Audit
from storage.transaction import Tx

AUDIT = columns(Audit)
_note = Statement(inserting(Audit, "id"))
_count = Statement(select(func.count()).where(AUDIT.action == bindparam("what"), AUDIT.outcome == bindparam("how")))


def note(
    tx: Tx,
    at: int,
    key: str,
    project_id: int | None,
    person_id: int | None,
    action: str,
    outcome: str,
    detail: str = "",
) -> None:
    """``outcome``: done or refused. ``at``: milliseconds."""
    tx.run(
        _note, at=at, key=key, project_id=project_id, person_id=person_id, action=action, outcome=outcome, detail=detail
    )


def count(tx: Tx, action: str, outcome: str) -> int:
    number: int = tx.value(_count, what=action, how=outcome)
    return number
