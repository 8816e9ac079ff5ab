"""Who tried what: kept whatever becomes of the attempt, each row sealed onto the one before it.

A seal is SHA-256 over the seal before and the row's own words (RFC 8259 JSON, in the order of ``_seal``). Changing,
removing or slipping in a row breaks every seal behind it; cutting off the end disagrees with the head.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

import orjson
from sqlalchemy import bindparam, insert, select, update

from chat.frozen import frozen
from storage.statement import Statement, columns, inserting, moment
from storage.tables.audit import Audit, AuditHead
from storage.tables.people import PersonRow
from storage.transaction import Tx

AUDIT = columns(Audit)
HEAD = columns(AuditHead)
PERSONS = columns(PersonRow)
FIRST = "0" * 64
"""The seal before the first row."""
PAGE = 1000

_note = Statement(inserting(Audit, "id"))
_head = Statement(select(HEAD.rows, HEAD.seal).where(HEAD.id == 1).with_for_update())
_newest = Statement(select(HEAD.rows, HEAD.seal).where(HEAD.id == 1))
_begin = Statement(insert(AuditHead).values(id=1, rows=bindparam("rows"), seal=bindparam("seal")))
_move = Statement(update(AuditHead).where(HEAD.id == 1).values(rows=bindparam("rows"), seal=bindparam("seal")))
_refused = Statement(
    select(AUDIT.at, AUDIT.person_id, AUDIT.action)
    .where(AUDIT.project_id == bindparam("project"), AUDIT.outcome == "refused")
    .order_by(AUDIT.id.desc())
    .limit(bindparam("most"))
)
_page = Statement(
    select(
        AUDIT.id, AUDIT.at, AUDIT.key, AUDIT.project_id, AUDIT.person_id, AUDIT.action, AUDIT.outcome, AUDIT.detail,
        AUDIT.digest, AUDIT.seal, PERSONS.name,
    )
    .outerjoin(PersonRow, PERSONS.id == AUDIT.person_id)
    .where(AUDIT.id > bindparam("after"))
    .order_by(AUDIT.id)
    .limit(PAGE)
)  # fmt: skip


@frozen
class Attempt:
    at: datetime
    person_id: int | None
    action: str


@frozen
class Record:
    """A row as it is kept. ``detail`` None: erased."""

    id: int
    at: datetime
    key: str
    project_id: int | None
    person_id: int | None
    action: str
    outcome: str
    detail: str | None
    digest: str
    seal: str
    person: str

    def sealed_on(self, before: str) -> bool:
        """Does its seal fit its words and the seal before?"""
        if self.detail is not None and _digest(self.key, self.detail) != self.digest:
            return False
        at = round(self.at.timestamp() * 1000)
        row = (at, self.key, self.project_id, self.person_id, self.action, self.outcome, self.digest)
        return _seal(before, *row) == self.seal


@frozen
class Chain:
    """``broken``: the first row that does not fit, 0 for none; ``short``: rows that the head knows of and are gone.

    ``seal``: of the last row. Who keeps it elsewhere can tell later that nobody wrote the whole chain anew: ``noted``
    is the row that bears a seal which was kept so, 0 for none.
    """

    rows: int
    broken: int
    short: int
    seal: str
    noted: int = 0

    @property
    def sound(self) -> bool:
        return not self.broken and not self.short


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
    head = tx.row(_head)
    rows, before = head or (0, FIRST)
    digest = _digest(key, detail)
    seal = _seal(before, at, key, project_id, person_id, action, outcome, digest)
    tx.run(
        _note, at=at, key=key, project_id=project_id, person_id=person_id, action=action, outcome=outcome,
        detail=detail, digest=digest, seal=seal,
    )  # fmt: skip
    tx.run(_move if head else _begin, rows=rows + 1, seal=seal)


def refusals(tx: Tx, project_id: int, most: int) -> list[Attempt]:
    """The newest refused acts of a project, newest first."""
    return [
        Attempt(moment(at), person, action) for at, person, action in tx.rows(_refused, project=project_id, most=most)
    ]


def records(tx: Tx) -> Iterator[Record]:
    """All of them, oldest first."""
    after = 0
    while page := tx.rows(_page, after=after):
        for number, at, key, project, person, action, outcome, detail, digest, seal, name in page:
            yield Record(
                number, moment(at), key, project, person, action, outcome, detail, digest, seal, name or ""
            )  # fmt: skip
        after = page[-1][0]


def head(tx: Tx) -> tuple[int, str]:
    """How many rows there are to be, and the seal of the last."""
    return tx.row(_newest) or (0, FIRST)


def verify(tx: Tx, kept: str = "") -> Chain:
    """Follow the chain from its first row to its head. kept: the beginning of a seal that was noted elsewhere."""
    count, seal, noted = 0, FIRST, 0
    for record in records(tx):
        count += 1
        if not record.sealed_on(seal):
            return Chain(count, record.id, 0, seal, noted)
        seal = record.seal
        if kept and seal.startswith(kept):
            noted = record.id
    rows, last = head(tx)
    return Chain(count, 0, max(1, rows - count) if seal != last else 0, seal, noted)


def _digest(key: str, detail: str) -> str:
    """With the key, so that equal details of different rows do not look alike once they are erased."""
    return sha256(f"{key}\n{detail}".encode()).hexdigest()


def _seal(before: str, *row: object) -> str:
    return sha256(before.encode() + orjson.dumps(row)).hexdigest()
