"""In whose place: who decides for somebody in a project while they are away."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from storage.statement import Statement, columns, upsert
from storage.tables.approvals import ApprovalDelegate
from storage.transaction import Tx

DELEGATES = columns(ApprovalDelegate)
_of = Statement(
    select(DELEGATES.delegate_id).where(
        DELEGATES.project_id == bindparam("project"), DELEGATES.person_id == bindparam("person")
    )
)
_name = Statement(
    upsert(ApprovalDelegate)
    .values({c.name: bindparam(c.name) for c in DELEGATES})
    .on_conflict_do_update(
        index_elements=["project_id", "person_id"], set_={"delegate_id": bindparam("delegate_id")}
    )
)  # fmt: skip
_drop = Statement(
    delete(ApprovalDelegate).where(
        DELEGATES.project_id == bindparam("project"), DELEGATES.person_id == bindparam("person")
    )
)


class Delegates:
    """Changed by one thing."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def of(self, project_id: int, person_id: int) -> int | None:
        """None: nobody was named."""
        found: int | None = self._tx.value(_of, project=project_id, person=person_id)
        return found

    def name(self, project_id: int, person_id: int, delegate_id: int | None) -> None:
        """None: nobody any more."""
        if delegate_id is None:
            self._tx.run(_drop, project=project_id, person=person_id)
        else:
            self._tx.run(_name, project_id=project_id, person_id=person_id, delegate_id=delegate_id)
