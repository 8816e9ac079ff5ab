"""Who tried what: kept whatever becomes of the attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from storage.statement import Statement, columns, inserting, moment
from storage.tables.road import Audit
from storage.transaction import Tx

AUDIT = columns(Audit)
_note = Statement(inserting(Audit, "id"))
_refused = Statement(
    select(AUDIT.at, AUDIT.person_id, AUDIT.action)
    .where(AUDIT.project_id == bindparam("project"), AUDIT.outcome == "refused")
    .order_by(AUDIT.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Attempt:
    at: datetime
    person_id: int | None
    action: str


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


def refusals(tx: Tx, project_id: int, most: int) -> list[Attempt]:
    """The newest refused acts of a project, newest first."""
    return [
        Attempt(moment(at), person, action) for at, person, action in tx.rows(_refused, project=project_id, most=most)
    ]
