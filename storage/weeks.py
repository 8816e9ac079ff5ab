"""Weekly digests as they were sent, and what was put off in a week."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import bindparam, select

from chat.frozen import frozen
from planning.lives import BACK
from storage.statement import Statement, columns, moment, ms, upsert
from storage.tables.insight import WeeklyRow
from storage.tables.work import TaskEvent, TaskRow
from storage.transaction import Tx

ROWS, TASKS, EVENTS = columns(WeeklyRow), columns(TaskRow), columns(TaskEvent)
_FIELDS = (ROWS.first, ROWS.last, ROWS.at, ROWS.due, ROWS.done, ROWS.deviation)
_of = Statement(select(*_FIELDS).where(ROWS.project_id == bindparam("project"), ROWS.first == bindparam("on")))
_keep = Statement(
    upsert(WeeklyRow)
    .values({c.name: bindparam(c.name) for c in ROWS})
    .on_conflict_do_update(
        index_elements=["project_id", "first"],
        set_={name: bindparam(name) for name in ("last", "at", "due", "done", "deviation")},
    )
)
_redated = Statement(
    select(TASKS.number, EVENTS.before, EVENTS.after, EVENTS.note, EVENTS.change)
    .select_from(TaskRow)
    .join(TaskEvent, EVENTS.task_id == TASKS.id)
    .where(TASKS.project_id == bindparam("project"), TASKS.state != "undone", EVENTS.field == "due")
    .where(EVENTS.at >= bindparam("since"), EVENTS.at <= bindparam("until"))
    .order_by(EVENTS.id)
)


@frozen
class Redated:
    """A task's due was moved later. ``why``: in the words of who did it, "" for none."""

    number: int
    was: date
    now: date
    why: str

    @property
    def ref(self) -> str:
        return f"T{self.number}"


@frozen
class Sent:
    """``at``: when; figures are as of then. ``deviation``: the median in per cent."""

    first: date
    last: date
    at: datetime
    due: int
    done: int
    deviation: int | None


class Weeks:
    """Of every project."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = ms(at)

    def of(self, project_id: int, first: date) -> Sent | None:
        """None: nothing was sent for the week that begins then."""
        row = self._tx.row(_of, project=project_id, on=first.isoformat())
        if row is None:
            return None
        begun, last, at, due, done, deviation = row
        return Sent(date.fromisoformat(begun), date.fromisoformat(last), moment(at), due, done, deviation)

    def redated(self, project_id: int, since: datetime, until: datetime) -> list[Redated]:
        """What was put off between these moments, in order; not what was taken back by then."""
        rows = self._tx.rows(_redated, project=project_id, since=ms(since), until=ms(until))
        back = {note.removeprefix(BACK) for *_, note, _ in rows if note.startswith(BACK)}
        return [
            Redated(number, date.fromisoformat(was), date.fromisoformat(now), why)
            for number, was, now, why, change in rows
            if was and now > was and change not in back and not why.startswith(BACK)
        ]

    def keep(self, project_id: int, first: date, last: date, due: int, done: int, deviation: int | None) -> None:
        """It is sent now; sent again, the newer one counts."""
        self._tx.run(
            _keep, project_id=project_id, first=first.isoformat(), last=last.isoformat(), at=self._at, due=due,
            done=done, deviation=deviation,
        )  # fmt: skip
