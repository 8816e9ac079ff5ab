"""What is collected for one person until their next message says it: parts of messages, each of one thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, String, bindparam, cast, delete, func, literal, or_, select

from chat.frozen import frozen
from storage.statement import Statement, columns, moment, ms, upsert
from storage.tables.parts import PartRow
from storage.tables.people import Member
from storage.tables.road import Schedule
from storage.transaction import Tx

PARTS, SCHEDULES, MEMBERS = columns(PartRow), columns(Schedule), columns(Member)
COLLECTORS = ("overdue", "plan", "renewals")
"""Whose entries of the clock, each of one project (``plan:3``), collect parts."""
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
_collecting = Statement(
    select(func.count())
    .select_from(Member)
    .join(Schedule, or_(*(
        SCHEDULES.owner == literal(f"{name}:") + cast(MEMBERS.project_id, String) for name in COLLECTORS
    )))
    .where(
        MEMBERS.person_id == bindparam("person"), SCHEDULES.state == "on",
        SCHEDULES.next_fire_at <= bindparam("until", type_=BigInteger()),
    )
)  # fmt: skip


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

    def collecting(self, person_id: int, until: datetime) -> bool:
        """Is a project of theirs still being looked at that was to be looked at ``until`` then?"""
        return bool(self._tx.value(_collecting, person=person_id, until=ms(until)))
