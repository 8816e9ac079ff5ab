"""What the clock will do: rows with the moment of their next firing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, Integer, bindparam, delete, func, insert, select, text, update

from chat.frozen import frozen
from storage.statement import Statement, columns, inserting, moment, ms
from storage.tables.road import Schedule, Skip
from storage.transaction import Tx

SCHEDULES = columns(Schedule)
CLAIM = 8_000
"""Milliseconds for which a row that is due belongs to the process that took it."""
AHEAD = 600
"""Rows looked at for the next one that nobody took."""
_ROW = (SCHEDULES.id, SCHEDULES.kind, SCHEDULES.owner, SCHEDULES.subject, SCHEDULES.next_fire_at)
_add = Statement(inserting(Schedule, "id").returning(SCHEDULES.id))
_due = Statement(
    select(*_ROW)
    .where(SCHEDULES.state == "on", SCHEDULES.next_fire_at <= bindparam("now"))
    .order_by(SCHEDULES.next_fire_at, SCHEDULES.id)
    .limit(bindparam("most"))
)
_claim = Statement(
    text("SELECT 1"),
    postgresql=text(
        "UPDATE schedule SET claimed_until = :until WHERE id = ANY (ARRAY("
        "SELECT id FROM schedule WHERE state = 'on' AND next_fire_at <= :now AND claimed_until <= :now "
        "ORDER BY next_fire_at, id LIMIT :most FOR UPDATE SKIP LOCKED)) "
        "RETURNING id, kind, owner, subject, next_fire_at"
    ).bindparams(
        bindparam("until", type_=BigInteger), bindparam("now", type_=BigInteger), bindparam("most", type_=Integer)
    ),
)
_next = Statement(select(func.min(SCHEDULES.next_fire_at)).where(SCHEDULES.state == "on"))
_next_unclaimed = Statement(
    select(SCHEDULES.next_fire_at, SCHEDULES.claimed_until)
    .where(SCHEDULES.state == "on")
    .order_by(SCHEDULES.next_fire_at)
    .limit(bindparam("most"))
)
_get = Statement(select(*_ROW).where(SCHEDULES.id == bindparam("number"), SCHEDULES.state == "on"))
_owned = Statement(
    select(*_ROW).where(SCHEDULES.owner == bindparam("whose"), SCHEDULES.state == "on").order_by(SCHEDULES.next_fire_at)
)
_move = Statement(
    update(Schedule)
    .where(SCHEDULES.id == bindparam("number"))
    .values(next_fire_at=bindparam("to"), subject=bindparam("about"), claimed_until=0)
)
_remove = Statement(
    delete(Schedule).where(
        SCHEDULES.id == bindparam("number"),
        SCHEDULES.owner == bindparam("whose"),
        SCHEDULES.kind == bindparam("what"),
        SCHEDULES.next_fire_at == bindparam("due"),
    )
)
_drop = Statement(delete(Schedule).where(SCHEDULES.owner == bindparam("whose"), SCHEDULES.kind == bindparam("what")))
_state = Statement(
    update(Schedule)
    .where(SCHEDULES.owner == bindparam("whose"), SCHEDULES.state != bindparam("to"))
    .values(state=bindparam("to"))
)
_skip = Statement(
    insert(Skip).values({name: bindparam(name) for name in ("key", "kind", "owner", "due_at", "at", "reason")})
)


@frozen
class Due:
    """One row of the schedule. ``at``: when it was, or is, to happen."""

    id: int
    kind: str
    owner: str
    subject: Mapping[str, Any]
    at: datetime

    @property
    def key(self) -> str:
        """The same firing has the same key in every process and after every restart.

        ``by``: the thing that made the entry, for those that may be made again for the moment at which one has just
        fired: their number may be given again as well, and a key that is known never fires.
        """
        part = f".{self.at.microsecond // 1000:03d}" if self.at.microsecond else ""
        by = self.subject.get("by")
        return f"tick:{self.id}:{self.at:%Y-%m-%dT%H:%M:%S}{part}Z" + (f":{by}" if by else "")


def next_due(tx: Tx) -> datetime | None:
    """When the clock must wake up next; None: nothing is scheduled."""
    if tx.shared:
        stored = min((max(row) for row in tx.rows(_next_unclaimed, most=AHEAD)), default=None)
    else:
        stored = tx.value(_next)
    return moment(stored) if stored is not None else None


def due(tx: Tx, now: datetime, most: int) -> list[Due]:
    """Rows whose time has come, earliest first, at most ``most``. Of several processes each gets others.

    Should a process die with what it got, another gets it after a while; should it only be slow, the key of the firing
    is known and nothing happens twice.
    """
    if tx.shared:
        rows = tx.rows(_claim, now=ms(now), until=ms(now) + CLAIM, most=most)
        return sorted(map(_read, rows), key=lambda entry: (entry.at, entry.id))
    return [_read(row) for row in tx.rows(_due, now=ms(now), most=most)]


class Schedules:
    """Entries of the clock, from within one thing."""

    def __init__(self, tx: Tx, key: str, at: datetime) -> None:
        self._tx = tx
        self._key = key
        self._at = ms(at)

    def add(self, kind: str, owner: str, at: datetime, **subject: Any) -> None:
        """``kind`` will happen at ``at`` (aware). ``owner`` names the thing it belongs to, e.g. "task:17"."""
        self._tx.rescheduled = True
        self._tx.value(
            _add, kind=kind, owner=owner, subject=orjson.dumps(subject).decode(), next_fire_at=ms(at), state="on",
            claimed_until=0,
        )  # fmt: skip

    def replace(self, kind: str, owner: str, at: datetime, **subject: Any) -> None:
        """The only entry of this kind for this owner."""
        self.drop(kind, owner)
        self.add(kind, owner, at, **subject)

    def drop(self, kind: str, owner: str) -> None:
        self._tx.run(_drop, whose=owner, what=kind)

    def get(self, number: int) -> Due | None:
        """None: removed or paused meanwhile."""
        row = self._tx.row(_get, number=number)
        return _read(row) if row else None

    def of(self, owner: str) -> list[Due]:
        """What is planned for one owner, earliest first."""
        return [_read(row) for row in self._tx.rows(_owned, whose=owner)]

    def move(self, entry: Due, at: datetime, **subject: Any) -> None:
        """Fire next at ``at``; new ``subject`` values are merged in."""
        self._tx.rescheduled = True
        self._tx.run(_move, number=entry.id, to=ms(at), about=orjson.dumps({**entry.subject, **subject}).decode())

    def remove(self, entry: Due) -> None:
        """This very entry: a number may have been given again to one that was made meanwhile."""
        self._tx.run(_remove, number=entry.id, whose=entry.owner, what=entry.kind, due=ms(entry.at))

    def pause(self, owner: str) -> int:
        """Stop everything of this owner; how many entries."""
        return self._tx.run(_state, whose=owner, to="paused")

    def resume(self, owner: str) -> int:
        self._tx.rescheduled = True
        return self._tx.run(_state, whose=owner, to="on")

    def skipped(self, entry: Due, reason: str) -> None:
        """Record that this firing did not happen. ``reason``: late, holiday, removed …"""
        self._tx.run(
            _skip, key=self._key, kind=entry.kind, owner=entry.owner, due_at=ms(entry.at), at=self._at, reason=reason
        )


def _read(row: tuple[Any, ...]) -> Due:
    number, kind, owner, subject, at = row
    return Due(number, kind, owner, orjson.loads(subject), moment(at))
