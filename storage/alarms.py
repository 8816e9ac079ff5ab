"""What will be late and who was told, and the plan as it stood once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, select

from chat.frozen import frozen
from storage.links import Node
from storage.statement import Statement, columns, day, inserting, moment, ms
from storage.tables.people import PersonRow
from storage.tables.plan import AlarmRow, BaselineItem, BaselineRow
from storage.transaction import Tx

ALARMS = columns(AlarmRow)
BASELINES = columns(BaselineRow)
ITEMS = columns(BaselineItem)
_of_project = Statement(
    select(
        ALARMS.project_id, ALARMS.kind, ALARMS.subject_id, ALARMS.root_kind, ALARMS.root_id, ALARMS.said, ALARMS.told,
        ALARMS.opened_day, ALARMS.group_day, ALARMS.group_cards, ALARMS.state,
    )
    .where(ALARMS.project_id == bindparam("project"))
    .order_by(ALARMS.kind, ALARMS.subject_id)
)  # fmt: skip
_put = Statement(inserting(AlarmRow))
_clear = Statement(
    delete(AlarmRow).where(
        ALARMS.project_id == bindparam("project"), ALARMS.kind == bindparam("what"),
        ALARMS.subject_id == bindparam("number"),
    )
)  # fmt: skip
_baselines = Statement(
    select(BASELINES.id, BASELINES.number, BASELINES.name, columns(PersonRow).name, BASELINES.made_at)
    .join(PersonRow, columns(PersonRow).id == BASELINES.made_by)
    .where(BASELINES.project_id == bindparam("project"))
    .order_by(BASELINES.number)
)
_add_baseline = Statement(inserting(BaselineRow, "id").returning(BASELINES.id))
_add_item = Statement(inserting(BaselineItem))
_items = Statement(
    select(ITEMS.kind, ITEMS.subject_id, ITEMS.start, ITEMS.days, ITEMS.due).where(
        ITEMS.baseline_id == bindparam("baseline")
    )
)


@frozen
class Alarm:
    """``node`` will be late because of ``root``; ``said``: the day that was said last. ``state``: open, cleared."""

    project_id: int
    node: Node
    root: Node
    said: date
    told: tuple[int, ...]
    opened: date
    group_day: date | None = None
    group_cards: int = 0
    state: str = "open"


@frozen
class Baseline:
    id: int
    number: int
    name: str
    by: str
    at: datetime


@frozen
class Frozen:
    """What was planned for one task or milestone."""

    node: Node
    start: date | None
    days: int | None
    due: date | None


class Alarms:
    """Of every project."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.read_by: set[int] = set()
        """People whose own answer tells them the new days: they need no second message."""

    def of(self, project_id: int) -> list[Alarm]:
        return [_read(row) for row in self._tx.rows(_of_project, project=project_id)]

    def put(self, alarm: Alarm) -> None:
        """New, or instead of the one about the same thing."""
        self.clear(alarm)
        self._tx.run(
            _put, project_id=alarm.project_id, kind=alarm.node[0], subject_id=alarm.node[1],
            root_kind=alarm.root[0], root_id=alarm.root[1], state=alarm.state, said=alarm.said.isoformat(),
            told=orjson.dumps(alarm.told).decode(), opened_day=alarm.opened.isoformat(),
            group_day=alarm.group_day.isoformat() if alarm.group_day else None, group_cards=alarm.group_cards,
        )  # fmt: skip

    def clear(self, alarm: Alarm) -> None:
        self._tx.run(_clear, project=alarm.project_id, what=alarm.node[0], number=alarm.node[1])


class Baselines:
    """Of every project. They are never changed."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = at

    def of(self, project_id: int) -> list[Baseline]:
        """Oldest first."""
        rows = self._tx.rows(_baselines, project=project_id)
        return [Baseline(number_id, number, name, by, moment(at)) for number_id, number, name, by, at in rows]

    def freeze(self, project_id: int, number: int, name: str, by: int, items: Iterable[Frozen]) -> None:
        made = self._tx.value(
            _add_baseline, project_id=project_id, number=number, name=name, made_by=by, made_at=ms(self._at)
        )
        rows = [
            {"baseline_id": made, "kind": item.node[0], "subject_id": item.node[1],
             "start": item.start.isoformat() if item.start else None, "days": item.days,
             "due": item.due.isoformat() if item.due else None}
            for item in items
        ]  # fmt: skip
        self._tx.run_many(_add_item, rows)

    def items(self, baseline: Baseline) -> dict[Node, Frozen]:
        return {
            (kind, number): Frozen((kind, number), day(start), days, day(due))
            for kind, number, start, days, due in self._tx.rows(_items, baseline=baseline.id)
        }


def _read(row: tuple[Any, ...]) -> Alarm:
    project, kind, number, root_kind, root, said, told, opened, group_day, cards, state = row
    return Alarm(
        project, (kind, number), (root_kind, root), date.fromisoformat(said), tuple(orjson.loads(told)),
        date.fromisoformat(opened), day(group_day), cards, state,
    )  # fmt: skip
