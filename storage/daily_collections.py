"""When a project reports, and what became of each day's collection of reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal

import orjson
from sqlalchemy import bindparam, select, update

from chat.frozen import frozen
from planning.window import Times, Window
from storage.statement import Statement, columns, moment, ms, upsert
from storage.tables.daily import Collection as Row
from storage.tables.daily import DailyPlan
from storage.transaction import Tx

Readers = Literal["all", "lead", "after"]
PLANS = columns(DailyPlan)
ROWS = columns(Row)
_plan = Statement(
    select(PLANS.opens, PLANS.closes, PLANS.name_missing, PLANS.state, PLANS.readers).where(
        PLANS.project_id == bindparam("project")
    )
)
_set_plan = Statement(
    upsert(DailyPlan)
    .values({c.name: bindparam(c.name) for c in PLANS})
    .on_conflict_do_update(
        index_elements=["project_id"],
        set_={c.name: bindparam(c.name) for c in PLANS if c.name != "project_id"},
    )
)
_FIELDS = (
    ROWS.id, ROWS.project_id, ROWS.day, ROWS.state, ROWS.opens_at, ROWS.nudge_at, ROWS.closes_at, ROWS.late_until,
    ROWS.late_by, ROWS.digest_at, ROWS.told_at, ROWS.asked, ROWS.version, ROWS.note, ROWS.person_id,
)  # fmt: skip
_whose = (ROWS.project_id == bindparam("project"), ROWS.person_id == bindparam("person"))
_of = Statement(select(*_FIELDS).where(*_whose, ROWS.day == bindparam("on")))
_get = Statement(select(*_FIELDS).where(ROWS.id == bindparam("number")))
_latest = Statement(select(*_FIELDS).where(*_whose).order_by(ROWS.day.desc()).limit(1))
_every = Statement(
    select(*_FIELDS)
    .where(ROWS.project_id == bindparam("project"), ROWS.day >= bindparam("first"), ROWS.day <= bindparam("last"))
    .order_by(ROWS.day, ROWS.person_id)
)
_untold = Statement(
    select(*_FIELDS)
    .where(ROWS.project_id == bindparam("project"), ROWS.person_id != 0, ROWS.told_at == 0)
    .order_by(ROWS.day, ROWS.person_id)
)
_open = Statement(
    upsert(Row)
    .values({c.name: bindparam(c.name) for c in ROWS if c.name != "id"})
    .on_conflict_do_nothing()
    .returning(ROWS.id)
)
_CHANGING = (
    "state", "opens_at", "nudge_at", "closes_at", "late_until", "late_by", "digest_at", "told_at", "asked", "version",
    "note",
)  # fmt: skip
_change = Statement(
    update(Row).where(ROWS.id == bindparam("number")).values({name: bindparam("to_" + name) for name in _CHANGING})
)
_between = Statement(
    select(*_FIELDS).where(*_whose, ROWS.day >= bindparam("first"), ROWS.day <= bindparam("last")).order_by(ROWS.day)
)


@frozen
class Plan:
    """``name_missing``: the digest says who did not report. ``on``: the clock asks for reports.

    ``readers``: who reads what people wrote: every member, who leads, or who has handed in.
    """

    window: Window
    name_missing: bool = False
    on: bool = True
    readers: Readers = "all"


@frozen
class Collection:
    """``state``: open, closed, missed (the bot was off; an admin decides), dropped (an admin said to skip it).

    ``person``: whose own day it is; 0: the team's.
    """

    id: int
    project_id: int
    day: date
    state: str
    times: Times
    late_by: int = 0
    digest_at: datetime | None = None
    told_at: datetime | None = None
    asked: tuple[int, ...] = ()
    version: int = 1
    note: str = ""
    person: int = 0

    @property
    def excused(self) -> bool:
        """Nobody was asked: whoever reports is not late."""
        return self.state in ("missed", "dropped")

    @property
    def card(self) -> str:
        """The prompt's name: a reply to it finds its day."""
        return f"daily:{self.id}"

    @property
    def digest(self) -> str:
        """The digest's name."""
        return f"digest:{self.id}"


class Collections:
    """Plans and collections."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def plan(self, project_id: int) -> Plan | None:
        """None: nobody has set it up."""
        row = self._tx.row(_plan, project=project_id)
        return Plan(Window(row[0], row[1]), bool(row[2]), row[3] == "on", row[4]) if row else None

    def set_plan(self, project_id: int, plan: Plan) -> None:
        self._tx.run(
            _set_plan, project_id=project_id, opens=plan.window.opens, closes=plan.window.closes,
            name_missing=int(plan.name_missing), state="on" if plan.on else "off",
            readers=plan.readers,
        )  # fmt: skip

    def of(self, project_id: int, day: date, person: int = 0) -> Collection | None:
        """None: no prompt went out for that day. person: whose own; 0: the team's."""
        row = self._tx.row(_of, project=project_id, on=day.isoformat(), person=person)
        return _read(row) if row else None

    def get(self, number: int) -> Collection | None:
        row = self._tx.row(_get, number=number)
        return _read(row) if row else None

    def latest(self, project_id: int, person: int = 0) -> Collection | None:
        """Of the newest day."""
        row = self._tx.row(_latest, project=project_id, person=person)
        return _read(row) if row else None

    def between(self, project_id: int, first: date, last: date, person: int = 0) -> list[Collection]:
        rows = self._tx.rows(
            _between, project=project_id, person=person, first=first.isoformat(), last=last.isoformat()
        )
        return [_read(row) for row in rows]

    def every(self, project_id: int, first: date, last: date) -> list[Collection]:
        """The team's days and everybody's own, by day."""
        rows = self._tx.rows(_every, project=project_id, first=first.isoformat(), last=last.isoformat())
        return [_read(row) for row in rows]

    def untold(self, project_id: int) -> list[Collection]:
        """Own days of people that the team has not heard of yet, oldest first."""
        return [_read(row) for row in self._tx.rows(_untold, project=project_id)]

    def open(
        self, project_id: int, day: date, times: Times, *, state: str = "open", late_by: int = 0, person: int = 0
    ) -> Collection | None:
        """The day's collection, once. None: there is one already."""
        number = self._tx.value(
            _open, project_id=project_id, person_id=person, day=day.isoformat(), state=state, opens_at=ms(times.opens),
            nudge_at=ms(times.nudge) if times.nudge else None, closes_at=ms(times.closes),
            late_until=ms(times.late_until), late_by=late_by, digest_at=None, told_at=0, asked="[]", version=1, note="",
        )  # fmt: skip
        if number is None:
            return None
        return Collection(number, project_id, day, state, times, late_by, person=person)

    def change(self, collection: Collection, **values: Any) -> Collection:
        """Change any of state, times, late_by, digest_at, told_at, asked, version, note."""
        after = replace(collection, **values)
        times = after.times
        self._tx.run(
            _change, number=after.id, to_state=after.state, to_opens_at=ms(times.opens),
            to_nudge_at=ms(times.nudge) if times.nudge else None, to_closes_at=ms(times.closes),
            to_late_until=ms(times.late_until), to_late_by=after.late_by,
            to_digest_at=ms(after.digest_at) if after.digest_at else None,
            to_told_at=ms(after.told_at) if after.told_at else 0,
            to_asked=orjson.dumps(after.asked).decode(), to_version=after.version, to_note=after.note,
        )  # fmt: skip
        return after


def _read(row: tuple[Any, ...]) -> Collection:
    (number, project, day, state, opens, nudge, closes, late_until, late_by, digest, told, asked, version, note,
     person) = row  # fmt: skip
    times = Times(moment(opens), moment(nudge) if nudge else None, moment(closes), moment(late_until))
    return Collection(
        number, project, date.fromisoformat(day), state, times, late_by, moment(digest) if digest else None,
        moment(told) if told else None, tuple(orjson.loads(asked)), version, note, person,
    )  # fmt: skip
