"""What the clock tells people on its own: each thing once, collected until it is said in one message, and mutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import BigInteger, bindparam, delete, func, or_, select, text, tuple_, update

from chat.frozen import frozen
from storage.statement import Statement, columns, moment, ms, upsert
from storage.tables.time import MuteRow, PushRow
from storage.tables.work import TaskRow
from storage.tasks import EVENTS, OPEN, TASKS, Task, read_task
from storage.transaction import Tx

PUSHES = columns(PushRow)
MUTES = columns(MuteRow)
_once = Statement(upsert(PushRow).values({c.name: bindparam(c.name) for c in PUSHES}).on_conflict_do_nothing())
_PENDING = text("push.state = 'pending'")
"""As the index has it: a value beside the statement would have SQLite plan it anew for everybody."""
_pending = Statement(
    OPEN.add_columns(PUSHES.rule)
    .join(PushRow, PUSHES.task_id == TASKS.id)
    .where(PUSHES.person_id == bindparam("person"), _PENDING)
    .where(or_(PUSHES.day == TASKS.due, PUSHES.rule == "silent.3", PUSHES.rule == "silent.5"))
    .order_by(PUSHES.rule.desc(), TASKS.due, TASKS.id)
)
_said = Statement(update(PushRow).where(PUSHES.person_id == bindparam("person"), _PENDING).values(state="sent"))
_hushed = Statement(
    select(PUSHES.at).where(
        PUSHES.person_id == bindparam("person"), PUSHES.task_id == bindparam("task"), PUSHES.rule == "hush",
        PUSHES.day == bindparam("on"),
    )
)  # fmt: skip
Place = tuple[int, int]
"""Whose task, and which: large projects are gone through in parts, from behind the last one."""
START: Place = (0, 0)
OWNED = (
    OPEN.where(TASKS.project_id == bindparam("project"), TASKS.owner_id.is_not(None), TASKS.state != "paused")
    .where(
        tuple_(TASKS.owner_id, TASKS.id)
        > tuple_(bindparam("owner", type_=BigInteger()), bindparam("task", type_=BigInteger()))
    )
    .order_by(TASKS.owner_id, TASKS.id)
    .limit(bindparam("most"))
)
"""Open tasks of a project that are somebody's to do; ``project``, ``most``, and behind which ``owner`` and ``task``."""
_overdue = Statement(OWNED.where(TASKS.due >= bindparam("first"), TASKS.due <= bindparam("last")))
_spoken = (
    select(func.max(EVENTS.at)).where(EVENTS.task_id == TASKS.id).correlate(TaskRow).scalar_subquery().label("spoken")
)
_silent = Statement(
    OWNED.add_columns(_spoken).where(
        TASKS.state != "awaiting_note",
        or_(TASKS.due.is_(None), TASKS.due >= bindparam("today")),
        or_(TASKS.progress > 0, TASKS.state == "doing", TASKS.due <= bindparam("near")),
        _spoken < bindparam("before"),
    )
)  # fmt: skip
_mute = Statement(upsert(MuteRow).values({c.name: bindparam(c.name) for c in MUTES}).on_conflict_do_nothing())
_unmute = Statement(delete(MuteRow).where(MUTES.person_id == bindparam("person"), MUTES.rule == bindparam("what")))
_mutes = Statement(select(MUTES.rule).where(MUTES.person_id == bindparam("person")))
_muted = Statement(select(MUTES.at).where(MUTES.person_id == bindparam("person"), MUTES.rule == bindparam("what")))
GROUPS = 0
"""The ``person`` of what goes to a project's groups."""


def behind(tasks: Sequence[Task], most: int) -> Place | None:
    """Where to go on after a part that may hold ``most``. None: that was all."""
    return (tasks[-1].owner or 0, tasks[-1].id) if len(tasks) == most else None


@frozen
class Push:
    """An open task and the rule that speaks of it."""

    task: Task
    rule: str


class Pushes:
    """Pushes of everybody, from within one thing."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = ms(at)

    def overdue(
        self, project_id: int, first: date, last: date, after: Place, most: int
    ) -> tuple[list[Task], Place | None]:
        """Open tasks with an owner that are due from ``first`` to ``last``, and where to go on."""
        rows = self._tx.rows(
            _overdue, project=project_id, first=first.isoformat(), last=last.isoformat(), owner=after[0],
            task=after[1], most=most,
        )  # fmt: skip
        tasks = [read_task(row) for row in rows]
        return tasks, behind(tasks, most)

    def silent(
        self, project_id: int, today: date, near: date, before: datetime, after: Place, most: int
    ) -> tuple[list[tuple[Task, datetime]], Place | None]:
        """Open tasks, not overdue, begun or due until ``near``, without a word since ``before``; and their last one."""
        rows = self._tx.rows(
            _silent, project=project_id, today=today.isoformat(), near=near.isoformat(), before=ms(before),
            owner=after[0], task=after[1], most=most,
        )  # fmt: skip
        found = [(read_task(row[:-1]), moment(row[-1])) for row in rows]
        return found, behind([task for task, _ in found], most)

    def once(self, person_id: int, task_id: int, rule: str, day: date, *, state: str = "pending") -> bool:
        """False: this was said, or is about to be. ``day``: what it is about."""
        return self._tx.run(
            _once, person_id=person_id, task_id=task_id, rule=rule, day=day.isoformat(), state=state, at=self._at
        ) == 1  # fmt: skip

    def take(self, person_id: int) -> list[Push]:
        """Everything of tasks collected for one person that still holds; from now on it counts as said.

        Nothing when another process has just taken it.
        """
        found = [Push(read_task(row[:-1]), row[-1]) for row in self._tx.rows(_pending, person=person_id)]
        return found if self._tx.run(_said, person=person_id) else []

    def hush(self, person_id: int, task_id: int, day: date) -> bool:
        """Not a word more about this task on this day. False: that was so already."""
        return self.once(person_id, task_id, "hush", day, state="sent")

    def hushed(self, person_id: int, task_id: int, day: date) -> bool:
        return self._tx.value(_hushed, person=person_id, task=task_id, on=day.isoformat()) is not None

    def mute(self, person_id: int, rule: str) -> None:
        self._tx.run(_mute, person_id=person_id, rule=rule, at=self._at)

    def unmute(self, person_id: int, rule: str) -> None:
        self._tx.run(_unmute, person=person_id, what=rule)

    def muted(self, person_id: int, rule: str) -> bool:
        return self._tx.value(_muted, person=person_id, what=rule) is not None

    def mutes(self, person_id: int) -> set[str]:
        """Every rule they do not want to hear of."""
        return {rule for (rule,) in self._tx.rows(_mutes, person=person_id)}
