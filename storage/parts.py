"""What is collected for one person until their next message says it: parts of messages, each of one thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, String, bindparam, cast, delete, exists, func, literal, or_, select, text

from chat.frozen import frozen
from storage.statement import Statement, columns, moment, ms, upsert
from storage.tables.partial import one_of
from storage.tables.parts import PartRow
from storage.tables.people import Member
from storage.tables.road import COLLECTORS, Schedule
from storage.transaction import Tx

PARTS, SCHEDULES, MEMBERS = columns(PartRow), columns(Schedule), columns(Member)
_OWNERS = ("overdue", "plan", "renewals")
"""Of the collectors' entries, each of one project: ``plan:3``."""
_COLLECTING = text(f"{one_of('schedule.kind', *COLLECTORS)} AND schedule.state || '' = 'on'")
"""Their own small index is meant: that of all entries has ten thousand due at a busy moment."""
_insert = upsert(PartRow).values({c.name: bindparam(c.name) for c in PARTS})
_put = Statement(
    _insert.on_conflict_do_update(
        index_elements=["person_id", "project_id", "kind", "subject"],
        set_={"body": _insert.excluded.body, "at": _insert.excluded.at},
    )
)
_take = Statement(
    delete(PartRow)
    .where(PARTS.person_id == bindparam("person"))
    .returning(PARTS.project_id, PARTS.kind, PARTS.subject, PARTS.body, PARTS.at)
)
_until = bindparam("until", type_=BigInteger())
_there = Statement(
    select(
        exists().where(_COLLECTING, SCHEDULES.next_fire_at <= _until).select_from(Schedule),
        exists().where(PARTS.person_id == bindparam("person")),
    )
)
_collecting = Statement(
    select(func.count())
    .select_from(Schedule)
    .join(Member, or_(*(SCHEDULES.owner == literal(f"{name}:") + cast(MEMBERS.project_id, String) for name in _OWNERS)))
    .where(_COLLECTING, SCHEDULES.next_fire_at <= _until, MEMBERS.person_id == bindparam("person"))
)


@frozen
class Kept:
    """A part as it was put. ``at``: when."""

    project: int
    kind: str
    subject: str
    body: Mapping[str, Any]
    at: datetime


class Parts:
    """Of everybody, from within one thing."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = ms(at)

    def put(self, person_id: int, project_id: int, kind: str, subject: str, body: Mapping[str, Any]) -> None:
        """To be said next; instead of the one about the same."""
        self._tx.run(
            _put, person_id=person_id, project_id=project_id, kind=kind, subject=subject,
            body=orjson.dumps(body).decode(), at=self._at,
        )  # fmt: skip

    def take(self, person_id: int) -> list[Kept]:
        """All of one person; they are nobody else's to say from now on."""
        found = [
            Kept(project, kind, subject, orjson.loads(body), moment(at))
            for project, kind, subject, body, at in self._tx.rows(_take, person=person_id)
        ]
        return sorted(found, key=lambda kept: (kept.project, kept.kind, kept.subject))

    def there(self, person_id: int, until: datetime) -> tuple[bool, bool]:
        """(is any project still being looked at that was to be looked at ``until`` then?, has the person parts?)"""
        row = self._tx.row(_there, person=person_id, until=ms(until))
        assert row is not None
        return bool(row[0]), bool(row[1])

    def collecting(self, person_id: int, until: datetime) -> bool:
        """Is one of theirs?"""
        return bool(self._tx.value(_collecting, person=person_id, until=ms(until)))
